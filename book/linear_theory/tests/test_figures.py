"""The figures of very wide networks show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.linear_theory import claims, figures, lfp_splines, wide_limit
from book.linear_theory.experiments import FIVE_X, FIVE_Y, SQUARE_X, SQUARE_Y
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")
EVAL = np.linspace(FIVE_X[0], FIVE_X[-1], 7)
START = {"outer": 10.0, "inner": 10.0, "half_width": 2.0, "neurons": 100}


def straight(x):
    return lfp_splines.kinked_spline(FIVE_X, FIVE_Y, cubic=0, linear=1)(x)


def five(**changes):
    """Return two networks on the five points; at record 1 they are 1 and 2 everywhere."""
    outputs = np.zeros((2, 3, len(EVAL)))
    outputs[:, 1], outputs[:, 2] = [[1], [2]], straight(EVAL)
    series = {"time": np.array([[0.0, 0.1, 0.2]] * 2)}
    fields = {"x": FIVE_X, "eval_x": EVAL, "y": FIVE_Y[None], "outputs": outputs}
    steps = np.array([0, 10, 20])
    return hand_made(**fields, steps=steps, frames=steps, settings=START, series=series, **changes)


def test_the_line_is_the_law_and_the_crosses_are_the_networks():
    ax = figures.known_in_advance({"large": five()}).axes[0]
    law, *crosses, dots = ax.lines
    assert np.abs(law.get_ydata() - straight(law.get_xdata())).max() < 0.01
    assert [line.get_marker() for line in crosses] == ["x", "x"]
    np.testing.assert_allclose(crosses[0].get_ydata(), straight(EVAL))
    np.testing.assert_array_equal(dots.get_xydata(), np.stack([FIVE_X, FIVE_Y], axis=1))


def test_a_pull_is_marked_where_it_is():
    x = np.array([-1.0, 0.0, 1.0])
    axes = figures.one_pull(x, {"a": [0.0, 1.0, 0.0], "b": [0.0, 2.0, 4.0]}, at=0.5).axes
    assert [ax.lines[1].get_xydata()[0].tolist() for ax in axes] == [[0.5, 0.5], [0.5, 3]]
    with pytest.raises(ValueError, match="kernels: expected one value per point"):
        figures.one_pull(x, {"a": [0.0, 1.0]}, at=0)


def test_a_dot_at_the_crossover():
    _, ax = plt.subplots()
    law = wide_limit.coefficients(*(wide_limit.Moments.uniform(s) for s in (1, 10)))
    figures.rates(ax, {"name": law})
    assert ax.lines[1].get_xdata() == [law.crossover]
    assert [text.get_text() for text in ax.texts] == ["name"]


def test_each_moment_has_its_prediction_and_its_network():
    result = five()
    axes = figures.while_it_trains(result, [0, 1, 2, 2]).axes
    predicted = claims.predicted_trajectory(result)
    for ax, record in zip(axes, (0, 1, 2, 2), strict=True):
        np.testing.assert_allclose(ax.lines[0].get_ydata(), predicted[record])
        np.testing.assert_allclose(ax.lines[1].get_ydata(), result.outputs[0, record])
        assert ax.get_title(loc="left") + ax.get_title() == f"step {10 * record}"


def test_the_panel_and_the_lost_have_both_limits_beside_them():
    _, ax = plt.subplots()
    figures.lost(ax, five())
    for axes in (figures.beside_law(five()).axes[0], ax):
        styles = [line.get_linestyle() for line in axes.lines[:2]]
        assert styles == [":", "--"]
        line = axes.lines[1]
        np.testing.assert_allclose(line.get_ydata(), straight(line.get_xdata()))


def test_gaps_are_those_to_the_law():
    side = np.linspace(-1, 1, 3)
    eval_x = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    law = wide_limit.coefficients(*(wide_limit.Moments.uniform(10) for _ in range(2)))
    spline = lfp_splines.kinked_spline(SQUARE_X, SQUARE_Y, cubic=law.cubic, linear=law.linear)
    added = 0.1 * np.arange(9)
    outputs = (spline(eval_x) + added)[None, None]
    fields = {"x": SQUARE_X, "eval_x": eval_x, "y": SQUARE_Y[None], "outputs": outputs}
    ax = figures.gaps_in_the_plane({"a": hand_made(**fields, settings=START)}).axes[0]
    np.testing.assert_allclose(ax.images[0].get_array(), added.reshape(3, 3).T, atol=1e-12)


def test_the_law_of_widths_goes_through_the_first():
    _, ax = plt.subplots()
    figures.widths(ax, [100, 400], [[0.1, 0.3], [0.1, 0.1]])
    assert ax.lines[-1].get_ydata() == pytest.approx([0.2, 0.1])
    with pytest.raises(ValueError, match="off: expected shape"):
        figures.widths(ax, [100], [[0.1], [0.2]])
