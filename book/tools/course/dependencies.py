"""Which cells of a program others build on, by the names that they read and write."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterator, Sequence

__all__ = ["bound", "changed", "free", "needed"]


def free(program: str) -> set[str]:
    """Return the names that a program reads before it has bound them itself."""
    found: set[str] = set()
    known: set[str] = set()
    for statement in _in_order(ast.parse(program).body):
        found |= _read(statement) - known
        known |= _bound(statement)
    return found


def bound(program: str) -> set[str]:
    """Return the names that a program binds, whatever happens in it."""
    return set().union(*map(_bound, _in_order(ast.parse(program).body)))


def needed(programs: Sequence[str], wanted: Collection[str]) -> list[bool]:
    """Return which of the programs, run in this order, the ``wanted`` names depend on.

    A program that binds a name makes what it was before irrelevant. A call that nobody keeps the
    result of, such as of a figure, counts as a change only of a name that some program has made.
    """
    imported = set().union(*map(_imported, programs))
    names, kept = set(wanted), []
    for program in reversed(programs):
        kept.append(not names.isdisjoint(changed(program, imported)))
        if kept[-1]:
            names = names - bound(program) | free(program)
    return kept[::-1]


def changed(program: str, imported: Collection[str] = ()) -> set[str]:
    """Return the names that a program binds, or whose objects it may change.

    A bare call changes that whose method it calls, as ``rows.append(row)`` does, but nothing that
    was ``imported``, such as a module, and no function.
    """
    tree = ast.parse(program)
    found = _assigned(tree)
    for node in _outside_functions(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            found |= _root(node)
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute | ast.Subscript)
        ):
            found |= _root(node.value.func) - set(imported)
    return found


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a program that run with it, and not when a function is called."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield from _outside_functions(child)


def _in_order(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements in the order in which they run; a loop's or a context's head is one."""
    for statement in body:
        if isinstance(statement, ast.For):
            yield ast.Assign([statement.target], statement.iter)
            yield from _in_order([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.With):
            for item in statement.items:
                target = item.optional_vars
                head = item.context_expr
                yield ast.Assign([target], head) if target else ast.Expr(head)
            yield from _in_order(statement.body)
        else:
            yield statement


def _table(program: ast.AST) -> symtable.SymbolTable:
    source = ast.unparse(ast.fix_missing_locations(program))
    return symtable.symtable(source, "a program", "exec")


def _assigned(program: ast.AST) -> set[str]:
    """Return the names that a program may bind, without those of its functions."""
    table = _table(program)
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def _read(statement: ast.stmt) -> set[str]:
    """Return the names of the program that a statement reads, in its functions, too."""
    found = _root(statement.target) if isinstance(statement, ast.AugAssign) else set()
    scopes = [_table(statement)]
    for scope in scopes:
        found |= {s.get_name() for s in scope.get_symbols() if s.is_referenced() and s.is_global()}
        scopes += scope.get_children()
    return found - {getattr(statement, "name", None)}  # a function that calls itself


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds for certain, which one in an ``if`` is not."""
    if isinstance(statement, ast.If | ast.While | ast.Try | ast.Match):
        return set()
    return _assigned(statement)


def _imported(program: str) -> set[str]:
    """Return the names of modules, and of what is taken from them."""
    names = (node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.alias))
    return {(name.asname or name.name).partition(".")[0] for name in names}


def _root(node: ast.expr) -> set[str]:
    """Return the name of which ``node`` is a part, such as a of a.b[0]."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
