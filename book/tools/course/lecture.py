"""A lecture from figures and widgets of several chapters, as ``book/teaching/lecture.yml`` says.

A slide shows a figure (by its name, or the how-many-th of its chapter) or a widget, may ask before
it shows, and has minutes, from which the speaker's notes tell the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import yaml
from nbformat import NotebookNode

from fpkit.reproduce import chapters

from . import questions
from .deck import Slide, shown_in, vote
from .plain import Plain

__all__ = ["PLAN", "lecture", "plan", "timetable"]

PLAN = chapters.book() / "teaching" / "lecture.yml"


def plan() -> dict[str, Any]:
    """Return the lecture as it is written: its title, its minutes, and what each slide shows."""
    return yaml.safe_load(PLAN.read_text(encoding="utf-8"))


def timetable(written: Mapping[str, Any]) -> str:
    """Return MyST: a table of the lecture's slides, with the minutes at which they begin."""
    rows, minute = ["| minute | slide | page |", "| ---: | --- | --- |"], 0
    for entry in written["slides"]:
        heading = f"vote: *{entry['vote']}*" if "vote" in entry else entry["heading"]
        name = entry.get("chapter", "")
        goes = f"{{doc}}`/book/{name}/{name}`" if name else ""
        rows.append(f"| {minute} | {heading} | {goes} |")
        minute += entry["minutes"]
    rows.append(f"| {minute} | {written['minutes'] - minute} minutes for the audience | |")
    return "\n".join(rows)


def lecture(
    written: Mapping[str, Any], executed: Callable[[str], NotebookNode], plain: Plain
) -> list[Slide]:
    """Return the slides; ``executed`` returns an executed chapter by its name."""

    @cache
    def found(chapter: str) -> list[Slide]:
        return shown_in(executed(chapter), plain)

    shown, minute = [], 0
    for entry in written["slides"]:
        slide = _slide(entry, found, plain)
        end = minute + entry["minutes"]
        time = f"**Minutes {minute} to {end}**" + f" (the page: *{entry.get('chapter', '')}*)" * (
            "chapter" in entry
        )
        said = [plain(entry["notes"])] if "notes" in entry else []
        shown.append(replace(slide, notes=[time, *said, *slide.notes]))
        minute = end
    return shown


def _slide(entry: Mapping[str, Any], found: Callable[[str], list[Slide]], plain: Plain) -> Slide:
    if "vote" in entry:
        every = {one.name: one for one in questions.load(entry["chapter"])}
        return vote(every[entry["vote"]], plain)
    heading, line = entry.get("heading", ""), plain(entry.get("line", ""))
    if "chapter" not in entry:
        return Slide(heading, plain(entry.get("text", "")), line)
    shown = _chosen(entry, found(entry["chapter"]))
    own = [] if "notes" in entry else shown.notes
    return replace(
        shown, heading=heading, line=line, ask=plain(entry.get("ask", "")), notes=list(own)
    )


def _chosen(entry: Mapping[str, Any], slides: list[Slide]) -> Slide:
    """Return the figure or widget that is named; ValueError if the chapter has none such."""
    kinds = {
        "figure": [slide for slide in slides if not slide.widget],
        "widget": [slide for slide in slides if slide.widget],
    }
    kind = "widget" if "widget" in entry else "figure"
    wanted = entry[kind]
    by_name = {slide.name: slide for slide in kinds[kind] if slide.name}
    by_place = dict(enumerate(kinds[kind], 1))
    slide = by_name.get(wanted) or by_place.get(wanted)
    if slide is None:
        raise ValueError(f"{entry['chapter']}: expected a {kind} {wanted!r}, got {[*by_name]}")
    return slide
