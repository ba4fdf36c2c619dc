"""Show the code of an experiment, folded, where its result is used."""

from __future__ import annotations

import ast
import html
import inspect
from dataclasses import dataclass

from . import chapters

__all__ = ["Source", "show_source"]


@dataclass(frozen=True)
class Source:
    """The code of one experiment; in a notebook, and on a page, it can be unfolded."""

    name: str
    code: str

    def __str__(self) -> str:
        return self.code

    def _repr_html_(self) -> str:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        code = highlight(self.code, PythonLexer(), HtmlFormatter(nowrap=True))
        return (
            f'<details class="fp-source"><summary>The experiment <code>{html.escape(self.name)}'
            f'</code></summary><div class="highlight"><pre>{code}</pre></div></details>'
        )


def show_source(name: str) -> Source:
    """Return the code of experiment ``name``: its function, and what a variant of it changes."""
    found = chapters.find(name)
    code = inspect.getsource(chapters.get(name).function)
    if not isinstance(found.node, ast.FunctionDef):
        code += f"\n\n{ast.unparse(found.node)}\n"
    return Source(name, code)
