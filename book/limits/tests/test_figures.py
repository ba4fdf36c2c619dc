"""The figures of what bends the order show what they say."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.limits import figures
from book.limits.experiments import differentiated
from fpkit.tests import hand_made


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def derivatives():
    """Return a result of one curve and three networks: they begin at 0 and end right."""
    turn = 2 * np.pi * np.arange(12) / 12
    curve = np.cos(turn) + 0.5 * np.sin(3 * turn)
    y = np.stack([differentiated(curve, order) for order in range(3)])
    outputs = np.stack([0 * y, y], axis=1).astype(np.float32)
    errors = np.ones((3, 5, 2))
    errors[0, 1:, 0], errors[0, 2:, 1], errors[2, 3:, 0] = 0, 0, 0
    losses = np.ones((3, 5))
    return hand_made(y=y, outputs=outputs, errors=errors, losses=losses, peaks=np.array([1, 3]),
                     x=turn, eval_x=turn)  # fmt: skip


def test_two_lessons_undo_the_derivatives(closed):
    axes = np.reshape(figures.two_lessons(derivatives(), [0, 40]).axes, (4, 2))
    names = [row[0].get_ylabel().replace("\n", " ") for row in axes]
    assert names == [f"{what}: {wave} wave" for what in ("heights", "bends")
                     for wave in ("slow", "fast")]  # fmt: skip
    turn = 2 * np.pi * np.arange(96) / 96
    for slow, fast in (axes[:2], axes[2:]):
        for row, wave in ((slow, np.cos(turn)), (fast, 0.5 * np.sin(3 * turn))):
            for ax, found in zip(row, (0 * wave, wave), strict=True):
                target, output = (line.get_ydata() for line in ax.lines)
                np.testing.assert_allclose(target, wave, atol=1e-6)
                np.testing.assert_allclose(output, found, atol=1e-6)


def test_orders_have_a_panel_for_each_lesson(closed):
    panels = figures.orders(derivatives(), ["values", "slopes", "second"]).axes
    assert [ax.get_title(loc="left") or ax.get_title() for ax in panels] == [
        "values",
        "slopes",
        "second",
    ]
    learned = [ax.lines[0].get_ydata().tolist() for ax in panels]
    np.testing.assert_array_equal(learned, [[10, 20], [np.nan, np.nan], [30, np.nan]])


def test_rates_are_relative_to_the_first(ax):
    figures.rates(ax, [1, 2], {"a": [4, 2], "b": [5, 5]})
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.5], [1, 1]]
    assert [text.get_text() for text in ax.texts] == ["a", "b"]
    with pytest.raises(ValueError, match=re.escape("found: expected")):
        figures.rates(ax, [1, 2], {"a": [4]})


def test_halves_are_solid_and_dashed(closed):
    series = {"dense": np.full((2, 5), 0.5), "sparse": np.full((2, 5), 0.7)}
    series = {name: values * [[1], [0.1]] for name, values in series.items()}
    result = hand_made(settings={"points": [(36, 12), (24, 24)]}, series=series)
    panels = figures.halves(result).axes
    for ax, factor, words in zip(panels, (1, 0.1), (["36", "12"], ["24", "24"]), strict=True):
        dense, sparse, _ = ax.lines
        assert (dense.get_linestyle(), sparse.get_linestyle()) == ("-", "--")
        assert (dense.get_ydata()[0], sparse.get_ydata()[0]) == (0.5 * factor, 0.7 * factor)
        shown = [text.get_text() for text in ax.get_legend().texts]
        assert shown == [f"{count} points" for count in words]


def test_later_is_relative_to_the_second_mode(ax):
    figures.later(ax, [1, 2, 3], {"a": np.array([[1.0, 2, 8], [2, 4, 8], [1, 2, 6]])})
    assert ax.lines[0].get_ydata().tolist() == [0.5, 1, 3]


def test_what_is_lost_again_has_a_dot_for_each_network(ax):
    figures.relapses(ax, {"a": [0.0, 1.0], "b": [0.5, np.nan]})
    assert ax.lines[0].get_xdata().tolist() == [0, 1]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_every_network_is_counted(ax):
    figures.every_network(ax, [-1, 1, 1, 0.99])
    counts = [bar.get_height() for bar in ax.patches]
    assert (counts[0], counts[-1], sum(counts)) == (1, 3, 4)
