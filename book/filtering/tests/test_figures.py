"""The figures of low parts and rests show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.filtering import figures
from book.filtering.parts import BandErrors
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")
STEPS = np.array([0, 10, 20])


def errors_by_width():
    """Return two networks whose low part falls, at two widths; the second is informative."""
    low = np.array([[1.0, 0.5, 0.2], [1.0, 0.6, 0.3]])
    series = {}
    for delta, neighbours in (("1", 2), ("3", 20)):
        whole = {
            "low": low,
            "high": low**0,
            "linear_low": 0 * low + 0.1,
            "linear_high": 0 * low + 0.9,
        }
        whole["neighbours"] = 0 * low + neighbours
        series |= {f"{name} {delta}": values for name, values in whole.items()}
    return hand_made(steps=STEPS, series=series, settings={"deltas": [1.0, 3.0], "n": 100})


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def test_an_image_and_the_parts_of_its_label():
    wanted = np.array([0.6, 0.4]), np.array([0.4, -0.4])
    found = {0: (np.zeros(2), np.ones(2)), 30: (np.array([0.5, 0.5]), np.array([0.1, 0.2]))}
    fig = figures.one_image(np.eye(3), wanted, found)
    picture, *axes = fig.axes
    np.testing.assert_array_equal(picture.images[0].get_array(), np.eye(3))
    assert [ax.get_title() + ax.get_title(loc="left") for ax in axes[:2]] == ["step 0", "30"]
    assert heights(axes[0]) == [0.6, 0.4, 0, 0]  # first what is to be learned, then the network
    assert heights(axes[1]) == [0.6, 0.4, 0.5, 0.5]
    assert heights(axes[3]) == [0.4, -0.4, 0.1, 0.2]
    assert [ax.get_ylabel() for ax in axes] == ["low part", "", "rest", ""]


def test_the_rest_is_what_the_low_part_leaves():
    _, axes = plt.subplots(2)
    figures.line(axes, [0, 1], [3.0, 5.0], [1.0, 1.0])
    assert [line.get_ydata().tolist() for line in axes[1].lines] == [[1, 1], [2, 4]]
    with pytest.raises(ValueError, match="low: expected shape"):
        figures.line(axes, [0, 1], [3.0, 5.0], [1.0])


def test_errors_are_named_at_their_end():
    _, axes = plt.subplots(2)
    each = BandErrors(
        low=np.array([[1, 0.2, 0.1]]), high=np.array([[1, 0.9, 0.8]]), share=np.ones(1)
    )
    figures.both_errors(axes, {"one": (STEPS, each), "two": (STEPS, each)})
    for ax in axes:
        assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.2, 0.1], [1, 0.9, 0.8]]
        assert {text.get_text(): text.xy for text in ax.texts} == {
            "low part": (20, 0.1),
            "rest": (20, 0.8),
        }


def test_of_a_result_the_informative_width_is_shown():
    result = errors_by_width()
    (ax, _) = figures.by_data({"digits": result}).axes
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), result.series["low 3"][1])
    assert [line.get_ydata()[0] for line in ax.lines[-2:]] == [0.1, 0.9]
    one = figures.by_data({"digits": result}, deltas=[1.0]).axes[0]
    assert len(one.lines) == len(ax.lines)


def test_names_of_what_is_cut_off_stay_inside():
    _, ax = plt.subplots()
    figures.errors(ax, STEPS, [1.0, 2.0, 9.0], [1.0, 0.9, 0.8], top=1.5)
    assert [text.xy for text in ax.texts] == [(20, 1.5), (20, 0.8)]
    assert ax.get_ylim() == (0, 1.5)


def test_the_panel_shows_its_networks_at_the_middle_width():
    ax = figures.in_the_panel(errors_by_width()).axes[0]
    assert ax.lines[0].get_ydata().tolist() == [1.0, 0.5, 0.2]
    assert ax.get_title() + ax.get_title(loc="left") == "δ = 3"
