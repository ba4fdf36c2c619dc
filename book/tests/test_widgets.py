"""What the book's own widgets hand to their pages."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from book import widgets
from fpkit import plots
from fpkit.widgets import esm


def test_splines_data_are_the_points_and_what_to_draw():
    data = widgets.splines([0, 1, 3], [1, -1, 0], curves=["cubic", "kinked"], sizes=(0.1, 10)).data
    assert (data["x"], data["y"]) == ([0, 1, 3], [1, -1, 0])
    assert data["curves"] == ["cubic", "kinked"]
    assert data["slider"] == {"low": -1, "high": 1, "value": 0}
    assert data["domain"][0] < 0 < 3 < data["domain"][1]
    assert data["range"][0] < -1 < 1 < data["range"][1]
    assert widgets.splines([0, 1, 3], [1, 1, 1]).data["slider"] is None
    json.dumps(data)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: widgets.splines([0, 1], [1, 2]), "x: expected 3 to 12 points, got 2"),
        (lambda: widgets.splines([0, 2, 1], [1, 2, 3]), "x: expected increasing points"),
        (lambda: widgets.splines([0, 1, 2], [1, 2, 3], curves=["cubik"]), "curves: 'cubik' is not"),
        (lambda: widgets.splines([0, 1, 2], [1, 2, 3], sizes=(1, 2)),
         "sizes: expected with the curve 'kinked', and only then"),
        (lambda: widgets.splines([0, 1, 2], [1, 2, 3], curves=["kinked"]), "sizes: expected with"),
    ],
)  # fmt: skip
def test_what_splines_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- a bet -----------------------------------------------------------------------------------


def test_waves_to_bet_on_have_the_colors_of_the_first_chapter():
    page = widgets.bet().to_html()
    assert 'class="fp-widget" data-module="bet"' in page
    data = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(data[1])["colors"] == plots.frequency_colors([1, 3, 5, 7, 9])


def test_a_bet_brings_the_playgrounds_worker():
    assert "/playground/worker.js" in esm("bet", Path(widgets.__file__).parent)


# --- one neuron ------------------------------------------------------------------------------


def test_grip_data_are_the_unit_and_colors():
    data = widgets.grip(2, -1).data
    assert (data["w"], data["place"]) == (2, 0.5)
    assert data["weights"][0] < 2 < data["weights"][1]
    assert len(set(data["colors"])) == 8
    json.dumps(data)


@pytest.mark.parametrize(
    ("w", "b", "message"),
    [
        (9, 0, "w: expected a number between 0.3 and 8, got 9"),
        (-1, 0, "w: expected a number between"),
        (np.nan, 0, "w: expected a number between"),
        ("1", 0, "w: expected a number between"),
        (2, 5, "b: expected a number between -4 and 4, got 5"),
        (2, [1], "b: expected a number between"),
    ],
)
def test_what_grip_refuses(w, b, message):
    with pytest.raises(ValueError, match=message):
        widgets.grip(w, b)


# --- two networks on the same points ----------------------------------------------------------


def test_two_starts_data_are_the_points_and_both_scales():
    data = widgets.two_starts([0, 1, -1, 0.5, 0], stds=(0.2, 3)).data
    assert (data["y"], data["stds"]) == ([0, 1, -1, 0.5, 0], [0.2, 3])
    assert len(data["colors"]) == 20
    assert all(abs(height) <= 1 for height in widgets.two_starts().data["y"])
    json.dumps(data)


@pytest.mark.parametrize(
    ("y", "stds", "message"),
    [
        ([0, 1, 0, 1], (0.1, 2), "y: expected 5 to 15 points, got 4"),
        (np.zeros(16), (0.1, 2), "y: expected 5 to 15 points, got 16"),
        ([0, 1, 0, -1.5, 0], (0.1, 2), "y: expected heights from -1 to 1, got -1.5"),
        ([0, 1, 0, np.nan, 0], (0.1, 2), "y: expected finite numbers"),
        (np.zeros((2, 5)), (0.1, 2), "y: expected a 1-d array"),
        (np.zeros(5), (2, 0.1), "stds: expected the small one first"),
        (np.zeros(5), (0, 0.1), "stds: expected a finite number above 0, got 0"),
        (np.zeros(5), (0.1, 1, 2), "stds: expected a small and a large one"),
    ],
)
def test_what_two_starts_refuses(y, stds, message):
    with pytest.raises(ValueError, match=message):
        widgets.two_starts(y, stds=stds)
