"""The figures of images along a line show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book import datasets
from book.principal_component import claims, figures
from fpkit.reproduce import load_or_run

pytestmark = pytest.mark.usefixtures("closed")


def test_a_network_that_knows_the_mean_only_is_flat_without_it():
    above, below = figures.seems_learned(load_or_run("principal_cifar")).axes
    labels, output = (line.get_ydata() for line in above.lines)
    assert np.corrcoef(labels, output)[0, 1] > 0.98
    labels, output = (line.get_ydata() for line in below.lines)
    assert np.abs(output).max() < 0.05 * np.abs(labels).max()


def test_the_parts_of_a_spectrum_are_named():
    _, ax = plt.subplots()
    result = load_or_run("principal_mnist")
    figures.spectrum_parts(ax, result)
    size = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert list(size) == ["labels as they are", "constant predictor", "mean taken off", "chance"]
    above_chance = np.flatnonzero(size["mean taken off"] > size["chance"]) + 1
    np.testing.assert_array_equal(above_chance, claims.above(result))


def test_images_stand_in_the_order_of_their_places():
    images = datasets.load("digits").first(50)
    t = np.linspace(0, 1, 50)[::-1]
    first, *others = figures.gallery(images, np.arange(64.0), t).axes
    np.testing.assert_array_equal(first.images[0].get_array().ravel(), np.arange(64))
    lowest = images.images[np.abs(t - 0.05).argmin()]
    np.testing.assert_array_equal(others[0].images[0].get_array().ravel(), lowest)


def test_the_hill_counts_images_and_leaves_out_thin_places():
    images = datasets.load("digits").first(50)
    t = np.r_[np.full(46, 0.5), np.full(4, 0.9)]
    above, below = figures.hill(images, t).axes
    assert sorted(above.lines[0].get_ydata())[-2:] == [4, 46]
    assert below.lines[0].get_ydata().tolist() == [images.labels[:46].mean()]


def test_steps_of_learning_use_the_papers_limit():
    steps, k = np.array([0, 10, 20]), np.array([1, 4])
    error = np.array([[[1, 1], [0.25, 0.5], [0.2, 0.2]]])
    ax = figures.steps_of_learning({"name": (steps, error, k)}).axes[0]
    assert ax.lines[0].get_ydata().tolist() == [10, 20]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "4"]


def test_the_panel_shows_the_components_above_chance():
    result = load_or_run(claims.WAVES)
    ax = figures.components(result).axes[0]
    k = claims.above(result, "first even")
    np.testing.assert_array_equal(
        ax.lines[0].get_ydata(), claims.error(result, "first even")[0][:, k[0] - 1]
    )


def test_sizes():
    _, ax = plt.subplots()
    figures.sizes(ax, [1, 2], [0.5, 0.25])
    assert ax.lines[0].get_xydata().tolist() == [[1, 0.5], [2, 0.25]]
    with pytest.raises(ValueError, match="size: expected shape"):
        figures.sizes(ax, [1, 2], [0.5])
