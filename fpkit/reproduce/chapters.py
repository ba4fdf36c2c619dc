"""The book's chapters, found by their folders.

A chapter is a folder of ``book`` with a page of the same name. What it has is marked where it is
written, and nowhere else:

- an experiment is a function under ``@experiment(figure)``, or a variable set to
  ``Experiment(function, figure, …)``;
- a row of the papers is what is called ``R1``, ``R2``, … in a module whose name ends in ``claims``.

Looking for them reads the files and imports nothing, so that a list of them costs no import of
PyTorch. A module is imported when something in it is asked for.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import validation
from ..files import user_path

if TYPE_CHECKING:
    from .experiment import Experiment

__all__ = [
    "BookError",
    "Definition",
    "book",
    "by_name",
    "chapters",
    "check_listed",
    "definitions",
    "experiments",
    "figure",
    "find",
    "function_of",
    "get",
    "load",
    "place",
    "rows",
]

ROW = re.compile(r"R\d+")


class BookError(RuntimeError):
    """The book is not where its package is looked for, or two chapters use one name."""


@dataclass(frozen=True)
class Definition:
    """Where something of a chapter is defined.

    Attributes
    ----------
    name, chapter
        Its name, and the folder it was found in.
    module
        The module that defines it, such as ``"book.one_dimension.experiments"``.
    node, tree
        The statement, and all of the module.

    """

    name: str
    chapter: str
    module: str
    node: ast.stmt
    tree: ast.Module


@cache
def book() -> Path:
    """Return the folder of the book; BookError where fpkit is installed without it."""
    spec = find_spec("book")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        if (Path(folder).parent / "_toc.yml").is_file():
            return Path(folder)
    raise BookError(
        "the book is not installed beside fpkit: clone its repository, and in it run "
        '`pip install -e ".[book]"`'
    )


def chapters() -> tuple[str, ...]:
    """Return the names of all pages that have a folder, in the order of the contents."""
    return _contents(book().parent / "_toc.yml")


@cache
def _contents(path: Path) -> tuple[str, ...]:
    return tuple(re.findall(r"file: book/(\w+)/\1\s*$", path.read_text(encoding="utf-8"), re.M))


@cache
def _definitions(folder: Path) -> tuple[Definition, ...]:
    """Return everything at the top of a chapter's modules that has a name."""
    found = []
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if name := _name(node):
                module = f"book.{folder.name}.{path.stem}"
                found.append(Definition(name, folder.name, module, node, tree))
    return tuple(found)


def _name(node: ast.stmt) -> str | None:
    """Return the name that a statement defines, if it is just one."""
    if isinstance(node, ast.FunctionDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def _call(node: ast.stmt) -> ast.Call | None:
    """Return the call that makes an experiment of a statement, if it is one."""
    if isinstance(node, ast.FunctionDef):
        made = [call for call in node.decorator_list if isinstance(call, ast.Call)]
    else:
        value = getattr(node, "value", None)
        made = [value] if isinstance(value, ast.Call) else []
    # As experiment(…), Experiment(…), or by the name of a module before it.
    named = [c for c in made if ast.unparse(c.func).rpartition(".")[2].lower() == "experiment"]
    return named[0] if named else None


def check_listed(name: str) -> None:
    """Raise BookError if ``name`` is a chapter that is not in the contents."""
    if name not in chapters() and (book() / name / f"{name}.md").is_file():
        raise BookError(f"chapter: {name!r} is not in _toc.yml: add - file: book/{name}/{name}")


def definitions(chapter: str | None = None) -> Iterator[Definition]:
    """Yield everything that the modules of a chapter, or of all, define."""
    if chapter is not None:
        check_listed(chapter)
    wanted = chapters() if chapter is None else [validation.known("chapter", chapter, chapters())]
    for name in wanted:
        yield from _definitions(book() / name)


def experiments(chapter: str | None = None) -> dict[str, Definition]:
    """Return the experiments of a chapter, or of all, by name; BookError if two share one."""
    return by_name("experiment", ((d.name, d) for d in definitions(chapter) if _call(d.node)))


def rows(chapter: str | None = None) -> dict[str, Definition]:
    """Return the papers' rows that a chapter judges, or all; BookError if two share a number."""
    claims = (d for d in definitions(chapter) if d.module.endswith("claims"))
    found = sorted((d for d in claims if ROW.fullmatch(d.name)), key=lambda d: int(d.name[1:]))
    return by_name("row", ((d.name, d) for d in found))


def by_name(kind: str, found: Iterable[tuple[str, Definition]]) -> dict[str, Definition]:
    """Return what was found by its name, which may be used once in all chapters."""
    by_name: dict[str, Definition] = {}
    for name, definition in found:
        if first := by_name.get(name):
            raise BookError(f"{kind}: {name!r} is in {first.module} and in {definition.module}")
        by_name[name] = definition
    return by_name


def load(definition: Definition) -> Any:
    """Import what a definition defines."""
    return getattr(import_module(definition.module), definition.name)


# Experiments that were asked for, by name.
LOADED: dict[str, Experiment] = {}


def get(name: str) -> Experiment:
    """Return the experiment ``name``, or raise with the nearest known name."""
    if name not in LOADED:
        definition = find(name)
        experiment = load(definition)
        experiment.name, experiment.chapter = name, definition.chapter
        LOADED[name] = experiment
    return LOADED[name]


def find(name: str) -> Definition:
    """Return where experiment ``name`` is defined, or raise with the nearest known name."""
    # In a notebook the current folder is its chapter's. It is read first, and often alone: what a
    # chapter reads, it depends on when the book is built again.
    here = [chapter for chapter in chapters() if chapter == Path.cwd().name]
    for chapter in (*here, *chapters()):
        if found := experiments(chapter).get(name):
            return found
    raise ValueError(validation.known("experiment", name, {**experiments(), **LOADED}))


def place(name: str) -> Path:
    """Return the file of the stored result of an experiment: in its chapter's ``results``.

    The environment variable ``FPKIT_RESULTS`` names one folder for the results of all chapters.
    """
    chapter = LOADED[name].chapter if name in LOADED else find(name).chapter
    own = os.environ.get("FPKIT_RESULTS")
    folder = user_path("FPKIT_RESULTS", own) if own else book() / chapter / "results"
    return folder / f"{name}.npz"


def function_of(definition: Definition) -> str:
    """Return the name of the function, or of the experiment, that an experiment runs."""
    if isinstance(definition.node, ast.FunctionDef):
        return definition.name
    call = _call(definition.node)
    assert call is not None
    return ast.unparse(call.args[0])


def figure(definition: Definition) -> str:
    """Return where an experiment is from, as its definition says, without importing it."""
    call = _call(definition.node)
    assert call is not None
    said = call.args[0] if isinstance(definition.node, ast.FunctionDef) else call.args[1]
    return _text(said, definition.tree)


def _text(node: ast.expr, tree: ast.Module) -> str:
    """Return the value of a text made of literals and names of texts, as far as it can be read."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, tree) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, tree)
    if isinstance(node, ast.Name):
        for statement in tree.body:
            if isinstance(statement, ast.Assign):
                names, values = statement.targets[0], statement.value
                pairs = (zip(names.elts, values.elts, strict=False)
                         if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple)
                         else [(names, values)])  # fmt: skip
                for target, value in pairs:
                    if isinstance(target, ast.Name) and target.id == node.id:
                        return _text(value, tree)
    return "…"
