"""The figures of what points cannot see show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.between_points import figures
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")


def test_both_waves_pass_through_all_points():
    _, ax = plt.subplots()
    figures.alias_pair(ax, (3, 7), 10)
    *waves, dots = ax.lines
    x, y = dots.get_data()
    assert len(x) == 10
    for wave in waves:
        np.testing.assert_allclose(np.interp(x, *wave.get_data()), y, atol=1e-2)
    low, high = (np.count_nonzero(np.diff(np.sign(wave.get_ydata()))) for wave in waves)
    assert (low, high) == (6, 14)


def test_a_lost_wave_has_the_member_that_was_asked_for():
    result = hand_made()
    result = hand_made(y=np.stack([result.x, -result.x]))
    _, ax = plt.subplots()
    figures.lost_wave(ax, result, np.sin(result.x), member=1)
    curve, network, points = (line.get_ydata() for line in ax.lines)
    np.testing.assert_array_equal(curve, np.sin(result.x))
    np.testing.assert_array_equal(network, result.outputs[1, -1])
    np.testing.assert_array_equal(points, -result.x)


def test_costs_are_beside_the_prediction():
    _, ax = plt.subplots()
    size, errors = np.array([0.0, 1.0, 2.0]), np.array([[0.0, 1.1, 4.2], [0.0, 0.9, 3.8]])
    figures.costs(ax, size, {"hidden": errors, "visible": 0 * errors})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a²", "hidden", "visible"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [0, 1, 4])
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines[1:3]], errors)


def test_each_row_has_the_output_and_its_spectrum_at_start_and_end():
    result = hand_made(settings={"n": 6}, eval_x=np.linspace(-1, 1, 8))
    axes = np.reshape(figures.starts_and_ends({"one": result, "two": result}, modes=4).axes, (2, 2))
    assert [left.get_title() for left in axes[:, 0]] == ["one", "two"]
    np.testing.assert_array_equal(axes[0, 0].lines[0].get_ydata(), result.outputs[0, -1])
    begin, end, nyquist = axes[1, 1].lines
    assert (begin.get_linestyle(), end.get_linestyle()) == (":", "-")
    assert nyquist.get_xdata()[0] == 3


def test_a_start_without_energy_has_no_ring():
    _, ax = plt.subplots()
    figures.energies(ax, {"some": np.array([[1.0, 2.0]]), "none": np.array([[0.0, 3.0]])})
    heights = [line.get_ydata().tolist() for line in ax.lines]
    assert heights == [[1.0], [2.0], [3.0]]
