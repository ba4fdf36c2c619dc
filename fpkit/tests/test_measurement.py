"""Outputs that somebody recorded, measured by band."""

from itertools import pairwise

import numpy as np
import pytest

import fpkit as fp

X = np.linspace(-1, 1, 48, endpoint=False)
WAVES = np.stack([np.sin(k * np.pi * X) for k in (1, 3, 5)])
Y = WAVES.sum(axis=0)
STEPS = np.arange(0, 110, 10)


def shrinking(rates, waves=WAVES):
    """Outputs whose error in wave i is exp(-rate i · step)."""
    return Y - np.exp(-np.outer(STEPS, rates)) @ waves


def test_each_peak_is_followed():
    rates = np.array([0.3, 0.1, 0.05])
    measured = fp.measure(shrinking(rates), Y, STEPS, x=X)
    assert measured.edges.tolist() == [[1, 1], [3, 3], [5, 5]]
    assert measured.errors == pytest.approx(np.exp(-np.outer(STEPS, rates)))
    assert measured.shares == pytest.approx(1 / 3)
    assert measured.learned().tolist() == [10, 30, 50]
    assert measured.losses == pytest.approx(np.square(measured.errors).sum(axis=1) / 2)
    assert "Rank correlation of frequency and step: 1.00" in measured.report()


def test_a_run_of_fpkit_measures_the_same():
    nets = fp.MLP([1, 30, 1], weight_std=0.3, seeds=[0])
    run = fp.train(nets, X, Y, steps=40, lr=1e-2, record_every=10, progress=False)
    measured = fp.measure(run.outputs[0], Y, run.steps, x=X)
    output, target = fp.spectra.dft(run.outputs[0])[:, [1, 3, 5]], fp.spectra.dft(Y)[[1, 3, 5]]
    wanted = fp.spectra.relative_error(output, target)
    assert measured.errors == pytest.approx(wanted, rel=1e-5)


def test_a_relapse_and_a_band_that_is_never_learned_are_told():
    outputs = shrinking([0.3, 0.1, 0.001])
    outputs[-1] += 0.5 * WAVES[0]
    report = fp.measure(outputs, Y, STEPS, x=X).report()
    assert "Learned and lost again at least once: band 1." in report
    assert report.splitlines()[4].split()[2] == "–"
    outputs[-1] += 0.5 * WAVES[1]
    report = fp.measure(outputs, Y, STEPS, x=X).report()
    assert "Learned and lost again at least once: bands 1 and 3." in report


def test_an_order_is_told_of_three_bands_that_were_learned():
    def said(rates):
        return fp.measure(shrinking(rates), Y, STEPS, x=X).report().replace("\n", " ")

    assert "Fewer than three bands were learned: no order can be told." in said([0.3, 0.1, 0.001])
    whole = "Rank correlation of frequency and step: 1.00 by the first time, {} for good (1: low"
    assert whole.format("1.00") in said([0.3, 0.1, 0.05])
    outputs = shrinking([0.3, 0.1, 0.05])
    for lost, told in ((1, "fewer than three were learned"), (3, "none was learned")):
        outputs[-1] = Y - 0.5 * WAVES[:lost].sum(axis=0)
        report = fp.measure(outputs, Y, STEPS, x=X).report().replace("\n", " ")
        assert whole.format(told) in report
    pair = Y - WAVES[2]
    two = fp.measure(np.stack([0 * pair, pair]), pair, [0, 1], x=X).report()
    assert "Fewer than three bands" in two


SCATTERED = np.sort(np.random.default_rng(3).random(100))


def test_an_error_that_leakage_hides_is_not_called_learned():
    """What is wrong has power at all frequencies: nothing can be told of a wave as weak."""
    x = SCATTERED
    target = 0.2 * np.cos(2 * np.pi * x) + np.cos(2 * np.pi * 3 * x)
    noise = np.random.default_rng(0).standard_normal((3, 100))
    outputs = target + np.array([0.5, 0.5, 0.01])[:, None] * noise
    measured = fp.measure(outputs, target, [0, 1, 2], x=x, edges=[(1, 1), (3, 3)])
    assert (measured.errors >= measured.floors).all()
    assert (measured.floors[:2, 0] > 0.2).all()
    assert measured.learned().tolist() == [2, 2]
    early = fp.measure(outputs[:2], target, [0, 1], x=x, edges=[(1, 1), (3, 3)])
    row = early.report().splitlines()[2].split()
    assert row[2:4] == ["–", "–"]
    assert row[4] == f"<{early.floors[-1, 0]:.1%}"
    assert "< marks what these points cannot tell from leakage" in early.report()
    assert fp.measure([0 * target], target, [0], x=x).report().count("<") == 0
    exact = fp.measure([target], target, [0], x=x)
    assert exact.errors.max() == exact.floors.max() == 0


def test_floors_hold():
    """White errors: of those marked <, the wave that is in them is less in nineteen of twenty."""
    hidden = above = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        x, size = rng.random(100), 0.1 * rng.random()
        wave = np.cos(2 * np.pi * 2 * x)
        output = wave + size * np.cos(2 * np.pi * 2 * x + seed) + 0.5 * rng.standard_normal(100)
        found = fp.measure([output], wave, [0], x=x, edges=[(2, 2)])
        if found.errors[0, 0] <= found.floors[0, 0]:
            hidden += 1
            above += size > found.floors[0, 0]
    assert hidden > 100
    assert above <= hidden / 20


def test_on_a_grid_there_is_no_floor():
    measured = fp.measure(shrinking([0.3, 0.1, 0.05]), Y, STEPS, x=X)
    assert not measured.floors.any()
    assert measured.floors.shape == measured.errors.shape
    assert "<" not in measured.report()


@pytest.mark.parametrize("several", [False, True])
def test_scattered_points_and_several_outputs(several):
    x = np.random.default_rng(0).random((400, 2))
    low, high = (np.cos(2 * np.pi * x @ k) for k in ([1, 0], [4, 4]))
    y = np.stack([low, high], axis=1) if several else low + high
    fall = np.exp(-np.outer(STEPS, [0.3, 0.01]))
    outputs = y - (fall[:, None] * np.stack([low, high], axis=1) if several
                   else fall @ np.stack([low, high]))  # fmt: skip
    measured = fp.measure(outputs, y, STEPS, x=x, edges=[(1, 1), (5, 6)])
    assert measured.learned(0.5).tolist() == [10, 70]
    assert "400 scattered points in 2 dimensions" in measured.report()


@pytest.mark.parametrize("window", ["none", "hann"])
def test_a_mean_under_the_window_is_in_no_band(window):
    """A front at one side: its mean and its mean under the window differ."""
    y = np.tanh(60 * (np.arange(128) / 128 - 0.2)) + 100
    edges = [(1, 1), (2, 3), (4, 7), (8, 15), (16, 31), (32, 64)]
    measured = fp.measure([0 * y, y - 5], y, [0, 1], edges=edges, window=window)
    assert measured.shares.sum() == pytest.approx(1, abs=1e-3)
    assert measured.errors[-1] == pytest.approx(0, abs=1e-9)
    assert "others" not in measured.report()
    assert ("<0.1%" in measured.report()) == (window == "hann")


def test_files_come_back_and_damage_is_told(tmp_path):
    measured = fp.measure(shrinking([0.3, 0.1, 0.05]), Y, STEPS, x=X, window="hann")
    measured.save(tmp_path / "run.npz")
    again = fp.Measurement.load(tmp_path / "run.npz")
    assert again.report() == measured.report()
    assert again.window == "hann"
    (tmp_path / "run.npz").write_bytes((tmp_path / "run.npz").read_bytes()[:-200])
    with pytest.raises(ValueError, match=r"run.npz is damaged, or not a measurement"):
        fp.Measurement.load(tmp_path / "run.npz")


def test_it_opens_in_the_scrubber_whatever_the_order_of_points():
    place = np.random.default_rng(0).permutation(len(X))
    outputs = shrinking([0.3, 0.1, 0.05])
    shown = fp.measure(outputs[:, place], Y[place], STEPS, x=X[place]).scrubber()
    assert shown.data["peaks"] == [1, 3, 5]
    assert shown.data["steps"][-1] == STEPS[-1]


def test_its_figure_has_a_curve_for_each_band_and_labels_that_can_be_read():
    outputs = shrinking([0.3, 0.1, 0.1])
    outputs[-2:] = Y  # what is 0 has no place on a logarithmic axis
    figure = fp.measure(outputs, Y, STEPS, x=X).figure()
    (ax,) = figure.axes
    assert len(ax.lines) == 4
    assert np.isnan(ax.lines[0].get_ydata()[-2:]).all()
    assert np.isfinite(ax.lines[0].get_ydata()[:-2]).all()
    assert [text.get_text() for text in ax.texts] == ["1", "3", "5"]
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for a, b in pairwise(boxes))
    assert boxes[1].x1 <= figure.bbox.x1


def test_what_is_in_no_band_and_a_wrong_mean_are_told():
    outputs = shrinking([0.3, 0.1, 0.05]) + 5
    report = fp.measure(outputs, Y, STEPS, x=X, edges=[(1, 1), (3, 3)]).report()
    assert "others      33.3%  not followed (outside of these bands)" in report
    wrong = np.square(outputs[-1] - Y).mean() / Y.var()
    assert wrong > 10
    assert "Of the target's variance, >1000% is wrong at the end" in report
    exact = fp.measure(np.stack([Y, Y]), Y, [0, 1], x=X).report()
    assert "others" not in exact
    assert "step: none (all at once) by the first" in exact
    assert "Of the target's variance, 0.0% is wrong" in exact


def test_it_is_shown_in_a_line():
    assert (
        repr(fp.measure([Y], Y, [0], x=X))
        == "<Measurement: 1 record, steps 0 to 0; 48 even points>"
    )


def test_a_scrubber_says_what_it_got():
    x = np.random.default_rng(0).random((40, 2))
    flat = fp.measure([x[:, 0]], x[:, 0], [0], x=x)
    with pytest.raises(ValueError, match=r"one output, got 40 scattered points in 2 dim.* 1 out"):
        flat.scrubber()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.ones(48)}, "y: expected values that vary, got the same everywhere"),
        ({"y": Y[:-1]}, "x: expected 47, a point for each value of y, got 48"),
        ({"outputs": np.ones((3, 48))}, r"outputs: expected shape \(11, 48, 1\)"),
        ({"outputs": np.full((11, 48), np.nan)}, "outputs: expected finite numbers, got nan"),
        ({"steps": STEPS[::-1]}, "steps: expected increasing numbers"),
        ({"edges": [(7, 7)]}, "edges: the target has no power at 7 cycles"),
        (
            {"edges": [(20, 24)], "x": SCATTERED[:48], "y": SCATTERED[:48]},
            "edges: at these scattered points power at 20 to 24 cycles cannot be told from leak",
        ),
    ],
)
def test_errors_name_the_argument(change, message):
    given = {"outputs": shrinking([0.3, 0.1, 0.05]), "y": Y, "steps": STEPS, "x": X, **change}
    with pytest.raises(ValueError, match=message):
        fp.measure(**given)
