"""A page of slides that opens by a double click: nothing is installed, and nothing is fetched.

A browser loads no module from a folder, only from a server. So a widget's modules are in the page
itself: an address that holds their content, by a name that the page gives it (an import map). And
slides are scaled to the screen, which widgets cannot know. So each is a page of its own in a frame,
where a pixel is a pixel.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from fpkit.reproduce import chapters
from fpkit.widgets import FOLDER, esm

from .deck import Slide
from .rendering import to_html

__all__ = ["copy_assets", "slides"]

# Where widgets lie: those of the library, and those of this book.
FOLDERS = (FOLDER, chapters.book() / "widgets")
REVEAL = Path(str(files("sphinx_revealjs"))) / "_static" / "revealjs"
SIZE = re.compile(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"')
# A figure that is not wider than this share of its height stands beside its words.
SQUARE = 1.5
STYLES = ("reveal/reset.css", "reveal/reveal.css", "reveal/theme/white.css", "slides.css")
SCRIPTS = ("reveal/reveal.js", "reveal/notes.js", "slides.js")

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="assets/logo.svg">
{styles}
</head>
<body>
<main class="reveal"><div class="slides">
{sections}
</div></main>
{scripts}
<script defer src="assets/mathjax/tex-svg.js"></script>
</body>
</html>
"""

FRAME = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
{styles}
<script type="importmap">{modules}</script>
<body class="fp-frame">
{widget}
<script type="module">{mount}</script>
"""
MODULE = re.compile(r'data-module="(\w+)"')


def slides(title: str, shown: Sequence[Slide]) -> str:
    """Return the page of some slides, the first of which is the title."""
    return PAGE.format(
        title=html.escape(title),
        styles=_styles(STYLES),
        scripts="\n".join(f'<script src="assets/{name}"></script>' for name in SCRIPTS),
        sections="\n".join(_section(slide, first=slide is shown[0]) for slide in shown),
    )


def _styles(names: Iterable[str]) -> str:
    return "\n".join(f'<link rel="stylesheet" href="assets/{name}">' for name in names)


def _frame(widget: str, title: str) -> str:
    """Return a frame with a widget."""
    named = MODULE.search(widget)
    assert named, f"expected the name of a module, got {widget[:80]}"
    folder = next(folder for folder in FOLDERS if (folder / named[1]).is_dir())
    styles = sorted(f"{path.parent.name}/{path.name}" for path in _widget_styles())
    page = FRAME.format(
        title=html.escape(title),
        styles=_styles([*styles, STYLES[-1]]),
        modules=json.dumps({"imports": {"fp/widget": _address(esm(named[1], folder))}}),
        widget=widget,
        mount=_mount(),
    )
    return f'<iframe title="{html.escape(title)}" srcdoc="{html.escape(page)}"></iframe>'


def _widget_styles() -> list[Path]:
    return [style for folder in FOLDERS for style in folder.glob("*/*.css")]


@cache
def _mount() -> str:
    """Return the script that brings widgets to life, for a page that has one."""
    script = (chapters.book() / "assets" / "mount.js").read_text(encoding="utf-8")
    return script.replace("import(`./${name}/${name}.js`)", 'import("fp/widget")')


def _address(source: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()


def _section(slide: Slide, *, first: bool) -> str:
    level = "h1" if first else "h2"
    heading = f"<{level}>{to_html(slide.heading, inline=True)}</{level}>" if slide.heading else ""
    shown = slide.shown if slide.shown.startswith("<") else to_html(slide.shown)
    if slide.widget:
        shown = _frame(shown, slide.heading)
    figure = slide.shown.startswith("<") and not slide.widget
    kinds = "shown fragment" if slide.ask and figure else "shown"
    panel = f'<div class="{kinds}">{shown}</div>'
    ask = f'<div class="ask">{to_html(slide.ask)}</div>' if slide.ask else ""
    later = ' class="fragment"' if slide.ask else ""
    line = f"<div{later}>{to_html(slide.line)}</div>" if slide.line else ""
    notes = to_html("\n\n".join(slide.notes))
    beside = _beside(slide.shown)
    words = f'<div class="words">{heading}{ask}{line}</div>'
    body = f"{words}{panel}" if beside else f"{heading}{ask}{panel}{line}"
    kind = ' class="beside"' if beside else ""
    aside = f'<aside class="notes">{notes}</aside>' if notes else ""
    return f"<section{kind}>{body}{aside}</section>"


def _beside(shown: str) -> bool:
    """Whether it is a figure that is nearly as high as wide, or higher."""
    if not shown.startswith("<img"):
        return False
    size = SIZE.search(base64.b64decode(shown.partition("base64,")[2].partition('"')[0]))
    return size is not None and float(size[1]) < SQUARE * float(size[2])


def copy_assets(site: Path, target: Path) -> None:
    """Copy what slides load into ``target``: reveal.js, MathJax and the widgets' styles."""
    shutil.copytree(REVEAL / "dist", target / "reveal", dirs_exist_ok=True)
    shutil.copy(REVEAL / "plugin" / "notes" / "notes.js", target / "reveal")
    for style in _widget_styles():
        (target / style.parent.name).mkdir(exist_ok=True)
        shutil.copy(style, target / style.parent.name)
    static = site / "_static"
    shutil.copy(static / "logo.svg", target)
    mathjax = target / "mathjax"
    mathjax.mkdir(exist_ok=True)
    shutil.copy(static / "mathjax" / "tex-svg.js", mathjax)  # which needs no fonts
    extensions = Path("input", "tex", "extensions")  # loaded as formulas ask for them
    shutil.copytree(static / "mathjax" / extensions, mathjax / extensions, dirs_exist_ok=True)
    for name in ("slides.css", "slides.js"):
        shutil.copy(Path(__file__).parent / name, target)
