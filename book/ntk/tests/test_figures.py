"""The figures of wide networks show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.ntk import figures
from fpkit.reproduce import load_or_run


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_lines_are_predicted_and_crosses_trained(ax):
    result = load_or_run("ntk_trajectory")
    predicted = np.broadcast_to(np.exp(-result.steps / 1e3)[:, None], result.errors.shape)
    figures.foretold(ax, result, predicted, member=1)
    lines, crosses = ax.lines[::2], ax.lines[1::2]
    assert len(lines) == len(crosses) == len(result.peaks)
    assert lines[2].get_ydata().tolist() == predicted[1, :, 2].tolist()
    assert crosses[2].get_ydata()[0] == result.errors[1, 0, 2]
    assert [text.get_text() for text in ax.texts] == [f"k = {k}" for k in result.peaks]


def test_predictions_of_another_shape_are_refused(ax):
    result = load_or_run("ntk_trajectory")
    with pytest.raises(ValueError, match="predicted"):
        figures.foretold(ax, result, np.ones((2, 3)))


def test_the_kernel_has_its_own_point_in_the_middle_and_both_ends_alike(ax):
    kernel = np.array([[[4.0, 2, 1, 3], [2, 4, 3, 1], [1, 3, 4, 2], [3, 1, 2, 4]]])
    figures.around_the_circle(ax, kernel, "black", "width 2")
    (line,) = ax.lines
    assert line.get_xdata().tolist() == [-180, -90, 0, 90, 180]
    assert line.get_ydata().tolist() == [1, 3, 4, 2, 1]


def test_each_network_has_a_rate_for_each_mode(ax):
    figures.rates(ax, np.array([[1, 0.5, 0.1], [2, 0.6, 0.2]]))
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 2], [0.5, 0.6], [0.1, 0.2]]


def test_the_first_eigenvector_has_the_largest_eigenvalue(ax):
    figures.eigenvectors(ax, np.diag([1.0, 3, 2]), (1, 2))
    assert [np.abs(line.get_ydata()).tolist() for line in ax.lines] == [[0, 1, 0], [0, 0, 1]]


def test_values_stand_above_their_width(ax):
    figures.against_width(ax, [4, 8], {"one": [[1, 2]], "other": [[3, 4]]})
    drawn = [line.get_ydata().tolist() for line in ax.lines if len(line.get_ydata())]
    assert drawn == [[1, 2], [3, 4]]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["4", "8"]
