"""The figures of the chapters, to be used elsewhere: SVG files, and their captions in one list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from .notebooks import is_panel
from .plain import Plain

__all__ = ["LICENCE", "write"]

LICENCE = """\
# Figures

By the contributors of *The Frequency Principle: an executable book*, under
[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/): use and change them, and say where they
are from.
"""


def write(chapter: NotebookNode, name: str, plain: Plain, folder: Path) -> Iterator[str]:
    """Write the figures of an executed chapter into a folder, and yield a line on each.

    A figure of a fold has no caption: what it shows is said for those who cannot see it.
    """
    number = 0
    for cell in chapter.cells:
        told = cell.metadata.get("mystnb", {})
        said = told.get("figure", {}).get("caption") or told.get("image", {}).get("alt", "")
        for output in [] if is_panel(cell) else cell.get("outputs", []):
            if image := output.get("data", {}).get("image/svg+xml"):
                number += 1
                file = f"{name}-{number}.svg"
                (folder / file).write_text(image, encoding="utf-8")
                yield f"- `{file}`: {plain(' '.join(said.split()))}"
