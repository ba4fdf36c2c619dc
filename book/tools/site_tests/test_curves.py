"""The curves over training, moved by mouse and keys as a reader does."""

import pytest

from book.tools.site_tests.conftest import on_pages, pages_with, until
from fpkit import widgets

WITH_CURVES = pages_with('data-module="curves"')
RENDER = """async (data) => {
  const model = { get: (name) => (name === "data" ? data : 0), on() {}, off() {} };
  const el = document.querySelector(".fp-curves").parentElement;
  el.replaceChildren();
  (await import("/_static/curves/curves.js")).default.render({ model, el });
}"""

everywhere = on_pages(WITH_CURVES)


@pytest.fixture
def curves(visited):
    return visited.page.locator(".fp-curves").all()


def drawing(widget):
    """What the reader sees of the state: the lines and the words."""
    lines = widget.locator(".fp-error-line:not(.fp-reference)").all()
    return [line.get_attribute("d") for line in lines], widget.locator("output").inner_text()


@everywhere
def test_the_parameter_changes_the_curves(curves):
    for widget in curves:
        if widget.locator("input").count() == 1:
            continue  # one setting alone: there is the step, and nothing to choose
        choices = widget.locator("input").first, widget.locator("input").nth(1)
        if buttons := choices[0].get_attribute("type") == "radio":
            choices[0].check(force=True)
        else:
            choices[0].press("Home")
        lines, words = drawing(widget)
        choices[0].press("ArrowRight")
        moved, other_words = drawing(widget)
        assert len(lines) == len(moved) > 0
        assert lines != moved  # a wave that is never learned may look the same
        assert words != other_words
        if buttons:
            chosen = choices[1].evaluate("e => e.checked && e.parentElement.textContent")
        else:
            chosen = choices[0].get_attribute("aria-valuetext").split()[-1]
        assert chosen in other_words


@everywhere
def test_the_step_changes_the_words_and_the_cursor(curves):
    for widget in curves:
        slider = widget.locator("input[type=range]").last
        slider.press("Home")
        lines, words = drawing(widget)
        cursor = widget.locator(".fp-cursor").get_attribute("d")
        slider.press("End")
        assert slider.input_value() == slider.get_attribute("max")
        assert slider.get_attribute("aria-valuetext").startswith("step ")
        assert widget.locator(".fp-cursor").get_attribute("d") != cursor
        assert drawing(widget)[0] == lines
        assert drawing(widget)[1] != words


@everywhere
def test_names_for_those_who_listen(curves):
    for widget in curves:
        for slider in widget.locator("input").all():
            assert slider.evaluate("e => e.labels[0]?.textContent")
        assert widget.locator("svg[role=img]").get_attribute("aria-label")


@everywhere
def test_labels_fit_on_a_phone(visited):
    visited.dress("light", 390)
    boxes = [text.bounding_box() for text in visited.page.locator(".fp-curves text").all()]
    assert boxes
    assert min(box["x"] for box in boxes) >= 0
    assert max(box["x"] + box["width"] for box in boxes) <= 390
    for panel in visited.page.locator(".fp-curves svg").all():
        whole = panel.bounding_box()
        inside = [text.bounding_box() for text in panel.locator("text").all()]
        assert max(box["y"] + box["height"] for box in inside) <= whole["y"] + whole["height"]


def test_references_can_be_told_apart(visit):
    page = visit(WITH_CURVES[0]).page
    data = widgets.curves(
        [0, 10],
        [[[1, 0.5]] * 3],
        names=["low", "middle", "high"],
        parameter="p",
        settings=["1"],
        y_label="error",
        references=[[0.25, 4, 0.25]],
    ).data
    page.evaluate(RENDER, data)
    until(page, "Boolean(document.querySelector('.fp-curves .fp-reference'))")
    widget = page.locator(".fp-curves").first
    label = widget.locator("svg").get_attribute("aria-label")
    assert label.endswith("Dashed: low 0.250, middle 4.00, high 0.250.")
    low, middle = widget.locator(".fp-reference").all()  # one line where two are the same
    dashes = [e.evaluate("e => getComputedStyle(e).strokeDasharray") for e in (low, middle)]
    assert len({*dashes, "none"}) == 3
    axis = widget.locator(".fp-axes path").first
    assert middle.bounding_box()["y"] > axis.bounding_box()["y"]  # not at the upper edge


def test_what_all_curves_share_is_grey_and_marked(visit):
    page = visit(WITH_CURVES[0]).page
    data = widgets.curves(
        [0, 10],
        [[[1, 0.05], [1, 0.002]]],
        names=["slow", "fast"],
        parameter="p",
        settings=["1"],
        y_label="error",
        references=[[0.1, 0.1]],
        log=(0.001, 2),
        percent=True,
    ).data
    page.evaluate(RENDER, data)
    until(page, "document.querySelector('.fp-curves svg')?.ariaLabel.includes('Dashed: 10 %.')")
    widget = page.locator(".fp-curves").first
    assert widget.locator(".fp-reference").count() == 1
    assert widget.locator("[data-name] .fp-reference").count() == 0
    assert widget.locator(".fp-strong").all_text_contents() == ["10 %"]
    assert "slow: 100 %" in widget.locator("output").inner_text()
