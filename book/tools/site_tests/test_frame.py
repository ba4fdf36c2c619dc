"""What frames the chapters: the list of verdicts, the search, and figures on a narrow page."""

import math
import re
from collections import Counter

import pytest

from book.tools.extensions.panels import NARROW, SMALLEST
from book.tools.site_tests.conftest import HTML, on_pages, pages_with, until

VERDICTS, SINCE = "book/verdicts/verdicts.html", "book/since/since.html"
LISTS = {  # what their entries are called, a menu, one of its values, and what is behind a line
    VERDICTS: ("statements", "outcome", "undecided", "negative control"),
    SINCE: ("claims", "topic", "optimisers", "would test it"),
}
DRAWN = pages_with('class="fp-drawn"')


def about(visited):
    """Return what `LISTS` has on the list that is shown."""
    return LISTS[visited.page.url.removeprefix(f"{visited.address}/")]


@on_pages(LISTS)
def test_menus_filter_the_list_and_the_count_says_so(visited):
    page = visited.page
    noun, key, value, _ = about(visited)
    entries, count = page.locator(".fp-entries > li"), page.locator(".fp-filter-count")
    every = entries.count()
    until(page, lambda: page.locator(".fp-filter select").count() > 0)
    assert count.inner_text().startswith(f"{every} {noun}: ")
    menu = page.get_by_label(key)
    menu.select_option(value)
    shown = page.locator(".fp-entries > li:visible")
    assert 0 < shown.count() < every
    assert set(shown.evaluate_all(f"all => all.map((e) => e.dataset.{key})")) == {value}
    outcomes = Counter(shown.evaluate_all("all => all.map((e) => e.dataset.outcome)"))
    told = ", ".join(f"{number} {word}" for word, number in outcomes.most_common())
    assert count.inner_text() == f"{shown.count()} of {every} {noun}: {told}"
    page.get_by_role("button", name="show all").press("Enter")
    assert shown.count() == every
    assert menu.input_value() == "all"


@on_pages(LISTS)
def test_what_is_behind_a_line_opens_by_key(visited):
    first = visited.page.locator(".fp-entries > li").first
    behind = first.get_by_text(about(visited)[-1], exact=True)
    assert not behind.is_visible()
    first.locator("summary").press("Enter")
    assert behind.is_visible()
    first.locator("summary").press("Enter")


@pytest.mark.parametrize(
    ("path", "name", "other"), [(VERDICTS, "R8", "R3"), (SINCE, "basri-2019", "cao-2019")]
)
def test_an_address_opens_its_entry(visit, path, name, other):
    page = visit(f"{path}#{name}").page
    until(page, f"document.querySelector('#{name} > details').open")
    assert not page.locator(f"#{other} > details").evaluate("e => e.open")


@pytest.mark.parametrize("path", LISTS)
def test_the_list_is_whole_without_a_program(visit, path):
    page = visit(java_script_enabled=False).page
    page.goto((HTML / path).as_uri())
    entries = page.locator(".fp-entries > li")
    assert entries.count() > 30
    assert page.locator(".fp-entries > li:visible").count() == entries.count()


FOUND = {
    "frequency principle": ("glossary", "Networks tend to learn low frequencies first"),
    "spectral bias": ("glossary", "Networks tend to learn low frequencies first"),
    "Nyquist": ("glossary", "the highest frequency index"),
    "replay": ("glossary", "computed again"),
    "Fourier features": ("glossary", "Sines and cosines"),
    "kernel": ("glossary", "A function of two points"),
    "verdicts": ("verdicts", ""),
}


@pytest.mark.parametrize("asked", FOUND)
def test_search_finds_what_defines_a_term_and_shows_words(visit, asked):
    page = visit(f"search.html?q={asked}").page
    first = page.locator("#search-results li").first
    name, words = FOUND[asked]
    until(page, lambda: first.count() and words in first.inner_text())
    assert f"/{name}.html" in first.locator("a").get_attribute("href")
    until(page, lambda: "found" in page.locator(".search-summary").inner_text())
    shown = page.locator("#search-results p.context").all_inner_texts()
    assert not [text for text in shown if re.search(r"\\[a-zA-Z(]|\$", text)]


def smallest_text(image):
    """Return the pixels of a drawing's smallest letters at its natural size; infinite if none."""
    svg = HTML / "_images" / image.get_attribute("src").rpartition("/")[2]
    sizes = map(float, re.findall(r"scale\((0\.\d+) -0", svg.read_text("utf-8")))
    return 400 / 3 * min(sizes, default=math.inf)


@on_pages(pages_with("_images/"))
def test_a_figure_in_one_piece_can_be_read_on_a_narrow_page(visited):
    """It fits, and has no text that is too small, in a box (such as an exercise) in proportion."""
    page = visited.dress("light", 390)
    for image in page.locator(".cell_output img[src$='.svg']:not(.fp-drawn img)").all():
        width, natural, room = image.evaluate(
            "e => [e.offsetWidth, e.naturalWidth, e.closest('.cell_output').clientWidth]"
        )
        assert 0 < width <= room
        least = smallest_text(image) * width / natural
        assert least >= 0.98 * SMALLEST * min(1, room / NARROW)


@on_pages(DRAWN)
def test_figures_can_be_read_on_a_narrow_page(visited):
    """No text is too small, and what a window does not show can be scrolled to."""
    page = visited.dress("light", 390)
    for drawn in page.locator(".fp-drawn").all():
        assert not drawn.locator("> img").is_visible()
        windows = drawn.locator(".fp-window")
        assert windows.count() > 0
        least = smallest_text(drawn.locator("> img"))
        for image in windows.locator("img").all():
            size = image.evaluate("e => e.getBoundingClientRect().width / e.naturalWidth")
            assert size * least >= 0.98 * SMALLEST  # a browser rounds the natural width
        box = windows.first.bounding_box()
        if box["width"] > NARROW + 20:
            assert drawn.locator(".fp-windows").get_attribute("tabindex") == "0"
