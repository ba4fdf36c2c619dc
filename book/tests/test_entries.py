"""What lists that can be filtered have in common."""

import re

from book import entries
from book.tools.course.plain import page


def test_counts_are_of_outcomes():
    assert entries.counts(["weaker", "undecided", "weaker"]) == "2 weaker, 1 undecided"


def test_each_outcome_of_a_statement_has_a_sign_of_its_own():
    words = re.findall(r"^- . \*([A-Z][a-z ]+)\*", page("verdicts").read_text("utf-8"), re.M)
    assert [word.lower() for word in words] == [*entries.SIGNS]
    assert len({*entries.SIGNS.values()}) == len(words)
    for word, sign in entries.SIGNS.items():
        entry = entries.Entry("R1", word, "a", "b", {}, {})
        assert f'aria-hidden="true">{sign}</span>' in entry.html()
