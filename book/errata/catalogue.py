"""What is printed in the sources and false as meant, each with the computation that decides.

`ERRATA` lists them by number. What is printed and what holds is on the page *Errata* of the book;
here is how far both are from what a third, independent computation finds.
"""

from __future__ import annotations

import re

from book.errata import papers, slides
from book.errata.erratum import Erratum
from fpkit import validation

__all__ = ["ERRATA", "Erratum", "decide", "table"]


def _place(entry: Erratum) -> tuple[int, str]:
    digits = re.match(r"\d+", entry.number)
    assert digits, f"number: expected one that begins with digits, got {entry.number!r}"
    return int(digits[0]), entry.number


ERRATA: dict[str, Erratum] = {
    entry.number: entry for entry in sorted((*slides.ENTRIES, *papers.ENTRIES), key=_place)
}


def decide(number: str) -> tuple[float, float]:
    """Return how far the printed statement is from what is found, and the one that holds."""
    return ERRATA[validation.known("number", number, ERRATA)].decide()


def table() -> str:
    """Return all errata as a table in Markdown, with the numbers of `decide`."""
    rows = ["| | source | about | printed | holds | what is measured |", "|---" * 6 + "|"]
    for entry in ERRATA.values():
        printed, holds = (f"{value:.2g}" for value in entry.decide())
        subject = f"[{entry.subject}](../{entry.chapter}/{entry.chapter}.md)"
        cells = [entry.number, entry.source, subject, printed, holds, entry.measured]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)
