"""What `make course` writes, and the slides as a lecturer shows them."""

import re
import subprocess
import sys

import nbformat
import pytest

from book.tools.benchmarks.browser import profile
from book.tools.course.plain import page
from book.tools.print_lecture import draw_figure, print_deck
from book.tools.repository import NOBODY, configured
from book.tools.site_tests.conftest import HTML, let_draw, until, visits
from fpkit.reproduce import chapters

CHAPTERS = [
    name for name in chapters.chapters() if "{exercise}" in page(name).read_text(encoding="utf-8")
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    target = tmp_path_factory.mktemp("course") / "course"
    command = [sys.executable, "-m", "book.tools.course", HTML, target]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert ("WARNING" in done.stderr) == (configured()[1].owner == NOBODY)
    return target


@pytest.fixture(scope="module")
def show(course, chromium):
    """Return a function that opens slides from their folder, as a double click does."""
    with visits(chromium, (course / "slides").as_uri()) as visit:
        yield visit


def test_everything_is_there(course):
    for kind in ("student", "instructor"):
        assert [path.stem for path in sorted((course / kind).glob("*.ipynb"))] == sorted(CHAPTERS)
    graded = sorted((course / "nbgrader" / "source").rglob("*.ipynb"))
    assert [path.stem for path in graded] == sorted(CHAPTERS)
    decks = [path.stem for path in sorted((course / "slides").glob("*.html"))]
    assert decks == sorted([*CHAPTERS, "lecture"])
    handed = [*course.rglob("*.ipynb"), *course.rglob("*.md"), *course.rglob("*.py")]
    assert not [path for path in handed if f"/{NOBODY}/" in path.read_text(encoding="utf-8")]
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


SMALL = """() => [...document.querySelectorAll(".present *, .fp-frame *")].filter((e) =>
  [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
  && e.getBoundingClientRect().width
  && !e.closest(".notes, script, style, sup, tspan, mjx-container")
).map((e) => [parseFloat(getComputedStyle(e).fontSize), e.textContent.trim().slice(0, 30)])"""
HIGH = 720  # a slide
# What is not whole in a slide, or in a page of paper: its name, and the edges of both.
CUT = """(whole) => [...document.querySelectorAll(whole)].flatMap((place) => {
  const edges = (e) => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    return [left, top, -right, -bottom];
  };
  return [...place.querySelectorAll("h1, h2, img, iframe, p, li, table")]
    .filter((e) => e.closest(".present, .pdf-page") && !e.closest(".notes"))
    .filter((e) => e.getBoundingClientRect().width)
    .filter((e) => edges(e).some((edge, i) => edge < edges(place)[i] - 1))
    .map((e) => [e.tagName, e.textContent.slice(0, 30), edges(e), edges(place)]);
})"""
# A widget is whole in its frame, and the frame is as large as it looks.
HIDDEN = """(frame) => [frame.contentDocument.documentElement.scrollHeight - frame.offsetHeight,
  frame.getBoundingClientRect().height - frame.parentElement.getBoundingClientRect().height]"""


def opened(show, name):
    shown = show(name)
    shown.page.set_viewport_size({"width": 1280, "height": HIGH})
    until(shown.page, "window.Reveal?.isReady()")
    shown.page.evaluate("Reveal.configure({ transition: 'none' })")
    return shown


@pytest.mark.parametrize("name", [*CHAPTERS, "lecture"])
def test_slides(show, name):
    """Opened from a folder: whole on the screen, with words that the last row can read."""
    shown = opened(show, f"{name}.html")
    page = shown.page
    for frame in page.frames[1:]:
        until(frame, "!document.querySelector('.fp-fallback')")
    assert 4 <= page.evaluate("Reveal.getTotalSlides()") <= 20
    for place in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("(place) => Reveal.slide(place, 0, 9)", place)
        let_draw(page, 3)
        assert page.evaluate("document.querySelector('.present').scrollHeight") <= HIGH, place
        assert page.evaluate(CUT, ".slides") == [], place
        sizes = page.evaluate(SMALL)
        for frame in page.frames[1:]:
            element = frame.frame_element()
            if element.evaluate("(e) => Boolean(e.closest('.present'))"):
                assert max(element.evaluate(HIDDEN)) < 1.5, place
                scale = element.bounding_box()["width"] / element.evaluate("(e) => e.offsetWidth")
                sizes += [(scale * size, words) for size, words in frame.evaluate(SMALL)]
        assert [found for found in sizes if found[0] < 18] == [], place
    assert page.locator("[data-mml-node='merror']").count() == 0
    assert shown.complaints == []
    assert shown.foreign == []


def test_a_widget_on_a_slide_keeps_its_keys(show):
    page = opened(show, "robustness.html").page
    frame = next(f for f in page.frames[1:] if f.locator(".fp-slider").count())
    here = frame.frame_element().evaluate("(e) => Reveal.getIndices(e.closest('section')).h")
    page.evaluate("(here) => Reveal.slide(here, 0, 9)", here)
    until(page, "(here) => Reveal.getIndices().h === here", arg=here)
    frame.locator(".fp-slider").first.focus()
    before = frame.locator(".fp-readout").first.inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == here
    assert frame.locator(".fp-readout").first.inner_text() != before


def test_the_speaker_sees_this_slide_and_the_next(show):
    shown = opened(show, "one_dimension.html")
    with shown.page.expect_popup() as popup:
        shown.page.keyboard.press("s")
    speaker = popup.value
    for frame in ("current", "upcoming"):
        speaker.frame_locator(f"#{frame}-slide iframe").locator(
            ".present h1, .present h2"
        ).first.wait_for(state="attached")
    assert shown.complaints == []


@pytest.mark.parametrize("name", [*CHAPTERS, "lecture"])
def test_slides_on_paper(course, chromium, name):
    """A page for each slide, with all that is on it: no figure and no widget is cut."""
    deck = course / "slides" / f"{name}.html"
    with profile(chromium, viewport={"width": 1280, "height": HIGH}) as context:
        page = context.new_page()
        printed = print_deck(page, deck).read_bytes()
        count = deck.read_text(encoding="utf-8").count("<section")
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count
        page.emulate_media(media="print")
        assert page.locator(".pdf-page").count() == count
        assert page.locator(".pdf-page:has(img, iframe)").count() >= 1
        assert page.evaluate(CUT, ".pdf-page") == []
        empty = page.evaluate(
            "() => [...document.querySelectorAll('.pdf-page')].filter((p) => !p.innerText.trim())"
        )
        assert empty == []


def test_a_figure_as_pixels(course, chromium):
    with profile(chromium) as context:
        drawn = draw_figure(context.new_page(), course / "figures" / "mystery-1.svg")
        assert drawn.read_bytes()[:4] == b"\x89PNG"
