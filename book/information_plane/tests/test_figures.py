"""The figures of binned outputs show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.information_plane import figures
from book.information_plane.claims import Trajectory
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")

TRAJECTORY = Trajectory(line=3.0, target=1.0, highest=np.ones(2), last=np.ones(2), late=np.ones(2))
BITS = np.array([[0.0, 3.0, 3.0, 2.0, 1.0], [0.5, 3.0, 3.0, 2.0, 1.5]])


def run():
    outputs = np.zeros((1, 3, 8))
    outputs[0, 0, 0], outputs[0, 1], outputs[0, 2, :4] = 0.1, np.arange(8), 0.5
    return hand_made(
        settings={"seeds": [3, 5], "bin_width": 0.05},
        frames=np.array([0, 20, 40]),
        outputs=outputs.astype(np.float16),
        series={"entropy": BITS, "shared_with_target": BITS / 2},
    )


def test_strokes_are_the_values_taken():
    lower, *upper = figures.three_moments(run(), [0, 20, 40]).axes
    assert [ax.get_title(loc="left") + ax.get_title() for ax in upper] == [
        "2 values",
        "8 values",
        "2 values",
    ]
    np.testing.assert_allclose(upper[0].lines[2].get_ydata(), [0, 0.1])
    assert [dot.get_xydata()[0].tolist() for dot in lower.lines[1:]] == [[0, 0], [20, 3], [40, 1]]


def test_the_plane_and_its_lines():
    _, axes = plt.subplots(1)
    figures.plane(axes, {"line": (run(), TRAJECTORY)})
    np.testing.assert_allclose(
        axes.collections[1].get_offsets(), np.stack([BITS[1], BITS[1] / 2], 1)
    )
    assert axes.lines[0].get_xdata() == [3, 3]
    assert axes.lines[1].get_ydata() == [1, 1]


def test_entropy_against_time():
    _, axes = plt.subplots(1)
    figures.against_time(axes, {"line": (run(), TRAJECTORY)})
    assert [line.get_ydata().tolist() for line in axes.lines[:2]] == BITS.tolist()
    assert [line.get_ydata()[0] for line in axes.lines[2:]] == [3, 1]


def test_every_width_is_named_at_its_curve():
    _, ax = plt.subplots()
    figures.by_width(ax, [0, 1, 2], {0.4: [1.0, 2.0, 3.0], 0.1: [2.0, 3.0, 4.0]}, 5.0)
    assert [text.get_text() for text in ax.texts] == ["b = 0.4", "b = 0.1"]
    assert [text.xy for text in ax.texts] == [(0, 1), (0, 2)]
    with pytest.raises(ValueError, match="entropies: expected"):
        figures.by_width(ax, [0, 1, 2], {0.4: [1.0]}, 5.0)


def test_a_unit_and_its_control():
    _, ax = plt.subplots()
    figures.single_unit(ax, [0.1, 1.0], {0.2: [1.0, 2.0]}, [3.0, 3.0])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["tanh, b = 0.2", "linear"]
