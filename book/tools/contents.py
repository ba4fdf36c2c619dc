"""Which chapters there are, in which parts, and which of them a chapter needs.

The parts are those of ``_toc.yml``. What a chapter needs is written once, at the top of its page:
``needs: [one_dimension]``. The map, and each chapter's line on what it needs and where it leads,
are made from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from book.tools.course.plain import page
from fpkit.reproduce import chapters

__all__ = ["MANY", "Part", "lanes", "leads_to", "needs", "parts", "with_links"]

MANY = 4  # so many chapters are named in a sentence; more are counted
NEED = re.compile(r"^You need:(.*)$", re.M)


@dataclass(frozen=True)
class Part:
    """A part of the book: its caption, and the names of its chapters."""

    caption: str
    chapters: tuple[str, ...]


def parts() -> list[Part]:
    """Return the parts of the book in the order of the contents."""
    text = (chapters.book().parent / "_toc.yml").read_text(encoding="utf-8")
    return [
        Part(part["caption"], tuple(Path(entry["file"]).name for entry in part["chapters"]))
        for part in yaml.safe_load(text)["parts"]
    ]


def needs() -> dict[str, tuple[str, ...]]:
    """Return what each chapter needs, as its page says; pages that say nothing are left out."""
    found = {}
    for part in parts():
        for name in part.chapters:
            head = page(name).read_text(encoding="utf-8").partition("\n---\n")[0]
            front = yaml.safe_load(head.removeprefix("---")) if head.startswith("---") else {}
            if "needs" in front:
                found[name] = tuple(front["needs"])
    return found


def leads_to(name: str, needed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the chapters that need a chapter."""
    return tuple(other for other, before in needed.items() if name in before)


def with_links(source: str, name: str, needed: Mapping[str, Sequence[str]]) -> str:
    """Return a chapter's source with links in the line ``You need:``, to where it leads, too.

    What the line says already stays, behind the links; a chapter that it links is not linked twice,
    and a page that says itself where it leads is left to do so.
    """
    if name not in needed:
        return source

    def line(match: re.Match[str]) -> str:
        own = match[1].strip().removesuffix(".")
        links = [_link(other) for other in needed[name] if f"/book/{other}/" not in own]
        text = f"You need: {', '.join([*links, own] if own else links)}."
        later = () if "\nIt leads to:" in source else leads_to(name, needed)
        if len(later) > MANY:
            return f"{text} {len(later)} chapters build on it: {{doc}}`the map </book/map/map>`."
        return f"{text} It leads to: {', '.join(map(_link, later))}." if later else text

    return NEED.sub(line, source, count=1)


def _link(name: str) -> str:
    return f"{{doc}}`/book/{name}/{name}`"


def lanes(order: Iterable[str], needed: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return on which lane of the map each chapter that others need is drawn, the first is 0.

    A lane runs from a chapter to the last one that needs it. Two that overlap get different ones.
    """
    places = {name: place for place, name in enumerate(order)}
    ends: list[int] = []  # of what each lane has so far
    found = {}
    for name, start in places.items():
        later = leads_to(name, needed)
        if not later:
            continue
        end = max(places[other] for other in later)
        free = next((lane for lane, last in enumerate(ends) if last <= start), len(ends))
        ends[free:] = [end] if free == len(ends) else [end, *ends[free + 1 :]]
        found[name] = free
    return found
