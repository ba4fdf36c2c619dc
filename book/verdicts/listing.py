"""The verdicts as a list that can be filtered: what each line says, and what is behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from book import entries
from book.tools.course.plain import page, title
from fpkit.reproduce import Verdict

__all__ = ["counts", "html", "link", "outcome", "source"]

# Authors and the year, or that it is a set of slides; what follows is the place.
SOURCE = re.compile(r"(?P<who>.+?),? (?:\(?(?P<year>\d{4})\)?|(?P<slides>slides))")


def outcome(verdict: Verdict) -> str:
    """Return the verdict in one word or two, without the reason behind it in parentheses."""
    return verdict.outcome.partition(" (")[0]


def source(verdict: Verdict) -> str:
    """Return who says it: authors and year, or "ours"; ValueError if the place names neither."""
    if verdict.ours:
        return "ours"
    match = SOURCE.match(verdict.figure)
    if not match:
        raise ValueError(f"figure: expected authors and a year or slides, got {verdict.figure!r}")
    return f"{match['who']} ({match['year']})" if match["year"] else f"{match['who']}, slides"


def counts(verdicts: Iterable[Verdict]) -> str:
    """Return how many have each outcome: "3 reproduced, 1 weaker"."""
    return entries.counts(map(outcome, verdicts))


def link(row: str) -> str:
    """Return a link to a row of the list."""
    return entries.link("verdicts", row, row)


def html(verdicts: Sequence[Verdict]) -> str:
    """Return the list: one entry for each verdict, with what was measured folded behind it."""
    return entries.html([*map(_entry, verdicts)], "statements")


def _entry(verdict: Verdict) -> entries.Entry:
    chapter = title(page(verdict.chapter))
    facts = {
        "verdict": escape(verdict.outcome),
        "measured": escape(verdict.effect),
        "negative control": escape(verdict.control),
        "networks": str(verdict.seeds or "none needed"),
        "training": _training(verdict),
        "source": escape(verdict.figure),
        "chapter": entries.link(verdict.chapter, chapter),
    }
    return entries.Entry(
        name=verdict.row,
        outcome=outcome(verdict),
        text=verdict.claim,
        aside=f"{verdict.row}, {source(verdict)}",
        marks={"chapter": chapter, "source": source(verdict)},
        facts=facts,
    )


def _training(verdict: Verdict) -> str:
    if not verdict.trainings:
        return "computed when this page is built"
    number = len(verdict.trainings)
    minutes = sum(verdict.trainings.values()) / 60
    return f"{number} stored result{'s' * (number > 1)}, {minutes:,.0f} min"
