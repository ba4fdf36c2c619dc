"""What lists that can be filtered have in common."""

from book import entries


def test_counts_are_of_outcomes():
    assert entries.counts(["weaker", "undecided", "weaker"]) == "2 weaker, 1 undecided"
