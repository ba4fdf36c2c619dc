"""Images moved along lines, by keys as a reader does it."""

import pytest

from book.tools.site_tests.conftest import on_pages, pages_with

pytestmark = on_pages(pages_with('data-module="lines"'))


@pytest.fixture
def widget(visited):
    return visited.page.locator(".fp-lines").first


def picture(widget):
    """What the reader sees: the shades of both images, the curves, the words."""
    shades = [cell.get_attribute("fill") for cell in widget.locator("rect").all()]
    lines = widget.locator(".fp-error-line:not(.fp-reference)").all()
    words = widget.locator("output").inner_text()
    return shades, [line.get_attribute("d") for line in lines], words


def test_the_distance_moves_the_images_and_not_the_curves(widget):
    slider = widget.locator("input[type=range]").nth(1)
    slider.press("Home")
    shades, lines, words = picture(widget)
    half = len(shades) // 2
    assert shades[:half] == shades[half:]  # both directions start at the image
    slider.press("End")
    moved, same, other_words = picture(widget)
    assert moved[:half] != shades[:half]
    assert moved[:half] != moved[half:]
    assert same == lines
    assert words != other_words


def test_the_image_changes_everything(widget):
    slider = widget.locator("input[type=range]").first
    slider.press("Home")
    before = picture(widget)
    slider.press("ArrowRight")
    assert all(old != new for old, new in zip(before, picture(widget), strict=True))
