"""MyST to the plain Markdown that Jupyter and Colab show: roles and directives become text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pybtex.database import Person, parse_file

__all__ = ["Plain"]

FENCE = re.compile(r"^(`{3,})\{([a-z:-]+)\} *([^\n]*)\n(.*?)^\1\s*?$", re.M | re.S)
ROLE = re.compile(r"\{([a-z:-]+)\}`([^`]+)`")
OPTION = re.compile(r"^:[\w-]+:[^\n]*\n", re.M)
TARGET = re.compile(r"^\([\w-]+\)=\n", re.M)
LINK = re.compile(r"^(.*?)\s*<([^>]+)>$", re.S)
TIMES = re.compile(r"\s*Reading takes about.*?\.(?=\s|$)", re.S)


class Plain:
    """Turn the MyST of a chapter into plain Markdown.

    ``titles`` holds the title of each chapter by its file's name; links go to notebooks of that
    name beside the notebook. An unknown directive or role is an error, so that none is lost.
    """

    def __init__(self, titles: dict[str, str], references: Path) -> None:
        self.titles = titles
        self.entries = parse_file(str(references)).entries
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
        return ROLE.sub(lambda match: self.roles[match[1]](match[2]), text)

    def _directive(self, match: re.Match[str]) -> str:
        _, name, title, body = match.groups()
        if name not in ("admonition", "prf:theorem"):
            raise ValueError(f"directive: {name!r} has no plain form yet, in {match[0][:60]!r}")
        heading = title if name == "admonition" else f"Theorem ({title})" if title else "Theorem"
        lines = [f"**{heading}**", "", *OPTION.sub("", body).strip().split("\n")]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def _cite(self, key: str) -> tuple[str, str]:
        """Return authors and year of a reference."""
        entry = self.entries[key]
        names = [_surname(person) for person in entry.persons["author"]]
        if len(names) > 2:
            return f"{names[0]} et al.", entry.fields["year"]
        return " and ".join(names), entry.fields["year"]

    def _link(self, text: str) -> str:
        shown, chapter = _named(text)
        return f"[{shown if shown != chapter else self.titles[chapter]}]({chapter}.ipynb)"


def _list(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def _named(text: str) -> tuple[str, str]:
    """Return what a link shows and where it goes: ``text <target>``, or the target alone."""
    match = LINK.match(text)
    return (match[1], match[2]) if match else (text, text)


def _surname(person: Person) -> str:
    return " ".join([*person.prelast_names, *person.last_names]).replace("{", "").replace("}", "")
