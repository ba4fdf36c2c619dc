"""Every entry of the table is complete, and says that it is tested only if it is."""

import re
from dataclasses import fields, replace
from datetime import date
from urllib.parse import urlsplit

import pytest

from book.since import table
from book.tests.lists import ONE, Read
from fpkit.reproduce import chapters

CLAIMS = table.load()
LONGEST_QUOTE, LONGEST_CLAIM = 600, 200  # characters: a paragraph, and a line or two
LEFT_OPEN = {"rows", "related", "fits"}  # may be empty, or no
each = pytest.mark.parametrize("claim", CLAIMS, ids=[claim.key for claim in CLAIMS])


def faults(claim):
    """What is wrong with an entry, as the names of its fields."""
    wrong = {
        f.name for f in fields(claim) if f.name not in LEFT_OPEN and not getattr(claim, f.name)
    }
    address = urlsplit(str(claim.read_at))
    known = {*chapters.rows(), *chapters.chapters()}
    tests = {
        "key": re.fullmatch(r"[a-z]+(-[a-z]+)*-\d{4}", claim.key) and str(claim.year) in claim.key,
        "year": isinstance(claim.year, int) and 2018 < claim.year <= claim.read_on.year,
        "read_at": address.scheme in ("http", "https") and "." in address.netloc,
        "read_on": isinstance(claim.read_on, date) and claim.read_on >= date(2026, 11, 29),
        "quote": len(claim.quote) <= LONGEST_QUOTE and not re.search(r"[\\$\n]", claim.quote),
        "claim": len(claim.claim) <= LONGEST_CLAIM and claim.claim.endswith("."),
        "fits": isinstance(claim.fits, bool),
        "rows": all(map(chapters.ROW.fullmatch, claim.rows)),
        "related": known.issuperset(claim.related),
    }
    return wrong | {name for name, holds in tests.items() if not holds}


@each
def test_an_entry_is_complete(claim):
    assert faults(claim) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("key", "nobody"),
        ("key", "yin-2018"),
        ("year", 2018),
        ("read_at", "a file on my disk"),
        ("read_on", date(2026, 1, 1)),
        ("quote", ""),
        ("quote", r"$\kappa$"),
        ("quote", "word " * 200),
        ("claim", "word " * 200),
        ("fits", "maybe"),
        ("rows", ("limits",)),
        ("related", ("R999",)),
    ],
)
def test_what_is_wrong_is_found(field, value):
    assert field in faults(replace(CLAIMS[0], **{field: value}))


def test_there_are_many_and_each_is_there_once():
    assert len(CLAIMS) >= 30
    assert len({claim.key for claim in CLAIMS}) == len(CLAIMS)
    assert len({claim.title for claim in CLAIMS}) == len(CLAIMS)
    assert len({claim.quote for claim in CLAIMS}) == len(CLAIMS)


@each
def test_a_claim_is_tested_only_by_rows_that_are_judged(claim, monkeypatch):
    monkeypatch.setattr(table, "verdict", lambda row: replace(ONE, row=row))
    judged = table.judged(claim)
    assert [v.row for v in judged] == [row for row in claim.rows if row in chapters.rows()]
    untested = table.NOT_HERE, table.TOO_LARGE, table.ON_THE_MATTER
    assert (table.outcome(claim, judged) in untested) == (not judged)


def test_a_row_that_is_not_judged_yet_tests_nothing():
    claim = replace(CLAIMS[0], rows=("R999",), related=("limits",), fits=True)
    assert table.judged(claim) == []
    assert table.outcome(claim, []) == table.NOT_HERE
    assert table.outcome(replace(claim, fits=False), []) == table.TOO_LARGE


def test_a_row_on_the_same_matter_is_no_test_and_is_told(monkeypatch):
    monkeypatch.setattr(table, "verdict", lambda row: ONE)
    row = next(iter(chapters.rows()))
    claim = replace(CLAIMS[0], rows=(), related=(row, "limits"), fits=False)
    assert table.beside(claim) == [row]
    assert table.beside(replace(claim, rows=(row,))) == []
    read = Read(table.html([claim]))
    assert [entry["data-outcome"] for entry in read.entries] == [table.ON_THE_MATTER]
    assert "not itself: see related here" in read.words


def test_the_outcome_is_that_of_the_rows():
    other = replace(ONE, outcome="weaker")
    assert table.outcome(CLAIMS[0], [ONE]) == "undecided"
    assert table.outcome(CLAIMS[0], [ONE, ONE, other]) == "undecided, weaker"


@pytest.mark.parametrize(
    ("authors", "who"),
    [
        ("Sander Dieleman", "Dieleman (2024)"),
        ("Greg Yang, Hadi Salman", "Yang, Salman (2024)"),
        ("A. One, B. Two, C. Three, D. Four", "One and others (2024)"),
        ("Michael Murray, and others", "Murray and others (2024)"),
        ("Maricela Best~McKay, B. Two, C. Three, D. Four", "Best McKay and others (2024)"),
    ],
)
def test_authors_are_named_in_short(authors, who):
    assert replace(CLAIMS[0], authors=authors, year=2024).who == who


def test_a_surname_of_several_words_is_shown_with_spaces():
    html = table.html([replace(CLAIMS[0], authors="Maricela Best~McKay", rows=())])
    assert "Maricela Best McKay" in Read(html).words
    assert "~" not in html


def test_a_field_that_is_missing_is_named(tmp_path):
    file = tmp_path / "claims.yml"
    file.write_text("- {key: a-2020, rows: [], related: []}\n", encoding="utf-8")
    with pytest.raises(TypeError, match="authors"):
        table.load(file)


def test_the_list_says_all_and_hides_nothing(monkeypatch):
    monkeypatch.setattr(table, "verdict", lambda row: ONE)
    row = next(iter(chapters.rows()))
    one = replace(CLAIMS[0], rows=(row,), related=("limits", row), quote='a < "b"', fits=True)
    two = replace(CLAIMS[1], rows=(), related=(), fits=True)
    read = Read(table.html([one, two]))
    assert [entry["data-outcome"] for entry in read.entries] == ["undecided", table.NOT_HERE]
    assert [entry["data-year"] for entry in read.entries] == [str(c.year) for c in (one, two)]
    assert f"2 claims: 1 undecided, 1 {table.NOT_HERE}" in read.words
    for word in (one.quote, one.authors, one.title, one.test, one.why, ONE.claim, two.claim):
        assert word in read.words
    assert f"{one.read_on.day} {one.read_on:%B %Y}" in read.words
    assert {one.read_at, "../limits/limits.html"} <= set(read.links)
    assert f"../verdicts/verdicts.html#{row}" in read.links


def test_a_number_at_arxiv_is_a_link():
    venue = "ICML 2020 (arXiv:2003.04560); arXiv of others"
    read = Read(table.html([replace(CLAIMS[0], venue=venue, rows=(), related=())]))
    assert read.links == ["https://arxiv.org/abs/2003.04560", CLAIMS[0].read_at]
    assert venue in read.words


def test_a_page_on_the_matter_is_no_row():
    claim = replace(CLAIMS[0], rows=(), related=("limits",), fits=True)
    read = Read(table.html([claim]))
    assert [entry["data-outcome"] for entry in read.entries] == [table.NOT_HERE]
    assert "in no row of the verdicts: see related here" in read.words


def test_a_claim_is_linked_by_who_says_it():
    read = Read(table.link("lin-2022") + table.html([c for c in CLAIMS if c.key == "lin-2022"]))
    assert read.links[0] == f"../since/since.html#{read.entries[0]['id']}"
    assert read.words.startswith("Lin, Gao, Sang (2022)")
    with pytest.raises(KeyError, match="nobody-2022"):
        table.link("nobody-2022")


def test_an_entry_can_be_shown_as_it_is_written():
    first, last = CLAIMS[0], sorted(CLAIMS, key=lambda c: table.FILE.read_text().find(c.key))[-1]
    for claim in (first, last):
        text = table.source(claim.key)
        assert text.startswith(f"- key: {claim.key}\n")
        assert text.rstrip().endswith(f"topic: {claim.topic}")
        assert text in table.FILE.read_text(encoding="utf-8")
