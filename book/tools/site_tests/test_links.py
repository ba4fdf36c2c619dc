"""What the built files say, read without a browser: links, resources, words for pictures."""

import functools
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml

from book.tools.site_tests.conftest import HTML, PAGES

sys.path.append(str(Path(__file__).parents[3] / "book"))
from book.tools.repository import NOBODY, repository

ROOT = Path(__file__).parents[3]
REPOSITORY = repository(
    **yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
)
CHAPTERS = [path.stem for path in sorted((HTML / "_sources").rglob("*.ipynb"))]

LOADS = {
    "script": ["src"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "image": ["href"],
    "use": ["href"],
}
LOADING_RELS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect"}
EXTERNAL = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)


class Page(HTMLParser):
    """Collect what a page names and what it points at."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.resources = set(), [], []
        self.mute_images, self.mute_drawings, self.open_drawing = [], [], None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.update(given[name] for name in ("id", "name") if given.get(name))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "link" and LOADING_RELS & set(given.get("rel", "").split()):
            self.resources.append(given["href"])
        self.resources += [given[name] for name in LOADS.get(tag, []) if given.get(name)]
        self.resources += re.findall(r"url\(['\"]?([^'\")]+)", given.get("style") or "")
        if tag == "img" and not (given.get("alt") or "").strip():
            self.mute_images.append(given.get("src"))
        if tag == "svg" and given.get("role") == "img" and not self._labelled(given):
            self.open_drawing = self.getpos()
        if tag == "title":
            self.open_drawing = None

    def handle_endtag(self, tag):
        if tag == "svg" and self.open_drawing:
            self.mute_drawings.append(self.open_drawing)
            self.open_drawing = None

    @staticmethod
    def _labelled(given):
        return any((given.get(name) or "").strip() for name in ("aria-label", "aria-labelledby"))


@functools.cache
def read(path):
    return Page(path)


def resolve(page, link):
    """Return the file a link on a page points at, and the place in it."""
    parts = urlsplit(link)
    path = (HTML / page).parent / unquote(parts.path) if parts.path else HTML / page
    path = Path(path).resolve()
    return (path / "index.html" if path.is_dir() else path), unquote(parts.fragment)


@pytest.mark.parametrize("page", PAGES)
def test_page_loads_nothing_from_another_host(page):
    assert [link for link in read(HTML / page).resources if EXTERNAL.match(link)] == []


@pytest.mark.parametrize("page", PAGES)
def test_internal_links_arrive(page):
    dead = []
    for link in read(HTML / page).links + read(HTML / page).resources:
        if urlsplit(link).scheme or EXTERNAL.match(link) or link == "#":
            continue
        path, place = resolve(page, link)
        if not path.is_file() or (place and place not in read(path).ids):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", PAGES)
def test_pictures_have_words(page):
    assert read(HTML / page).mute_images == []
    assert read(HTML / page).mute_drawings == []


def test_style_sheets_load_nothing_from_another_host():
    pattern = re.compile(r"(?:url\(\s*|@import\s+)['\"]?\s*((?:https?:)?//[^'\")\s]+)")
    sheets = list(HTML.rglob("*.css"))
    found = {sheet.name: pattern.findall(sheet.read_text(encoding="utf-8")) for sheet in sheets}
    assert sheets
    assert {name: links for name, links in found.items() if links} == {}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_buttons_open_the_notebook(chapter):
    """As a download; on Binder and Colab, too, once the repository is somebody's."""
    where, branch = f"{REPOSITORY.owner}/{REPOSITORY.name}", REPOSITORY.branch
    colab = "https://colab.research.google.com/github"
    elsewhere = {
        f"https://mybinder.org/v2/gh/{where}/{branch}?urlpath=lab/tree/book/{chapter}/{chapter}.ipynb",
        f"{colab}/{where}/blob/gh-pages/_sources/book/{chapter}/{chapter}.ipynb",
    }
    downloads = {f"../../_sources/book/{chapter}/{chapter}.{kind}" for kind in ("ipynb", "py")}
    links = set(read(HTML / "book" / chapter / f"{chapter}.html").links)
    assert downloads <= links
    assert links & elsewhere == (set() if REPOSITORY.owner == NOBODY else elsewhere)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_downloads_hold_the_executed_chapter(chapter):
    source = HTML / "_sources" / "book" / chapter / chapter
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    clone = f"git clone --quiet --depth 1 --branch {REPOSITORY.branch} {REPOSITORY.url} "
    missing = "The book's package is missing."
    nobody = REPOSITORY.owner == NOBODY  # then nothing is fetched
    assert (clone in code[0].source, missing in code[0].source) == (not nobody, nobody)
    assert any(cell.outputs for cell in code)
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"^`{3,}\{.*|\{[a-z:-]+\}`.*", text, re.M) == [], "plain Markdown only"
    compile(source.with_suffix(".py").read_text(encoding="utf-8"), chapter, "exec")
