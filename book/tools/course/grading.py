"""What a teacher needs who grades by hand: rubrics, and exam questions with model answers.

A chapter's ``rubrics.yml`` has them. Students see neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from fpkit.reproduce import chapters

from .plain import Plain, page, title

__all__ = ["Exam", "Rubric", "criteria", "exam", "exam_question", "rubric", "rubrics"]


@dataclass(frozen=True)
class Rubric:
    """What earns how many points, and the most frequent mistake."""

    criteria: tuple[tuple[int, str], ...]
    common: str = ""

    @property
    def points(self) -> int:
        """How many there are in all."""
        return sum(points for points, _ in self.criteria)

    def __str__(self) -> str:
        lines = [f"- {points}: {' '.join(earned.split())}" for points, earned in self.criteria]
        told = f"\n\nA frequent mistake: {' '.join(self.common.split())}" if self.common else ""
        return "\n".join(lines) + told


@dataclass(frozen=True)
class Exam:
    """A question for an exam, with a model answer and a rubric."""

    ask: str
    answer: str
    rubric: Rubric


def criteria(chapter: str) -> dict[str, Rubric]:
    """Return the rubrics of a chapter by the label of the exercise."""
    return {label: rubric(told) for label, told in _written(chapter).get("exercises", {}).items()}


def exam_question(chapter: str) -> Exam | None:
    """Return the exam question of a chapter, if it has one."""
    told = _written(chapter).get("exam")
    return Exam(told["ask"], told["answer"], rubric(told)) if told else None


def rubrics(asked: Mapping[str, Sequence[str]], plain: Plain) -> str:
    """Return all rubrics of some chapters as one document.

    ``asked`` has the labels of each chapter's exercises, in the order in which notebooks number
    them.
    """
    parts = ["# Rubrics\n\nPoints stand before what earns them."]
    for name, labels in asked.items():
        parts.append(f"## {title(page(name))}")
        found = criteria(name)
        parts += [
            f"### Exercise {number}: {label}\n\n{plain(str(found[label]))}"
            for number, label in enumerate(labels, 1)
            if label in found
        ]
    return "\n\n".join(parts) + "\n"


def exam(names: Iterable[str], plain: Plain) -> str:
    """Return the exam questions of some chapters, with model answers, as one document."""
    parts = ["# Exam questions\n\nEach with a model answer, and with what earns its points."]
    for name in names:
        if found := exam_question(name):
            parts.append(
                f"## {title(page(name))} ({found.rubric.points} points)\n\n{plain(found.ask)}\n\n"
                f"**Model answer.** {plain(found.answer)}\n\n{plain(str(found.rubric))}"
            )
    return "\n\n".join(parts) + "\n"


def _written(chapter: str) -> dict[str, Any]:
    path = chapters.book() / chapter / "rubrics.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def rubric(told: Mapping[str, Any]) -> Rubric:
    """Return a rubric as it is written: ``criteria`` with ``points`` and ``for``, ``common``."""
    listed = tuple((int(one["points"]), one["for"]) for one in told["criteria"])
    return Rubric(listed, told.get("common", ""))
