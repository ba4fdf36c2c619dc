"""The images that networks learn, moved by mouse and keys as a reader does."""

import pytest

from book.tools.site_tests.conftest import on_pages, pages_with

PAGE = "book/natural_image/natural_image.html"
WITH_IMAGES = pages_with('data-module="images"')


everywhere = on_pages(WITH_IMAGES)


@pytest.fixture
def widget(visited):
    found = visited.page.locator(".fp-images").first
    found.scroll_into_view_if_needed()
    found.locator("select").select_option(index=0)
    return found


def drawing(widget):
    """What the reader sees of the state: the picture, the dots, the cursor, the words."""
    return (
        widget.locator("canvas").last.evaluate("c => c.toDataURL()"),
        [dot.get_attribute("cy") for dot in widget.locator(".fp-spectrum-output").all()],
        widget.locator(".fp-cursor").get_attribute("d"),
        widget.locator("output").inner_text(),
    )


def test_some_page_has_images():
    assert PAGE in WITH_IMAGES


@everywhere
def test_the_step_changes_picture_spectrum_and_losses(widget):
    slider = widget.locator("input[type=range]")
    photograph = widget.locator("canvas").first.evaluate("c => c.toDataURL()")
    slider.press("Home")
    start = drawing(widget)
    slider.press("ArrowRight")
    assert slider.input_value() == "1"
    slider.press("End")
    assert slider.input_value() == slider.get_attribute("max")
    assert slider.get_attribute("aria-valuetext").startswith("step ")
    assert all(old != new for old, new in zip(start, drawing(widget), strict=True))
    assert widget.locator("canvas").first.evaluate("c => c.toDataURL()") == photograph


@everywhere
def test_the_choice_changes_the_run(widget):
    widget.locator("input[type=range]").press("End")
    choice = widget.locator("select")
    losses = widget.locator(".fp-image-losses path.fp-output.fp-test").last
    before, line = drawing(widget), losses.get_attribute("d")
    choice.focus()
    choice.press("ArrowDown")
    after = drawing(widget)
    assert before[0] != after[0]
    assert before[3] != after[3]
    assert losses.get_attribute("d") != line


@everywhere
def test_the_large_start_has_unseen_frequencies(widget):
    widget.locator("input[type=range]").press("End")
    power = []
    for index in (0, 1):
        widget.locator("select").select_option(index=index)
        words = widget.locator(".fp-image-spectrum").get_attribute("aria-label")
        power.append(float(words.split("the network has ")[1].split(" times")[0]))
    assert power[0] < 2
    assert power[1] > 10 * power[0]


@everywhere
def test_the_network_ends_near_the_photograph(widget):
    widget.locator("input[type=range]").press("End")
    difference = widget.evaluate(
        """root => {
          const [a, b] = [...root.querySelectorAll("canvas")].map((canvas) =>
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data);
          return a.reduce((sum, grey, i) => sum + Math.abs(grey - b[i]), 0) / a.length;
        }"""
    )
    assert 0 < difference < 25


@everywhere
def test_names_for_those_who_listen(widget):
    for part in widget.locator("input, select").all():
        assert part.evaluate("e => e.labels[0]?.textContent")
    for part in widget.locator("canvas, svg[role=img]").all():
        assert part.get_attribute("aria-label")


@on_pages([PAGE])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits(visited, width, theme):
    page = visited.dress(theme, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in page.locator(".fp-images text, .fp-images canvas").all():
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.locator(".fp-images canvas").last.bounding_box()["width"] > 120
