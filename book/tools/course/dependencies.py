"""Which cells of a program others build on, by the names that they read and write."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

__all__ = ["changed", "needed", "read"]


def read(program: str) -> set[str]:
    """Return the names that a program reads; some may be its own."""
    return {
        node.id
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def needed(programs: Sequence[str], wanted: Collection[str]) -> list[bool]:
    """Return which of the programs, run in this order, the ``wanted`` names depend on."""
    names, kept = set(wanted), []
    for program in reversed(programs):
        kept.append(not names.isdisjoint(changed(program)))
        if kept[-1]:
            names |= read(program)
    return kept[::-1]


def changed(program: str) -> set[str]:
    """Return the names that a program binds, or whose objects it may change."""
    found = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            if isinstance(node.ctx, ast.Store):
                found |= _root(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            found |= _root(node.value.func)  # such as rows.append(row)
    return found


def _root(node: ast.expr) -> set[str]:
    """Return the name of which ``node`` is a part, such as a of a.b[0]."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
