"""The choices of the verdicts are read from the code."""

import re

import pytest

from book.protocol.choices import BEGIN, Choice, chapter_choices, choices, table
from fpkit.reproduce import chapters

MODULE = '''"""A chapter."""
import numpy as np

__all__ = ["A"]
CHAPTER = "a name"

# Ours, since 2030-01-02: what is small,
# and what is large.
SMALL, LARGE = 0.1, 10.0
ALSO = 3
# The paper's limit.
LIMIT = 0.3
lower = 5


def R1():
    INSIDE = 1
    return helper(LARGE)


def helper(x, limit=LIMIT):
    return Found(x).big


class Found:
    def __init__(self, x):
        self.x = x

    @property
    def big(self):
        return self.x > ALSO

    @property
    def small(self):
        return self.x < SMALL


R2 = row(ALSO)
'''


def written(tmp_path, text):
    path = tmp_path / "claims.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_choice_is_a_constant_with_the_comment_above(tmp_path):
    meaning = "what is small, and what is large."
    assert choices(written(tmp_path, MODULE)) == [
        Choice("SMALL, LARGE", "(0.1, 10.0)", meaning, True, "2030-01-02", ("R1",)),
        Choice("ALSO", "3", meaning, True, "2030-01-02", ("R1", "R2")),
        Choice("LIMIT", "0.3", "The paper's limit.", False, BEGIN, ("R1",)),
    ]


@pytest.mark.parametrize("text", ["A = 1\n", "\n# Ours: more.\n\nA = 1\n", "B = 1\n\nA = 2\n"])
def test_a_constant_without_a_comment_is_an_error(tmp_path, text):
    with pytest.raises(ValueError, match=r"[AB] has no comment above it"):
        choices(written(tmp_path, text))


def test_a_long_value_is_cut(tmp_path):
    (found,) = choices(written(tmp_path, f"# Many.\nMANY = {[*range(99)]}\n"))
    assert found.value.endswith("…")
    assert len(found.value) < 80


def test_every_chapter_that_judges_has_its_choices_with_comments():
    judging = {place.chapter for place in chapters.rows().values()}
    found = chapter_choices()
    assert judging == found.keys() & judging
    for every in found.values():
        for choice in every:
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", choice.since)
            assert len(choice.meaning) > 10


def test_no_threshold_of_a_verdict_stands_in_a_comparison():
    """A number after < or > in a row's function would not stand in the protocol."""
    loose = {
        f"{path.parent.name}: {line.strip()}"
        for path in chapters.book().glob("*/*claims.py")
        for line in path.read_text(encoding="utf-8").partition("\ndef R")[2].splitlines()
        if re.search(r"[<>]=? (?!1\b|2\b|0\b|1 )\d+\.?\d*(e-?\d+)?\b", line)
    }
    assert loose == set()


def test_the_table_has_a_row_for_each_choice(tmp_path):
    rows = table(choices(written(tmp_path, MODULE))).splitlines()
    assert len(rows) == 2 + 3
    assert rows[2].startswith("| `SMALL, LARGE` (R1) | `(0.1, 10.0)` | what is small")
    assert all(row.count("|") == 6 for row in rows)
