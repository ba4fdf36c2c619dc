"""The figures of the chapter on first weights show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.initialization import figures
from fpkit import plots
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")


def test_a_row_for_each_start_and_a_column_for_each_kept_step():
    new = np.reshape([0.5, 0.4, 0.3, 0.2, 0.0001, 5, 4, 3, 2, 1.25], (2, 5))
    result = hand_made(series={"new": new})
    fig = figures.growing(result, ["small", "large"], steps=[1, 1000])
    axes = np.reshape(fig.axes, (2, 2))
    assert [ax.get_title(loc="center") for ax in axes[0]] == ["step 0", "40"]
    assert [row[0].get_ylabel() for row in axes] == ["small", "large"]
    for frame, ax in enumerate(axes[1]):
        target, output = (line.get_ydata() for line in ax.lines)
        np.testing.assert_array_equal(target, result.y[0])
        np.testing.assert_array_equal(output, result.outputs[1, frame])
    beside = [[text.get_text() for text in row[-1].texts] for row in axes]
    assert beside == [["error,\nseen", "0.6", "error,\nnew", "<0.001"], ["0.1", "1"]]


def test_functions_have_a_panel_each_and_no_more():
    x = np.arange(3)
    axes = figures.functions(x, {"a": x, "b": 2 * x, "c": 3 * x}).axes
    assert [(ax.get_title(), ax.lines[0].get_ydata()[-1]) for ax in axes] == [
        ("a", 2),
        ("b", 4),
        ("c", 6),
    ]


def test_orders_show_the_steps_of_learning():
    errors = np.ones((2, 5, 3))
    errors[:, 1:, 0], errors[:, 3:, 1] = 0, 0
    result = hand_made(errors=errors)
    axes = figures.orders({"one": result, "two": result, "three": result}, columns=2).axes
    assert len(axes) == 3
    np.testing.assert_array_equal(axes[2].lines[0].get_ydata(), [10, 30, np.nan])
    assert {ax.get_xlim() for ax in axes} == {(-0.25, 2.25)}
    assert {ax.get_yscale() for ax in axes} == {"linear"}
    both = figures.orders({"one": result, "two": result}, log=True).axes
    assert {ax.get_yscale() for ax in both} == {"log"}
    assert both[0].get_ylim() == both[1].get_ylim()


def reader(share):
    settings = {"batch_size": 5, "n": 50}
    series = {f"{part} accuracy": np.full((2, 5), share + 0.1 * i)
              for i, part in enumerate(("test", "train"))}  # fmt: skip
    return hand_made(settings=settings, series=series)


def test_readings_have_a_column_for_each_rate_and_a_row_for_each_start():
    columns = {rate: {"small": reader(high), "large": reader(high - 0.3)}
               for rate, high in (("slow", 0.8), ("fast", 0.7))}  # fmt: skip
    axes = np.reshape(figures.readings(columns, 0.55).axes, (2, 2))
    for j, high in enumerate((0.8, 0.7)):
        for i, less in enumerate((0, 0.3)):
            lines = axes[i, j].lines
            read = [line.get_ydata()[-1] for line in lines]
            np.testing.assert_allclose(read, [*[high - less + 0.1] * 2, *[high - less] * 2, 0.55])
            assert [line.get_color() for line in lines[:4]] == [plots.GREY] * 2 + [plots.BLUE] * 2
            assert [line.get_linestyle() for line in lines] == [*"----", ":"]
    named = {text.get_text(): text.xy[1] for ax in axes.flat for text in ax.texts}
    assert named == {"seen": pytest.approx(0.5), "new": pytest.approx(0.4), "linear": 0.55}
    assert axes[0, 0].lines[0].get_xdata()[-1] == 4  # epochs: 40 steps of 5 images of 50


def test_magnitudes_have_a_band_of_one_standard_deviation():
    series = {"weight": np.ones((2, 5)), "bias": 2 * np.ones((2, 5))}
    series |= {f"{kind} spread": 0.5 * np.ones((2, 5)) for kind in ("weight", "bias")}
    result = hand_made(settings={"batch_size": 5, "n": 50}, series=series)
    (ax,) = figures.magnitudes({"one": result}).axes
    assert [line.get_ydata()[0] for line in ax.lines] == [1, 0.5, 1.5, 2, 1.5, 2.5]


def test_sharpness_is_beside_its_control_and_the_error():
    scales, sharp = np.array([0.1, 1.0]), np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
    _, (ax, *others) = plt.subplots(1, 3)
    figures.sharpness(ax, scales, sharp, sharp / 2)
    assert [line.get_ydata()[1] for line in ax.lines] == [10, 20, 30, 5, 10, 15]
    figures.restless(others, scales, sharp / 100, sharp, sharp**2)
    places = others[1].collections[0].get_offsets()
    np.testing.assert_array_equal(places, np.stack([sharp.ravel(), sharp.ravel() ** 2], 1))
