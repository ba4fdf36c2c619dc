"""The figures of both frequencies show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.response_frequency import figures
from fpkit.convergence import convergence_step
from fpkit.reproduce import load_or_run


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_each_answer_says_when_it_is_learned(closed):
    result = load_or_run("two_frequencies")
    fig = figures.four_answers(result)
    said = [ax.get_xlabel() for ax in fig.axes]
    steps = np.median(convergence_step(result.steps, result.errors), axis=0)
    even_slow, fine_slow, even_fast, fine_fast = (f"learned at step {n:.0f}" for n in steps)
    assert said == ["", even_slow, even_fast, "", fine_slow, fine_fast]
    (slow,), (fast,) = fig.axes[1].lines, fig.axes[2].lines
    turns = [np.count_nonzero(np.diff(np.sign(np.diff(line.get_ydata())))) for line in (slow, fast)]
    assert turns[0] == 0 < turns[1]
    assert slow.get_color() != fast.get_color()


def test_colour_is_the_answer_and_dashes_are_the_pattern(ax):
    result = load_or_run("two_frequencies")
    figures.four_errors(ax, result)
    looks = [(line.get_color(), line.get_linestyle()) for line in ax.lines[:4]]
    colors = figures.SLOW, figures.FAST
    assert looks == [(color, style) for color in colors for style in ("-", "--")]
    assert ax.lines[3].get_ydata().tolist() == result.errors[0, :, 3].tolist()


def test_rows_of_images(closed):
    images = np.arange(12.0).reshape(3, 4)
    fig = figures.pictures([images, images], 2, ["one", "", "three"])
    assert len(fig.axes) == 6
    assert fig.axes[4].images[0].get_array().tolist() == [[4, 5], [6, 7]]
    assert [ax.get_title() for ax in fig.axes[:3]] == ["one", "", "three"]


def test_one_image_and_the_median_spectrum(closed):
    at = np.linspace(-1, 1, 64, endpoint=False)
    fast = np.sin(2 * np.pi * 4 * at)
    fig = figures.along_lines(
        at, {"here": np.stack([at, fast, fast]), "there": np.ones((3, 64))}, 1
    )
    left, right = fig.axes
    assert left.lines[0].get_ydata().tolist() == fast.tolist()
    assert right.lines[0].get_xdata()[right.lines[0].get_ydata().argmax()] == 4


def test_margins_of_another_length_are_refused(closed):
    with pytest.raises(ValueError, match="here"):
        figures.along_lines(np.arange(4.0), {"here": np.ones((2, 3)), "there": np.ones((2, 4))}, 0)


def test_all_curves_and_points_are_there(ax):
    figures.through_points(ax, [0, 1], [2, 3], [0, 1], np.array([[2, 3], [2, 3]]), np.array([5, 6]))
    assert [line.get_ydata().tolist() for line in ax.lines] == [[2, 3], [2, 3], [5, 6], [2, 3]]
