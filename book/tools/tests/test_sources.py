"""No script puts text into a page as HTML, or runs it. (For Python, ruff's S rules say so.)"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DANGERS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\("
)


def test_no_script_does_it():
    paths = [path for part in ("fpkit", "book") for path in (ROOT / part).rglob("*.js")]
    assert len(paths) > 10
    assert [path for path in paths if DANGERS.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("source", ["element.innerHTML = text", "const f = new Function(text)"])
def test_it_would_be_seen(source):
    assert DANGERS.search(source)
