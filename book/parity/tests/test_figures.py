"""The figures of functions on a cube, and of networks that learn them, show what they say."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.parity import claims, cube, figures
from book.parity.experiments import CUBES, IMAGES
from fpkit import plots
from fpkit.tests import hand_made


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def run_of(unseen):
    """Return a result of two networks that know all seen cases, and unseen ones as given."""
    series = {"unseen": np.tile(np.float32(unseen), (2, 1)), "seen": np.ones((2, 5))}
    return hand_made(series=series)


RUN = run_of([0.5, 0.4, 0.3, 0.8, 0.99])


def test_seen_is_grey_and_unseen_blue(closed):
    panels = figures.guesses({"digits": RUN, "parity": RUN}).axes
    assert [ax.get_title(loc="left") or ax.get_title() for ax in panels] == ["digits", "parity"]
    for ax in panels:
        drawn = [(line.get_color(), line.get_ydata()[-1]) for line in ax.lines]
        wanted = [*[(plots.GREY, 1)] * 2, *[(plots.BLUE, np.float32(0.99))] * 2, (plots.GREY, 0.5)]
        assert drawn == wanted


def test_one_network_has_a_line_for_each_part(ax):
    figures.accuracies(ax, [0, 1], [0.5, 1], [0.5, 0.2])
    assert [line.get_ydata()[-1] for line in ax.lines] == [1, 0.2, 0.5]


def thick(ax):
    """Count thick edges; each is drawn from both of its ends."""
    return sum(line.get_linewidth() > 1 for line in ax.lines) / 2


def test_an_edge_is_thick_where_the_sign_changes(closed):
    corners = cube.cube(3)
    functions = {"one": np.ones(8), "bit": corners[:, 0], "parity": cube.parity(corners)}
    panels = figures.cubes(functions).axes
    assert [thick(ax) for ax in panels] == [0, 4, 12]
    assert [len(ax.collections[0].get_offsets()) for ax in panels] == [8, 4, 4]
    with pytest.raises(ValueError, match=re.escape("functions: expected")):
        figures.cubes({"two bits": np.ones(4)})


def test_control_shows_means_over_networks_in_colours_of_no_frequency(monkeypatch):
    monkeypatch.setattr(figures, "load_or_run", lambda name: RUN)
    data = figures.curves({"a": "one", "b": "other"}).data
    assert data["settings"] == ["one", "other"]
    assert data["values"]["shape"] == [2, 2, 5]
    assert data["colors"] == [plots.BLUE, plots.GREY]


def test_networks_have_the_colours_of_the_means():
    data = figures.by_network(RUN).data
    assert data["names"] == ["unseen", "seen"]
    assert data["colors"] == [plots.BLUE, plots.GREY]
    assert data["values"]["shape"] == [len(RUN.series["seen"]), 2, 5]
    assert data["y_label"].startswith("share")


def test_power_and_rates_have_a_bar_for_each_degree(ax):
    panels = figures.power({"a": [0, 1, 0], "b": [0.5, 0, 0.5]}).axes
    assert [[bar.get_height() for bar in panel.patches] for panel in panels] == [
        [0, 1, 0],
        [0.5, 0, 0.5],
    ]
    figures.speeds(ax, [4, 2, 1], 3)
    assert [bar.get_height() for bar in ax.patches] == [4, 2, 1]
    assert ax.lines[0].get_ydata()[0] == 3


def test_transforms_have_the_formula_in_the_last_panel(closed):
    first, last = figures.transforms([0, 1], {"a": [1, 2], "b": [3, 4]}, [3, 5]).axes
    assert [line.get_ydata().tolist() for line in first.lines] == [[1, 2]]
    assert [line.get_ydata().tolist() for line in last.lines] == [[3, 4], [3, 5]]


def test_regimes_draw_every_network(monkeypatch, closed):
    monkeypatch.setattr(figures, "load_or_run", lambda name: RUN)
    early, late = figures.regimes({"early": lambda run: run.series["unseen"][:, 2],
                                   "late": claims.final}).axes  # fmt: skip
    kinds = [text.get_text() for text in early.get_legend().texts]
    assert kinds == ["n = 8", "n = 10", "n = 14", "digits", "MNIST"]
    for ax, share in ((early, 0.3), (late, 0.99)):
        assert len(ax.lines) == len(CUBES) + len(IMAGES) + len(kinds) + 1
        assert ax.lines[0].get_ydata().tolist() == [np.float32(share)] * 2


def test_neighbours_are_named_by_the_share_seen(ax):
    figures.neighbours(ax, {"parity_8_128": 0.1}, {"parity_8_128": 0.2})
    assert ax.texts[0].get_text() == "8: 50%"
    assert ax.lines[0].get_xydata().tolist() == [[0.1, 0.2]]


def test_orders_by_degree(closed):
    errors = np.ones((2, 5, 3))
    errors[:, 1:, 0], errors[:, 3:, 1] = 0, 0
    result = hand_made(errors=errors, settings={"sizes": [1, 3, 5]})
    for panel in figures.orders({"tanh": result, "sine": result}).axes:
        np.testing.assert_array_equal(panel.lines[0].get_ydata(), [10, 30, np.nan])
        assert [label.get_text() for label in panel.get_xticklabels()] == ["1", "3", "5"]


def test_ends_have_a_column_for_each_setting(ax):
    figures.ends(ax, {"a": [0.5, 0.6], "b": [1.0]})
    assert [line.get_xdata()[0] for line in ax.lines[:2]] == [0, 1]
    assert ax.lines[0].get_ydata().tolist() == [0.5, 0.6]


def test_losses_have_a_panel_for_each_data_and_a_style_for_each_labelling(closed):
    panels = figures.losses({"digits": [RUN, RUN], "cube": [RUN, RUN]}, ["true", "shuffled"]).axes
    for panel in panels:
        assert [line.get_linestyle() for line in panel.lines] == ["-", "-", "--", "--"]
    assert [text.get_text() for text in panels[0].get_legend().texts] == ["true", "shuffled"]
