"""The figures of races between two waves show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.amplitude import figures


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_each_disc_has_the_colour_of_the_winner(ax):
    lead = np.array([[1.0, 2.0], [-1.0, np.nan]])
    figures.who_comes_first(ax, lead, [1, 4], [2, 3])
    slow, fast = (discs.get_offsets().tolist() for discs in ax.collections)
    assert (slow, fast) == ([[0, 0], [1, 0]], [[0, 1]])
    colors = [discs.get_facecolor()[0] for discs in ax.collections]
    assert [plt.matplotlib.colors.to_hex(c) for c in colors] == [figures.SLOW, figures.FAST]


def test_a_table_of_another_shape_is_refused(ax):
    with pytest.raises(ValueError, match="lead"):
        figures.who_comes_first(ax, np.ones((2, 3)), [1, 4], [2, 3])


def test_a_race_has_two_waves_and_the_limit(ax):
    figures.race(ax, [0, 1], {1: [1, 0.05], 3: [1, 0.5]})
    assert [line.get_ydata()[-1] for line in ax.lines] == [0.05, 0.5, 0.1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["k = 1", "k = 3"]


def test_a_larger_neighbour_has_a_thicker_line(ax):
    figures.disturbed(ax, [0, 1], {"1 ×": [1, 1], "4 ×": [1, 2]})
    thin, thick, _ = ax.lines
    assert thin.get_linewidth() < thick.get_linewidth()
    assert thick.get_ydata()[-1] == 2
