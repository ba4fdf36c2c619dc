"""What chapters need is written once, and fits together."""

import pytest

from book.tools import contents
from book.tools.contents import Part, lanes, leads_to, needs, parts, with_links
from book.tools.tests.test_book import CHAPTERS

NEEDED = {"a": (), "b": ("a",), "c": ("b",), "d": ("a",), "e": ("c",)}


def test_every_chapter_says_what_it_needs():
    assert set(CHAPTERS) - {"errata"} <= needs().keys()


def test_what_a_chapter_needs_comes_before_it_and_is_said_once():
    order, needed = [name for part in parts() for name in part.chapters], needs()
    for name, before in needed.items():
        assert all(order.index(other) < order.index(name) for other in before), name
        # Nothing is named that another need brings along.
        further, waiting = set(), [o for other in before for o in needed[other]]
        while waiting:
            further.add(waiting[-1])
            waiting += needed[waiting.pop()]
        assert not further & set(before), name


def test_parts_are_those_of_the_contents():
    first = parts()[1]
    assert isinstance(first, Part)
    assert first.caption == "See it"
    assert first.chapters[:2] == ("mystery", "one_dimension")


@pytest.mark.parametrize(
    ("line", "name", "filled"),
    [
        (
            "You need: sines.",
            "b",
            "You need: {doc}`/book/a/a`, sines. It leads to: {doc}`/book/c/c`.",
        ),
        ("You need:", "e", "You need: {doc}`/book/c/c`."),
        ("You need: {doc}`/book/c/c`.", "e", "You need: {doc}`/book/c/c`."),
        ("You need: sines.", "else", "You need: sines."),
    ],
)
def test_a_line_gets_the_links_that_it_lacks(line, name, filled):
    source = f"# A title\n\n{line}\nMore.\n"
    assert with_links(source, name, NEEDED) == f"# A title\n\n{filled}\nMore.\n"


def test_many_chapters_are_counted(monkeypatch):
    monkeypatch.setattr(contents, "MANY", 1)
    assert "2 chapters build on it: {doc}`the map" in with_links("You need:\n", "a", NEEDED)


def test_lanes_that_overlap_differ():
    found = lanes(NEEDED, NEEDED)
    assert leads_to("a", NEEDED) == ("b", "d")
    # a runs to d; b to c and c to e begin on its way, b's ends where c's begins.
    assert found == {"a": 0, "b": 1, "c": 1}
