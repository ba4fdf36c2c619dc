"""The figures of losses of frequencies show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.fourier_loss import figures
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")


def led(direction):
    """Return a result whose stages begin at steps 0, 20 and 30, and whose peaks come in order."""
    errors = np.ones((2, 5, 3))
    for peak, record in enumerate((1, 2, 4)):
        errors[:, record:, peak] = 0.05
    stage = np.tile([0, 0, 1, 2, 2], (2, 1))
    return hand_made(errors=errors, series={"stage": stage}, settings={"direction": direction})


@pytest.mark.parametrize(
    ("direction", "begin"), [("low to high", [0, 20, 30]), ("high to low", [30, 20, 0])]
)
def test_bars_say_what_counts_and_dots_what_is_learned(direction, begin):
    ax = figures.asked_and_learned({"name": led(direction)}).axes[0]
    assert [bar.get_x() for bar in ax.patches] == begin
    assert {bar.get_x() + bar.get_width() for bar in ax.patches} == {40}
    assert [line.get_xydata()[0].tolist() for line in ax.lines] == [[10, 0], [20, 1], [40, 2]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["k = 1", "k = 2", "k = 3"]


def test_a_line_where_each_stage_begins():
    _, ax = plt.subplots()
    figures.with_stages(ax, led("high to low"))
    upright = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1]
    assert [step for step in upright if step in (0, 20, 30)][-3:] == [0, 20, 30]
    assert [text.get_text() for text in ax.texts][-3:] == ["k ≥ 3", "k ≥ 2", "k ≥ 1"]


def test_pulls_are_named_beside_their_curve():
    _, ax = plt.subplots()
    figures.pulls(ax, [1, 2, 3], {"small": [3.0, 2.0, 1.0], "large": [3.0, 3.0, 3.0]})
    assert [text.get_text() for text in ax.texts] == ["small", "large"]
    assert [text.xy for text in ax.texts] == [(2, 2), (2, 3)]
    with pytest.raises(ValueError, match="lengths: expected shape"):
        figures.pulls(ax, [1, 2, 3], {"short": [1.0]})


def test_outputs_at_a_frame():
    result = led("high to low")
    _, ax = plt.subplots()
    figures.outputs_at(ax, result, 1)
    for line, output in zip(ax.lines[1:], result.outputs[:, 1], strict=True):
        np.testing.assert_array_equal(line.get_ydata(), output)
