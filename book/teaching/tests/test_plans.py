"""The plans on the page for teachers can be followed: times add up, nothing comes too early."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from book.teaching import seeded
from book.tools.contents import needs, parts
from book.tools.course.handout import taught

TEXT = Path(seeded.__file__).with_name("teaching.md").read_text(encoding="utf-8")


def section(heading):
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def weeks():
    """Return the chapters of each week of the seminar."""
    rows = re.findall(
        r"^\| (\d+) \| (.*?) \| (\d+) \| (.*?) \|$", section("A seminar of 14 weeks"), re.M
    )
    found = {int(n): text for row in rows for n, text in (row[:2], row[2:])}
    return {n: re.findall(r"/book/(\w+)/", found[n]) for n in sorted(found)}


def left_out():
    """Return the weeks that a seminar of ten leaves out."""
    told = re.search(r"\*With ten weeks\*, leave out ([\d, and]+)\.", TEXT)
    return {int(number) for number in re.findall(r"\d+", told[1])}


@pytest.mark.parametrize("without", [set(), left_out()])
def test_a_chapter_of_the_seminar_stands_after_what_it_needs(without):
    needed, before = needs(), []
    for number, names in weeks().items():
        if number in without:
            continue
        for name in names:
            assert set(needed.get(name, ())) <= set(before), (number, name)
            before.append(name)
    lessons = set(taught())
    for part in parts():
        assert not set(part.chapters) & lessons or set(part.chapters) & set(before), part.caption


def test_a_week_of_the_seminar_has_room():
    lessons = set(taught())
    assert list(weeks()) == list(range(1, 15))
    assert all(1 <= len(set(names) & lessons) <= 2 for names in weeks().values())
    assert len(left_out()) == 4
    assert "projects" in TEXT.partition("| 14 |")[2].partition("\n")[0]
    assert 14 not in left_out()  # the projects are most of the grade


def test_the_workshop_has_no_gap_and_ends_in_time():
    rows = re.findall(r"^\| (\d+)–(\d+) \| (.*) \|$", section("A workshop of three hours"), re.M)
    spans = [(int(begin), int(end)) for begin, end, _ in rows]
    assert spans[0][0] == 0
    assert all(end == begin for (_, end), (begin, _) in pairwise(spans))
    assert 165 <= spans[-1][1] <= 170  # of 180
    for (begin, end), (_, _, told) in zip(spans, rows, strict=True):
        assert sum(map(int, re.findall(r"\((\d+)(?: minutes)?\)", told))) <= end - begin
