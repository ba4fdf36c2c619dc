"""Concept questions of a chapter: on its page, on slides, and for a learning platform.

A chapter's ``questions.yml`` has them: what is asked, and answers of which one is right. Every
answer says why; the wrong ones are misconceptions that people have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import yaml

from fpkit.reproduce import chapters

from .rendering import to_html

Plain = Callable[[str], str]

__all__ = ["LETTERS", "Answer", "Question", "in_notebook", "load", "moodle", "on_page", "path"]

# What answers are called.
LETTERS = "ABCDE"


@dataclass(frozen=True)
class Answer:
    """An answer, whether it is right, and why."""

    says: str
    because: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with answers, of which exactly one is right."""

    name: str
    ask: str
    answers: tuple[Answer, ...]


def load(chapter: str) -> list[Question]:
    """Return the questions of a chapter; none if it has no ``questions.yml``."""
    file = path(chapter)
    if not file.exists():
        return []
    return [
        Question(one["name"], one["ask"], tuple(Answer(**answer) for answer in one["answers"]))
        for one in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def path(chapter: str) -> Path:
    """Return where the questions of a chapter stand."""
    return chapters.book() / chapter / "questions.yml"


def on_page(asked: Sequence[Question]) -> str:
    """Return MyST: a reader opens an answer to see whether it is right, and why."""
    return _listed(asked, "````{{dropdown}} {letter}. {says}\n\n{because}\n````")


def in_notebook(asked: Sequence[Question]) -> str:
    """Return the same as plain Markdown."""
    return _listed(asked, "<details><summary>{letter}. {says}</summary>\n\n{because}\n\n</details>")


def _listed(asked: Sequence[Question], form: str) -> str:
    parts = []
    for number, question in enumerate(asked, 1):
        parts.append(f"**{number}.** {question.ask.strip()}")
        for letter, answer in zip(LETTERS, question.answers, strict=False):
            because = f"**{'Right.' if answer.right else 'No.'}** {answer.because.strip()}"
            says = " ".join(answer.says.split())
            parts.append(form.format(letter=letter, says=says, because=because))
    return "\n\n".join(parts)


def moodle(questions: Sequence[Question], category: str, plain: Plain) -> str:
    """Return Moodle XML with the questions in a category; formulas are left to its MathJax."""
    quiz = ElementTree.Element("quiz")
    place = ElementTree.SubElement(quiz, "question", type="category")
    _text(ElementTree.SubElement(place, "category"), f"$course$/top/{category}")
    for question in questions:
        entry = ElementTree.SubElement(quiz, "question", type="multichoice")
        _text(ElementTree.SubElement(entry, "name"), question.name)
        _text(_html_element(entry, "questiontext"), to_html(plain(question.ask)))
        for name, value in (("single", "true"), ("shuffleanswers", "true"), ("defaultgrade", "1")):
            ElementTree.SubElement(entry, name).text = value
        for answer in question.answers:
            found = _html_element(entry, "answer", fraction="100" if answer.right else "0")
            _text(found, to_html(plain(answer.says)))
            _text(_html_element(found, "feedback"), to_html(plain(answer.because)))
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="unicode", xml_declaration=True)


def _html_element(parent: ElementTree.Element, name: str, **more: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, name, {"format": "html", **more})


def _text(parent: ElementTree.Element, text: str) -> None:
    ElementTree.SubElement(parent, "text").text = text
