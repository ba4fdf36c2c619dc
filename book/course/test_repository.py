"""The repository of ``_config.yml``: however its address is written, links are the same."""

from types import SimpleNamespace

import pytest

from course import notebooks
from course.repository import repository

PLAIN = "https://github.com/your-name/frequency-principle"


@pytest.mark.parametrize(
    "url",
    [
        PLAIN,
        f"{PLAIN}/",
        f"{PLAIN}.git",
        f"{PLAIN}.git/",
        f" {PLAIN} ",
        PLAIN.replace("https", "http"),
        PLAIN.replace("https://github.com/", "git@github.com:") + ".git",
        PLAIN.replace("https://", "ssh://git@") + ".git",
    ],
)
def test_an_address_is_normalised(url):
    assert repository({"url": url, "branch": "dev"}) == (PLAIN, "dev")


@pytest.mark.parametrize("name", ["a.git.b", "digits", "legit", "x.github.io"])
def test_a_name_stays_whole(name):
    wanted = f"https://github.com/you/{name}"
    assert repository({"url": f"{wanted}.git"}) == (wanted, "main")


@pytest.mark.parametrize(
    "url", ["", "frequency-principle", "https://example.org/a/b", "https://github.com/a",
            f"{PLAIN}/tree/main"],
)  # fmt: skip
def test_another_address_is_refused(url):
    with pytest.raises(ValueError, match=r"repository.url: expected https://github.com/OWNER/NAME"):
        repository({"url": url})


def test_notebooks_get_the_branch():
    source = notebooks.install_cell(PLAIN, "my branch").source
    assert f"!git clone --quiet --depth 1 --branch 'my branch' {PLAIN} the-book" in source


def test_the_build_knows_one_address(monkeypatch):
    """The theme makes the buttons from it, `social_card` the address of the pages."""
    executable_book = pytest.importorskip("executable_book")
    from social_card import name_site

    options = {"repository_url": f"{PLAIN}.git/", "repository_branch": "dev"}
    config = SimpleNamespace(html_theme_options=options)
    executable_book.name_repository(None, config)
    assert options == {"repository_url": PLAIN, "repository_branch": "dev"}
    name_site(None, config)
    assert config.ogp_site_url == "https://your-name.github.io/frequency-principle/"
