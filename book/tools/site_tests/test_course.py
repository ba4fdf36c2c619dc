"""What `make course` writes, and the slides as a lecturer shows them."""

import re
import subprocess
import sys

import nbformat
import pytest

from book.tools.benchmarks.browser import served
from book.tools.course.plain import page
from book.tools.site_tests.conftest import HTML, until, visits
from fpkit.reproduce import chapters

CHAPTERS = [
    name for name in chapters.chapters() if "{exercise}" in page(name).read_text(encoding="utf-8")
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    target = tmp_path_factory.mktemp("course") / "course"
    command = [sys.executable, "-m", "book.tools.course", HTML, target]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture(scope="module")
def show(course, chromium):
    """Return a function that opens the slides of a chapter."""
    with served(course / "slides") as address, visits(chromium, address) as visit:
        yield visit


def test_everything_is_there(course):
    for kind in ("student", "instructor"):
        assert [path.stem for path in sorted((course / kind).glob("*.ipynb"))] == sorted(CHAPTERS)
    graded = sorted((course / "nbgrader" / "source").rglob("*.ipynb"))
    assert [path.stem for path in graded] == sorted(CHAPTERS)
    assert [path.stem for path in sorted((course / "slides").glob("*.html"))] == sorted(CHAPTERS)
    assert all(name in (course / "README.md").read_text(encoding="utf-8") for name in CHAPTERS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_names_in_a_graded_notebook_are_its_own(course, chapter):
    path = course / "nbgrader" / "source" / chapter / f"{chapter}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    graded = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    names = [cell.grade_id for cell in graded]
    assert len(names) == len(set(names)) >= 5
    assert all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert sum(cell.get("points", 0) for cell in graded) >= 5


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_slides(show, chapter):
    shown = show(f"{chapter}.html")
    page = shown.page
    until(page, "window.Reveal?.isReady()")
    assert 4 <= page.evaluate("Reveal.getTotalSlides()") <= 20
    tall = page.evaluate(
        """() => [...document.querySelectorAll(".slides > section")].filter((slide, i) => {
          Reveal.slide(i);
          return slide.scrollHeight > 800;
        }).map((slide) => slide.textContent.slice(0, 40))"""
    )
    assert tall == []
    assert page.locator("mjx-merror").count() == 0
    assert shown.complaints == []
    assert shown.foreign == []


def test_a_widget_on_a_slide_keeps_its_keys(show):
    page = show("robustness.html").page
    until(page, "window.Reveal?.isReady()")
    here = page.evaluate(
        """() => [...document.querySelectorAll(".slides > section")]
          .findIndex((slide) => slide.querySelector(".fp-slider"))"""
    )
    assert here > 0
    page.evaluate("(here) => Reveal.slide(here)", here)
    until(page, "(here) => Reveal.getIndices().h === here", arg=here)
    slider = page.locator(".present .fp-slider").first
    slider.focus()
    before = page.locator(".present .fp-readout").first.inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == here
    assert page.locator(".present .fp-readout").first.inner_text() != before


def test_the_speaker_sees_this_slide_and_the_next(show):
    shown = show("one_dimension.html")
    until(shown.page, "window.Reveal?.isReady()")
    with shown.page.expect_popup() as popup:
        shown.page.keyboard.press("s")
    speaker = popup.value
    for frame in ("current", "upcoming"):
        speaker.frame_locator(f"#{frame}-slide iframe").locator(
            ".present h1, .present h2"
        ).wait_for(state="attached")
    assert shown.complaints == []
