"""What students are handed: notebooks with blanks for the answers, in one file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book.tools.archive import write_zip
from book.tools.repository import NOBODY, Repository
from fpkit.reproduce import chapters

from . import notebooks
from .plain import Plain, page, title

__all__ = ["fetched", "students_notebooks", "taught", "write"]

README = """\
# The Frequency Principle: notebooks

Double-click a notebook in JupyterLab (`pip install jupyterlab`, then `jupyter lab` in this folder).
{fetched}

Begin with `one_dimension.ipynb`. Blanks are marked `...`; the check below says whether an answer is
right, and gives a hint if it is not.

{chapters}

Text and figures: CC BY 4.0. Code: MIT.
"""
FETCHED = """\
Its first cell fetches the book's package where it is missing, from
{repository.url}. It needs `git`, a connection, some minutes and about 2 GB of disk, once: run it
the day before."""
MISSING = """\
They need the book's package. From the folder that your teacher gave you, once:
`pip install -e "FOLDER[book]"`."""


def taught() -> Iterator[str]:
    """Yield the chapters that have exercises, in the order of the book."""
    for name in chapters.chapters():
        if "{exercise}" in page(name).read_text(encoding="utf-8"):
            yield name


def students_notebooks(repository: Repository, plain: Plain) -> dict[str, NotebookNode]:
    """Return what students get, by chapter."""
    found = {}
    for name in taught():
        notebook = notebooks.student(notebooks.chapter(page(name)), plain)
        notebook.cells.insert(0, notebooks.install_cell(repository))
        found[name] = notebook
    return found


def fetched(repository: Repository) -> str:
    """Return from where notebooks get the book's package: never from an address of nobody's."""
    return MISSING if repository.owner == NOBODY else FETCHED.format(repository=repository)


def write(path: Path, repository: Repository) -> None:
    """Write the archive of students' notebooks."""
    found = students_notebooks(repository, Plain())
    files = {f"{name}.ipynb": nbformat.writes(notebook) for name, notebook in found.items()}
    listed = "\n".join(f"- `{name}.ipynb`: {title(page(name))}" for name in found)
    readme = README.format(fetched=fetched(repository), chapters=listed)
    write_zip(path, {"README.md": readme, **files})
