"""What a student can do after each chapter, where it is taught, and which exercise shows it.

``book/teaching/outcomes.yml`` has them by chapter; a test compares them with the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from book.exercises import known
from fpkit.reproduce import chapters

from .plain import page, title

__all__ = ["OUTCOMES", "Outcome", "load", "on_page"]

OUTCOMES = chapters.book() / "teaching" / "outcomes.yml"


@dataclass(frozen=True)
class Outcome:
    """An objective, the section that teaches it, and the label of the exercise that shows it."""

    can: str
    section: str
    exercise: str


def load() -> dict[str, list[Outcome]]:
    """Return the outcomes by chapter."""
    found = yaml.safe_load(OUTCOMES.read_text(encoding="utf-8"))
    return {name: [Outcome(**one) for one in listed] for name, listed in found.items()}


def on_page(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """Return MyST: a folded table for each chapter."""
    parts = []
    for name, listed in outcomes.items():
        rows = ["| you can | section | exercise | graded by |", "| --- | --- | --- | --- |"]
        for one in listed:
            by = "machine" if one.exercise in known() else "hand"
            shown = f"{{ref}}`{one.exercise} <{one.exercise}>`"
            rows.append(f"| {one.can} | {one.section} | {shown} | {by} |")
        table = "\n".join(rows)
        parts.append(f"````{{dropdown}} {title(page(name))}\n\n{table}\n````")
    return "\n\n".join(parts)
