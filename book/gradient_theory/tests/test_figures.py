"""The figures of one neuron's gradients show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.gradient_theory import figures
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")


def test_a_steeper_unit_has_more_of_a_fast_wave():
    upper, lower = figures.units([0.5, 1, 2]).axes
    assert len(upper.lines) == len(lower.lines) == 3
    slopes = [np.diff(line.get_ydata()).max() for line in upper.lines]
    ends = [line.get_ydata()[-1] for line in lower.lines]
    assert sorted(slopes) == slopes
    assert sorted(ends) == ends


def test_pulls_are_beside_the_decay():
    k, w = np.array([1.0, 2.0]), np.array([0.5, 1.0])
    axes = figures.pulls(k, w, {"a": -np.ones((2, 2)), "b": np.ones((2, 2))}).axes
    assert [ax.get_ylabel() for ax in axes] == ["derivative by a", "derivative by b"]
    size, decay = (line.get_ydata() for line in axes[0].lines[2:])
    np.testing.assert_array_equal(size, 1)
    np.testing.assert_allclose(decay[1] / decay[0], np.exp(-np.pi / 2))


def test_speeds_are_relative_to_the_first():
    _, ax = plt.subplots()
    figures.falls(ax, [1, 2], {"one": [4, 2], "two": [8, 2]})
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.5], [1, 0.25]]


def test_a_flat_unit_on_an_interval_falls_like_a_line():
    modes = np.arange(1, 21)
    pull_of = {0.1: np.ones((2, 20)), 1.0: 3 * np.ones((2, 20))}
    upper, lower = figures.on_an_interval(modes, [0.3], pull_of).axes
    solid, dashed = (line.get_ydata() for line in upper.lines)
    np.testing.assert_allclose(solid[9] / solid[4], 1 / 2, rtol=0.05)
    assert dashed[9] / dashed[4] < 1e-3
    heights = [line.get_ydata()[0] for line in lower.lines if len(line.get_ydata())]
    assert heights == [1, 1, 3, 3]


def test_norms_are_relative_to_their_start():
    norms = {f"layer {i}": i * np.array([[1.0, 1, 2, 3, 4]] * 2) for i in (1, 2)}
    result = hand_made(series=norms)
    first, *others = figures.norms({"large": result, "small": result}).axes
    assert [ax.get_title() for ax in (first, *others)] == ["large", "large", "small"]
    for ax in others:
        for line in ax.lines:
            np.testing.assert_array_equal(line.get_ydata(), [1, 1, 2, 3, 4])
