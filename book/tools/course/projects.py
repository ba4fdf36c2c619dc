"""Projects, and questions whose numbers depend on a student's own seed: no page solves them.

``book/teaching/projects.yml`` has both for each part of the book.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from fpkit.reproduce import chapters

from .grading import rubric

__all__ = ["PROJECTS", "load", "on_page"]

PROJECTS = chapters.book() / "teaching" / "projects.yml"


def load() -> dict[str, list[dict[str, Any]]]:
    """Return the ``projects`` and the ``questions``, in the order of the parts."""
    return yaml.safe_load(PROJECTS.read_text(encoding="utf-8"))


def on_page(written: Mapping[str, list[dict[str, Any]]]) -> str:
    """Return MyST, folded by part."""
    asked = {one["part"]: one for one in written["questions"]}
    return "\n\n".join(_folded(project, asked[project["part"]]) for project in written["projects"])


def _folded(project: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    near = f"{question['tolerance']:g}" + " of its size" * question["relative"]
    return "\n\n".join(
        [
            f"````{{dropdown}} {project['part']}: {project['title']}",
            f"**Project**, about {project['hours']} hours, from {project['begins']}. "
            f"{project['task'].strip()}",
            f"*Hand in:* {project['hand_in'].strip()}",
            str(rubric(project)),
            f"**Question {question['number']}, with a seed.** {question['ask'].strip()}",
            f"An answer counts if it is within {near}. {question['why'].strip()}",
            "````",
        ]
    )
