"""The site in one file: unpacked anywhere, it needs a server and nothing else."""

import subprocess
import sys

import pytest

from book.tools.benchmarks.browser import profile, served
from book.tools.site_tests.conftest import HTML, Visit, until


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Serve the archive that `make site-archive` makes, and give its address."""
    folder = tmp_path_factory.mktemp("site")
    archive = folder / "site.zip"
    tool = [sys.executable, "-m", "zipfile"]
    subprocess.run([*tool, "-c", archive, HTML], check=True)
    subprocess.run([*tool, "-e", archive, folder], check=True)
    archive.unlink()
    with served(folder / HTML.name) as address:
        yield address


@pytest.mark.parametrize(
    ("name", "root", "control", "key"),
    [
        ("playground", ".fp-playground", "[aria-label=Play]", "Enter"),
        ("early_stopping", ".fp-curves", "input", "ArrowRight"),
        ("mystery", ".fp-splines", ".fp-point", "ArrowUp"),
    ],
)
def test_widgets_need_nothing_from_elsewhere(chromium, unpacked, name, root, control, key):
    with profile(chromium) as context:
        context.route(
            lambda url: not url.startswith((unpacked, "data:", "blob:")),
            lambda route: route.abort(),
        )
        visited = Visit(context.new_page(), unpacked)
        page = visited.open(f"book/{name}/{name}.html")
        words = page.locator(f"{root} .fp-readout").first.inner_text()
        page.locator(f"{root} {control}").first.press(key)
        until(
            page,
            "([root, words]) => document.querySelector(`${root} .fp-readout`).value !== words",
            arg=[root, words],
        )
        assert visited.complaints == visited.foreign == []
