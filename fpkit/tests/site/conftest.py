"""The built book, served on this machine, and a Chromium to read it with."""

import contextlib
import shutil
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from fpkit.benchmarks.browser import SET_FORMULAS, served, weight

HTML = Path(__file__).parents[3] / "_build" / "html"
if not (HTML / "index.html").is_file():
    raise pytest.UsageError(f"no built book in {HTML}: run `make book` first")
PAGES = [path.relative_to(HTML).as_posix() for path in sorted(HTML.rglob("*.html"))]
PAGES = [page for page in PAGES if not page.startswith("_")]  # _static has templates
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pages_with(text):
    """Return the pages whose HTML has a text; there is one, or tests of them would test nothing."""
    pages = [page for page in PAGES if text in (HTML / page).read_text(encoding="utf-8")]
    assert pages, text
    return pages


class Visit:
    """One page in Chromium, with everything it asked for and complained about."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.responses, self.foreign, self.complaints = [], [], []
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def _response(self, response):
        self.responses.append(response)
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, path):
        self.page.goto(f"{self.address}/{path}", wait_until="networkidle")
        self.page.evaluate("document.fonts.ready.then(() => {})")
        self.page.evaluate(SET_FORMULAS)
        return self.page

    def weight(self):
        return weight(self.responses)


def until(page, condition, *, arg=None, timeout=30_000):
    """Wait for a condition; Playwright's own way is text as code, which the page forbids."""
    end = time.monotonic() + timeout / 1000
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def problems(page, **options):
    """Serious and critical violations that axe-core finds."""
    options = {"preload": False, "resultTypes": ["violations"], **options}
    found = Axe().run(page, options=options).response["violations"]
    return [
        (violation["id"], node["html"])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.fixture(scope="session")
def address():
    with served(HTML) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--disable-gpu", *QUIET]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def visits(chromium, address):
    """Give a function that opens a page in a fresh browser profile; close them all at the end."""
    with contextlib.ExitStack() as stack:

        def visit(path, *, width=1280, theme="light", policy=True):
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, bypass_csp=not policy
            )
            stack.callback(context.close)
            context.add_init_script(
                f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
            )
            visited = Visit(context.new_page(), address)
            visited.open(path)
            return visited

        yield visit


@pytest.fixture
def visit(chromium, address):
    """Return a function that opens a page for one test."""
    with visits(chromium, address) as visit:
        yield visit


@pytest.fixture(scope="module")
def visited(request, chromium, address):
    """Open the page named by the parameter once for all tests of a module, its controls drawn."""
    with visits(chromium, address) as visit:
        visited = visit(request.param)
        until(visited.page, "!document.querySelector('.fp-fallback')")
        yield visited
        assert visited.complaints == []
