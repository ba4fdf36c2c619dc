"""However the address of the repository is written, the same links come out of it."""

import io
import re
from types import SimpleNamespace

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace

from book.tools.course.notebooks import install_cell
from book.tools.extensions import social_card
from book.tools.extensions.repository import of_theme
from book.tools.repository import NOBODY, repository

WRITTEN = [
    "https://github.com/some-one/a.book",
    "https://github.com/some-one/a.book/",
    "https://github.com/some-one/a.book.git",
    "https://github.com/some-one/a.book.git/",
    "http://www.github.com/some-one/a.book",
    "https://GitHub.com/some-one/a.book",
    "git@github.com:some-one/a.book.git",
    "ssh://git@github.com/some-one/a.book.git",
]
CONF = """\
from book.tools.extensions.executable_book import offer_notebook

extensions = ["myst_nb", "sphinx_book_theme", "book.tools.extensions.repository"]
exclude_patterns = ["_build"]
html_theme = "sphinx_book_theme"
html_theme_options = {
    "repository_url": "https://github.com/some-one/a.book.git/",
    "repository_branch": "course/2026",
    "use_repository_button": True,
    "use_issues_button": True,
    "launch_buttons": {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://binder.example",
        "colab_url": "https://colab.example",
    },
}
nb_execution_mode = "cache"
nb_execution_cache_path = "_build/executed"


def setup(app):
    app.connect("html-page-context", offer_notebook, priority=900)
"""
CHAPTER = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---

# Chapter

```{code-cell} ipython3
1
```
"""


@pytest.mark.parametrize("url", WRITTEN)
def test_one_form(url):
    found = repository(url, "main")
    assert found.url == "https://github.com/some-one/a.book"
    assert found.site == "https://some-one.github.io/a.book/"


def test_the_pages_of_a_person_are_at_the_top():
    found = repository("https://github.com/Some-One/some-one.github.io", "main")
    assert found.site == "https://some-one.github.io/"


@pytest.mark.parametrize(
    "url",
    [None, "", "some-one/a.book", "https://github.com/some-one", "https://example.org/a/b",
     "https://github.com/some-one/a.book/tree/main", "https://github.com/some-one/a book",
     "https://github.com.example.org/a/b"],
)  # fmt: skip
def test_no_address_of_a_repository(url):
    with pytest.raises(ValueError, match=r"repository: url: expected an address such as .*, got"):
        repository(url, "main")


def test_what_the_theme_is_told_is_an_error_of_the_settings():
    with pytest.raises(ConfigError, match="repository: url"):
        of_theme({"repository_url": "nowhere", "repository_branch": "main"})


@pytest.mark.parametrize("branch", ["main", "course/2026", "v1.10", "2026"])
def test_a_branch(branch):
    found = repository(WRITTEN[0], branch)
    clone = f'git clone --quiet --depth 1 --branch {branch} {WRITTEN[0]} the-book"'
    assert clone in install_cell(found).source


@pytest.mark.parametrize("branch", [None, "", 1.1, 2026, True, "a b", "-b", "a;b", "a/", "a#1"])
def test_no_name_of_a_branch(branch):
    with pytest.raises(ValueError, match=r"repository: branch: expected letters, .*, got"):
        repository(WRITTEN[0], branch)


def built(folder, conf):
    """Build a book of one page; return the page, what was said, and the warnings."""
    for name, text in {"conf.py": conf, "index.md": CHAPTER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "references.bib").touch()
    html, said, warnings = folder / "_build" / "html", io.StringIO(), io.StringIO()
    with docutils_namespace():
        folders = folder, folder, html, folder / "_build" / "trees"
        Sphinx(*folders, "html", status=said, warning=warnings).build()
    page = (html / "index.html").read_text(encoding="utf-8")
    return page, said.getvalue(), warnings.getvalue()


def test_a_repository_of_nobody_has_no_buttons(tmp_path):
    page, said, warnings = built(tmp_path, CONF.replace("some-one", NOBODY))
    assert not re.search(r'href="[^"]*(github|binder|colab)', page)
    assert said.count(f"still that of {NOBODY}") == 1
    assert warnings == ""


def test_every_link_of_a_page_has_the_one_form(tmp_path):
    page, _, warnings = built(tmp_path, CONF)
    html = tmp_path / "_build" / "html"
    links = re.findall(r'href="([^"]*a\.book[^"]*)"', page)
    assert warnings == ""
    assert {link.partition("?")[0] for link in links} == {
        "https://github.com/some-one/a.book",
        "https://github.com/some-one/a.book/issues/new",
        "https://binder.example/v2/gh/some-one/a.book/course/2026",
        "https://colab.example/github/some-one/a.book/blob/gh-pages/_sources/index.ipynb",
    }
    notebook = (html / "_sources" / "index.ipynb").read_text(encoding="utf-8")
    assert "--branch course/2026 https://github.com/some-one/a.book the-book" in notebook


def test_a_shared_link_shows_the_address_of_the_site():
    options = {"repository_url": WRITTEN[3], "repository_branch": "main"}
    config = SimpleNamespace(html_theme_options=options)
    social_card.name_site(None, config)
    assert config.ogp_site_url == "https://some-one.github.io/a.book/"
