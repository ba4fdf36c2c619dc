"""The built book, served on this machine, and a Chromium to read it with.

Nothing here depends on how fast the machine is: a test waits for what it wants to see, or, where
nothing may happen, for something later in the page's own order of events.
"""

import contextlib
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from book.tools.benchmarks import browser

HTML = Path(__file__).parents[3] / "_build" / "html"
if not (HTML / "index.html").is_file():
    raise pytest.UsageError(f"no built book in {HTML}: run `make book` first")
PAGES = [path.relative_to(HTML).as_posix() for path in sorted(HTML.rglob("*.html"))]
PAGES = [page for page in PAGES if not page.startswith("_")]  # _static has templates
HEIGHT = 900
AXE = Axe().axe_script
# All colours at once, though the theme lets them fade; one may start when another has ended.
DRESS = """(theme) => {
  document.documentElement.dataset.theme = theme;
  const fading = () => document.getAnimations().filter((e) => e instanceof CSSTransition);
  for (let some = fading(); some.length; some = fading()) some.forEach((e) => e.finish());
}"""


def pages_with(text):
    """Return the pages whose HTML has a text; there is one, or tests of them would test nothing."""
    pages = [page for page in PAGES if text in (HTML / page).read_text(encoding="utf-8")]
    assert pages, text
    return pages


def on_pages(pages):
    """Ask a test's question of each of the pages; all questions about a page share one visit."""
    together = [pytest.param(page, marks=pytest.mark.xdist_group(page)) for page in pages]
    return pytest.mark.parametrize("opened", together, indirect=True)


UNFOLD = """() => {
  for (const fold of document.querySelectorAll("details:has(.fp-widget)")) fold.open = true;
}"""


class Visit:
    """One page in Chromium, with everything it asked for and complained about."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.loaded, self.foreign, self.complaints = [], [], []
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
        elif response.url.startswith(self.address):
            self.loaded.append(response.url)

    def open(self, path):
        self.page.goto(f"{self.address}/{path}")
        browser.settle(self.page)
        self.page.evaluate(UNFOLD)  # as a reader does who wants to move what is in there
        let_draw(self.page, 2)
        return self.page

    def dress(self, theme, width):
        """Show the page in another theme, without fading, and in another width."""
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            let_pass(self.page, 300)  # then the theme makes what scrolls now reachable by keyboard
        self.page.evaluate(DRESS, theme)
        let_draw(self.page, 2)  # widgets are laid out anew
        return self.page


def until(page, condition, arg=None):
    """Wait for a condition: a function here, or text for the page.

    Playwright's own way runs text as code in the page, which the page forbids.
    """
    holds = condition if callable(condition) else lambda: page.evaluate(condition, arg)
    end = time.monotonic() + browser.PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end, condition
        page.wait_for_timeout(10)


def let_pass(page, milliseconds):
    """Let a timer of the page ring; all set before it that are not longer have rung by then."""
    page.evaluate("(time) => new Promise((resume) => setTimeout(resume, time))", milliseconds)


def let_draw(page, frames):
    """Let the page draw so many frames."""
    page.evaluate(
        """async (frames) => {
          while (frames--) await new Promise(requestAnimationFrame);
        }""",
        frames,
    )


# Mark some text of each look: its colour and size, and all that is painted behind it. The contrast
# of thousands that look the same takes axe-core half a minute.
SAMPLE = """() => {
  const behind = new Map();
  const painted = (element) => {
    if (!element) return "";
    if (!behind.has(element)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity];
      behind.set(element, [...own, painted(element.parentElement)].join());
    }
    return behind.get(element).replaceAll("rgba(0, 0, 0, 0),none,1,", "");
  };
  const speaks = ({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim();
  const counts = (element) => [...element.childNodes].some(speaks) && element.checkVisibility() &&
    element.getBoundingClientRect().width > 1 &&
    !element.closest(":disabled, [aria-disabled=true]");
  const looks = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    delete element.dataset.sample;
    if (!counts(element)) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const look = [color, fontSize, fontWeight, textShadow, painted(element)].join();
    looks.set(look, (looks.get(look) ?? 0) + 1);
    if (looks.get(look) <= 3) element.dataset.sample = "";
  }
}"""
CHECK = """(options) => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-sample]" }] });
  return axe.run(options).then(({ violations }) => violations);
}"""


def problems(page, **options):
    """Serious and critical violations that axe-core finds."""
    page.evaluate(SAMPLE)
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
    found = page.evaluate(CHECK, {"preload": False, "resultTypes": ["violations"], **options})
    return [
        (violation["id"], node["html"])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.fixture(scope="session")
def address():
    with browser.served(HTML) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    with browser.chromium() as chromium:
        yield chromium


@contextlib.contextmanager
def visits(chromium, address):
    """Give a function that opens a page in a fresh profile, or none yet; close all at the end."""
    with contextlib.ExitStack() as stack:

        def visit(path=None, *, width=1280, theme="light", **settings):
            settings |= {"viewport": {"width": width, "height": HEIGHT}}
            context = stack.enter_context(browser.profile(chromium, **settings))
            if theme:
                chosen = "localStorage.setItem('mode', theme); localStorage.setItem('theme', theme)"
                context.add_init_script(f"{{ const theme = '{theme}'; {chosen} }}")
            visited = Visit(context.new_page(), address)
            if path:
                visited.open(path)
            return visited

        yield visit


@pytest.fixture
def visit(chromium, address):
    """Return a function that opens a page for one test."""
    with visits(chromium, address) as visit:
        yield visit


@pytest.fixture(scope="session")
def opened(request, chromium, address):
    """Open the page named by the parameter once for all questions about it."""
    with visits(chromium, address) as visit:
        visited = visit(request.param)
        visited.weight = browser.weight(HTML, visited.loaded)
        yield visited


@pytest.fixture
def visited(opened):
    """Show the page in light and wide; afterwards it must not have complained, or asked others."""
    opened.dress("light", 1280)
    yield opened
    wrong = [*opened.complaints, *opened.foreign]
    opened.complaints.clear()
    opened.foreign.clear()
    assert wrong == []
