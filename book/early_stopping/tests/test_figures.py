"""The figures of noisy labels show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.early_stopping import figures
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")

TEST = np.array([[5.0, 3.0, 1.0, 2.0, 4.0], [5.0, 4.0, 3.0, 2.0, 2.5]])


def noisy():
    frames, outputs = np.arange(0, 50, 10), np.arange(80).reshape(2, 5, 8)
    parts = {"frames": frames, "outputs": outputs.astype(np.float16), "y": np.ones((2, 8))}
    return hand_made(**parts, series={"test_loss": TEST})


def test_the_best_moment_has_the_smallest_test_loss():
    result = noisy()
    lower, *upper = figures.three_moments(result, early=10).axes
    assert [ax.get_title(loc="left") + ax.get_title() for ax in upper] == ["early", "best", "late"]
    for ax, frame in zip(upper, (1, 2, 4), strict=True):
        np.testing.assert_array_equal(ax.lines[1].get_ydata(), result.outputs[0, frame])
    assert [dot.get_xydata()[0].tolist() for dot in lower.lines[2:]] == [[10, 3], [20, 1], [40, 4]]


def test_noise_is_level_and_the_curve_is_not():
    _, ax = plt.subplots()
    figures.signal_and_noise(ax, np.cos(2 * np.pi * np.arange(16) / 16), 0.4)
    assert ax.lines[1].get_ydata() == pytest.approx([0.1, 0.1])
    assert ax.lines[0].get_ydata()[0] == pytest.approx(0.5)


def test_losses_have_one_name_for_each_kind():
    _, ax = plt.subplots()
    figures.losses(ax, noisy(), best=[20, 30], floor=0.01)
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["training", "test", "best", "noise floor"]
    np.testing.assert_array_equal(ax.lines[4].get_xydata(), [[20, 1], [30, 2]])


def test_bars_are_named_and_say_their_share():
    bands = [slice(1, 6), slice(6, 15)]
    shares = {"one": [0.03, 1.4], "two": [0.0, 0.5]}
    axes = figures.differences(bands, shares).axes
    assert [ax.get_title(loc="left") + ax.get_title() for ax in axes] == ["one", "two"]
    for ax, heights in zip(axes, shares.values(), strict=True):
        assert [bar.get_height() for bar in ax.patches] == heights
        assert [text.get_text() for text in ax.texts] == [f"{height:.0%}" for height in heights]
    assert [label.get_text() for label in axes[-1].get_xticklabels()] == ["1–5", "6–14"]


def test_ways_stand_side_by_side_at_each_level():
    _, ax = plt.subplots()
    excess = {"rule": [[0.1], [0.2, 0.3]], "none": [[0.5], [0.6]]}
    figures.above_best(ax, excess, [0.05, 0.4])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.05", "0.4"]
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.1], [0.2, 0.3], [0.5], [0.6]]
    places = [line.get_xdata()[0] for line in ax.lines]
    assert places[0] < 0 < places[2] < places[1] < 1 < places[3]
