"""The site in one file: unpacked anywhere, it needs Python and nothing else."""

import os
import re
import subprocess
import sys

import pytest

from book.tools.archive import NAME, pack
from book.tools.benchmarks.browser import profile
from book.tools.site_tests.conftest import HTML, Visit, until


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Start what `make site-archive` packs, as its starters do, and give the address it tells."""
    folder = tmp_path_factory.mktemp("site")
    archive = folder / "site.zip"
    pack(HTML, archive)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", archive, folder], check=True)
    archive.unlink()
    start = [sys.executable, folder / NAME / "start.py"]
    no_browser = os.environ | {"BROWSER": "true"}
    with subprocess.Popen(start, stdout=subprocess.PIPE, text=True, env=no_browser) as started:
        yield re.search(r"http://[\d.:]+", started.stdout.readline())[0]
        started.kill()


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
