"""Every page in Chromium: alone, in order, wide and narrow, and not heavy."""

import pytest

from .conftest import PAGES

READ = [page for page in PAGES if page != "index.html"]  # that one only leads to the first page
MAXIMUM_WEIGHT = 1_500_000  # bytes, compressed
# Errors, unknown commands (shown in red), and what was not taken for a formula at all.
WRONG_MATHS = "mjx-merror, mjx-mtext[style*='color: red'], .math:not(:has(mjx-container))"


@pytest.mark.parametrize("path", READ)
def test_page(visit, path):
    visited = visit(path)
    page = visited.page

    assert visited.foreign == []
    assert visited.complaints == []
    assert page.locator(WRONG_MATHS).count() == 0
    assert visited.weight() < MAXIMUM_WEIGHT
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_front_door(visit):
    page = visit("index.html").page
    page.wait_for_url("**/book/intro.html")


def test_theme_button(visit):
    page = visit("book/intro.html", theme="dark").page
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".theme-switch-button:visible").first.click()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_icons_are_drawn(visit):
    """Each visible icon has a glyph in the fonts that the build left."""
    page = visit("book/one_dimension.html").page
    blank = page.evaluate(
        """() => {
          const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
          const ink = (text, font) => {
            pen.clearRect(0, 0, 300, 150);
            pen.font = font;
            pen.fillText(text, 50, 100);
            return pen.getImageData(0, 0, 300, 150).data.join();
          };
          const icons = [...document.querySelectorAll("i[class*=fa-], span[class*=fa-]")];
          return icons.filter((icon) => {
            const style = getComputedStyle(icon, "::before");
            const font = `${style.fontWeight} 40px ${style.fontFamily}`;
            if (!style.content.startsWith('"')) return true;
            const glyph = style.content.replaceAll('"', "");
            return ink(glyph, font) === ink("\\ue0ff", font);  // a character of no icon
          }).map((icon) => icon.className);
        }"""
    )
    assert page.locator("i[class*=fa-]").count() > 5
    assert blank == []
