"""Write the course: ``python -m book.tools.course SITE TARGET``, once the book is built.

SITE is the built book, TARGET a folder. What an earlier course wrote there is replaced; anything
else, such as what students submitted, stays.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode

from book.tools.extensions.repository import repository
from fpkit.reproduce import chapters

from . import notebooks
from .plain import Plain, page, title
from .slides import copy_assets, slides

# Folders that are written anew.
WRITTEN = ("student", "instructor", "nbgrader/source", "slides")

README = """\
# {title}: a course

| folder | for |
|---|---|
| `student/` | the chapters as notebooks, with blanks for the answers and checks that give hints |
| `instructor/` | the same with solutions and notes; do not hand it out |
| `nbgrader/` | the exercises as assignments; make it the root of an nbgrader course |
| `slides/` | slides of each chapter, with widgets that work without a kernel |

Notebooks need the book's package and its stored results. Their first cell fetches both where they
are missing, from the branch `{repository.branch}` of {repository.url}. On machines of your own:
clone that, then `pip install -r requirements.txt -e .` in it.

Slides: `python -m http.server --directory slides`, then open the address that it prints. The key S
shows the speaker's notes. No connection is needed.

The chapter "Teaching with this book" has plans for a lecture, a workshop and a seminar.

## Chapters

{chapters}
"""

NBGRADER = """\
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "frequency-principle"

# An hour ends an answer that never ends. A machine may be slow: else nbgrader gives a cell 30
# seconds, a kernel 60 to start, and outputs four to arrive.
c.Execute.timeout = 3600
c.Execute.startup_timeout = 3600
c.Execute.iopub_timeout = 3600
"""


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook, and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def main(site: Path, target: Path) -> None:
    """Write all notebooks and slides."""
    settings = yaml.safe_load((chapters.book().parent / "_config.yml").read_text(encoding="utf-8"))
    named = settings["repository"]
    found = repository(named.get("url"), named.get("branch"))
    plain = Plain()
    for folder in WRITTEN:
        shutil.rmtree(target / folder, ignore_errors=True)
    written = []
    for name in chapters.chapters():
        path = page(name)
        chapter = notebooks.chapter(path)
        if not notebooks.exercises(chapter):
            continue
        install = notebooks.install_cell(found)
        for kind, derive in (("student", notebooks.student), ("instructor", notebooks.instructor)):
            notebook = derive(chapter, plain)
            notebook.cells.insert(0, install)
            write(notebook, target / kind / f"{name}.ipynb")
        assignment = notebooks.assignment(chapter, title(path), plain)
        write(assignment, target / "nbgrader" / "source" / name / f"{name}.ipynb")
        executed = nbformat.read(site / "_sources" / "book" / name / f"{name}.ipynb", as_version=4)
        deck = target / "slides" / f"{name}.html"
        deck.parent.mkdir(exist_ok=True)
        deck.write_text(slides(executed, plain), encoding="utf-8")
        written.append(f"- {title(path)}: `{name}`")
    copy_assets(site, target / "slides" / "assets")
    (target / "nbgrader" / "nbgrader_config.py").write_text(NBGRADER, encoding="utf-8")
    readme = README.format(title=settings["title"], repository=found, chapters="\n".join(written))
    (target / "README.md").write_text(readme, encoding="utf-8")
    print(f"The course of {len(written)} chapters is in {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
