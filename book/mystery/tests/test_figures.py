"""The figures of curves through points show what they say."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.mystery import figures
from book.mystery.interpolation import newton
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")

X, Y = np.array([-1.0, 0.0, 1.0]), np.array([0.0, 2.0, 1.0])
T = np.linspace(-1, 1, 8)


def through(**changes):
    return hand_made(**{"x": X, "y": Y[None], "eval_x": T, **changes})


def test_curves_are_drawn_with_their_points():
    _, ax = plt.subplots()
    figures.through_points(ax, X, Y, T, {"up": T, "down": -T})
    up, down, points = ax.lines
    np.testing.assert_array_equal(up.get_ydata(), T)
    np.testing.assert_array_equal(down.get_ydata(), -T)
    np.testing.assert_array_equal(points.get_xydata(), np.stack([X, Y], axis=1))
    assert ax.get_ylim() == (-2, 4)


def test_the_polynomial_goes_through_the_same_points():
    ax = figures.against_polynomial(through(), 1234).axes[0]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "network (1,234 parameters)",
        "polynomial (3)",
    ]
    np.testing.assert_allclose(ax.lines[1].get_ydata(), newton(X, Y)(T))
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), through().outputs[0, -1])


def test_growing_shows_the_kept_steps_nearest():
    axes = figures.growing(through(), [3, 1000]).axes
    assert [ax.get_title(loc="left") + ax.get_title() for ax in axes] == ["step 0", "step 40"]
    for ax, frame in zip(axes, (0, 1), strict=True):
        np.testing.assert_array_equal(ax.lines[1].get_ydata(), through().outputs[0, frame])


def test_variations_have_a_column_for_each_kind():
    _, ax = plt.subplots()
    figures.variations(ax, {"a b": [1.0, 2.0], "c": [3.0]})
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a\nb", "c"]
    assert [line.get_xdata().tolist() for line in ax.lines[:2]] == [[0, 0], [1]]


def test_the_elephant_is_closed():
    outline = figures.elephant().axes[0].lines[0].get_xydata()
    np.testing.assert_allclose(outline[0], outline[-1], atol=1e-9)


def test_bad_number_of_curves():
    message = re.escape("curves: expected 1 to 3, got 0")
    with pytest.raises(ValueError, match=message):
        figures.through_points(None, X, Y, T, {})
