"""The book's files fit together."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_page_is_in_the_contents():
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    pages = {f"book/{path.stem}" for path in (ROOT / "book").glob("*.md")}
    assert {page for page in pages if page not in contents.split()} == set()
