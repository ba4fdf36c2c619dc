"""What a chapter's slides show: its claim, its figures and widgets, questions, its key points.

They come from the executed chapter. Below a figure stands the figure's own caption, below a widget
the paragraph before it, which says what to do. Everything else that the text says around it are the
speaker's notes. A note for teachers (``% note:``) belongs to the figure above it in its section.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from .notebooks import NOTE, Exercise, is_panel, pieces
from .plain import TITLE, Plain
from .questions import LETTERS, Question, elsewhere

__all__ = ["Slide", "chapter_slides", "shown_in", "vote"]

LIMIT = 20
# Letters that a line below a widget may have; what is longer is left to the notes.
LONGEST = 240
# Of the concept questions of a chapter.
VOTES = 2
POINTS = "## Key points\n"
HEADING = re.compile(r"^#+ (.+)$", re.M)


@dataclass
class Slide:
    """A heading, what is shown, a line below it, and what the speaker may say.

    Attributes
    ----------
    heading, line
        Plain Markdown.
    shown
        HTML of a figure or a widget, or Markdown.
    ask
        A question that is there first; a figure (what else is shown is there at once) and the line
        follow when the speaker goes on.
    notes
        Plain Markdown, a paragraph each.
    name
        Of the figure.

    """

    heading: str
    shown: str = ""
    line: str = ""
    ask: str = ""
    notes: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def widget(self) -> bool:
        """Whether it shows a widget."""
        return "fp-widget" in self.shown


class _Reader:
    """Collects slides and their notes while the pieces of a chapter go by."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.slides: list[Slide] = []
        self.heading = ""
        self.said: list[str] = []  # since the last slide
        self.section = 0  # place of this section's first slide

    def show(self, shown: str, line: str, name: str) -> None:
        """Add a slide with a figure, or with a widget, which has no caption."""
        last = self.said[-1] if self.said else ""
        if not line and len(last) < LONGEST and not last.startswith((">", "|", "-", "<")):
            line = re.sub(":$", ".", last)  # it stands below what it announces
        self.slides.append(Slide(self.heading, shown, line, notes=self.said, name=name))
        self.said = []

    def text(self, source: str) -> None:
        """Take in Markdown: headings, text and notes."""
        end = 0
        for note in NOTE.finditer(source):
            self._paragraphs(source[end : note.start()])
            notes = self.slides[-1].notes if self.section < len(self.slides) else self.said
            notes.append(_told(note[1], self.plain))
            end = note.end()
        self._paragraphs(source[end:])

    def _paragraphs(self, source: str) -> None:
        for place, part in enumerate(HEADING.split(source)):
            if place % 2:
                self._close()
                self.heading = part
            elif part.strip():
                told = [one.strip() for one in self.plain(part.strip()).split("\n\n")]
                self.said += [one for one in told if one]

    def _close(self) -> None:
        """Leave what was said after the last figure of a section to that figure."""
        if self.section < len(self.slides):
            self.slides[-1].notes += self.said
            self.said = []
        self.section = len(self.slides)


def shown_in(notebook: NotebookNode, plain: Plain) -> list[Slide]:
    """Return a slide for each figure and widget of an executed chapter, in their order."""
    return _read(notebook, plain).slides


def _read(notebook: NotebookNode, plain: Plain) -> _Reader:
    reader = _Reader(plain)
    for piece in pieces(notebook):
        if isinstance(piece, Exercise):
            break
        if piece.cell_type == "markdown":
            reader.text(piece.source.partition(POINTS)[0])
        elif not is_panel(piece):
            _outputs(piece, reader)
    if reader.slides:
        reader.slides[-1].notes += reader.said
    return reader


def chapter_slides(
    notebook: NotebookNode, plain: Plain, questions: Sequence[Question] = ()
) -> list[Slide]:
    """Return the slides of an executed chapter, `LIMIT` at most."""
    top = next(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = TITLE.search(top)
    assert heading, f"expected a heading first, got {top[:80]!r}"
    claim = top[heading.end() :].strip().split("\n\n")[0]
    asked = [piece for piece in pieces(notebook) if isinstance(piece, Exercise)]
    votes = [vote(question, plain) for question in questions[:VOTES]]
    reader, last = _read(notebook, plain), _after(notebook)
    return [
        Slide(heading[1], line=plain(claim), notes=[] if reader.slides else reader.said),
        *_chosen(reader.slides, LIMIT - 3 - len(votes)),
        *votes,
        Slide("To take home", plain(NOTE.sub("", last.partition("\n## ")[0]).strip())),
        Slide(
            "Your turn", plain(asked[0].text), notes=[_told(n, plain) for n in NOTE.findall(last)]
        ),
    ]


def vote(question: Question, plain: Plain) -> Slide:
    """Return a slide that asks a concept question, and then tells which answer is right and why.

    There is no page on a slide: a reason does not point at one, and the speaker's notes do.
    """
    lines = list(zip(LETTERS, question.answers, strict=False))
    listed = "\n".join(f"- **{letter}** {plain(answer.says)}" for letter, answer in lines)
    reasons = [(letter, plain(elsewhere(a.because))) for letter, a in lines if a.right]
    right = "".join(f"**{letter}.** {reason}" for letter, reason in reasons)
    notes = [f"{letter}: {plain(a.because)}" for letter, a in lines]
    return Slide("Vote", listed, right, ask=plain(question.ask), notes=notes)


def _after(notebook: NotebookNode) -> str:
    """Return the text of a chapter from its key points on."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return text.partition(POINTS)[2]


def _told(note: str, plain: Plain) -> str:
    """Return a note for teachers without the signs that its lines begin with."""
    return plain(re.sub(r"\n% ?", " ", note).strip())


def _outputs(cell: NotebookNode, reader: _Reader) -> None:
    """Show the widgets and figures of a cell, and read what its code wrote."""
    told = cell.metadata.get("mystnb", {})
    figure, alt = told.get("figure", {}), told.get("image", {}).get("alt", "")
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "fp-widget" in data.get("text/html", ""):
            reader.show(data["text/html"], "", "")
        elif image := data.get("image/svg+xml"):
            source = base64.b64encode(image.encode()).decode()
            shown = f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{source}">'
            caption = " ".join(figure.get("caption", "").split())
            reader.show(shown, reader.plain(caption), figure.get("name", ""))
        elif "text/markdown" in data:
            reader.text(data["text/markdown"])


def _chosen(found: list[Slide], count: int) -> list[Slide]:
    """Return ``count`` slides at most, in order: the first of every section, then the next ones.

    The notes of those that are left out go to the slide before.
    """
    seen: dict[str, int] = {}
    ranks = []
    for place, slide in enumerate(found):
        seen[slide.heading] = seen.get(slide.heading, 0) + 1
        ranks.append((seen[slide.heading], place))
    kept = {place for _, place in sorted(ranks)[:count]}
    chosen: list[Slide] = []
    for place, slide in enumerate(found):
        if place in kept:
            chosen.append(slide)
        else:  # the first slide has the lowest rank of all, so there is one before
            chosen[-1].notes += slide.notes
    return chosen
