"""Two networks on points that a reader moves: they train in the page until both have fitted."""

import numpy as np
import pytest

from book.initialization import aliasing
from book.tools.site_tests.conftest import on_pages, until

PAGES = ["book/between_points/between_points.html", "book/mystery/mystery.html"]

pytestmark = on_pages(PAGES)


@pytest.fixture
def widget(visited):
    found = visited.page.locator(".fp-two-starts").first
    found.scroll_into_view_if_needed()
    return found


def run(widget):
    """Press the button, and wait until both have fitted."""
    button = widget.locator("button")
    button.click()
    until(widget.page, lambda: not button.inner_text().startswith("Again"))  # with the next frame
    until(widget.page, lambda: button.inner_text().startswith("Again"))


def test_spectrum_is_that_of_python(visited):
    curve = np.random.default_rng(0).standard_normal(257)
    found = visited.page.evaluate(
        "async (c) => [...(await import('/_static/two_starts/start.js')).closedSpectrum(c)]",
        curve.tolist(),
    )
    np.testing.assert_allclose(found, np.abs(aliasing.closed_spectrum(curve))[:21], atol=1e-12)


def test_both_fit_and_the_large_start_is_above_nyquist(widget):
    run(widget)
    words = widget.locator(".fp-readout").inner_text()
    shares = [float(line.split(", ")[1].split(" %")[0]) for line in words.splitlines()[1:]]
    assert shares[0] < 2 < 10 < shares[1]
    labels = widget.locator(".fp-start-spectrum").evaluate_all("all => all.map(e => e.ariaLabel)")
    assert all("above Nyquist" in label for label in labels)


def test_again_takes_other_weights(widget):
    run(widget)
    before = widget.locator(".fp-readout").inner_text()
    run(widget)
    assert widget.locator(".fp-readout").inner_text() != before


def test_a_moved_point_is_fitted_anew(widget):
    point, page = widget.locator(".fp-point").nth(3), widget.page
    before = point.get_attribute("aria-valuetext")
    point.focus()
    point.press("ArrowDown")
    until(page, lambda: point.get_attribute("aria-valuetext") != before)  # with the next frame
    until(page, lambda: widget.locator("button").inner_text().startswith("Again"))
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 2_000, steps=3)
    page.mouse.up()
    until(page, lambda: point.get_attribute("aria-valuetext").endswith("height 1.00"))
    until(page, lambda: widget.locator("button").inner_text().startswith("Again"))


def test_names_for_those_who_listen(widget):
    for part in widget.locator("button, [role=slider], svg[role]").all():
        assert part.evaluate("e => e.ariaLabel || e.textContent")


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits(visited, widget, width):
    page = visited.dress("light", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = {round(s.bounding_box()["y"]) for s in widget.locator(".fp-start-spectrum").all()}
    assert len(tops) == (1 if width == 1280 else 2)
