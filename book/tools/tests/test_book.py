"""The book's files fit together."""

import re
from pathlib import Path

import pytest

from fpkit.reproduce import exercises

ROOT = Path(__file__).parents[2]


def test_every_page_is_in_the_contents():
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    pages = {f"book/{path.stem}" for path in (ROOT / "book").glob("*.md")}
    assert {page for page in pages if page not in contents.split()} == set()


CHAPTERS = [
    name
    for name in re.findall(r"file: book/(\w+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    if name
    not in ("intro", "verdicts", "performance", "teaching", "api", "glossary", "bibliography")
]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_what_it_is_for_and_lets_readers_try(name):
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    top, _, rest = text.partition("\n## ")
    for part in ("In this chapter", "You will be able to", "You need", "{run-time}"):
        assert part in top
    assert "Key points\n" in rest
    labels = re.findall(r"^`{3,}\{exercise\}\n:label: (\S+)", rest, re.M)
    solved = re.findall(r"^`{3,}\{solution\} (\S+)", rest, re.M)
    assert labels == solved
    assert len(labels) >= 5
    assert len(exercises.known().keys() & set(labels)) >= 2


@pytest.mark.parametrize("name", CHAPTERS)
def test_an_answer_has_a_name_that_its_chapter_does_not_use(name):
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", text, re.M | re.S))
    labels = re.findall(r"^:label: (\S+)", text, re.M)
    names = {label.replace("-", "_") for label in labels if label in exercises.known()}
    assert names & set(re.findall(r"\b[a-z_]\w*\b", code)) == set()
