"""The bet: placed by mouse and by keys, decided in the page."""

from pathlib import Path

import pytest

from book import widgets
from book.tools.site_tests.conftest import pages_with, until
from fpkit.widgets import esm

PAGE = pages_with('data-module="bet"')[0]
DECIDED = "() => document.querySelector('.fp-bet-said').textContent !== ''"


class Better:
    """A reader of the page who bets."""

    def __init__(self, page):
        self.page = page
        self.rows = page.locator(".fp-bet-row")
        self.train = page.get_by_role("button", name="Train")

    def row(self, k):
        return self.rows.filter(has_text=f"k = {k}")

    def pick(self, k):
        self.row(k).locator("button").click()

    def place(self, k):
        return self.row(k).locator(".fp-bet-place").inner_text()

    def notes(self):
        return self.page.locator(".fp-bet-note").all_inner_texts()


@pytest.fixture
def better(visit):
    visited = visit(PAGE)
    until(visited.page, "() => document.querySelectorAll('.fp-bet-row').length === 3")
    yield Better(visited.page)
    assert visited.complaints == []


def test_nothing_is_told_before_the_bet(better):
    assert better.notes() == ["", "", ""]
    assert better.train.get_attribute("aria-disabled") == "true"
    better.pick(5)
    better.train.click(force=True)
    assert better.notes() == ["", "", ""]
    assert better.page.locator(".fp-bet-said").inner_text() == ""


def test_a_bet_is_decided_and_one_can_try_again(better):
    for k in (5, 3):
        better.pick(k)
    assert [better.place(k) for k in (5, 3, 1)] == ["1", "2", "3"]
    better.train.click()
    until(better.page, DECIDED)
    said = better.page.locator(".fp-bet-said").inner_text()
    assert said.startswith("You had 0 of 3 pairs in the right order.")
    assert better.row(1).locator(".fp-bet-note").inner_text().startswith("1st, step ")
    assert better.row(5).locator(".fp-bet-note").inner_text().startswith("3rd, step ")
    better.page.get_by_role("button", name="Try again").click()
    until(better.page, "() => document.querySelector('.fp-bet-said').textContent === ''")
    assert [better.place(k) for k in (1, 3, 5)] == ["?", "?", "?"]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_third_press_does_no_harm_and_no_button_moves(better, width):
    page = better.page
    page.set_viewport_size({"width": width, "height": 900})
    question, places = page.locator(".fp-bet-question"), []
    until(page, "() => document.querySelector('.fp-bet-question').textContent.includes('Press')")
    for k in (3, 1, 5):
        places.append(better.train.bounding_box())
        better.pick(k)
    places.append(better.train.bounding_box())
    assert question.inner_text() == "Your bet stands. Train the network."
    assert [better.place(k) for k in (3, 1, 5)] == ["1", "2", "3"]
    assert better.train.get_attribute("aria-disabled") == "false"
    tops = [place["y"] + page.evaluate("scrollY") for place in places]
    assert max(tops) - min(tops) < 1


def test_by_keys(better):
    first = better.rows.locator("button").first
    first.focus()
    better.page.keyboard.press("Enter")
    better.page.keyboard.press("Tab")
    better.page.keyboard.press("Space")
    places = better.page.locator(".fp-bet-place").all_inner_texts()
    assert places == ["1", "2", "3"]
    better.train.focus()
    better.page.keyboard.press("Enter")
    until(better.page, DECIDED)


def test_a_wave_that_is_drawn_can_be_bet_on(better):
    better.page.get_by_role("button", name="draw one").click()
    until(better.page, "() => document.querySelectorAll('.fp-bet-row').length === 0")
    box = better.page.locator(".fp-bet .fp-drawing").bounding_box()
    middle = box["y"] + box["height"] / 2
    better.page.mouse.move(box["x"] + 50, middle)
    better.page.mouse.down()
    for i in range(1, 21):
        height = (40 if i % 4 < 2 else -40) + (20 if i < 10 else -20)
        better.page.mouse.move(box["x"] + 50 + i * (box["width"] - 70) / 20, middle - height)
    better.page.mouse.up()
    until(better.page, "() => document.querySelectorAll('.fp-bet-row').length > 1")


def test_in_a_notebook_it_brings_the_playground_along(visit):
    visited = visit(PAGE)
    visited.page.evaluate(
        """async ([source, data]) => {
          document.body.replaceChildren();
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          const model = { get: () => data, on() {}, off() {} };
          (await import(url)).default.render({ model, el: document.body });
        }""",
        [esm("bet", Path(widgets.__file__).parent), widgets.bet().data],
    )
    until(visited.page, "() => document.querySelectorAll('.fp-bet-row').length === 3")
    assert visited.complaints == []
