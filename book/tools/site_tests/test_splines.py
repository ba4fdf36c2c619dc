"""The widgets with points to move: the same curves as in Python, and moved as a reader does."""

import numpy as np
import pytest

from book.linear_theory import lfp_splines
from book.mystery import interpolation
from book.tools.site_tests.conftest import on_pages

X = [-0.8, -0.6, -0.3, -0.06, 0.1]
Y = [0.25, -0.25, -0.07, 0.15, -0.05]
EIGHT = [[-1.0, -0.7, -0.5, -0.1, 0.0, 0.35, 0.6, 1.0], [1.0, -2.0, 0.5, 0.4, 3.0, 1.0, -1.0, 0.2]]
GRID = np.linspace(-1.2, 1.2, 49)
PAGES = ["book/linear_theory/linear_theory.html", "book/mystery/mystery.html"]

everywhere = on_pages(PAGES)
with_slider = on_pages(PAGES[:1])


@pytest.fixture
def widget(visited):
    found = visited.page.locator(".fp-splines").first
    found.scroll_into_view_if_needed()
    found.locator("button").click()  # start again
    return found


def in_browser(page, expression, argument):
    """Evaluate with the module's functions in scope, as the page loads it."""
    load = "const m = await import('/_static/splines/splines.js');"
    script = f"async (g) => {{ {load} {expression} }}"
    return page.evaluate(script, argument)


@with_slider
@pytest.mark.parametrize("points", [[X, Y], EIGHT])
@pytest.mark.parametrize(
    ("cubic", "linear"), [(1, 0), (0, 1), (0.0006, 9e-8), (0.7, 0.4), (67, 1111)]
)
def test_kinked_spline_is_that_of_python(visited, points, cubic, linear):
    expected = lfp_splines.kinked_spline(*points, cubic=cubic, linear=linear)
    found = in_browser(
        visited.page,
        "const k = m.kinkedSpline(g.x, g.y, g.a, g.b);"
        "return {h: g.t.map(k.at), kinks: k.kinks, third: k.thirdJumps};",
        {"x": points[0], "y": points[1], "a": cubic, "b": linear, "t": GRID.tolist()},
    )
    assert np.abs(found["h"] - expected(GRID)).max() < 1e-9
    np.testing.assert_allclose(found["kinks"], expected.kinks, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(found["third"], expected.third_jumps, rtol=1e-7, atol=1e-6)


@with_slider
def test_polynomial_and_lines_are_those_of_python(visited):
    page = visited.page
    argument = {"x": X, "y": Y, "t": GRID.tolist()}
    curves = interpolation.interpolants(X, Y)
    for name, call in (("polynomial", "polynomial"), ("straight lines", "linearSpline")):
        found = in_browser(page, f"return g.t.map(m.{call}(g.x, g.y));", argument)
        assert np.abs(found - curves[name](GRID)).max() < 1e-9
    ratio = in_browser(page, "return m.variation(m.polynomial(g.x, g.y), g.x, g.y);", argument)
    inside = np.union1d(np.linspace(X[0], X[-1], 401), X)
    expected = interpolation.variation(curves["polynomial"](inside), Y)
    assert ratio == pytest.approx(float(expected), rel=1e-9)


def drawing(widget):
    return [c.get_attribute("d") for c in widget.locator("svg.fp-plane .fp-curve").all()]


@everywhere
def test_keys_move_a_point_and_start_again_takes_it_back(widget):
    point = widget.locator(".fp-point").nth(1)
    start, words = drawing(widget), point.get_attribute("aria-valuetext")
    point.focus()
    point.press("ArrowUp")
    point.press("ArrowRight")
    assert all(old != new for old, new in zip(start, drawing(widget), strict=True))
    assert point.get_attribute("aria-valuetext") != words
    widget.locator("button").click()
    assert drawing(widget) == start
    assert point.get_attribute("aria-valuetext") == words


@everywhere
def test_a_focused_point_is_seen(widget):
    point = widget.locator(".fp-point").first
    point.focus()
    point.press("ArrowUp")
    ring = point.locator(".fp-reach").evaluate("e => getComputedStyle(e).stroke")
    assert ring not in ("none", "")


@everywhere
def test_mouse_moves_a_point_but_not_past_its_neighbour(widget):
    page, point = widget.page, widget.locator(".fp-point").nth(1)
    start = drawing(widget)
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 5_000, box["y"] - 30, steps=5)
    page.mouse.up()
    assert all(old != new for old, new in zip(start, drawing(widget), strict=True))
    right = widget.locator(".fp-point").nth(2).bounding_box()
    moved = point.bounding_box()
    assert box["x"] < moved["x"] < right["x"]


@with_slider
def test_the_slider_leads_from_the_cubic_to_the_linear_spline(widget):
    slider, readout = widget.locator("input[type=range]"), widget.locator(".fp-readout")
    shares = []
    for key in ("Home", "End"):
        slider.press(key)
        assert slider.get_attribute("aria-valuetext").startswith("up to ±")
        words = readout.inner_text().split(" %")
        shares.append([int(part.split()[-1]) for part in words[:2]])
    (kink_small, third_small), (kink_large, third_large) = shares
    assert kink_small < 5 < 95 < kink_large
    assert third_large < 5 < 95 < third_small


@everywhere
def test_names_for_those_who_listen(widget):
    for part in widget.locator("input, button, [role=slider], svg[role]").all():
        assert part.evaluate("e => e.ariaLabel || e.labels?.[0]?.textContent || e.textContent")


@everywhere
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits(visited, widget, width):
    page = visited.dress("light", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert widget.locator("svg.fp-plane").bounding_box()["width"] > 250
