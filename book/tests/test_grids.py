"""What the figures of several chapters share does what it says."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book import grids
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")


def test_orders_have_a_panel_for_each_result():
    _, axes = plt.subplots(2, 2)
    results = dict.fromkeys("abcd", hand_made(errors=np.full((2, 5, 3), 0.01)))
    grids.orders(axes, results)
    assert [ax.get_title() + ax.get_title(loc="left") for ax in axes.flat] == list("abcd")
    assert [bool(ax.get_ylabel()) for ax in axes.flat] == [True, False, True, False]
    assert [bool(ax.get_xlabel()) for ax in axes.flat] == [False, False, True, True]


def test_as_many_panels_as_results():
    with pytest.raises(ValueError, match=r"^axes, results: expected as many of each, got 1, 0$"):
        grids.orders([None], {})


def test_waves_of_a_derivative_are_those_of_the_function():
    turns = np.arange(32) / 32
    angle, k = 2 * np.pi * 3 * turns, np.array([3])
    found = grids.waves(-9 * np.sin(angle), k, turns, undone=2)  # in units of half the interval
    np.testing.assert_allclose(found[0], np.sin(angle), atol=1e-12)


def test_a_name_stands_at_the_end_in_its_colour():
    ax = plt.subplots()[1]
    grids.name_end(ax, "slow", (1, 2), grids.SLOW)
    (text,) = ax.texts
    assert (text.get_text(), text.xy, text.get_color()) == ("slow", (1, 2), grids.SLOW)


def test_winners_are_named_in_one_list():
    ax = plt.subplots()[1]
    grids.name_winners(ax, undecided="#777777")
    legend = ax.get_legend()
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["slow wave first", "fast wave first", "undecided"]
    faces = [disc.get_markerfacecolor() for disc in legend.legend_handles]
    assert faces == [grids.SLOW, grids.FAST, "none"]
    ax.figure.draw_without_rendering()
    heights = [text.get_window_extent().y0 for text in legend.get_texts()]
    assert heights == sorted(heights, reverse=True)  # one below the other
    assert len(set(heights)) == len(names)
