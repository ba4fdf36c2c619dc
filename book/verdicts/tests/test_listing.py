"""The list of verdicts says what the verdicts say, in HTML that nothing in them can break."""

from dataclasses import replace

import pytest

from book.tests.lists import ONE, Read
from book.verdicts import listing

TWO = replace(ONE, row="R4", figure="ours, after them", outcome="weaker", trainings={}, seeds=0)


def test_an_entry_says_all_and_hides_nothing():
    read = Read(listing.html([ONE, TWO]))
    assert [(e["data-outcome"], e["data-source"]) for e in read.entries] == [
        ("undecided", "Xu, Zhang, Xiao (2018)"),
        ("weaker", "ours"),
    ]
    for word in ("A < b & c", ONE.effect, ONE.outcome, ONE.figure, "R3", "1 stored result, 2 min"):
        assert word in read.words
    assert "none needed" in read.words
    assert "computed when this page is built" in read.words


def test_the_count_is_of_outcomes():
    assert listing.counts([ONE, TWO, ONE]) == "2 undecided, 1 weaker"
    assert "2 statements: 1 undecided, 1 weaker" in Read(listing.html([ONE, TWO])).words


@pytest.mark.parametrize(
    ("figure", "who"),
    [
        ("Xu (2018), earlier version, Section 5.1", "Xu (2018)"),
        ("Xu, Zhang, Xiao 2018, Fig. 1", "Xu, Zhang, Xiao (2018)"),
        ("Zhang and Luo, slides, parity", "Zhang and Luo, slides"),
        ("ours, beside Luo, Ma, Xu, Zhang (2021)", "ours"),
    ],
)
def test_a_source_is_authors_and_a_year(figure, who):
    assert listing.source(replace(ONE, figure=figure)) == who


def test_a_place_without_authors_is_refused():
    with pytest.raises(ValueError, match="figure"):
        listing.source(replace(ONE, figure="Fig. 3"))
