"""No page runs or loads what the build did not put there.

That no page breaks its own policy is seen in all tests here: Chromium complains about it.
"""

import re

import pytest

from book.tools.site_tests.conftest import HTML, PAGES, let_pass, until

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)" />')
# What a page would do that was tampered with: run `slipped = 1`, or do so with data from elsewhere.
TRIES = {
    "a script": "head.append(make('script', {text: 'slipped = 1'}))",
    "an attribute": "head.setAttribute('onclick', 'slipped = 1'); head.click()",
    "a link": "make('a', {href: 'javascript:slipped = 1'}).click()",
    "text": "setTimeout('slipped = 1')",
    "data from elsewhere": "fetch('data:,').then(() => { slipped = 1 }).catch(() => {})",
}


def directives(page):
    """Return the page's policy as {name: sources}; fail if it has none, or more than one."""
    (policy,) = POLICY.findall((HTML / page).read_text(encoding="utf-8"))
    return {name: sources for name, *sources in map(str.split, policy.split(";"))}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_strict(page):
    policy = directives(page)
    assert policy["default-src"] == policy["frame-src"] == policy["base-uri"] == ["'none'"]
    first, *hashes = policy["script-src"]
    assert first == "'self'"
    assert all(source.startswith("'sha256-") for source in hashes)
    assert not {"object-src", "script-src-elem", "script-src-attr"} & policy.keys()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_comes_before_it(page):
    text = (HTML / page).read_text(encoding="utf-8")
    before = re.findall(r"<([a-z]+)", text[: POLICY.search(text).start()])
    assert before in (["html", "head", "meta"], [])  # the character set


TRY = """() => {
  window.slipped = undefined;
  const { head } = document;
  const make = (tag, has) => Object.assign(document.createElement(tag), has);
  %s;
}"""


@pytest.mark.parametrize("obeyed", [True, False])
def test_what_is_slipped_in_does_not_run(visit, obeyed):
    """It would run, were there no policy; where there is one, Chromium says that it refused."""
    visited = visit("book/intro/intro.html", policy=obeyed)
    for name, attempt in TRIES.items():
        visited.complaints.clear()
        visited.page.evaluate(TRY % attempt)
        if obeyed:
            until(visited.page, lambda: visited.complaints)
            let_pass(visited.page, 50)
            assert visited.page.evaluate("window.slipped") is None, name
            assert all("Content Security Policy" in text for text in visited.complaints), name
        else:
            until(visited.page, "window.slipped === 1")
            assert visited.complaints == [], name


def test_buttons_of_the_theme_work(visit):
    page = visit("book/intro/intro.html").page
    page.evaluate("window.print = () => { window.printed = true }")
    page.locator(".dropdown-download-buttons > button").click()
    page.locator(".btn-download-pdf-button").click()
    assert page.evaluate("window.printed")
    for full in (True, False):
        page.locator(".btn-fullscreen-button").click()
        until(page, "full => Boolean(document.fullscreenElement) === full", arg=full)
