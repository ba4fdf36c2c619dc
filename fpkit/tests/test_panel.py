"""The panel that trains with the reader's settings."""

import pytest

from fpkit import DivergenceError, panel, results
from fpkit.widgets import Scrubber

from . import hand_made


@pytest.fixture
def shown(monkeypatch):
    """Return the parts of a live panel by their kind."""
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    *settings, button, message, below = panel.panel().children
    return {
        "settings": {control.description: control for control in settings},
        "button": button,
        "message": message,
        "below": below,
    }


def test_without_a_kernel_a_sentence_takes_its_place(monkeypatch):
    monkeypatch.setenv("FPKIT_STATIC", "1")
    assert "when the chapter runs in Jupyter" in panel.panel().data


def test_train_runs_with_the_chosen_settings(shown, monkeypatch):
    asked = {}

    def run(name, **changes):
        asked.update(changes, name=name)
        return hand_made()

    monkeypatch.setattr(results, "run", run)
    shown["settings"]["points"].value = 60
    shown["settings"]["networks"].value = 2
    shown["settings"]["activation"].value = "relu"
    shown["button"].click()
    assert (asked["name"], asked["n"], asked["activation"]) == ("staircase", 60, "relu")
    assert list(asked["seeds"]) == [0, 1]
    (scrubber,) = shown["below"].children
    assert isinstance(scrubber, Scrubber)
    assert "k = 1 not learned" in shown["message"].value
    assert not shown["button"].disabled


@pytest.mark.parametrize("error", [ValueError("try x<1"), DivergenceError("try x<1")])
def test_what_goes_wrong_is_said(shown, monkeypatch, error):
    def run(*_, **__):
        raise error

    monkeypatch.setattr(results, "run", run)
    shown["button"].click()
    assert "try x&lt;1" in shown["message"].value
    assert not shown["button"].disabled


def test_the_panel_trains_for_real(shown):
    shown["settings"]["training steps"].value = 500
    shown["settings"]["points"].value = 20
    shown["button"].click()
    assert "k = 1" in shown["message"].value
