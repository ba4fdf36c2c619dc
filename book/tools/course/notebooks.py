"""From a chapter to the notebooks of a course: for students, teachers, graders, readers.

A chapter holds each exercise once, with its solution. What differs between the notebooks is which
of its pieces become cells:

- students get the exercise, an empty answer and, where its chapter has one, its check;
- teachers get the exercise, the solution, its check as an assertion, and the notes, which are
  lines of the chapter that start with ``% note:`` and that no page shows;
- an assignment holds the exercises alone, with the metadata of nbgrader;
- readers who download a chapter get all of it, with its outputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.exercises import known, wanted
from book.tools.contents import needs, with_links
from book.tools.repository import NOBODY, Repository

from .dependencies import free, needed
from .grading import Rubric
from .plain import Plain

__all__ = [
    "Exercise",
    "assignment",
    "chapter",
    "exercises",
    "handed_out",
    "install_cell",
    "instructor",
    "is_panel",
    "pieces",
    "solution",
    "student",
    "with_outputs",
]

DIRECTIVE = re.compile(r"^(`{3,})\{(exercise|solution)\} *(\S*)\n(.*?)^\1\s*?$", re.M | re.S)
OPTION = re.compile(r"^:(\w+): *(.*)\n", re.M)
PROGRAM = re.compile(r"^```python\n(.*?)^```\s*?$", re.M | re.S)
MENTIONED = re.compile(r"`(\w+)")
NOTE = re.compile(r"^% note: *(.*(?:\n% ?.*)*)\n?", re.M)
PANEL = re.compile(r"^fp\.live\(", re.M)
INSTALL = """\
# Where the book's package is missing, for instance on Colab: get it, with its stored results.
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path


def fetch(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The book could not be fetched. Is there a connection? {{done.stderr}}")


if not (find_spec("fpkit") and find_spec("book")):
    print("Fetching the book, once: this takes minutes, and about 2 GB of disk ...")
    if not Path("the-book").is_dir():
        fetch(*"git clone --quiet --depth 1 --branch {branch} {url} the-book".split())
    # On Linux, PyTorch without the libraries for graphics cards, which the book does not use.
    lines = Path("the-book/binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    index = [line.split() for line in lines if line.startswith("--extra-index-url")]
    index = index[0] if sys.platform == "linux" else []
    fetch(sys.executable, *"-m pip install --quiet -e ./the-book[book]".split(), *index)
    sys.path.insert(0, "the-book")\
"""
# As long as nobody has said where the book is to be fetched from.
MISSING = """\
from importlib.util import find_spec

if not (find_spec("fpkit") and find_spec("book")):
    raise ModuleNotFoundError(
        "The book's package is missing. With the folder that your teacher gave you: "
        "pip install -e 'FOLDER[book]'"
    )\
"""
IMPORT = "from book.exercises import check"
# The name that a check in an assignment has: no student's code has changed it.
SAVED = "the_check_of_the_book"
# What a cell holds that is there for whoever tries something out.
SCRATCH = "# Your code, if you need any."


@dataclass
class Exercise:
    """An exercise and its solution, which is Markdown with programs in it."""

    label: str
    text: str
    solution: str = ""

    @property
    def answer(self) -> str:
        """The name of the answer in a notebook."""
        return self.label.replace("-", "_")

    @property
    def checked(self) -> bool:
        """Whether `book.exercises` can judge the answer."""
        return self.label in known()

    @property
    def names(self) -> set[str]:
        """What its solution needs, and what its text names in code."""
        programs = (part for is_text, part in _programs(self.solution) if not is_text)
        return set(MENTIONED.findall(self.text)) | free("\n".join(programs))

    def asserted(self, check: str = "check") -> str:
        """Return a program that fails with the hint of the check, if the answer is not right."""
        return f'outcome = {check}("{self.label}", {self.answer})\nassert outcome, outcome'


def chapter(path: Path) -> NotebookNode:
    """Read a chapter, with links to what it needs."""
    source = with_links(path.read_text(encoding="utf-8"), path.stem, needs())
    return jupytext.reads(source, fmt="md:myst")


def is_panel(cell: NotebookNode) -> bool:
    """Whether a cell is for a kernel only, so that its outputs are stand-ins (`fpkit.live`)."""
    return bool(PANEL.search(cell.source))


def pieces(notebook: NotebookNode) -> list[NotebookNode | Exercise]:
    """Return the cells of a chapter, with its exercises taken out of their Markdown."""
    found: list[NotebookNode | Exercise] = []
    by_label: dict[str, Exercise] = {}
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            found.append(cell)
            continue
        for part in _split(cell.source):
            if isinstance(part, Exercise):
                by_label[part.label] = part
                found.append(part)
            elif isinstance(part, tuple):
                by_label[part[0]].solution = part[1]
            elif part.strip():
                found.append(new_markdown_cell(part.strip()))
    return found


def exercises(notebook: NotebookNode) -> list[Exercise]:
    """Return the exercises of a chapter."""
    return [piece for piece in pieces(notebook) if isinstance(piece, Exercise)]


def install_cell(repository: Repository) -> NotebookNode:
    """Return a cell that gets the book from ``repository`` where it is missing.

    Nothing is fetched from an address that is nobody's yet: anybody could take it.
    """
    if repository.owner == NOBODY:
        return new_code_cell(MISSING, id="install")
    program = INSTALL.format(url=repository.url, branch=repository.branch)
    return new_code_cell(program, id="install")


def _split(source: str) -> Iterator[str | Exercise | tuple[str, str]]:
    """Yield text, exercises, and solutions as pairs of label and text, in their order."""
    end = 0
    for match in DIRECTIVE.finditer(source):
        yield source[end : match.start()]
        end = match.end()
        _, kind, argument, body = match.groups()
        options = dict(OPTION.findall(body))
        text = OPTION.sub("", body).strip()
        yield (argument, text) if kind == "solution" else Exercise(options["label"], text)
    yield source[end:]


def handed_out(notebook: NotebookNode, repository: Repository, plain: Plain) -> NotebookNode:
    """Return an executed chapter as readers download it, with its outputs."""
    cells = [install_cell(repository)]
    for cell in notebook.cells:
        is_text = cell.cell_type == "markdown"
        cells.append(new_markdown_cell(plain(NOTE.sub("", cell.source))) if is_text else cell)
    return new_notebook(cells=cells, metadata=notebook.metadata)


def with_outputs(notebook: NotebookNode, handed: NotebookNode) -> NotebookNode:
    """Return a chapter, with its notes and exercises, and the outputs that readers were handed."""
    executed = [cell for cell in handed.cells if cell.cell_type == "code"][1:]  # after `install`
    written = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, done in zip(written, executed, strict=True):
        cell.outputs = done.outputs
    return notebook


def student(notebook: NotebookNode, plain: Plain) -> NotebookNode:
    """Return a chapter with blanks for the answers, and without solutions and notes."""
    cells: list[NotebookNode] = []
    for number, piece in _numbered(pieces(notebook)):
        if isinstance(piece, Exercise):
            cells += [_question(number, piece, plain), *_blank(piece)]
        else:
            cells += _without_notes(piece, plain)
    return _notebook(cells)


def instructor(notebook: NotebookNode, plain: Plain) -> NotebookNode:
    """Return a chapter with solutions, their checks, and notes for teachers."""
    cells: list[NotebookNode] = []
    for number, piece in _numbered(pieces(notebook)):
        if isinstance(piece, Exercise):
            cells += [_question(number, piece, plain), *solution(piece, plain)]
        elif piece.cell_type == "markdown":
            cells.append(new_markdown_cell(plain(NOTE.sub(_shown_note, piece.source))))
        else:
            cells.append(new_code_cell(piece.source))
    return _notebook(cells)


def assignment(
    notebook: NotebookNode, heading: str, plain: Plain, rubrics: Mapping[str, Rubric] | None = None
) -> NotebookNode:
    """Return the exercises of a chapter as a source notebook of nbgrader.

    Cells of the chapter on which the exercises build come before them, and no others. Checked
    answers are graded by machine and count one point. The others are graded by hand, by the rubric
    of their label, which stands below the solution, and count its points (one without a rubric).
    """
    found = pieces(notebook)
    asked = [piece for piece in found if isinstance(piece, Exercise)]
    code = [
        piece for piece in found if not isinstance(piece, Exercise) and piece.cell_type == "code"
    ]
    used = needed([cell.source for cell in code], set().union(*(one.names for one in asked)))
    kept = [new_code_cell(cell.source) for cell, keep in zip(code, used, strict=True) if keep]
    cells = [new_markdown_cell(f"# {heading}: exercises"), *kept]
    for number, exercise in enumerate(asked, 1):
        rubric = (rubrics or {}).get(exercise.label)
        cells += [_question(number, exercise, plain), *_graded(exercise, plain, rubric)]
    return _notebook(cells)


def solution(exercise: Exercise, plain: Plain) -> list[NotebookNode]:
    """Return the cells of a solution, with its check as an assertion."""
    cells = [
        new_markdown_cell("**Solution.** " + plain(part)) if is_text else new_code_cell(part)
        for is_text, part in _programs(exercise.solution)
    ]
    if exercise.checked:
        cells.append(new_code_cell(exercise.asserted()))
    return cells


def _numbered(
    parts: Sequence[NotebookNode | Exercise],
) -> Iterator[tuple[int, NotebookNode | Exercise]]:
    """Yield the pieces with the number of the exercise; before the first, import the check."""
    number = 0
    for part in parts:
        if isinstance(part, Exercise):
            if number == 0:
                yield 0, new_code_cell(IMPORT)
            number += 1
        yield number, part


def _question(number: int, exercise: Exercise, plain: Plain) -> NotebookNode:
    return new_markdown_cell(f"**Exercise {number}.** {plain(exercise.text)}")


def _blank(exercise: Exercise) -> list[NotebookNode]:
    if not exercise.checked:
        return [new_markdown_cell("*Your answer:*"), new_code_cell(SCRATCH)]
    return [
        new_code_cell(f"# {wanted(exercise.label)}\n{exercise.answer} = ..."),
        new_code_cell(f'check("{exercise.label}", {exercise.answer})'),
    ]


def _graded(exercise: Exercise, plain: Plain, rubric: Rubric | None) -> list[NotebookNode]:
    if not exercise.checked:
        told = f"\n\n**Rubric.**\n\n{rubric}" if rubric else ""
        cell = new_markdown_cell(f"*Your answer:*\n\n{plain(exercise.solution)}{told}")
        points = rubric.points if rubric else 1
        cell.metadata["nbgrader"] = _grading(
            exercise.label, grade=True, solution=True, points=points
        )
        return [cell, new_code_cell(SCRATCH)]
    program = "\n\n".join(part for is_text, part in _programs(exercise.solution) if not is_text)
    asked = f"# {wanted(exercise.label)} Its name: {exercise.answer}"
    answer = new_code_cell(f"{asked}\n### BEGIN SOLUTION\n{program}\n### END SOLUTION")
    answer.metadata["nbgrader"] = _grading(exercise.label, solution=True)
    test = new_code_cell(f"{IMPORT} as {SAVED}\n\n{exercise.asserted(SAVED)}")
    test.metadata["nbgrader"] = _grading(
        f"{exercise.label}-check", grade=True, locked=True, points=1
    )
    return [answer, test]


def _grading(
    name: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: int = 0
) -> dict[str, object]:
    """Return what nbgrader keeps with a cell (its metadata schema 3)."""
    kept: dict[str, object] = {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return {**kept, "points": points} if grade else kept


def _programs(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a solution that are not empty: whether it is text, and the part."""
    for place, part in enumerate(PROGRAM.split(text)):
        if part.strip():
            yield place % 2 == 0, part.strip()


def _without_notes(cell: NotebookNode, plain: Plain) -> list[NotebookNode]:
    if cell.cell_type == "code":
        return [new_code_cell(cell.source)]
    text = NOTE.sub("", cell.source).strip()
    return [new_markdown_cell(plain(text))] if text else []


def _shown_note(match: re.Match[str]) -> str:
    text = re.sub(r"\n% ?", "\n> ", match[1])
    return f"> **For teachers.** {text}\n"


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"  # else drawn anew at every build
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})
