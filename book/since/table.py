"""The table of later claims: read from ``claims.yml``, and as a list that can be filtered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from book import entries
from book.tools.course.plain import page, title
from book.verdicts import listing
from fpkit.reproduce import Verdict, chapters, verdict

__all__ = [
    "FILE",
    "NOT_HERE",
    "ON_THE_MATTER",
    "TOO_LARGE",
    "Claim",
    "beside",
    "html",
    "judged",
    "link",
    "load",
    "outcome",
    "source",
    "tested_by",
]

FILE = Path(__file__).with_name("claims.yml")
# The outcome of a claim that no row of the verdicts tests: whether a row is on the same matter, and
# if none is, whether two cores would be enough.
ON_THE_MATTER = "a row on the same matter"
NOT_HERE, TOO_LARGE = "not tested here", "not on two cores"
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


@dataclass(frozen=True)
class Claim:
    """What a paper claims, as it was read.

    Attributes
    ----------
    key
        Its address on the page.
    authors, year, title, venue
        The paper; authors with commas between them, and ~ within a surname of several words.
    read_at, read_on
        The address of what was read, and the day.
    quote
        The paper's words; "[…]" marks what is left out.
    claim
        The same in one sentence of ours, which says no more.
    test
        What would test it.
    fits, why
        Whether two processor cores could, and why.
    rows
        Rows of the verdicts whose statement is this claim. One that is not judged yet may be named.
    related
        Rows, or pages, on the same matter.
    topic
        One word or two.

    """

    key: str
    authors: str
    year: int
    title: str
    venue: str
    read_at: str
    read_on: date
    quote: str
    claim: str
    test: str
    fits: bool
    why: str
    rows: tuple[str, ...]
    related: tuple[str, ...]
    topic: str

    @property
    def who(self) -> str:
        """Who says it, and when: "Yang, Salman (2019)"."""
        names = [name.split()[-1].replace("~", " ") for name in self.authors.split(", ")]
        few = len(names) <= 3 and names[-1] != "others"
        return f"{', '.join(names) if few else f'{names[0]} and others'} ({self.year})"


def load(path: Path = FILE) -> list[Claim]:
    """Return the claims, the latest first; TypeError if an entry lacks a field or has another."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    claims = [
        Claim(**{**entry, "rows": tuple(entry["rows"]), "related": tuple(entry["related"])})
        for entry in found
    ]
    return sorted(claims, key=lambda claim: (-claim.year, claim.who))


def link(key: str) -> str:
    """Return a link to a claim in the list, by who says it; KeyError if there is none."""
    return entries.link("since", {claim.key: claim.who for claim in load()}[key], key)


def source(key: str) -> str:
    """Return an entry as it is written in ``claims.yml``."""
    first = f"- key: {key}\n"
    behind = FILE.read_text(encoding="utf-8").partition(first)[2]
    return first + behind.partition("- key: ")[0]


def tested_by(claim: Claim) -> list[str]:
    """Return the rows of a claim that are judged in this book."""
    known = chapters.rows()
    return [row for row in claim.rows if row in known]


def beside(claim: Claim) -> list[str]:
    """Return the judged rows on the same matter, if none tests the claim itself."""
    known = chapters.rows()
    return [] if tested_by(claim) else [name for name in claim.related if name in known]


def judged(claim: Claim) -> list[Verdict]:
    """Return the verdicts on a claim, one for each row that tests it."""
    return [verdict(row) for row in tested_by(claim)]


def outcome(claim: Claim, verdicts: Sequence[Verdict]) -> str:
    """Return what came out here, or that nothing did."""
    if verdicts:
        return ", ".join(dict.fromkeys(map(listing.outcome, verdicts)))
    if beside(claim):
        return ON_THE_MATTER
    return NOT_HERE if claim.fits else TOO_LARGE


def html(claims: Sequence[Claim]) -> str:
    """Return the list: one entry for each claim, with its words and its test folded behind it."""
    return entries.html([_entry(claim, judged(claim)) for claim in claims], "claims")


def _entry(claim: Claim, verdicts: Sequence[Verdict]) -> entries.Entry:
    found = outcome(claim, verdicts)
    here = "; ".join(
        f"{listing.link(v.row)}, {escape(v.outcome)}: {escape(v.claim)}" for v in verdicts
    )
    facts = {
        "in its words": f"“{escape(claim.quote)}”",
        "paper": f"{escape(claim.authors.replace('~', ' '))}, <cite>{escape(claim.title)}</cite>, "
        + ARXIV.sub(r'<a href="https://arxiv.org/abs/\1">\g<0></a>', escape(claim.venue)),
        "read": _read(claim),
        "would test it": escape(claim.test),
        "tested here": here or _not_here(claim, found),
        "on two cores": ("yes: " if claim.fits else "no: ") + escape(claim.why),
    }
    if claim.related:
        facts["related here"] = ", ".join(map(_related, claim.related))
    return entries.Entry(
        name=claim.key,
        outcome=found,
        text=claim.claim,
        aside=claim.who,
        marks={"topic": claim.topic, "year": str(claim.year)},
        facts=facts,
    )


def _not_here(claim: Claim, found: str) -> str:
    if beside(claim):
        return "not itself: see related here"
    return "in no row of the verdicts: see related here" if claim.related else found


def _read(claim: Claim) -> str:
    day = f"{claim.read_on.day} {claim.read_on:%B %Y}"
    return f'<a href="{escape(claim.read_at)}">{urlsplit(claim.read_at).netloc}</a>, {day}'


def _related(name: str) -> str:
    if chapters.ROW.fullmatch(name):
        return listing.link(name)
    return entries.link(name, title(page(name)))
