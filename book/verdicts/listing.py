"""The verdicts as a list of HTML that reads without a program, and can be filtered with one.

`book/assets/filter.js` adds the menus, from what each entry says of itself in ``data-…``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from book.tools.course.plain import page, title
from fpkit.reproduce import Verdict

__all__ = ["counts", "html", "outcome", "source"]

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
    found = Counter(map(outcome, verdicts))
    return ", ".join(f"{number} {word}" for word, number in found.most_common())


def html(verdicts: Sequence[Verdict]) -> str:
    """Return the list: one entry for each verdict, with what was measured folded behind it."""
    entries = "".join(map(_entry, verdicts))
    return (
        f'<div class="fp-filter"><p class="fp-filter-count" aria-live="polite">{len(verdicts)} '
        f'statements: {escape(counts(verdicts))}</p><ul class="fp-verdicts">{entries}</ul></div>'
    )


def _entry(verdict: Verdict) -> str:
    chapter = title(page(verdict.chapter))
    facts = {
        "verdict": escape(verdict.outcome),
        "measured": escape(verdict.effect),
        "negative control": escape(verdict.control),
        "networks": str(verdict.seeds or "none needed"),
        "training": _training(verdict),
        "source": escape(verdict.figure),
        "chapter": f'<a href="../{verdict.chapter}/{verdict.chapter}.html">{escape(chapter)}</a>',
    }
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    keys = {"outcome": outcome(verdict), "chapter": chapter, "source": source(verdict)}
    marks = " ".join(f'data-{name}="{escape(value)}"' for name, value in keys.items())
    return (
        f'<li id="{verdict.row}" {marks}><details><summary><span class="fp-outcome">'
        f"{escape(outcome(verdict))}</span> {escape(_sentence(verdict.claim))} "
        f'<span class="fp-verdict-source">{verdict.row}, {escape(source(verdict))}</span>'
        f"</summary><dl>{rows}</dl></details></li>"
    )


def _training(verdict: Verdict) -> str:
    if not verdict.trainings:
        return "computed when this page is built"
    number = len(verdict.trainings)
    minutes = sum(verdict.trainings.values()) / 60
    return f"{number} stored result{'s' * (number > 1)}, {minutes:,.0f} min"


def _sentence(claim: str) -> str:
    return claim[:1].upper() + claim[1:]
