"""A list of entries as HTML that reads without a program, and can be filtered with one.

`book/assets/filter.js` adds the menus, from what each entry says of itself in ``data-…``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["SIGNS", "Entry", "counts", "html", "link"]

# Before the word, so that two outcomes never look alike.
SIGNS = {"reproduced": "✓", "weaker": "~", "undecided": "?", "not reproduced": "✗"}


@dataclass(frozen=True)
class Entry:
    """One line of a list, and what is folded behind it.

    Attributes
    ----------
    name
        Its address on the page.
    outcome, text, aside
        What the line says.
    marks
        What else it can be filtered by: a value for each menu.
    facts
        What is behind the line, as HTML by name.

    """

    name: str
    outcome: str
    text: str
    aside: str
    marks: Mapping[str, str]
    facts: Mapping[str, str]

    def html(self) -> str:
        """Return the entry as an item of a list."""
        keys = {"outcome": self.outcome, **self.marks}
        marks = " ".join(f'data-{name}="{escape(value)}"' for name, value in keys.items())
        rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in self.facts.items())
        return (
            f'<li id="{self.name}" {marks}><details><summary>'
            f'<span class="fp-sign" aria-hidden="true">{SIGNS.get(self.outcome, "")}</span> '
            f'<span class="fp-outcome">{escape(self.outcome)}</span> '
            f'<span class="fp-statement">{escape(self.text[:1].upper() + self.text[1:])} '
            f'<span class="fp-entry-aside">{escape(self.aside)}</span></span></summary>'
            f"<dl>{rows}</dl></details></li>"
        )


def link(name: str, text: str, place: str = "") -> str:
    """Return a link to a page by its name, or to a place on it."""
    return f'<a href="../{name}/{name}.html{place and "#" + place}">{escape(text)}</a>'


def counts(outcomes: Iterable[str]) -> str:
    """Return how many have each outcome: "3 reproduced, 1 weaker"."""
    return ", ".join(f"{number} {word}" for word, number in Counter(outcomes).most_common())


def html(entries: Sequence[Entry], noun: str) -> str:
    """Return the list, with how many of its entries, called by a noun, have each outcome on top."""
    number = f"{len(entries)} {noun}: {counts(entry.outcome for entry in entries)}"
    return (
        f'<div class="fp-filter" data-noun="{escape(noun)}">'
        f'<p class="fp-filter-count" aria-live="polite">{escape(number)}</p>'
        f'<ul class="fp-entries">{"".join(entry.html() for entry in entries)}</ul></div>'
    )
