"""Judge the answers to the book's exercises, with the checks that stand in their chapters.

``check("nearest-index", answer)`` says whether an answer is right and, if not, gives a hint. It
accepts any correct answer, however it was found, and never shows one.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from book.answers import Hint
from fpkit import validation
from fpkit.reproduce import chapters

__all__ = ["Outcome", "check", "known", "wanted"]


@dataclass(frozen=True)
class Outcome:
    """Whether an answer is right, and what to say about it."""

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return self.message


def known(chapter: str | None = None) -> dict[str, chapters.Definition]:
    """Return where the checks of a chapter are, or all, by the label of their exercise.

    BookError if two have one.
    """
    found = (
        (d.name.replace("_", "-"), d)
        for d in chapters.definitions(chapter)
        if d.module.endswith(".exercises")
        and isinstance(d.node, ast.FunctionDef)
        and not d.name.startswith("_")
    )
    return chapters.by_name("exercise", found)


def wanted(label: str) -> str:
    """Return what kind of answer an exercise wants, in a line; ValueError if it has no check."""
    node = known()[validation.known("label", label, known())].node
    return (ast.get_docstring(node) or "").split("\n")[0]  # type: ignore[arg-type]


def check(label: str, answer: Any) -> Outcome:
    """Judge the answer to the exercise ``label``; ``...`` means that there is none yet.

    Raises ValueError for an exercise that has no check.
    """
    judge = chapters.load(known()[validation.known("label", label, known())])
    if answer is ...:
        return Outcome(False, f"Not yet. Wanted: {wanted(label)}")
    try:
        judge(answer)
    except Hint as hint:
        return Outcome(False, f"Not yet. {hint}")
    return Outcome(True, "Right.")
