"""The scrubbers, moved by mouse and keys as a reader does."""

import json
import re

import numpy as np
import pytest

from book.tools.site_tests.conftest import let_draw, on_pages, pages_with, until
from fpkit.tests import decode

WITH_CONTROLS = pages_with('class="fp-widget"')

pytestmark = on_pages(WITH_CONTROLS)


@pytest.fixture
def scrubbers(visited):
    found = visited.page.locator(".fp-scrubber").all()
    for scrubber in found:
        scrubber.scroll_into_view_if_needed()
    return found


def number(words):
    """Read a number as the page writes it, such as 0.0123 or 4.5 × 10⁻⁴."""
    plain = words.replace(" × 10", "e").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    return float(plain)


def drawing(scrubber):
    """What the reader sees of the state: the fitted line, the cursor, the words."""
    return (
        scrubber.locator(".fp-output").first.get_attribute("d"),
        scrubber.locator(".fp-cursor").first.get_attribute("d"),
        scrubber.locator(".fp-readout").inner_text(),
    )


def differs(before, after):
    return all(old != new for old, new in zip(before, after, strict=True))


def test_every_control_is_drawn(visited):
    widgets = visited.page.locator(".fp-widget")
    assert 0 < widgets.count() == visited.page.locator(".fp-widget > div").count()


def test_keys(scrubbers):
    for scrubber in scrubbers:
        slider = scrubber.locator("input[type=range]")
        slider.focus()
        slider.press("Home")
        start = drawing(scrubber)
        assert slider.input_value() == "0"
        slider.press("ArrowRight")
        assert slider.input_value() == "1"
        slider.press("End")
        assert slider.input_value() == slider.get_attribute("max")
        assert differs(start, drawing(scrubber))
        assert slider.get_attribute("aria-valuetext").startswith("step ")


def test_the_fit_is_the_recorded_one(visited, scrubbers):
    """The distance that the page states, against the data as `fpkit.widgets.encode` packed them."""
    widgets = visited.page.locator(".fp-widget[data-module=scrubber]").all()
    for scrubber, widget in zip(scrubbers, widgets, strict=True):
        data = json.loads(widget.locator("> script[type='application/json']").text_content())
        member = int(widget.get_attribute("data-member") or 0)
        outputs, every = decode(data["outputs"])[member], decode(data["targets"])
        targets = every[member if len(every) > 1 else 0]
        scrubber.locator("input[type=range]").press("End")
        label = scrubber.locator(".fp-fit").get_attribute("aria-label")
        stated = number(re.search(r"difference at the samples (.*)\.$", label)[1])
        assert stated == pytest.approx(np.sqrt(np.mean((outputs[-1] - targets) ** 2)), rel=0.05)


def test_mouse_on_the_slider(scrubbers):
    for scrubber in scrubbers:
        slider = scrubber.locator("input[type=range]")
        box = slider.bounding_box()
        slider.press("Home")
        start = drawing(scrubber)
        slider.click(position={"x": 0.8 * box["width"], "y": box["height"] / 2})
        share = int(slider.input_value()) / int(slider.get_attribute("max"))
        assert 0.7 < share < 0.9
        assert differs(start, drawing(scrubber))


def test_mouse_on_the_error_panel(scrubbers):
    for scrubber in scrubbers:
        panel = scrubber.locator(".fp-error")
        box = panel.bounding_box()
        scrubber.locator("input[type=range]").press("Home")
        start = drawing(scrubber)
        panel.click(position={"x": 0.6 * box["width"], "y": box["height"] / 2})
        assert differs(start, drawing(scrubber))


def test_play_and_pause(scrubbers):
    for scrubber in scrubbers:
        slider, button = scrubber.locator("input[type=range]"), scrubber.locator("button")
        slider.press("Home")
        assert button.get_attribute("aria-label") == "Play"
        button.click()
        assert button.get_attribute("aria-label") == "Pause"
        until(scrubber.page, "s => Number(s.value) > 0", arg=slider.element_handle())
        button.click()
        reached = slider.input_value()
        let_draw(scrubber.page, 10)  # it would move on with one of them
        assert slider.input_value() == reached


def test_choice_of_network(scrubbers):
    for scrubber in scrubbers:
        scrubber.locator("input[type=range]").press("End")
        choice = scrubber.locator("select")
        if choice.count():
            before = drawing(scrubber)[0]
            choice.select_option(index=1)
            assert drawing(scrubber)[0] != before


def test_names_for_those_who_listen(scrubbers):
    for scrubber in scrubbers:
        for control in scrubber.locator("input, select, button").all():
            assert control.evaluate("e => e.ariaLabel || e.labels[0]?.textContent")
        for panel in scrubber.locator("svg[role=img]").all():
            assert panel.get_attribute("aria-label")
