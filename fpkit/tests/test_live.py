"""The panel that trains an experiment with the reader's settings."""

import threading
from collections.abc import Sequence
from functools import wraps
from typing import Annotated, Literal

import numpy as np
import pytest
from matplotlib.figure import Figure

import fpkit as fp
from fpkit import DivergenceError
from fpkit.interruption import watched
from fpkit.networks import ACTIVATIONS
from fpkit.reproduce import Between, Experiment, chapters, results
from fpkit.reproduce.live import THREAD, _Panel
from fpkit.reproduce.sliders import chosen, sliders
from fpkit.tests import decode
from fpkit.widgets import Curves, Scrubber, scrubber

START = {"n": 40, "count": 3, "steps": 8_000, "seeds": [0]}


class Shown:
    """The parts of a live panel."""

    def __init__(self, name="staircase", **how):
        *settings, buttons, self.message, self.below = fp.live(name, **how).children
        self.train, self.stop, self.bar = buttons.children
        self.settings = {control.description: control for control in settings}

    def finish(self):
        """Wait for the end of what it does."""
        for thread in threading.enumerate():
            if thread.name == THREAD:
                thread.join()


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    return Shown(**START)


@pytest.fixture
def asked(monkeypatch):
    """What the experiment is asked for; its training waits until `asked["go"]` is set."""
    staircase, got = chapters.get("staircase"), {"go": threading.Event()}

    @wraps(trains := staircase.function)
    def function(**settings):
        got.update(settings)
        got["go"].wait()
        return trains(**settings)

    monkeypatch.setattr(staircase, "function", function)
    return got


def test_without_a_kernel_the_stored_run_takes_its_place(monkeypatch):
    monkeypatch.setenv("FPKIT_STATIC", "1")
    shown = []
    monkeypatch.setattr("fpkit.reproduce.live.display", shown.append)
    said = fp.live("staircase", **START).data
    assert shown[0].data == scrubber(fp.load_or_run("staircase"), members=1).data
    assert "A stored run." in said
    assert (
        "you set points, height α of a stair, count, training steps, activation, initial std"
        in said
    )


def test_train_runs_with_the_chosen_settings(asked, shown):
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


@pytest.mark.usefixtures("each_step")
def test_stop_is_heard_while_it_trains_and_what_was_recorded_is_shown(shown, monkeypatch):
    """A click comes from the thread that reads the page's messages, while another one trains."""
    trains, seen = threading.Event(), []
    watch = _Panel._watch

    def note(self, step, steps):
        seen.append(step)
        if step == 50:
            trains.set()
            self.stopping.wait()
        return watch(self, step, steps)

    monkeypatch.setattr(_Panel, "_watch", note)
    shown.train.click()
    trains.wait()
    shown.stop.click()
    shown.finish()
    assert seen[-1] == 50
    assert "Stopped after step 40 of 8,000; its 3 records are kept." in shown.message.value
    (below,) = shown.below.children
    assert isinstance(below, Scrubber)
    assert not shown.train.disabled


def test_stop_before_the_first_step_shows_the_first_record(asked, shown):
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


@pytest.mark.usefixtures("each_step")
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


def test_without_peaks_the_loss_is_shown(monkeypatch):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    shown = Shown("few_points", steps=100, seeds=[0, 1])
    shown.train.click()
    shown.finish()
    (below,) = shown.below.children
    assert isinstance(below, Curves)
    assert below.data["settings"] == ["1", "2"]
    assert shown.message.value.startswith("First network: loss 0.")


def test_a_chapter_can_show_a_figure_of_its_own(monkeypatch):
    def figure(result):
        drawn = Figure()
        drawn.subplots().plot(result.steps, result.losses.T)
        return drawn

    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    shown = Shown("few_points", show=figure, steps=100, seeds=[0])
    shown.train.click()
    shown.finish()
    (below,) = shown.below.children
    assert below.value.count("</svg>") == 1


def test_a_chapter_can_name_series(monkeypatch):
    monkeypatch.setenv("FPKIT_STATIC", "1")
    drawn = []
    monkeypatch.setattr("fpkit.reproduce.live.display", drawn.append)
    fp.live("noisy_sine", show=["training loss", "test_loss"])
    stored, (curves,) = fp.load_or_run("noisy_sine"), drawn
    assert curves.data["names"] == ["training loss", "test loss"]
    wanted = np.stack([stored.losses, stored.series["test_loss"]], axis=1)
    np.testing.assert_array_equal(decode(curves.data["values"]), wanted)
    with pytest.raises(ValueError, match="show: 'test_los' is not known; did you mean 'test_loss'"):
        fp.live("noisy_sine", show=["test_los"])


def test_an_unknown_setting():
    with pytest.raises(ValueError, match="setting: 'stepps' is not known; did you mean 'steps'"):
        fp.live("staircase", stepps=100)


# --- the controls ----------------------------------------------------------------------------


def of_many_kinds(
    *,
    rate: Annotated[float, Between(1e-4, 1, log=True), "rate of it"] = 0.01,
    share: Annotated[float, Between(0, 1)] = 0.5,
    count: int = 8,
    noise: float = 0.1,
    shift: float = 0.0,
    first: int = 0,
    kind: Literal["low", "high"] = "high",
    activation: str = "tanh",
    data: str = "digits",
    antisymmetric: bool = True,
    modes: Sequence[int] = (1, 2),
    held_out: int | None = None,
    seeds: Sequence[int] = (3, 4, 5),
    record_every: int = 20,
):
    """Do nothing."""


@pytest.fixture(scope="module")
def found():
    made = Experiment(of_many_kinds, "ours")
    return sliders(made.hints, made.settings)


@pytest.mark.parametrize(
    ("name", "kind", "label", "bounds"),
    [
        ("rate", "FloatLogSlider", "rate of it", (-4, 0, 0.01)),
        ("share", "FloatSlider", "share", (0, 1, 0.5)),
        ("count", "IntSlider", "count", (2, 16, 8)),
        ("noise", "FloatLogSlider", "noise", (-2, 0, 0.1)),
        ("shift", "FloatSlider", "shift", (0, 1, 0)),
        ("first", "IntSlider", "first", (0, 10, 0)),
        ("seeds", "IntSlider", "networks", (1, 8, 3)),
    ],
)
def test_a_number_has_a_slider(found, name, kind, label, bounds):
    control = found[name]
    assert (type(control).__name__, control.description) == (kind, label)
    assert (control.min, control.max, control.value) == pytest.approx(bounds)


def test_a_choice_has_a_menu(found):
    assert found["kind"].options == ("low", "high")
    assert found["kind"].value == "high"
    assert set(found["activation"].options) == set(ACTIVATIONS)
    assert found["antisymmetric"].value is True


def test_what_cannot_be_chosen_has_no_control(found):
    assert not {"data", "modes", "held_out", "record_every"} & set(found)


def test_what_a_chapter_begins_with_is_within_the_bounds():
    control = sliders(Experiment(of_many_kinds, "ours").hints, {"share": 3.0})["share"]
    assert (control.min, control.max, control.value) == (0, 3, 3)


def with_training(*, n: Annotated[int, Between(20, 200)] = 40, lr: float = 1.0, **training: object):
    """Do nothing."""


def test_what_is_handed_on_to_the_training_can_be_chosen_too():
    made = Experiment(with_training, "ours", weight_std=0.5)
    assert list(made.settings)[:2] == ["n", "lr"]
    assert (made.settings["lr"], made.settings["weight_std"]) == (1.0, 0.5)
    controls = sliders(made.hints, made.settings)
    assert controls["n"].max == 200
    assert controls["weight_std"].description == "initial std"
    assert "hidden" not in controls


def test_the_one_value_of_a_sequence_and_a_cell_can_be_chosen():
    settings = {"modes": (3,), "cells": [{"lr": 0.01, "optimizer": "sgd"}], "seeds": [5], "n": 4}
    controls = sliders({"modes": Annotated[Sequence[int], Between(1, 9), "frequency"]}, settings)
    assert list(controls) == ["modes", "lr", "optimizer", "seeds", "n"]
    assert (controls["modes"].description, controls["modes"].max) == ("frequency", 9)
    controls["modes"].value, controls["optimizer"].value, controls["seeds"].value = 7, "adam", 2
    assert chosen(settings, controls) == {
        "modes": (7,), "cells": [{"lr": 0.01, "optimizer": "adam"}], "seeds": [0, 1], "n": 4,
    }  # fmt: skip


def test_a_sweep_that_is_stopped_says_that_nothing_is_kept(monkeypatch):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    monkeypatch.setattr(_Panel, "_watch", lambda *_: True)
    shown = Shown("phase_diagram", gains=[3.0], gaps=[2], seeds=[0], record_every=5)
    shown.train.click()
    shown.finish()
    assert shown.message.value.startswith("Stopped. Nothing is kept")
    assert not shown.train.disabled
