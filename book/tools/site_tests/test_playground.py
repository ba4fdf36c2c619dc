"""The playground, used by mouse and keys as a reader does."""

import itertools
import re

import pytest

from book.tools.site_tests.conftest import let_draw, let_pass, on_pages, problems, until
from fpkit import widgets
from fpkit.widgets.playground import playground

PAGE = "book/playground/playground.html"
AFRESH = "#playground&seed=0"  # an address that the page shortens, so that it is seen to follow it
DIVERGES = "#playground&optimizer=sgd&lr=1&weight_std=1&width=64"
# All that can be: not even the smallest rate is small enough.
STEEP = "#playground&optimizer=sgd&activation=relu&weight_std=10&width=128&depth=4&lr=0.00001"
DELAY = 300  # milliseconds after which the address follows the settings

on_its_page = on_pages([PAGE])


class Reader:
    """What a reader of a page with one playground can do and see."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".fp-playground")
        self.root.wait_for()
        self.until("/^step/.test(readout)")

    def until(self, condition, arg=None):
        """Wait until a condition on the words, the step and `arg` holds."""
        until(
            self.page,
            f"""(arg) => {{
              const readout = document.querySelector(".fp-playground .fp-readout").value;
              const step = Number(readout.replaceAll(",", "").match(/^step (\\d+)/)?.[1]);
              const notes = document.querySelector(".fp-notes").textContent;
              return {condition};
            }}""",
            arg,
        )

    def rest(self):
        """Let the worker answer all that it was told, and the page draw the answers."""
        for worker in self.page.workers:
            worker.evaluate("() => new Promise((resume) => setTimeout(resume, 20))")
        let_draw(self.page, 2)

    def press(self, name):
        self.button(name).click()

    def pause(self):
        """Pause, and wait for the step that the worker came to."""
        self.press("Pause")
        self.rest()

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def field(self, name):
        return self.root.locator(f"[name={name}]")

    def choose(self, name, value):
        buttons = self.root.locator(f"[data-name={name}]")
        if buttons.count():
            buttons.locator(f"label:has([value={value}])").click()
        else:
            self.field(name).select_option(value)

    @property
    def readout(self):
        return self.root.locator(".fp-readout").inner_text()

    @property
    def step(self):
        return int(re.match(r"step ([\d,]+)", self.readout)[1].replace(",", ""))

    @property
    def notes(self):
        return self.root.locator(".fp-notes").inner_text()

    def address(self, *parts):
        """Wait until the address has these parts, which takes a moment, and return it."""
        until(self.page, "(parts) => parts.every((part) => location.hash.includes(part))", parts)
        return self.page.evaluate("location.hash")

    def follow(self, fragment):
        """Go to an address on the same page, and wait until the page writes it in its own way."""
        self.page.evaluate("(fragment) => { location.hash = fragment }", fragment)
        until(self.page, "(fragment) => location.hash !== fragment", fragment)
        self.rest()

    def path(self, name):
        return self.root.locator(name).first.get_attribute("d")

    def drawn(self):
        return [self.path(name) for name in (".fp-output", ".fp-error-line", ".fp-loss-train")]


@pytest.fixture
def reader(visited):
    """Return the reader of the one visit that most tests share, with all settings as at first."""
    reader = Reader(visited.page)
    reader.follow(AFRESH)
    reader.choose("speed", "Infinity")
    return reader


@pytest.fixture
def read(visit):
    """Return a function that opens the playground with an address and returns its reader."""
    visits = []

    def read(fragment="", **how):
        visits.append(visit(PAGE + fragment, **how))
        return Reader(visits[-1].page)

    yield read
    for visited in visits:
        assert visited.complaints == []
        assert visited.foreign == []


@on_its_page
def test_play_and_pause(reader):
    start = reader.drawn()
    reader.press("Play")
    reader.until("step > 30")
    reader.pause()
    reached = reader.step
    assert all(before != after for before, after in zip(start, reader.drawn(), strict=True))
    let_draw(reader.page, 10)  # it would ask for more with each of them
    reader.rest()
    assert reader.step == reached
    reader.press("step")
    reader.until("step !== arg", reached)
    assert reader.step == reached + 1


@on_its_page
def test_step_and_reset(reader):
    before = reader.readout
    for expected in (1, 2, 3):
        reader.press("step")
        reader.until("step === arg", expected)
    reader.press("reset")
    reader.until("step === 0")
    assert reader.readout == before


def test_slow_speed(read):
    reader = read()
    reader.choose("speed", "1")
    reader.page.evaluate(COUNT_DRAWINGS)
    reader.press("Play")
    reader.until("step >= 5")
    reader.pause()
    assert reader.step <= reader.page.evaluate("window.frames")


def test_it_pauses_when_all_is_learned_and_goes_on_when_it_is_asked(read):
    reader = read("#playground&target=equal&lr=0.002")
    reader.press("Play")
    reader.button("Play").wait_for()
    assert re.search(r"learned: [\d, ]+$", reader.readout)
    assert reader.root.locator(".fp-learned").count() == reader.root.locator(".fp-end").count()
    reached = reader.step
    reader.press("Play")
    reader.until("step > arg", reached)
    reader.pause()


@on_its_page
def test_presets_train(reader):
    names = reader.field("preset").locator("option").all_inner_texts()
    assert len(names) == 11  # your own, nine that train, and one that waits for a drawing
    for name in names[1:10]:
        reader.choose("preset", name)
        reader.until("step === 0")
        reader.press("Play")
        reader.until("step > 20")
        reader.pause()
        assert reader.notes == "", name
        assert reader.field("preset").input_value() == name


@on_its_page
def test_noisy_sine_brings_noise(reader):
    reader.choose("target", "sine")
    assert reader.field("noise").get_attribute("aria-valuetext") == "0.3"
    until(reader.page, "document.querySelector('.fp-playground .fp-sample').getAttribute('d')")


@on_pages(["book/one_dimension/one_dimension.html"])
def test_noise_goes_with_the_noisy_sine(visited):
    """Also where a chapter's small playground has no slider for it."""
    reader = Reader(visited.page)
    more = reader.root.get_by_role("link", name="all settings")
    assert reader.field("noise").count() == 0
    reader.choose("target", "sine")
    assert "noise=0.3" in more.get_attribute("href")
    reader.choose("target", "staircase")
    assert "noise" not in more.get_attribute("href")


@on_its_page
def test_noise_that_the_reader_chose_stays(reader):
    reader.choose("target", "sine")
    reader.field("noise").press("ArrowRight")
    reader.choose("target", "staircase")
    assert reader.field("noise").get_attribute("aria-valuetext") == "0.35"


@on_its_page
def test_a_large_output_goes_on_beyond_the_panel(reader):
    reader.follow("#playground&seed=0&target=equal&weight_std=3&bias_std=3")
    plot = reader.root.locator(".fp-fit svg")
    top, height = (float(plot.get_attribute(name)) for name in ("y", "height"))
    drawn = [float(y) for y in re.findall(r",([\d.-]+)", reader.path(".fp-output"))]
    assert min(drawn) < top
    assert max(drawn) > top + height
    assert plot.evaluate("e => getComputedStyle(e).overflow") == "hidden"


@on_its_page
def test_amplitudes_belong_to_the_sum_of_sines(reader):
    assert not reader.field("amplitude0").is_visible()
    reader.choose("target", "sines")
    reader.field("amplitude1").press("Home")
    reader.address("amplitudes=1_0_3")


# --- the address -----------------------------------------------------------------------------


def test_an_address_brings_the_same_run(read):
    fragment = "#playground&target=equal&width=12&depth=2&lr=0.01&seed=7&data_seed=5&steps=60"
    first, second = read(fragment), read(fragment)
    for reader in (first, second):
        reader.until("step === 60")
        reader.rest()
    assert first.readout == second.readout
    assert first.path(".fp-output") == second.path(".fp-output")
    assert first.path(".fp-error-line") == second.path(".fp-error-line")


def test_a_paused_run_can_be_sent(read):
    reader = read()
    reader.choose("activation", "relu")
    reader.press("Play")
    reader.until("step > 50")
    reader.pause()
    other = read(reader.address(f"steps={reader.step}", "activation=relu"))
    other.until("step === arg", reader.step)
    assert other.readout == reader.readout


def test_no_run_is_longer_than_an_address_may_ask_for(visit):
    few = (widgets.FOLDER / "playground" / "parameters.js").read_text("utf-8")
    few = few.replace("MOST_STEPS = 10_000_000", "MOST_STEPS = 50")
    visited = visit()
    visited.page.route(
        "**/parameters.js",
        lambda route: route.fulfill(body=few, content_type="text/javascript"),
    )
    visited.open(PAGE)
    reader = Reader(visited.page)
    reader.press("Play")
    reader.address("steps=50")
    assert reader.step == 50
    assert reader.button("Play").is_disabled()
    assert reader.button("step").is_disabled()


@on_its_page
def test_a_new_address_is_followed(reader):
    reader.page.evaluate("location.hash = '#playground&width=5'")
    until(reader.page, "document.querySelector('[name=width]').value === '5'")


def test_other_fragments_are_left_alone(read):
    reader = read("#six-things-to-try")
    let_pass(reader.page, DELAY)
    assert reader.page.evaluate("location.hash") == "#six-things-to-try"


BAD_ADDRESSES = {
    "width=1000": "width: 1000 became 200",
    "width=-3": "width: -3 became 1",
    "width=2.6": "width: 2.6 became 3",
    "lr=nan": "learning rate: nan became 0.003",
    "lr=Infinity": "learning rate: Infinity became 0.003",
    "weight_std=": "std of weights: nothing became 0.2",
    "noise=1e9": "noise: 1e9 became 1",
    "samples=31": "samples: 31 became 32",
    "activation=gelu": "“gelu” is not known, “tanh” is used",
    "target=constructor": "“constructor” is not known",
    "__proto__=1": "“__proto__” is no setting",
    "amplitudes=1_2": "",
    "steps=-1": "steps: -1 became 0",
    "steps=x": "steps: x became 0",
    "target=drawn&drawing=9_0_x": "drawn point 1: 9 became 1.5; drawn point 3: NaN became 0",
    "%": "is no setting",
}


@on_its_page
def test_a_bad_address(reader):
    for fragment, note in BAD_ADDRESSES.items():
        reader.follow(f"#playground&{fragment}")
        assert note in reader.notes, fragment
        assert note or not reader.notes, fragment


def test_a_note_goes_with_the_next_change(read):
    reader = read("#playground&width=1000")
    assert "width: 1000 became 200" in reader.notes
    reader.field("seed").press("ArrowRight")
    assert reader.notes == ""


# --- runs that cannot go on ------------------------------------------------------------------

GOES_ON = "readout !== arg && (step > 20 || /Stopped/.test(notes))"


@on_its_page
def test_divergence_stops_and_offers_a_smaller_rate(reader):
    reader.follow(DIVERGES + "&seed=0")
    reader.press("Play")
    reader.until("/Stopped at step/.test(notes)")
    assert "A learning rate of 1 is too large" in reader.notes
    assert reader.button("Play").is_disabled()
    stopped = reader.readout
    reader.press("start again with 0.1")
    assert reader.field("lr").get_attribute("aria-valuetext") == "0.1"
    reader.address("lr=0.1")
    reader.until(GOES_ON, stopped)
    again = reader.root.get_by_role("button", name="start again")
    while again.count():
        stopped = reader.readout
        again.click()
        reader.until(GOES_ON, stopped)


@on_its_page
def test_there_is_no_rate_below_the_smallest(reader):
    reader.follow(STEEP + "&seed=0")
    reader.press("Play")
    reader.until("/Stopped at step/.test(notes)")
    assert "smallest one: start with smaller weights" in reader.notes
    assert reader.root.locator(".fp-notes button").count() == 0


FOCUSED = "document.activeElement.ariaLabel"


@on_its_page
def test_the_keyboard_stays_where_it_is(reader):
    reader.follow(DIVERGES + "&seed=0")
    reader.button("Play").press("Enter")
    reader.until("/Stopped at step/.test(notes)")
    reader.rest()
    assert reader.button("Play").is_disabled()
    assert reader.page.evaluate(FOCUSED) == "Play"
    stopped = reader.readout
    reader.page.keyboard.press("Enter")
    let_draw(reader.page, 10)
    reader.rest()
    assert reader.readout == stopped
    reader.button("start again with 0.1").press("Enter")
    assert reader.page.evaluate(FOCUSED) in ("Play", "Pause")


@on_its_page
def test_a_note_that_stays_is_read_out_once(reader):
    reader.choose("target", "drawn")
    reader.until("/Nothing is drawn yet/.test(notes)")
    reader.page.evaluate(
        """() => {
          window.changes = 0;
          new MutationObserver((changes) => { window.changes += changes.length; })
            .observe(document.querySelector(".fp-notes"), { childList: true, subtree: true });
        }"""
    )
    reader.field("seed").press("ArrowRight")
    reader.address("seed=1")
    reader.rest()
    assert "Nothing is drawn yet" in reader.notes
    assert reader.page.evaluate("window.changes") == 0


@on_its_page
def test_nothing_drawn(reader):
    reader.choose("target", "drawn")
    reader.until("/Nothing is drawn yet/.test(notes)")
    until(reader.page, "document.querySelector('.fp-playground .fp-play').ariaDisabled === 'true'")


@on_its_page
@pytest.mark.parametrize(
    "drawing",
    [[0.5] * 33, [0] * 16 + [1] + [0] * 16],
    ids=["a level line", "a point between two samples"],
)
def test_a_drawing_without_a_peak(reader, drawing):
    drawing = "_".join(map(str, drawing))
    reader.follow(f"#playground&seed=0&target=drawn&samples=16&drawing={drawing}")
    assert "the drawing has no clear peak" in reader.notes
    assert "Take more samples" in reader.notes
    assert "Nothing is drawn" not in reader.notes


@on_its_page
def test_a_constant_target(reader):
    reader.follow("#playground&seed=0&target=sines&amplitudes=0_0_0")
    assert "This target is constant" in reader.notes
    assert reader.button("Play").is_disabled()


def test_without_workers(read, visit):
    visited = visit()
    visited.page.add_init_script("delete window.Worker")
    visited.open(PAGE)
    reader = Reader(visited.page)
    assert "allows no worker" in reader.notes
    reader.press("Play")
    reader.until("step > 30")
    reader.pause()
    other = read(reader.address(f"steps={reader.step}"))
    other.until("step === arg", reader.step)
    assert other.readout == reader.readout


def test_with_a_worker_that_cannot_start(visit):
    visited = visit()
    visited.page.route("**/playground/worker.js", lambda route: route.abort())
    visited.open(PAGE)
    reader = Reader(visited.page)
    assert "allows no worker" in reader.notes
    reader.press("Play")
    reader.until("step > 10")


def test_without_modules_a_sentence_stays(visit):
    visited = visit()
    visited.page.route("**/playground/playground.js", lambda route: route.abort())
    visited.open(PAGE)
    sentence = visited.page.locator(".fp-fallback")
    assert "The figure below shows such a run" in sentence.inner_text()
    assert visited.page.locator(".cell_output img").count() > 0


# --- drawing ---------------------------------------------------------------------------------


def test_drawing_with_the_mouse(read):
    reader = read("#playground&target=drawn")
    reader.root.scroll_into_view_if_needed()
    box = reader.root.locator(".fp-drawing").bounding_box()
    mouse = reader.page.mouse
    mouse.move(box["x"] + 60, box["y"] + 180)
    mouse.down()
    for place in range(1, 9):
        mouse.move(box["x"] + 60 + 30 * place, box["y"] + 180 - 90 * (place % 2))
    mouse.up()
    reader.until("!notes")
    let_pass(reader.page, DELAY)
    fragment = reader.address("drawing=")
    drawn = [float(v) for v in re.search(r"drawing=([\d._-]+)", fragment)[1].split("_")]
    assert len(drawn) == 33
    turns = sum((b - a) * (c - b) < 0 for a, b, c in zip(drawn, drawn[1:], drawn[2:], strict=False))
    assert turns >= 5
    assert read(fragment).path(".fp-target") == reader.path(".fp-target")
    reader.press("Play")
    reader.until("step > 10")


@on_its_page
def test_drawing_with_the_keyboard(reader):
    reader.choose("target", "drawn")
    handle = reader.root.get_by_role("slider", name="point of the drawn target")
    handle.focus()
    assert handle.get_attribute("aria-valuetext") == "point 17 of 33, x = 0.00, height 0"
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown"):
        handle.press(key)
    assert handle.get_attribute("aria-valuetext") == "point 18 of 33, x = 0.06, height -0.1"
    assert handle.get_attribute("aria-valuenow") == "-0.1"
    handle.press("Home")
    for _ in range(5):
        handle.press("PageUp")
    assert handle.get_attribute("aria-valuetext") == "point 1 of 33, x = -1.00, height 1.5"
    reader.address("drawing=1.5_0_")
    reader.until("!notes")


@on_its_page
def test_clearing_the_drawing(reader):
    reader.choose("target", "drawn")
    button = reader.button("clear the drawing")
    handle = reader.root.get_by_role("slider", name="point of the drawn target")
    for clear in (lambda: reader.page.keyboard.press("Enter"), button.click):
        handle.press("PageUp")
        reader.until("!notes")
        reader.address("drawing=")
        reader.page.keyboard.press("Tab")
        assert reader.page.evaluate(FOCUSED) == "clear the drawing"
        clear()
        reader.until("/Nothing is drawn yet/.test(notes)")
        assert "height 0" in handle.get_attribute("aria-valuetext")
        assert reader.page.evaluate(FOCUSED) == "clear the drawing"
        until(reader.page, "!location.hash.includes('drawing=')")
    reader.choose("target", "staircase")
    until(reader.page, "document.querySelector('.fp-clear').hidden")
    assert not button.is_visible()


def test_a_finger_can_draw(visit):
    visited = visit(PAGE + "#playground&target=drawn", width=390)
    reader = Reader(visited.page)
    canvas = reader.root.locator(".fp-drawing")
    assert canvas.evaluate("e => getComputedStyle(e).touchAction") == "none"
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    client = visited.page.context.new_cdp_session(visited.page)

    def touch(kind, *points):
        where = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    touch("touchStart", (80, 80))
    touch("touchMove", (200, 190))
    touch("touchEnd")
    reader.until("!notes")


# --- for all readers -------------------------------------------------------------------------


@on_its_page
def test_every_control_has_a_name(reader):
    reader.choose("target", "sines")
    controls = reader.root.locator("input, select, button").all()
    assert len(controls) >= 20
    for control in controls:
        name = control.evaluate(
            "e => e.ariaLabel || e.labels?.[0]?.textContent || e.textContent.trim()"
        )
        assert name


@on_its_page
def test_every_slider_moves_by_keys_and_says_its_value(reader):
    for slider in reader.root.locator("input[type=range]:visible").all():
        slider.focus()
        slider.press("Home")
        low = slider.get_attribute("aria-valuetext")
        slider.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") != low
        slider.press("End")
        high = float(slider.get_attribute("aria-valuetext"))
        assert high > float(low)
        slider.press("Home")
    assert reader.notes == ""


@on_its_page
def test_focus_is_visible(reader):
    for selector in ("select", "button", "input[type=range]:visible", "[name=lr]"):
        control = reader.root.locator(selector).first
        control.focus()
        reader.page.keyboard.press("Shift+Tab")
        reader.page.keyboard.press("Tab")
        assert control.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


PANELS = "[...document.querySelectorAll('.fp-playground svg[role=img]')].map((e) => e.ariaLabel)"


@on_its_page
def test_words_for_the_panels(reader):
    reader.follow("#playground&seed=0&steps=40")
    until(reader.page, f"{PANELS}.every((words) => words?.includes('at step 40'))")
    words = reader.page.evaluate(PANELS)
    assert len(words) == 4
    assert re.search(r"k = 1, \d", words[2])


@on_its_page
def test_words_follow_every_single_step(reader):
    for expected in (1, 2, 3):
        reader.press("step")
        reader.until("step === arg", expected)
    assert all("at step 3" in words for words in reader.page.evaluate(PANELS))
    spoken = reader.root.locator("[aria-live=polite]")
    assert spoken.text_content() == reader.readout


@on_its_page
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("fragment", ["#playground&seed=0&target=drawn", DIVERGES + "&seed=0"])
def test_it_is_accessible_when_something_is_wrong(visited, reader, fragment, width):
    visited.dress("light", width)
    reader.follow(fragment)
    if fragment.startswith(DIVERGES):
        reader.press("Play")
    reader.until("notes")
    assert problems(reader.page) == []


BETWEEN_WORDS = 3000  # milliseconds


def test_announcements_are_rare(visit):
    """Some drawings are told: after the first of them, one every three seconds of the page's."""
    visited = visit()
    visited.page.clock.install()
    visited.open(PAGE)
    reader = Reader(visited.page)
    reader.page.evaluate(
        """() => {
          window.said = [];
          const region = document.querySelector(".fp-playground [aria-live=polite]");
          new MutationObserver(() => window.said.push(performance.now()))
            .observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    start = reader.page.evaluate("performance.now()")
    reader.press("Play")
    for count in (1, 2, 3):
        reader.page.clock.fast_forward(BETWEEN_WORDS)
        until(reader.page, "(count) => window.said.length >= count", count)
    said, end = reader.page.evaluate("[window.said, performance.now()]")
    assert len(said) <= 1 + (end - start) / BETWEEN_WORDS
    assert reader.root.locator(".fp-readout").get_attribute("aria-live") == "off"


# When the output's curve changed, by the times of the frames, and how many frames there were.
COUNT_DRAWINGS = """() => {
  window.drawings = [];
  window.frames = 0;
  const output = document.querySelector(".fp-playground .fp-output");
  new MutationObserver((changes) => {
    changes.forEach(() => window.drawings.push(document.timeline.currentTime));
  }).observe(output, { attributes: true, attributeFilter: ["d"] });
  const count = () => { window.frames += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""


def test_at_most_one_drawing_a_frame(read):
    reader = read()
    reader.page.evaluate(COUNT_DRAWINGS)
    reader.press("Play")
    until(reader.page, "window.drawings.length >= 30")
    drawings, frames = reader.page.evaluate("[window.drawings, window.frames]")
    assert len(drawings) <= frames + 2
    assert len(set(drawings)) == len(drawings)


def test_little_motion_for_those_who_want_little(visit):
    visited = visit(reduced_motion="reduce")
    visited.open(PAGE)
    reader = Reader(visited.page)
    reader.page.evaluate(COUNT_DRAWINGS)
    reader.press("Play")
    until(reader.page, "window.drawings.length >= 4")
    drawings = reader.page.evaluate("window.drawings")
    assert min(b - a for a, b in itertools.pairwise(drawings)) > 500


# --- in a notebook ---------------------------------------------------------------------------

RENDER = """async ([source, traits]) => {
  const model = new EventTarget();
  Object.assign(model, {
    get: (name) => traits[name],
    set(name, value) {
      traits[name] = value;
      model.dispatchEvent(new Event(`change:${name}`));
    },
    save_changes() {},
    on: (event, callback) => model.addEventListener(event, callback),
    off: (event, callback) => model.removeEventListener(event, callback),
  });
  Object.assign(window, { model });
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  document.querySelectorAll(".fp-widget").forEach((widget) => widget.remove());
  const el = document.querySelector("main") ?? document.body;
  (await import(url)).default.render({ model, el });
}"""


def test_a_small_one_in_a_chapter(visit):
    visited = visit("book/initialization/initialization.html")
    reader = Reader(visited.page)
    fields = reader.root.locator("[name]").evaluate_all("found => found.map(({ name }) => name)")
    assert fields == ["speed", "weight_std", "bias_std", "seed"]
    reader.field("weight_std").press("ArrowRight")
    reader.press("Play")
    reader.until("step >= 100")
    reader.pause()
    let_pass(reader.page, DELAY)
    assert reader.page.evaluate("location.hash") == "", "the address is the chapter's"
    weight, step = reader.field("weight_std").get_attribute("aria-valuetext"), reader.step
    reader.root.get_by_role("link", name="all settings").click()
    reader.page.wait_for_url("**/playground.html#*")
    assert f"weight_std={weight}" in reader.page.url
    assert "target=equal" in reader.page.url
    Reader(visited.page).until("step >= arg", step)
    assert visited.complaints == []


def test_in_a_notebook_the_model_has_settings_and_run(visit):
    control = playground.playground(width=8, target="equal")
    visited = visit(PAGE)
    before = visited.page.evaluate("location.hash")
    traits = {"data": control.data, "parameters": control.parameters, "recorded": {}}
    visited.page.evaluate(RENDER, [widgets.esm("playground"), traits])
    reader = Reader(visited.page)
    assert reader.notes == ""  # so there is a worker
    assert reader.field("width").input_value() == "8"
    reader.field("depth").press("Home")
    reader.press("Play")
    reader.until("step > 30")
    reader.pause()
    parameters, recorded = reader.page.evaluate(
        "[window.model.get('parameters'), window.model.get('recorded')]"
    )
    assert set(parameters) == set(playground.PARAMETERS)
    assert (parameters["width"], parameters["depth"]) == (8, 1)
    assert recorded["step"] == reader.step
    assert recorded["modes"] == [1, 3, 5, 7, 9]
    records = len(recorded["steps"])
    assert records == len(recorded["losses"]) == len(recorded["errors"]) > 10
    assert len(recorded["x"]) == len(recorded["output"]) == parameters["samples"]
    playground.playground().parameters = parameters  # Python takes them

    reader.page.evaluate("window.model.set('parameters', { width: 3, samples: 17 })")
    reader.until("step === 0")
    assert reader.field("width").input_value() == "3"
    assert "samples: 17 became 18" in reader.notes
    let_pass(reader.page, DELAY)
    assert reader.page.evaluate("location.hash") == before
    assert visited.complaints == []


def test_in_a_notebook_the_scrubber_brings_its_charts(visit):
    visited = visit("book/one_dimension/one_dimension.html")
    data = visited.page.evaluate(
        """async () => JSON.parse(await fetch("").then((page) => page.text()).then((text) =>
          new DOMParser().parseFromString(text, "text/html")
            .querySelector(".fp-widget script").textContent))"""
    )
    visited.page.evaluate(RENDER, [widgets.esm("scrubber"), {"data": data}])
    assert visited.page.locator(".fp-scrubber .fp-output").first.get_attribute("d")
    assert visited.complaints == []
