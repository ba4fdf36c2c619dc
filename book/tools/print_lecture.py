"""Print slides as PDF and figures as PNG: ``python -m book.tools.print_lecture COURSE``.

COURSE is what ``make course`` wrote. A PDF stands beside each deck, a PNG beside each figure.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from book.tools.benchmarks.browser import chromium, profile

__all__ = ["draw_figure", "print_deck"]

WIDE, HIGH = 1280, 720
# Frames take the room that set words leave to them: seen in the next picture, drawn in that after.
FITTED = "async () => { for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame); }"
SHARP = 3  # pixels of a PNG for each of the figure


def print_deck(page: Page, deck: Path) -> Path:
    """Write a deck as PDF beside it, a page for each slide, and return the file."""
    page.goto(f"{deck.resolve().as_uri()}?print-pdf")
    page.wait_for_function("window.Reveal?.isReady() && document.querySelector('.pdf-page')")
    for frame in page.frames[1:]:
        frame.wait_for_function("!document.querySelector('.fp-fallback')")
    page.wait_for_function("window.MathJax?.startup?.promise?.then(() => true)")
    page.evaluate(FITTED)
    target = deck.with_suffix(".pdf")
    page.pdf(path=target, prefer_css_page_size=True, print_background=True)
    return target


def draw_figure(page: Page, figure: Path) -> Path:
    """Write an SVG file as PNG beside it, and return the file."""
    page.goto(figure.resolve().as_uri())
    target = figure.with_suffix(".png")
    page.locator("svg").first.screenshot(path=target)
    return target


def main(course: Path) -> None:
    """Print all decks and all figures of a course."""
    with chromium() as browser, profile(browser) as context:
        page = context.new_page()
        page.set_viewport_size({"width": WIDE, "height": HIGH})
        for deck in sorted((course / "slides").glob("*.html")):
            print(print_deck(page, deck))
    with chromium() as browser, profile(browser, device_scale_factor=SHARP) as context:
        page = context.new_page()
        for figure in sorted((course / "figures").glob("*.svg")):
            print(draw_figure(page, figure))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
