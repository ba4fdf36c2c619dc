"""Projects, and questions whose numbers depend on a student's own seed: no page solves them.

``book/teaching/projects.yml`` has both for each part of the book.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from fpkit.reproduce import chapters

from .grading import Rubric, rubric

__all__ = ["PROJECTS", "Project", "load", "on_page"]

PROJECTS = chapters.book() / "teaching" / "projects.yml"


@dataclass(frozen=True)
class Project:
    """What a part of the book asks of a student.

    Attributes
    ----------
    part
        The part's caption in the contents.
    title, task, hand_in, hours, rubric
        Of the project.
    question
        The name of the question with a seed, in `book.teaching.seeded`.
    ask
        What it asks.

    """

    part: str
    title: str
    task: str
    hand_in: str
    hours: int
    rubric: Rubric
    question: str
    ask: str


def load() -> list[Project]:
    """Return the projects in the order of the parts."""
    found = yaml.safe_load(PROJECTS.read_text(encoding="utf-8"))
    return [Project(**{**one, "rubric": rubric(one["rubric"])}) for one in found]


def on_page(projects: Sequence[Project]) -> str:
    """Return MyST, folded by part."""
    return "\n\n".join(
        f"````{{dropdown}} {one.part}: {one.title}\n\n**Project**, about {one.hours} hours. "
        f"{one.task.strip()}\n\n*Hand in:* {one.hand_in.strip()}\n\n{one.rubric}\n\n"
        f"**Question with a seed** (`seeded.{one.question}`). {one.ask.strip()}\n````"
        for one in projects
    )
