"""Checks for the exercises of the book, one module per chapter.

``check("period", 3)`` says whether an answer is right and, if not, gives a hint. It accepts any
correct answer, however it was found, and never shows one.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import checks
from .answers import Check, Hint

__all__ = ["CHAPTERS", "Outcome", "check", "known", "wanted"]

# Chapters with checks, in the book's order.
CHAPTERS = (
    "mystery",
    "one_dimension",
    "fourier_loss",
    "early_stopping",
    "initialization",
    "natural_image",
    "information_plane",
    "gradient_theory",
    "amplitude",
    "robustness",
    "phase_diagram",
    "ntk",
    "linear_theory",
    "general_theory",
    "generalization",
    "principal_component",
    "filtering",
    "parity",
    "response_frequency",
    "limits",
    "errata",
    "playground",
)


@dataclass(frozen=True)
class Outcome:
    """Whether an answer is right, and what to say about it."""

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return self.message


@cache
def known() -> dict[str, Check]:
    """Return the checks of all chapters by the label of their exercise."""
    found: dict[str, Check] = {}
    for chapter in CHAPTERS:
        for function in importlib.import_module(f"{__name__}.{chapter}").CHECKS:
            label = function.__name__.replace("_", "-")
            if label in found:
                raise ValueError(f"label: {label!r} is used twice")
            found[label] = function
    return found


def wanted(label: str) -> str:
    """Return what kind of answer an exercise wants, in a line; ValueError if it has no check."""
    function = known()[checks.known("label", label, known())]
    return (inspect.getdoc(function) or "").split("\n")[0]


def check(label: str, answer: Any) -> Outcome:
    """Judge the answer to the exercise ``label``; ``...`` means that there is none yet.

    Raises ValueError for an exercise that has no check.
    """
    judge = known()[checks.known("label", label, known())]
    if answer is ...:
        return Outcome(False, f"Not yet. Wanted: {wanted(label)}")
    try:
        judge(answer)
    except Hint as hint:
        return Outcome(False, f"Not yet. {hint}")
    return Outcome(True, "Right.")
