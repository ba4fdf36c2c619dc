"""Puts ``fpkit.zip`` beside the pages: the library, for ``pip`` to install."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from book.tools.archive import write_zip
from fpkit.reproduce import chapters

__all__ = ["files"]

PROJECT = ("pyproject.toml", "README.md", "LICENSE")
LEFT_OUT = {"tests", "__pycache__"}


def files() -> dict[str, bytes]:
    """Return what ``pip`` needs to build the library, by name."""
    root = chapters.book().parent
    own = (path for path in sorted((root / "fpkit").rglob("*")) if path.is_file())
    kept = [path for path in own if not LEFT_OUT & set(path.relative_to(root).parts)]
    paths = (*(root / name for name in PROJECT), *kept)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def put(app: Sphinx, error: Exception | None) -> None:
    """Write the archive when the pages are built."""
    if not error and app.builder.format == "html":
        write_zip(Path(app.outdir, "fpkit.zip"), files())


def setup(app: Sphinx) -> dict[str, bool]:
    """Write it at the end of a build."""
    app.connect("build-finished", put)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
