"""No page shows an unfilled template, markup that was not read, or a number that is none."""

import re

import pytest

from book.tools.site_tests.conftest import HTML, PAGES
from book.tools.site_tests.words import unfinished, words

FIGURES = sorted((HTML / "_images").glob("*.svg"))
FORMULA = re.compile(r"\$[^$]*\$")


@pytest.mark.parametrize(
    "text",
    [
        "takes {first:,.0f} steps",
        "{x}",
        "{error.max()}",
        "{learned[:, 1].min():,.0f}",
        "{run.steps[-1]}",
        "{name!r}",
        "{share:.0%}",
        "%.3f of %s",
        "{doc}`intro`",
        "{prf:ref}`law`",
        ":::{note}",
        "```{code-cell}",
        "nan %",
        "{{ title }}",
        "np.float64(0.3)",
        "[Line2D at 0x7f2b9ad75170]",
    ],
)
def test_what_is_unfinished_is_seen(text):
    assert unfinished(words(f"<p>It {text}</p>"))
    assert unfinished(words(f'<p><img alt="{text}"></p>'))
    assert unfinished(words(f'<div class="cell_output"><pre class="highlight">{text}</pre></div>'))
    for tag, kind in (("pre", "highlight"), ("code", ""), ("script", ""), ("span", "math")):
        assert not unfinished(words(f"<p>It <{tag} class='{kind}'>{text}</{tag}>.</p>"))


@pytest.mark.parametrize(
    "text", ["50 % do", "{1, 3, 5}", "{'a': 1}", "banana", "f: {0, 1} → R", "a::b", "1/k^{d+1}"]
)
def test_what_is_finished_is_left_alone(text):
    assert unfinished(words(f"<p>{text}</p>")) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page != "index.html"])  # sends on
def test_everything_is_finished(page):
    text = words((HTML / page).read_text(encoding="utf-8"))
    assert len(text.split()) > 5
    assert unfinished(text) == []


def test_everything_in_figures_is_finished():
    """What stands in them is in comments: letters are drawn as curves."""
    texts = {
        file.name: FORMULA.sub("", " ".join(re.findall("<!--(.*?)-->", file.read_text("utf-8"))))
        for file in FIGURES
    }
    assert sum(len(text) > 0 for text in texts.values()) > 20
    assert {name: found for name, text in texts.items() if (found := unfinished(text))} == {}
