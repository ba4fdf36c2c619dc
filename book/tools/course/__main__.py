"""Write the course: ``python -m book.tools.course SITE TARGET``, once the book is built.

SITE is the built book, TARGET a folder. What an earlier course wrote there is replaced; anything
else, such as what students submitted, stays.
"""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book.tools.repository import NOBODY, Repository, configured

from . import figures, grading, notebooks, questions
from .deck import chapter_slides
from .handout import students_notebooks, taught
from .lecture import lecture, plan
from .plain import Plain, page, title
from .slides import copy_assets, slides

# What is written anew.
WRITTEN = ("student", "instructor", "nbgrader/source", "slides", "questions", "grading", "figures")

README = """\
# {title}: a course

| folder | for |
|---|---|
| `student/` | the chapters as notebooks, with blanks for the answers and checks that give hints |
| `instructor/` | the same with solutions and notes; do not hand it out |
| `nbgrader/` | the exercises as assignments; copy it elsewhere, as the root of an nbgrader course |
| `slides/` | `lecture.html`, a lecture of {minutes} minutes, and slides of each chapter |
| `questions/` | concept questions with feedback, as Moodle XML: a file for each chapter |
| `grading/` | rubrics and exam questions with model answers; do not hand it out |
| `figures/` | the figures of the chapters as SVG, with their captions in `figures.md`: CC BY 4.0 |

Notebooks need the book's package and its stored results.
{fetched}

**Grade in a copy of `nbgrader/`**, such as `cp -r nbgrader ~/frequency-principle`: `make clean`
deletes this folder, and with it what students handed in and all grades.

Slides open by a double click; nothing is installed, and no connection is needed. The key S shows
the speaker's notes. For PDF and PNG: `make lecture-pdf`.

The chapter "Teaching with this book" has plans for a lecture, a workshop and a seminar.

## Chapters

{chapters}
"""

FETCHED = """\
Their first cell fetches both where they are missing, from the branch `{repository.branch}` of
{repository.url}. On machines of your own: clone that, then `pip install -r requirements.txt -e .`
in it."""
MISSING = f"""\
**They fetch nothing yet**: in `_config.yml` the repository is still that of `{NOBODY}`, which is
nobody's. Set the address of yours there and run `make course` again, or give students the folder of
the book; in it they run `pip install -e ".[book]"`."""

NBGRADER = """\
from pathlib import Path

if "_build" in Path(__file__).resolve().parts:
    raise SystemExit(
        "Copy this folder out of _build first: `make clean` deletes _build, and with it what "
        "students handed in and all grades. For instance: cp -r . ~/frequency-principle"
    )
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "frequency-principle"

# An hour ends an answer that never ends. A machine may be slow: else nbgrader gives a cell 30
# seconds, a kernel 60 to start, and outputs four to arrive.
c.Execute.timeout = 3600
c.Execute.startup_timeout = 3600
c.Execute.iopub_timeout = 3600
"""


@cache
def executed(site: Path, name: str) -> NotebookNode:
    """Return a chapter with the outputs of the built book."""
    built = site / "_sources" / "book" / name / f"{name}.ipynb"
    return notebooks.with_outputs(notebooks.chapter(page(name)), nbformat.read(built, as_version=4))


def main(site: Path, target: Path) -> None:
    """Write all notebooks, slides, questions, rubrics and figures."""
    settings, repository, plain = *configured(), Plain()
    for folder in WRITTEN:
        shutil.rmtree(target / folder, ignore_errors=True)
    for name, notebook in students_notebooks(repository, plain).items():
        _write(target / "student" / f"{name}.ipynb", nbformat.writes(notebook))
    names = list(taught())
    (target / "figures").mkdir(parents=True)
    listed = [figures.LICENCE]
    for name in names:
        chapter = executed(site, name)
        _chapter(name, chapter, repository, plain, target)
        listed += figures.write(chapter, name, plain, target / "figures")
    _write(target / "figures" / "figures.md", "\n".join(listed) + "\n")
    written = plan()
    deck = lecture(written, lambda name: executed(site, name), plain)
    _write(target / "slides" / "lecture.html", slides(written["title"], deck))
    copy_assets(site, target / "slides" / "assets")
    asked = {
        name: [one.label for one in notebooks.exercises(executed(site, name))] for name in names
    }
    _write(target / "grading" / "rubrics.md", grading.rubrics(asked, plain))
    _write(target / "grading" / "exam.md", grading.exam(names, plain))
    _write(target / "nbgrader" / "nbgrader_config.py", NBGRADER)
    nobodys = repository.owner == NOBODY
    readme = README.format(
        title=settings["title"],
        fetched=MISSING if nobodys else FETCHED.format(repository=repository),
        minutes=written["minutes"],
        chapters="\n".join(f"- {title(page(name))}: `{name}`" for name in names),
    )
    _write(target / "README.md", readme)
    print(f"The course of {len(names)} chapters is in {target}")
    if nobodys:
        print(
            f"WARNING: notebooks fetch nothing. The repository in _config.yml is still that of "
            f"{NOBODY}: set the address of yours, then run this again.",
            file=sys.stderr,
        )


def _chapter(
    name: str, chapter: NotebookNode, repository: Repository, plain: Plain, target: Path
) -> None:
    """Write what belongs to one chapter."""
    heading = title(page(name))
    for_teachers = notebooks.instructor(chapter, plain)
    for_teachers.cells.insert(0, notebooks.install_cell(repository))
    _write(target / "instructor" / f"{name}.ipynb", nbformat.writes(for_teachers))
    graded = notebooks.assignment(chapter, heading, plain, grading.criteria(name))
    _write(target / "nbgrader" / "source" / name / f"{name}.ipynb", nbformat.writes(graded))
    asked = questions.load(name)
    shown = chapter_slides(chapter, plain, asked)
    _write(target / "slides" / f"{name}.html", slides(heading, shown))
    address = None if repository.owner == NOBODY else f"{repository.site}book/{name}/{name}.html"
    quiz = questions.moodle(asked, heading, plain, address)
    _write(target / "questions" / f"{name}.xml", quiz)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
