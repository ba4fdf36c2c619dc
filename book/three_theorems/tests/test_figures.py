"""The figures of two frequencies that pull at the same weights show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.gradient_theory.runs_claims import Knocks
from book.three_theorems import figures
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")

X = np.arange(8) / 8
SLOW, FAST = np.cos(2 * np.pi * X), np.cos(6 * np.pi * X)


def test_each_row_is_one_wave_and_a_fast_one_is_shown_in_part():
    outputs = np.zeros((2, 2, 8))
    outputs[0] = SLOW, 2 * FAST
    result = hand_made(y=(SLOW + FAST)[None], outputs=outputs)
    fig = figures.waves_apart(result, {"slow": 1, "fast": 3}, [0, 40], periods=2)
    axes = np.reshape(fig.axes, (2, 2))
    assert [ax.get_title(loc="center") for ax in axes[0]] == ["step 0", "40"]
    tops = [[ax.lines[1].get_ydata()[0] for ax in row] for row in axes]
    np.testing.assert_allclose(tops, [[1, 0], [0, 2]], atol=1e-3)
    np.testing.assert_allclose([ax.lines[0].get_ydata()[0] for ax in axes.flat], 1, atol=1e-3)
    assert [ax.get_xlabel() for ax in axes.flat] == ["0%", "100%", "100%", "100%"]
    assert axes[0, 0].lines[0].get_xdata()[-1] == 1
    assert axes[1, 0].lines[0].get_xdata()[-1] == pytest.approx(2 / 3)


def test_turned_over_has_the_line_and_the_target():
    x = np.linspace(-1, 1, 8)
    _, ax = plt.subplots()
    figures.turned_over(ax, hand_made(x=x, y=(x * (-1.0) ** np.arange(8))[None]))
    line, target = (curve.get_ydata() for curve in ax.lines)
    np.testing.assert_allclose(line[1:3], target[:3][1::-1][:2], rtol=1e-9)


def test_knocks_have_a_panel_for_each_part():
    ones = np.ones((2, 3))
    one = Knocks(np.array([[1, 2, np.inf]] * 2), 2 * ones, np.ones((2, 3), int), 4 * ones)
    parts = {"learned": "first", "worst": "worst", "times": "times", "final": "final"}
    axes = figures.knocks({"a": one, "b": one}, [1, 2, 3], parts).axes
    assert [ax.get_title() for ax in axes] == list(parts.values())
    np.testing.assert_array_equal(axes[0].lines[0].get_ydata(), [1, 2, np.nan])
    assert axes[3].lines[0].get_ydata()[0] == 4


def test_shares_are_drawn_net_by_net():
    _, ax = plt.subplots()
    figures.share_of_draws(ax, [0.1, 1], [[1, 0.5], [1, 0.25]])
    assert [line.get_ydata()[-1] for line in ax.lines[:2]] == [0.5, 0.25]


def test_equal_pulls_are_medians_without_what_is_unknown():
    _, ax = plt.subplots()
    samples = np.array([[1, 2, 3, np.nan], [10, 20, 30, np.nan]])
    figures.equal_pulls(ax, [0.1, 1], {"A = 1": samples})
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [2, 20])
