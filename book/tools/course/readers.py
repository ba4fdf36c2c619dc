"""Write a notebook beside each page: ``python -m book.tools.course.readers``, as Binder does.

Jupyter shows a page's own file with its directives as they are written. In these notebooks
exercises are text, solutions are folded, and links lead from notebook to notebook.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat

from book.tools.repository import configured
from fpkit.reproduce import chapters

from .notebooks import chapter, handed_out
from .plain import Plain, page

__all__ = ["write"]


def write(folder: Path) -> Iterator[Path]:
    """Write the notebooks into the chapters' folders below ``folder``, and yield them."""
    repository, plain = configured()[1], Plain()
    for name in chapters.chapters():
        if "\nkernelspec:" not in page(name).read_text(encoding="utf-8"):
            continue
        notebook = handed_out(chapter(page(name)), repository, plain)
        del notebook.cells[0]  # who runs it has the book already
        target = folder / name / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
        yield target


if __name__ == "__main__":
    for path in write(chapters.book()):
        print(path)
