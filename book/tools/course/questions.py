"""Concept questions of a chapter: on its page, on slides, and for a learning platform.

A chapter's ``questions.yml`` has them: what is asked, and answers of which one is right. Every
answer says why; the wrong ones are misconceptions that people have.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import yaml

from fpkit.reproduce import chapters

from .rendering import to_html

Plain = Callable[[str], str]

__all__ = [
    "LETTERS",
    "Answer",
    "Question",
    "elsewhere",
    "in_notebook",
    "load",
    "moodle",
    "on_page",
    "path",
]

# What answers are called.
LETTERS = "ABCDE"
# A sentence that sends a reader to a place on the page, which has no full stop after *Why?*
POINTING = re.compile(
    r" (?:See|Look at|Move the slider|Drag|Compare (?:the|both|training)) "
    r"(?:[^.*]|\*[^*]+[^*?]\*|\*[^*]+\?\*(?! [A-Z]))*"
    r"(?:\.|\*[^*]+\?\*(?= [A-Z])|$)"
)


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


def elsewhere(reason: str) -> str:
    """Return a reason without the sentences that point at its page, for where there is none."""
    return POINTING.sub("", " ".join(reason.split())).strip()


def _listed(asked: Sequence[Question], form: str) -> str:
    parts = []
    for number, question in enumerate(asked, 1):
        parts.append(f"**{number}.** {question.ask.strip()}")
        for letter, answer in zip(LETTERS, question.answers, strict=False):
            because = f"**{'Right.' if answer.right else 'No.'}** {answer.because.strip()}"
            says = " ".join(answer.says.split())
            parts.append(form.format(letter=letter, says=says, because=because))
    return "\n\n".join(parts)


def moodle(
    questions: Sequence[Question], category: str, plain: Plain, address: str | None = None
) -> str:
    """Return Moodle XML with the questions in a category; formulas are left to its MathJax.

    Every feedback ends with the page that its figures and sections are on: the category is its
    title, and ``address`` where it is, if it is anywhere. The general feedback is why the right
    answer is right, for whoever chose another. By its id number a question is found again.
    """
    link = f' (<a href="{html.escape(address)}">{html.escape(address)}</a>)' if address else ""
    where = f"<p>The page: <em>{html.escape(category)}</em>{link}</p>"
    quiz = ElementTree.Element("quiz")
    place = ElementTree.SubElement(quiz, "question", type="category")
    _text(ElementTree.SubElement(place, "category"), f"$course$/top/{category}")
    for question in questions:
        entry = ElementTree.SubElement(quiz, "question", type="multichoice")
        _text(ElementTree.SubElement(entry, "name"), question.name)
        _text(_html_element(entry, "questiontext"), to_html(plain(question.ask)))
        [right] = [answer for answer in question.answers if answer.right]
        told = to_html(plain(f"{right.says.strip()} {right.because}"))
        _text(_html_element(entry, "generalfeedback"), f"{told}{where}")
        ElementTree.SubElement(entry, "idnumber").text = f"fp-{question.name}"
        for name, value in (("single", "true"), ("shuffleanswers", "true"), ("defaultgrade", "1")):
            ElementTree.SubElement(entry, name).text = value
        for answer in question.answers:
            found = _html_element(entry, "answer", fraction="100" if answer.right else "0")
            _text(found, to_html(plain(answer.says)))
            _text(_html_element(found, "feedback"), to_html(plain(answer.because)) + where)
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="unicode", xml_declaration=True)


def _html_element(parent: ElementTree.Element, name: str, **more: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, name, {"format": "html", **more})


def _text(parent: ElementTree.Element, text: str) -> None:
    ElementTree.SubElement(parent, "text").text = text
