"""The book's files fit together."""

import re

import pytest

from book import exercises
from book.tools.course.plain import page
from fpkit.reproduce import chapters


def test_every_page_is_in_the_contents():
    folders = {path.parent.name for path in chapters.book().glob("*/*.md")}
    assert folders == {*chapters.chapters(), "intro"}


CHAPTERS = [
    name
    for name in chapters.chapters()
    if name
    not in (
        "intro",
        "summary",
        "map",
        "conventions",
        "verdicts",
        "own_network",
        "no_detail",
        "what_helps",
        "protocol",
        "sceptic",
        "how_firm",
        "since",
        "performance",
        "teaching",
        "making",
        "api",
        "glossary",
        "bibliography",
    )
]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_what_it_is_for_and_lets_readers_try(name):
    text = page(name).read_text(encoding="utf-8")
    top, _, rest = text.partition("\n## ")
    for part in ("In this chapter", "You will be able to", "You need", "{run-time}"):
        assert part in top, f"{part!r} is missing before the first heading"
    assert "Key points\n" in rest
    labels = re.findall(r"^`{3,}\{exercise\}\n:label: (\S+)", rest, re.M)
    solved = re.findall(r"^`{3,}\{solution\} (\S+)", rest, re.M)
    assert labels == solved
    assert len(labels) >= 5, "a chapter has five exercises"
    assert len(exercises.known().keys() & set(labels)) >= 2, "two exercises have a check"


@pytest.mark.parametrize("name", CHAPTERS)
def test_an_answer_has_a_name_that_its_chapter_does_not_use(name):
    text = page(name).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", text, re.M | re.S))
    labels = re.findall(r"^:label: (\S+)", text, re.M)
    names = {label.replace("-", "_") for label in labels if label in exercises.known()}
    assert names & set(re.findall(r"\b[a-z_]\w*\b", code)) == set()


def test_the_summary_quotes_the_kernel_as_its_chapter_has_it():
    def words(name):
        return " ".join(
            re.sub(r'"\n\s+"|[*\\]', "", page(name).read_text(encoding="utf-8")).split()
        )

    quoted = re.findall(r'Seen from the points: "(.+?)"', words("summary"))
    assert len(quoted) == 1
    assert quoted[0] in words("ntk")
