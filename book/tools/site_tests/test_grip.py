"""One neuron's grip: the same numbers as in Python, and a unit that is moved as a reader does."""

import numpy as np
import pytest

from book.gradient_theory import unit_gradients, unit_spectra
from book.tools.site_tests.conftest import on_pages

K = np.arange(1.0, 9)
PHASES = np.linspace(0, 2 * np.pi, 3600, endpoint=False)

pytestmark = on_pages(["book/gradient_theory/gradient_theory.html"])


@pytest.fixture
def widget(visited):
    found = visited.page.locator(".fp-grip").first
    found.scroll_into_view_if_needed()
    return found


@pytest.mark.parametrize(("w", "b"), [(0.3, 0.6), (0.5, 0.0), (2.0, 0.7), (8.0, -3.0)])
def test_spectrum_and_pull_are_those_of_python(visited, w, b):
    found = visited.page.evaluate(
        "async ({k, w, b}) => { const m = await import('/_static/grip/unit.js');"
        "const sizes = [m.spectrum, m.law, m.pull, m.pullOnAll];"
        "return sizes.map((f) => k.map((one) => f(one, w, b))); }",
        {"k": K.tolist(), "w": w, "b": b},
    )
    sizes = [np.abs(f(K, w, b)) for f in (unit_spectra.unit_spectrum, unit_spectra.unit_asymptote)]
    s, slow, _ = unit_gradients.factors(
        K[:, None], np.float64(1), np.float64(w), np.float64(b), PHASES, "tanh"
    )
    pull = np.abs(np.exp(-s) * slow["w"]).max(axis=1)  # of errors of size 1, over their phases
    every = unit_gradients.strongest(K, 1.0, w, b)
    together = np.sqrt(sum(each**2 for each in every.values()))
    np.testing.assert_allclose(found, [*sizes, pull, together], rtol=2e-6)


def bars(widget):
    return [float(bar.get_attribute("height")) for bar in widget.locator(".fp-bar").all()]


def test_a_small_weight_feels_the_lowest_frequency_alone(widget):
    weight, place = (widget.locator("input").nth(i) for i in (0, 1))
    place.press("Home")
    for _ in range(50):
        place.press("ArrowRight")
    weight.press("Home")
    small = bars(widget)
    assert small[0] > 100 * max(small[2:])
    assert "less than 0.01 %" in widget.locator(".fp-readout").inner_text()
    weight.press("End")
    large = bars(widget)
    assert max(large) == large[-1] > large[0]


def test_on_all_three_parameters_slow_waves_pull_harder(widget):
    widget.locator("input").nth(0).press("End")
    widget.get_by_label("a, w, b").check(force=True)
    sizes = bars(widget)
    assert sizes == sorted(sizes, reverse=True)
    assert "pulls at a, w, b" in widget.locator(".fp-readout").inner_text()


def test_the_handles_move_the_unit(widget):
    page, words = widget.page, widget.locator(".fp-readout")
    widget.locator("input").nth(0).press("Home")
    for handle in widget.locator(".fp-point").all():
        before, box = words.inner_text(), handle.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2 - 20, box["y"] + 60, steps=3)
        page.mouse.up()
        assert words.inner_text() != before


def test_names_for_those_who_listen(widget):
    widget.locator("input").nth(2).press("End")
    label = widget.locator(".fp-pull").get_attribute("aria-label")
    assert "ω = 1, " in label
    assert "; ω = 8, " in label
    assert "frequency 8" in widget.locator("input").nth(2).get_attribute("aria-valuetext")


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits(visited, widget, width):
    page = visited.dress("light", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = {round(svg.bounding_box()["y"]) for svg in widget.locator("svg.fp-panel").all()}
    assert len(tops) == (1 if width == 1280 else 3)
