"""MyST to the plain Markdown that Jupyter and Colab show: roles and directives become text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pybtex.database import Person, parse_file

from fpkit.reproduce import chapters

from . import questions

__all__ = ["Plain", "page", "title"]

FENCE = re.compile(r"^(`{3,})\{([a-z:-]+)\} *([^\n]*)\n(.*?)^\1\s*?$", re.M | re.S)
ROLE = re.compile(r"\{([a-z:-]+)\}`([^`]+)`")
OPTION = re.compile(r"^:[\w-]+:[^\n]*\n", re.M)
CARD_LINK = re.compile(r"^:link: (\S+)$", re.M)
TITLE = re.compile(r"^# (.+)$", re.M)
TARGET = re.compile(r"^\([\w-]+\)=\n", re.M)
LINK = re.compile(r"^(.*?)\s*<([^>]+)>$", re.S)
TIMES = re.compile(r"\s*Reading takes about.*?\.(?=\s|$)", re.S)


class Plain:
    """Turn the MyST of a chapter into plain Markdown.

    Links between chapters go to notebooks of the same names. An unknown directive or role is an
    error, so that none is lost.
    """

    def __init__(self) -> None:
        self.titles = {name: title(page(name)) for name in chapters.chapters()}
        self.entries = parse_file(str(chapters.book() / "references.bib")).entries
        self.roles: dict[str, Callable[[str], str]] = {
            "cite:t": lambda keys: "; ".join("{} ({})".format(*self._cite(k)) for k in _list(keys)),
            "cite:p": lambda keys: (
                "(" + "; ".join("{}, {}".format(*self._cite(k)) for k in _list(keys)) + ")"
            ),
            "doc": self._link,
            "ref": lambda text: _named(text)[0],
            "term": lambda text: _named(text)[0],
        }

    def __call__(self, text: str) -> str:
        """Return plain Markdown for ``text``."""
        text = TIMES.sub("", text)
        text = FENCE.sub(self._directive, TARGET.sub("", text))
        return ROLE.sub(self._role, text)

    def _role(self, match: re.Match[str]) -> str:
        if match[1] not in self.roles:
            raise ValueError(f"role: {match[1]!r} has no plain form, in {match[0]!r}")
        return self.roles[match[1]](match[2])

    def _directive(self, match: re.Match[str]) -> str:
        _, name, argument, body = match.groups()
        text = OPTION.sub("", body).strip()
        match name:
            case "exercise":
                return f"**Exercise.** {text}"
            case "solution":
                return f"<details><summary>Solution</summary>\n\n{text}\n\n</details>"
            case "admonition" | "prf:theorem":
                theorem = f"Theorem ({argument})" if argument else "Theorem"
                heading = argument if name == "admonition" else theorem
                text = OPTION.sub("", FENCE.sub(self._directive, body)).strip()
                lines = [f"**{heading}**", "", *text.split("\n")]
                return "\n".join(f"> {line}".rstrip() for line in lines)
            case "grid":
                return OPTION.sub("", FENCE.sub(self._directive, body)).strip()
            case "grid-item-card":
                goes = CARD_LINK.search(body)
                heading = self._link(f"{argument} <{goes[1]}>") if goes else argument
                return f"**{heading}**: {FENCE.sub(self._directive, text).strip()}"
            case "questions":
                return self(questions.in_notebook(questions.load(argument)))
            case "run-times" | "raw":  # a table or a drawing that only a page has
                return ""
        raise ValueError(f"directive: {name!r} has no plain form, in {match[0][:60]!r}")

    def _cite(self, key: str) -> tuple[str, str]:
        """Return authors and year of a reference."""
        entry = self.entries[key]
        names = [_surname(person) for person in entry.persons["author"]]
        if len(names) > 2:
            return f"{names[0]} et al.", entry.fields["year"]
        return " and ".join(names), entry.fields["year"]

    def _link(self, text: str) -> str:
        shown, target = _named(text)
        chapter = target.rpartition("/")[2]
        return f"[{shown if shown != target else self.titles[chapter]}]({chapter}.ipynb)"


def page(chapter: str) -> Path:
    """Return the source of a chapter's page."""
    return chapters.book() / chapter / f"{chapter}.md"


def title(chapter: Path) -> str:
    """Return the first heading of a chapter."""
    heading = TITLE.search(chapter.read_text(encoding="utf-8"))
    assert heading, f"{chapter}: expected a heading"
    return heading[1]


def _list(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def _named(text: str) -> tuple[str, str]:
    """Return what a link shows and where it goes: ``text <target>``, or the target alone."""
    match = LINK.match(text)
    return (match[1], match[2]) if match else (text, text)


def _surname(person: Person) -> str:
    return " ".join([*person.prelast_names, *person.last_names]).replace("{", "").replace("}", "")
