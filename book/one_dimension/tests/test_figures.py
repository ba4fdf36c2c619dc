"""The figures of the first chapter show what they say."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy
from matplotlib.figure import Figure

from book.one_dimension import figures
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")

X = np.arange(8) / 8
LOW, HIGH = np.cos(2 * np.pi * X), np.sin(6 * np.pi * X)


def learns_low_first(**changes):
    """Return a result whose first network has the low wave only, then both."""
    outputs = np.zeros((2, 2, 8))
    outputs[0] = LOW, LOW + HIGH
    parts = {"y": (LOW + HIGH)[None], "peaks": np.array([1, 3]), "outputs": outputs}
    return hand_made(**{**parts, **changes})


def test_each_row_is_a_wave_and_each_column_a_step():
    axes = np.reshape(figures.wave_by_wave(learns_low_first(), [3, 1000]).axes, (3, 2))
    assert [ax.get_title() for ax in axes[0]] == ["step 0", "40"]
    for row, target in zip(axes, (LOW + HIGH, LOW, HIGH), strict=True):
        for ax in row:
            np.testing.assert_allclose(ax.lines[0].get_ydata(), target, atol=1e-12)
    drawn = [[ax.lines[1].get_ydata() for ax in row] for row in axes]
    for found, wanted in zip(drawn[1:], ((LOW, LOW), (0 * HIGH, HIGH)), strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-3)


def test_a_network_may_have_a_target_of_its_own():
    both = np.stack([LOW, HIGH])
    result = learns_low_first(y=both, outputs=np.stack([both, both]))
    fig = figures.wave_by_wave(result, [0], member=1)
    np.testing.assert_allclose(fig.axes[0].lines[0].get_ydata(), HIGH)


@pytest.mark.parametrize("w", [0.7, 3.0, 30.0])
def test_unit_spectrum_by_quadrature(w):
    def size(k):  # of the derivative w / cosh², divided by the frequency
        def wave(t):
            return w / np.cosh(w * t) ** 2 * np.cos(np.pi * k * t)

        return scipy.integrate.quad(wave, 0, 30 / w, limit=500, epsabs=1e-12)[0] / k

    k = np.array([1, 2, 3])
    expected = [size(mode) / size(1) for mode in k]
    np.testing.assert_allclose(figures.unit_spectrum(w, k), expected, rtol=1e-4, atol=1e-9)


def test_a_steeper_unit_has_higher_bars():
    axes = figures.units([3, 30], [1, 3, 5]).axes
    gentle, steep = ([bar.get_height() for bar in axes[i].patches] for i in (1, 3))
    assert gentle[0] == steep[0] == 1
    assert (np.array(gentle[1:]) < steep[1:]).all()


def test_peaks_are_marked_in_the_second_curve():
    upper, lower = figures.with_spectra(X, {"low": LOW, "both": LOW + HIGH}, [1, 3], modes=4).axes
    assert [text.get_text() for text in upper.get_legend().get_texts()] == ["both", "low"]
    assert [line.get_linestyle() for line in upper.lines] == ["-", "--"]
    assert [text.get_text() for text in lower.texts] == ["1", "3"]
    np.testing.assert_allclose(lower.lines[0].get_ydata(), [0.5, 1e-4, 0.5])


def test_outside_shades_the_data():
    _, ax = plt.subplots()
    wide = np.linspace(-1, 2, 8)
    figures.outside(ax, hand_made(eval_x=wide))
    low, high = ax.patches[0].get_x(), ax.patches[0].get_x() + ax.patches[0].get_width()
    assert (low, high) == (X.min(), X.max())
    assert [line.get_xdata()[0] for line in ax.lines] == [-1, -1, -1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.unit_spectrum(0, [1]), "w: expected a finite number above 0, got 0"),
        (lambda: figures.sizes_only(None, np.ones((2, 3)), np.ones((3, 2)), [1, 2, 3]),
         "by_size: expected shape (2, 3), as by_error, got (3, 2)"),
        (lambda: figures.with_spectra(X, {"a": LOW}, [1]), "curves: expected two, got 1"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_sizes_only_has_a_dot_for_each_wave():
    _, ax = plt.subplots()
    steps = np.array([[10.0, 20.0], [10.0, np.inf]])
    figures.sizes_only(ax, steps, steps, [1, 3])
    assert len(ax.collections[0].get_offsets()) == 4


def test_error_map_draws_modes_as_rows():
    ax, error = Figure().subplots(), np.arange(6.0).reshape(3, 2)
    assert figures.error_map(ax, [0, 10, 20], error, [3, 7], limits=(0.1, 0.4)) is None
    (mesh,) = ax.collections
    assert mesh.get_array().tolist() == error.T.tolist()
    assert mesh.get_clim() == (0.1, 0.4)
    red, _, blue, _ = mesh.get_cmap()(0.0)
    assert blue > red  # what is learned is blue, as in the other maps
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "7"]
    assert ax.get_xlabel() == "training step"


def test_error_map_labels_few_of_many_rows():
    ax = Figure().subplots()
    figures.error_map(ax, [0, 10], np.ones((2, 40)), np.arange(1, 41))
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert 5 <= len(labels) <= 10
    assert labels[:2] == ["1", "6"]
