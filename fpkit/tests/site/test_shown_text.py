"""What readers are shown is finished: no unfilled template, no markup, no missing number."""

import re

import pytest
from bs4 import BeautifulSoup

from .conftest import HTML, PAGES

# Programs and formulas are shown as they were written; what programs print is not among them.
AS_WRITTEN = "script, style, .math, code, .cell_input, div.highlight:not(.output *)"
UNFINISHED = re.compile(
    r"""
      (?<![_^])\{[A-Za-z_][\w.]*\}  # {name}, and the {role} of markup; in formulas it is an index
    | \{[^{}\n]*:[^{}\s]*[a-z%]\}    # {first:,.0f}
    | ^\s*(?:```|:::)               # a fence of a directive
    | ^\s*:[a-z-]+:(?:\s|$)         # its options
    | \bnan\b                       # a number that is none
    """,
    re.MULTILINE | re.VERBOSE,
)


def shown(page):
    """Return the text of a page, and the words that stand for pictures."""
    page = BeautifulSoup(page, "html.parser")
    for element in page.select(AS_WRITTEN):
        element.decompose()
    words = [
        element[name] for name in ("alt", "aria-label") for element in page.select(f"[{name}]")
    ]
    return "\n".join([page.get_text(), *words])


@pytest.mark.parametrize("page", PAGES)
def test_everything_shown_is_finished(page):
    text = shown((HTML / page).read_text(encoding="utf-8"))
    assert UNFINISHED.findall(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>In the median the first takes {first:,.0f} steps.</p>",
        "<p>The error is nan.</p>",
        "<p>:::{note}</p>",
        "<p>See {doc}`ntk`.</p>",
        "<p>```</p>",
        "<p>:width: 3</p>",
        "<p>Up to {claims.rises(tests)[:, -1].max():.0%}.</p>",
        "<div class='output'><div class='highlight'><pre>[1.0, nan]</pre></div></div>",
        '<img alt="The error of {name}.">',
    ],
)
def test_what_is_unfinished_is_found(text):
    assert UNFINISHED.search(shown(text))
