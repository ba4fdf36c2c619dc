"""The curves over training, moved by mouse and keys as a reader does."""

import pytest

from .conftest import HTML, PAGES

WITH_CURVES = [p for p in PAGES if 'data-module="curves"' in (HTML / p).read_text("utf-8")]


@pytest.fixture(params=WITH_CURVES)
def curves(request, visit):
    visited = visit(request.param)
    visited.page.locator(".fp-curves").first.wait_for()
    found = visited.page.locator(".fp-curves").all()
    yield found
    assert visited.complaints == []


def drawing(control):
    """What the reader sees of the state: the lines and the words."""
    lines = control.locator(".fp-error-line:not(.fp-reference)").all()
    return [line.get_attribute("d") for line in lines], control.locator("output").inner_text()


def test_some_page_has_curves():
    assert "book/filtering.html" in WITH_CURVES


def test_the_parameter_changes_the_curves(curves):
    for control in curves:
        slider = control.locator("input[type=range]").first
        slider.press("Home")
        lines, words = drawing(control)
        slider.press("ArrowRight")
        moved, other_words = drawing(control)
        assert len(lines) == len(moved) > 0
        assert all(old != new for old, new in zip(lines, moved, strict=True))
        assert words != other_words
        assert slider.get_attribute("aria-valuetext").split()[-1] in other_words


def test_the_step_changes_the_words_and_the_cursor(curves):
    for control in curves:
        slider = control.locator("input[type=range]").last
        slider.press("Home")
        lines, words = drawing(control)
        cursor = control.locator(".fp-cursor").get_attribute("d")
        slider.press("End")
        assert slider.input_value() == slider.get_attribute("max")
        assert slider.get_attribute("aria-valuetext").startswith("step ")
        assert control.locator(".fp-cursor").get_attribute("d") != cursor
        assert drawing(control)[0] == lines
        assert drawing(control)[1] != words


def test_names_for_those_who_listen(curves):
    for control in curves:
        for slider in control.locator("input").all():
            assert slider.evaluate("e => e.labels[0]?.textContent")
        assert control.locator("svg[role=img]").get_attribute("aria-label")


@pytest.mark.parametrize("page", WITH_CURVES)
def test_labels_fit_on_a_phone(visit, page):
    words = visit(page, width=390).page.locator(".fp-curves text")
    words.first.wait_for()
    for text in words.all():
        box = text.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
