"""Slides of a chapter: its claim, its widgets and figures, its key points, its warm-up question.

They come from the executed chapter. What a figure's slide says is the sentence that follows the
figure in the text; the text around it and the notes for teachers become the speaker's notes.
"""

from __future__ import annotations

import base64
import html
import re
import shutil
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

from fpkit.widgets import FOLDER

from .notebooks import NOTE, Exercise, pieces
from .plain import TITLE, Plain

__all__ = ["copy_assets", "slides"]

REVEAL = Path(str(files("sphinx_revealjs"))) / "_static" / "revealjs"
LIMIT = 20
# Letters that a line below a figure may have; what is longer is left to the notes.
LONGEST = 180
SENTENCE = re.compile(r"[^-|>].*?[.?!](?:\*\*)?(?=\s|$)", re.S)
BOLD = re.compile(r"^\*\*.+?\*\*", re.M | re.S)

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="assets/logo.svg">
<link rel="stylesheet" href="assets/reveal/reset.css">
<link rel="stylesheet" href="assets/reveal/reveal.css">
<link rel="stylesheet" href="assets/reveal/theme/white.css">
<link rel="stylesheet" href="assets/shared/widgets.css">
<link rel="stylesheet" href="assets/playground/playground.css">
<link rel="stylesheet" href="assets/bet/bet.css">
<link rel="stylesheet" href="assets/grip/grip.css">
<link rel="stylesheet" href="assets/two_starts/two_starts.css">
<link rel="stylesheet" href="assets/slides.css">
</head>
<body>
<main class="reveal"><div class="slides">
{sections}
</div></main>
<script src="assets/reveal/reveal.js"></script>
<script src="assets/reveal/notes.js"></script>
<script src="assets/slides.js"></script>
<script defer src="assets/mathjax/tex-chtml.js"></script>
<script type="module" src="assets/mount.js"></script>
</body>
</html>
"""


@dataclass
class Slide:
    """A heading, what is shown, a line below it, and what the speaker may say."""

    heading: str
    shown: str = ""
    line: str = ""
    notes: list[str] = field(default_factory=list)


class Deck:
    """Collects the slides of a chapter while its pieces go by."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.slides: list[Slide] = []
        self.heading = ""
        self.notes: list[str] = []
        self.wants_line = False

    def show(self, shown: str) -> None:
        """Add a slide with a widget or a figure; the text so far is its notes."""
        self.slides.append(Slide(self.heading, shown, notes=self.notes))
        self.notes = []
        self.wants_line = True

    def read(self, text: str) -> None:
        """Take in text: headings, the line below the last slide, and notes."""
        spoken = NOTE.sub(lambda note: note[1].replace("\n% ", " "), text)
        for part in re.split(r"^(#+ .+)$", spoken, flags=re.M):
            part = part.strip()
            if part.startswith("#"):
                self.heading = part.lstrip("# ")
                self.wants_line = False
            elif part:
                plain = self.plain(part)
                if self.wants_line and (sentence := BOLD.search(plain) or SENTENCE.match(plain)):
                    if len(sentence[0]) < LONGEST:
                        self.slides[-1].line = sentence[0].strip()
                    self.wants_line = False
                self.notes.append(plain)


def slides(notebook: NotebookNode, plain: Plain) -> str:
    """Return the slides of an executed chapter as a page."""
    deck, points, warm_up = Deck(plain), "", ""
    for piece in pieces(notebook):
        if isinstance(piece, Exercise):
            warm_up = warm_up or plain(piece.text)
        elif piece.cell_type == "markdown":
            body = piece.source
            if "## Key points" in body:
                body, _, rest = body.partition("## Key points")
                points = rest.partition("\n## ")[0].strip()
            deck.read(body)
        else:
            _outputs(piece, deck)
    top = next(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = TITLE.search(top)
    assert heading, f"expected a heading first, got {top[:80]!r}"
    title, claim = heading[1], top[heading.end() :].strip().split("\n\n")[0]
    shown = [
        Slide(title, line=plain(claim)),
        *_chosen(deck.slides, LIMIT - 3),
        Slide("To take home", plain(points)),
        Slide("Your turn", warm_up),
    ]
    sections = "\n".join(_section(slide, first=slide is shown[0]) for slide in shown)
    return PAGE.format(title=html.escape(title), sections=sections)


def _outputs(cell: NotebookNode, deck: Deck) -> None:
    """Show the widgets and figures of a cell, and read what its code wrote."""
    for output in cell.outputs:
        data = output.get("data", {})
        if "fp-widget" in data.get("text/html", ""):
            deck.show(data["text/html"])
        elif image := data.get("image/svg+xml"):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            source = base64.b64encode(image.encode()).decode()
            deck.show(f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{source}">')
        elif "text/markdown" in data:
            deck.read(data["text/markdown"])


def _chosen(found: list[Slide], count: int) -> list[Slide]:
    """Return at most ``count`` slides: the first of every section, then the next ones, in order."""
    seen: dict[str, int] = {}
    ranks = []
    for place, slide in enumerate(found):
        seen[slide.heading] = seen.get(slide.heading, 0) + 1
        ranks.append((seen[slide.heading], place))
    return [found[place] for _, place in sorted(sorted(ranks)[:count], key=lambda pair: pair[1])]


def _section(slide: Slide, *, first: bool) -> str:
    heading = _html(slide.heading, inline=True)
    shown = slide.shown if slide.shown.startswith("<") else _html(slide.shown)
    level = "h1" if first else "h2"
    parts = [f"<{level}>{heading}</{level}>" if heading else "", shown, _html(slide.line)]
    notes = _html("\n\n".join(slide.notes))
    parts += [f'<aside class="notes">{notes}</aside>' if notes else ""]
    return f"<section>{''.join(parts)}</section>"


def _html(text: str, *, inline: bool = False) -> str:
    return (MARKDOWN.renderInline if inline else MARKDOWN.render)(text)


def _math(content: str, options: dict[str, bool]) -> str:
    """Leave a formula to MathJax."""
    left, right = ("\\[", "\\]") if options["display_mode"] else ("\\(", "\\)")
    return left + html.escape(content) + right


MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=_math)


def copy_assets(site: Path, target: Path) -> None:
    """Copy what slides load into ``target``: reveal.js, MathJax and the book's widgets."""
    shutil.copytree(REVEAL / "dist", target / "reveal", dirs_exist_ok=True)
    shutil.copy(REVEAL / "plugin" / "notes" / "notes.js", target / "reveal")
    static = site / "_static"
    for name in ("mount.js", "logo.svg"):
        shutil.copy(static / name, target)
    no_code = shutil.ignore_patterns("*.py", "*.test.js", "*.json", "__pycache__")
    shutil.copytree(FOLDER, target, ignore=no_code, dirs_exist_ok=True)
    mathjax = target / "mathjax"
    mathjax.mkdir(exist_ok=True)
    shutil.copy(static / "mathjax" / "tex-chtml.js", mathjax)
    for part in ("output/chtml/fonts", "input/tex/extensions"):  # the latter as formulas ask for it
        shutil.copytree(static / "mathjax" / part, mathjax / part, dirs_exist_ok=True)
    for name in ("slides.css", "slides.js"):
        shutil.copy(Path(__file__).parent / name, target)
