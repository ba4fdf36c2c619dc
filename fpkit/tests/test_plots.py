"""Each figure draws what it is given; colours can be read and told apart."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

from fpkit import plots
from fpkit.tests import contrast


@pytest.fixture
def ax():
    """Return empty axes of a figure that no window shows."""
    return Figure().subplots()


def line(ax, index):
    return [np.asarray(values).tolist() for values in ax.lines[index].get_data()]


def texts(ax):
    return [text.get_text() for text in ax.texts]


# --- colours ---------------------------------------------------------------------------------


def test_contrast_of_the_oracle():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_colors_can_be_read_on_a_light_and_a_dark_page(page):
    colors = [*plots.frequency_colors(range(50)), plots.GREY]
    assert min(contrast(color, page) for color in colors) >= 3


@pytest.mark.parametrize("count", range(2, 11))
def test_neighbouring_frequencies_have_different_colors(count):
    rgb = np.array([to_rgb(color) for color in plots.frequency_colors(range(count))])
    assert np.abs(np.diff(rgb, axis=0)).max(axis=1).min() > 0.05
    assert len(np.unique(rgb, axis=0)) == count


def test_colors_run_from_blue_to_orange_whatever_the_modes():
    colors = plots.frequency_colors([1, 4, 12])
    assert (colors[0], colors[-1]) == ("#2f6fd6", "#c06a00")
    assert plots.frequency_colors([7]) == ["#2f6fd6"]


# --- figures ---------------------------------------------------------------------------------


def test_functions_draws_target_and_outputs(ax):
    plots.functions(ax, [0, 1], [2, 3], [[4, 5], [6, 7]], labels=["start", "end"])
    assert [line(ax, i) for i in range(3)] == [[[0, 1], y] for y in ([2, 3], [4, 5], [6, 7])]
    assert ax.get_legend_handles_labels()[1] == ["target", "start", "end"]
    assert [line.get_color() for line in ax.lines] == [plots.GREY, plots.INK, plots.INK]
    assert ax.lines[0].get_linewidth() > ax.lines[1].get_linewidth()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "f(x)")


def test_functions_takes_a_single_curve_or_none(ax):
    plots.functions(ax, [0, 1], [2, 3])
    assert len(ax.lines) == 1
    plots.functions(ax, [0, 1], [2, 3], [4, 5])
    assert line(ax, -1) == [[0, 1], [4, 5]]


def test_functions_draws_any_number_of_curves_without_names(ax):
    plots.functions(ax, [0, 1], [2, 3], np.ones((5, 2)))
    assert len(ax.lines) == 6
    assert ax.get_legend_handles_labels()[1] == ["target"]


def test_spectrum_draws_magnitudes_from_mode_1(ax):
    plots.spectrum(ax, [9, 3 + 4j, 0, -2], peaks=[1], label="target")
    assert line(ax, 0) == [[1, 2, 3], [5, 1e-4, 2]]
    assert ax.get_yscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("frequency index k", "|F[k]|")
    assert ax.get_legend_handles_labels()[1] == ["target"]


def test_spectrum_stops_below_modes(ax):
    plots.spectrum(ax, np.ones(100), modes=5, peaks=[1])
    assert line(ax, 0)[0] == [1, 2, 3, 4]


def test_spectrum_marks_the_peaks_with_their_index(ax):
    plots.spectrum(ax, [0, 5, 1, 4, 1], peaks=[1, 3])
    assert [line(ax, i) for i in (1, 2)] == [[[1], [5]], [[3], [4]]]
    assert texts(ax) == ["1", "3"]


def test_spectrum_without_peaks(ax):
    plots.spectrum(ax, [0, 5, 1])
    assert (len(ax.lines), texts(ax)) == (1, [])


def test_spectrum_leaves_out_peaks_that_are_not_in_view(ax):
    plots.spectrum(ax, np.ones(100), modes=41, peaks=[4, 40, 41, 60])
    assert texts(ax) == ["4", "40"]


def test_convergence_draws_each_mode_and_where_it_is_learned(ax):
    error = [[1.0, 1.0, 1.0], [0.05, 0.5, 0.9], [0.01, 0.08, 0.7]]
    plots.convergence(ax, [0, 10, 20], error, [1, 4, 9])
    drawn = [line(ax, i) for i in range(len(ax.lines))]
    for mode in range(3):
        assert [[0, 10, 20], [row[mode] for row in error]] in drawn
    assert [[10], [0.1]] in drawn
    assert [[20], [0.1]] in drawn
    assert texts(ax) == ["1", "4"]  # the third is not learned
    assert ax.get_yscale() == "log"
    assert "Delta_F" in ax.get_ylabel()


def test_numbers_where_modes_are_learned_do_not_touch(ax):
    error = np.ones((4, 4))
    for mode, row in enumerate((1, 1, 2, 1)):
        error[row:, mode] = 0.01
    plots.convergence(ax, [0, 10, 20, 30], error, [1, 12, 20, 28])
    ax.figure.draw_without_rendering()
    # Of the numbers alone, without the lines that lead to their dots.
    boxes = {text.get_text(): Text.get_window_extent(text) for text in ax.texts}
    assert len(boxes) == 4
    assert not any(a.overlaps(b) for a, b in combinations(boxes.values(), 2))
    # In the order of learning; those learned at once are raised, each with a line to its dot.
    assert sorted(boxes, key=lambda name: boxes[name].x0) == ["1", "12", "28", "20"]
    heights = {text.get_text(): text.xyann[1] for text in ax.texts}
    assert heights["1"] == heights["12"] == heights["28"] > heights["20"]
    with_line = {text.get_text() for text in ax.texts if text.arrow_patch}
    assert with_line == {"1", "12", "28"}
    assert len({text.get_color() for text in ax.texts}) == 4


def test_convergence_draws_its_threshold(ax):
    plots.convergence(ax, [0, 10], [[1.0], [0.15]], [1], threshold=0.2)
    assert [0.2, 0.2] in [line(ax, i)[1] for i in range(len(ax.lines))]
    assert texts(ax) == ["1"]


def test_convergence_takes_the_shades_of_a_figure_with_more_frequencies(ax):
    shades = plots.frequency_colors([1, 4, 12])[:2]
    plots.convergence(ax, [0, 10], [[1.0, 1.0], [0.05, 1.0]], [1, 4], shades=shades)
    assert [line.get_color() for line in ax.lines[:2]] == shades
    assert [text.get_color() for text in ax.texts] == shades[:1]


def test_axis_of_errors_is_in_percent(ax):
    plots.convergence(ax, [0, 10], [[1.0], [0.05]], [1])
    assert ax.yaxis.get_major_formatter()(0.1) == "10%"


def test_order_draws_one_line_per_network_without_what_is_not_learned(ax):
    plots.order(ax, [[10, 20, np.inf], [30, 40, 50]], [1, 4, 9])
    assert line(ax, 0)[1][:2] == [10, 20]
    assert np.isnan(line(ax, 0)[1][2])
    assert line(ax, 1) == [[0, 1, 2], [30, 40, 50]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "4", "9"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("frequency index k", "step of learning")
    plots.order(ax, [[10, np.inf, np.inf]], [1, 4, 9])
    assert ax.get_xlim() == pytest.approx((-0.3, 2.3))


def test_steps_have_separators_on_linear_axes(ax):
    plots.order(ax, [10, 20_000], [1, 4])
    assert ax.yaxis.get_major_formatter()(10_000) == "10,000"


def test_order_leaves_a_logarithmic_axis_as_it_is(ax):
    ax.set_yscale("log")
    before = ax.yaxis.get_major_formatter()
    plots.order(ax, [10, 20_000], [1, 4])
    assert ax.yaxis.get_major_formatter() is before


def test_order_takes_one_network(ax):
    plots.order(ax, [10, 20], [1, 4])
    assert [line(ax, i) for i in range(len(ax.lines))] == [[[0, 1], [10, 20]]]


def test_order_colors_its_dots_by_frequency(ax):
    plots.order(ax, [10, 20, 30], [1, 4, 9])
    (dots,) = ax.collections
    assert dots.get_offsets().tolist() == [[0, 10], [1, 20], [2, 30]]
    expected = [to_rgba(color) for color in plots.frequency_colors([1, 4, 9])]
    np.testing.assert_allclose(dots.get_facecolors(), expected)


def test_style_makes_figures_transparent():
    with plt.rc_context():
        plots.use_style()
        assert Figure().get_facecolor() == (0, 0, 0, 0)
