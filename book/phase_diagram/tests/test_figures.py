"""The figures of the map show what they say."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from book.phase_diagram import figures
from fpkit.tests import hand_made


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_a_dot_for_each_network_in_the_colour_of_the_winner(ax):
    slow = np.array([[[5.0, 5, 5]], [[9, np.inf, 5]]])  # two sizes, one gap, three networks
    fast = np.array([[[6.0, 7, np.inf]], [[5, np.inf, 5]]])
    figures.who_comes_first(ax, slow, fast, [1, 10], [2])
    first, neither, last = ax.collections
    assert [np.round(dots.get_offsets()[:, 1]).tolist() for dots in ax.collections] == [
        [0, 0, 0],
        [1, 1],
        [1],
    ]
    assert to_hex(first.get_facecolor()[0]) == figures.SLOW
    assert to_hex(last.get_facecolor()[0]) == figures.FAST
    assert len(neither.get_facecolor()) == 0
    everywhere = np.concatenate([dots.get_offsets() for dots in ax.collections])
    assert len(np.unique(everywhere, axis=0)) == 6
    named = [text.get_text() for text in ax.get_legend().get_texts()]
    assert named == ["slow wave first", "fast wave first", "undecided"]
    assert not ax.get_title()  # a word over some columns would be taken for their title


@pytest.mark.parametrize(
    ("shape", "message"),
    [((2, 1, 3), "steps: expected"), ((1, 1, 2), "steps: expected")],
)
def test_steps_that_do_not_fit_are_refused(ax, shape, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        figures.who_comes_first(ax, np.ones(shape), np.ones((1, 1, 3)), [1], [2])


def test_larger_weights_have_thicker_lines_and_bounds_are_rings(ax):
    lag, bound = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[False, True], [False, False]])
    figures.lags(ax, [1, 2], lag, bound, [1, 10])
    small, rings, large, no_rings, _ = ax.lines
    assert small.get_linewidth() < large.get_linewidth()
    assert (rings.get_xdata().tolist(), no_rings.get_xdata().tolist()) == ([2], [])
    assert large.get_ydata().tolist() == [0.3, 0.4]


def test_one_cell_is_the_middle_one(ax):
    settings = {"gains": [1, 2, 3], "gaps": [4, 5], "seeds": [0, 1]}
    members = np.arange(12.0)  # seed by seed, every pair of size and gap once for each
    low = np.repeat(members[:, None], 5, axis=1)
    result = hand_made(settings=settings, series={"low error": low, "high error": low + 100})
    figures.one_cell(ax, result)
    assert [line.get_ydata()[0] for line in ax.lines] == [3, 9, 103, 109, 0.1]
