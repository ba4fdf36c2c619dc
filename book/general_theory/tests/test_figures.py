"""The figures of three stages show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.general_theory import claims, figures
from book.general_theory.experiments import ETAS
from fpkit.reproduce import load_or_run


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_bands_of_each_bar_add_up_and_are_the_shares(closed):
    result = load_or_run("stages_relu")
    (panel,) = figures.by_band({"ReLU": result}).axes
    widths = np.array([[bar.get_width() for bar in bars] for bars in panel.containers])
    np.testing.assert_allclose(widths.sum(axis=0), 1)
    highest = np.median(claims.shares(result)[..., ETAS.index(32)], axis=0)
    np.testing.assert_allclose(widths[-1], highest)


def test_each_network_has_a_bar_at_each_frequency(ax):
    figures.rates(ax, np.array([[1.0, -1, 0, 2], [0, 3, 1, 0]]), top=2)
    heights = [[bar.get_height() for bar in bars] for bars in ax.containers]
    assert heights == [[0.25, -0.25, 0], [0, 0.75, 0.25]]


def test_a_line_for_each_network_and_a_median_for_each_stage(ax):
    shares = np.random.default_rng(0).uniform(0.1, 1, (5, 3, len(ETAS)))
    figures.above(ax, shares)
    marked = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_label() for line in marked] == list(claims.STAGES)
    np.testing.assert_allclose(marked[1].get_ydata(), np.median(shares[:, 1], axis=0))
    assert len(ax.lines) == 3 * 6 + 1


def test_shares_over_training(ax):
    result = load_or_run("stages_tanh")
    figures.over_training(ax, result, (4, 8))
    drawn = [line.get_ydata() for line in ax.lines if len(line.get_ydata())]
    assert len(drawn) == 2 * len(result.losses)
    np.testing.assert_array_equal(drawn[0], result.series["above 4"][0])


def test_density_and_its_root(ax):
    figures.density(ax, [0, 1], np.array([4.0, 1.0]))
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.25], [1, 0.5]]


def test_three_stages_of_one_network(ax):
    result = load_or_run("stages_tanh")
    figures.stages(ax, result, member=2)
    first = next(line for line in ax.lines if line.get_label() == "initial")
    np.testing.assert_array_equal(first.get_ydata(), result.outputs[2, 0])


def test_a_line_for_each_width(ax):
    figures.cut_off(ax, {0.1: np.ones(len(ETAS)), 0.2: 2 * np.ones(len(ETAS))})
    assert [line.get_label() for line in ax.lines] == ["σ = 0.1", "σ = 0.2"]
