"""Plain Markdown as HTML, with formulas left to MathJax: for slides and for learning platforms."""

from __future__ import annotations

import html

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

__all__ = ["to_html"]


def to_html(text: str, *, inline: bool = False) -> str:
    """Return HTML for Markdown; ``inline`` makes no paragraph."""
    return (MARKDOWN.renderInline if inline else MARKDOWN.render)(text).strip()


def _formula(content: str, options: dict[str, bool]) -> str:
    """Leave a formula to MathJax."""
    left, right = ("\\[", "\\]") if options["display_mode"] else ("\\(", "\\)")
    return left + html.escape(content) + right


MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=_formula)
