"""The thresholds and choices of all verdicts, read from the code that uses them.

A choice is a constant at the top of a ``claims.py``, with a comment above that begins with "Ours"
if no source has it, and with "since DATE" if it is younger than the repository's history. The rows
that use it are those whose functions have its name, or call what has. Nothing is imported, and
nothing is typed twice.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from fpkit.reproduce import chapters

__all__ = ["BEGIN", "Choice", "chapter_choices", "choices", "table"]

# The first day of the repository's history: what is older cannot be dated.
BEGIN = "2026-11-22"
# How a table of Markdown has a bar in a cell.
BAR = r"\|"
# Longer values are cut.
LONGEST = 70
COMMENT = re.compile(
    r"(?P<ours>Ours)?(?:, )?(?:since (?P<since>\d{4}-\d\d-\d\d))?(?:: )?(?P<meaning>.*)", re.S
)


@dataclass(frozen=True)
class Choice:
    """One constant, or several that are set together.

    Attributes
    ----------
    names, value
        As they stand in the code; a long value is cut.
    meaning
        The comment above it.
    ours
        Whether no source has it.
    since
        The day since when it has this value, in ISO format.
    rows
        The rows of its module that use it, such as ``("R26", "R39")``.

    """

    names: str
    value: str
    meaning: str
    ours: bool
    since: str
    rows: tuple[str, ...] = ()


def choices(path: Path) -> list[Choice]:
    """Return the choices at the top of a module; ValueError where one has no comment.

    Constants that follow each other share the comment above the first. Texts are names, and no
    choices.
    """
    source = path.read_text(encoding="utf-8")
    lines, found, above = source.splitlines(), [], ""
    tree = ast.parse(source)
    reached = _reached(tree)
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and _constant(node.targets[0])):
            continue
        comment = _comment(lines, node.lineno - 1)
        is_first = not lines[node.lineno - 2].strip() or comment
        above = comment if is_first else above
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            continue
        if not above:
            raise ValueError(f"{path}: {ast.unparse(node.targets[0])} has no comment above it")
        said = COMMENT.fullmatch(above)
        assert said is not None
        found.append(
            Choice(
                names=ast.unparse(node.targets[0]).strip("()"),
                value=_short(ast.unparse(node.value)),
                meaning=said["meaning"],
                ours=bool(said["ours"]),
                since=said["since"] or BEGIN,
                rows=tuple(
                    row for row, names in reached.items() if names & _names(node.targets[0])
                ),
            )
        )
    return found


def _names(node: ast.AST) -> set[str]:
    """Return the names within a statement; those of attributes have a dot before them."""
    inside = [*ast.walk(node)]
    names = {each.id for each in inside if isinstance(each, ast.Name)}
    return names | {f".{each.attr}" for each in inside if isinstance(each, ast.Attribute)}


def _reached(tree: ast.Module) -> dict[str, set[str]]:
    """Return for each row of a module, by number, all names that it has or that what it uses has.

    A method is used where an attribute has its name.
    """
    has: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            methods = [m for m in node.body if isinstance(m, ast.FunctionDef)]
            for method in methods:
                plain = method.name.startswith("__")
                name = node.name if plain else f".{method.name}"
                has[name] = has.get(name, set()) | _names(method)
        elif isinstance(node, ast.FunctionDef):
            has[node.name] = _names(node)
        elif isinstance(node, ast.Assign):
            has |= {name: _names(node.value) for name in _names(node.targets[0])}
    found = {}
    for row in sorted(filter(chapters.ROW.fullmatch, has), key=lambda row: int(row[1:])):
        names, new = set(), {row}
        while new:
            names |= new
            new = set().union(*(has.get(name, set()) for name in new)) - names
        found[row] = names
    return found


def _constant(target: ast.expr) -> bool:
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    written = [name.id for name in names if isinstance(name, ast.Name)]
    return bool(written) and all(
        name.isupper() and not name.startswith("_") and not chapters.ROW.fullmatch(name)
        for name in written
    )


def _comment(lines: list[str], line: int) -> str:
    """Return the comment right above a line, in one line."""
    first = line
    while first and lines[first - 1].startswith("# "):
        first -= 1
    return " ".join(text.removeprefix("# ").strip() for text in lines[first:line])


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def chapter_choices() -> dict[str, list[Choice]]:
    """Return the choices of all chapters that judge something, in the order of the contents."""
    found = {
        name: [
            choice
            for path in sorted((chapters.book() / name).glob("*claims.py"))
            for choice in choices(path)
        ]
        for name in chapters.chapters()
    }
    return {name: every for name, every in found.items() if every}


def table(every: list[Choice]) -> str:
    """Return choices as a table in Markdown."""
    rows = [
        [
            f"`{c.names}`" + (f" ({', '.join(c.rows)})" if c.rows else ""),
            f"`{c.value}`",
            c.meaning,
            "ours" if c.ours else "",
            c.since,
        ]
        for c in every
    ]
    heading = [["name", "value", "meaning", "", "since"], ["---"] * 5]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', BAR) for cell in row)} |" for row in heading + rows
    )
