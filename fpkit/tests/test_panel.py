"""The panel that trains with the reader's settings."""

import threading

import pytest

from fpkit import DivergenceError, experiments, panel, results
from fpkit.interruption import watched
from fpkit.widgets import Scrubber, scrubber


class Shown:
    """The parts of a live panel."""

    def __init__(self):
        *settings, buttons, self.message, self.below = panel.panel().children
        self.train, self.stop, self.bar = buttons.children
        self.settings = {control.description: control for control in settings}

    def finish(self):
        """Wait for the end of what it does."""
        for thread in threading.enumerate():
            if thread.name == panel.THREAD:
                thread.join()


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    return Shown()


@pytest.fixture
def asked(monkeypatch):
    """What the experiment is asked for; its training waits until `asked["go"]` is set."""
    staircase, got = experiments.get("staircase"), {"go": threading.Event()}

    def function(**settings):
        got.update(settings)
        got["go"].wait()
        return staircase.function(**settings)

    stand_in = experiments.Experiment("staircase", "none", staircase.function)
    stand_in.function = function
    monkeypatch.setattr(experiments, "get", lambda _: stand_in)
    return got


def test_without_a_kernel_a_sentence_takes_its_place(monkeypatch):
    monkeypatch.setenv("FPKIT_STATIC", "1")
    assert "when the chapter runs in Jupyter" in panel.panel().data


def test_train_runs_with_the_chosen_settings(shown, asked):
    shown.settings["points"].value = 60
    shown.settings["networks"].value = 2
    shown.settings["training steps"].value = 500
    shown.settings["activation"].value = "relu"
    shown.train.click()
    shown.settings["points"].value = 20  # too late for this training
    assert shown.train.disabled
    assert not shown.stop.disabled
    asked["go"].set()
    shown.finish()
    assert (asked["n"], asked["activation"], asked["steps"]) == (60, "relu", 500)
    assert list(asked["seeds"]) == [0, 1]
    (below,) = shown.below.children
    assert isinstance(below, Scrubber)
    assert shown.message.value.startswith("First network: k = 1 learned at step")
    assert not shown.train.disabled
    assert shown.stop.disabled


@pytest.mark.parametrize("error", [ValueError("try x<1"), DivergenceError("x<1"), OSError("x<1")])
def test_what_goes_wrong_is_said(shown, monkeypatch, error):
    def summarise(*_):
        raise error

    monkeypatch.setattr(results, "summarise", summarise)
    shown.settings["training steps"].value = 500
    shown.train.click()
    shown.finish()
    assert "x&lt;1" in shown.message.value
    assert not shown.train.disabled
    assert shown.stop.disabled


def test_stop_is_heard_while_it_trains_and_what_was_recorded_is_shown(shown, monkeypatch):
    """A click comes from the thread that reads the page's messages, while another one trains."""
    trains, seen = threading.Event(), []
    watch = panel._Panel._watch

    def note(self, step, steps):
        seen.append(step)
        if step == 50:
            trains.set()
            self.stopping.wait()
        return watch(self, step, steps)

    monkeypatch.setattr(panel._Panel, "_watch", note)
    shown.train.click()
    trains.wait()
    shown.stop.click()
    shown.finish()
    assert seen[-1] == 50
    assert "Stopped after step 40 of 8,000; its 3 records are kept." in shown.message.value
    (below,) = shown.below.children
    assert isinstance(below, Scrubber)
    assert not shown.train.disabled


def test_stop_before_the_first_step_shows_the_first_record(shown, asked):
    shown.train.click()
    shown.stop.click()
    asked["go"].set()
    shown.finish()
    assert "Stopped after step 0 of 8,000; its record is kept." in shown.message.value
    assert len(shown.below.children) == 1


def test_it_can_train_again_after_a_stop(shown):
    shown.settings["training steps"].value = 500
    for stop in (True, False):
        shown.train.click()
        if stop:
            shown.stop.click()
        shown.finish()
    assert "Stopped" not in shown.message.value
    assert "k = 1" in shown.message.value


def test_progress_moves_in_percents(shown):
    values = []
    shown.bar.observe(lambda change: values.append(change.new), "value")
    shown.settings["training steps"].value = 500
    shown.train.click()
    shown.finish()
    assert values == [*range(1, 101), 0]


def test_others_are_not_watched(shown):
    with watched(lambda step, steps: step == 7):  # whoever runs the cells
        shown.settings["training steps"].value = 500
        shown.train.click()
        shown.finish()
    assert "Stopped" not in shown.message.value


def test_numbers_are_those_of_the_experiment(shown):
    shown.settings["training steps"].value = 500
    shown.train.click()
    shown.finish()
    value = {name: control.value for name, control in shown.settings.items()}
    how = {"lr": value["learning rate"], "weight_std": value["initial std"], "n": value["points"]}
    expected = results.run("staircase", steps=500, seeds=[0], count=3, progress=False, **how)
    assert shown.below.children[0].data == scrubber(expected).data
