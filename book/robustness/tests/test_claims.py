"""Sweeps: what their cells are, and the claims and figures made of them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import fpkit as fp
from book.amplitude.experiments import pairs, two_waves
from book.robustness import claims, experiments, figures
from book.robustness.experiments import BASE, cell_name, falling_waves
from fpkit import spectra, targets
from fpkit.reproduce import chapters, judgement, results
from fpkit.tests import hand_made, interrupted_at

pytestmark = pytest.mark.usefixtures("few_suffice")

QUICK = {"seeds": [0, 1], "steps": 6, "record_every": 2}
CELLS = ({"width": 8}, {"width": 8, "optimizer": "sgd", "lr": 0.01})


def sweep(**changes):
    return chapters.get("widths").function(**{**QUICK, "cells": CELLS, **changes}, progress=False)


def test_a_sweep_joins_its_cells_seed_by_seed():
    together = sweep().run
    assert together.seeds == (0, 0, 1, 1)
    for i, cell in enumerate(CELLS):
        alone = sweep(cells=(cell,)).run
        assert alone.seeds == (0, 1)
        for name in ("y", "losses", "outputs"):
            assert np.array_equal(getattr(together, name)[i::2], getattr(alone, name)), name
        assert np.array_equal(together.observed["mean weight"][i::2], alone.observed["mean weight"])


def test_the_initial_standard_deviation_is_a_tenth_at_width_200():
    weights = sweep(cells=({"width": 200}, {"width": 50}, {"width": 200, "size": 2.0}))
    start = weights.series["mean weight"][:, 0].reshape(2, 3)
    normal = np.sqrt(2 / np.pi)
    np.testing.assert_allclose(start / normal, [[0.1, 0.2, 0.2]] * 2, rtol=0.05)


@pytest.mark.parametrize(
    "change",
    [
        {"depth": 1}, {"activation": "sin"}, {"size": 3.0}, {"optimizer": "rmsprop"}, {"lr": 1e-3},
        {"batch_size": 5}, {"loss": "mean absolute"}, {"optimizer": "adamw", "weight_decay": 50.0},
    ],
)  # fmt: skip
def test_every_setting_of_a_cell_matters(change):
    base, changed = (sweep(cells=({"width": 8, **more},)).run.outputs for more in ({}, change))
    assert np.abs(base[:, -1] - changed[:, -1]).max() > 1e-6


def test_noise_is_in_the_labels_and_not_in_the_true_loss():
    noisy, clean = (sweep(cells=(CELLS[0],), noise=noise) for noise in (0.5, 0.0))
    added = noisy.run.y - clean.run.y
    assert added.std() == pytest.approx(0.5, rel=0.2)
    assert not np.array_equal(added[0], added[1])
    expected = np.square(noisy.run.outputs - clean.run.y[:, None]).mean(axis=-1)
    np.testing.assert_allclose(noisy.series["true loss"], expected)
    assert "true loss" not in clean.series


def test_falling_waves_have_the_phases_of_equal_ones_and_heights_like_one_over_k():
    x, equal = targets.equal_amplitudes(30, (1, 3, 5), seed=4)
    wanted, found = (spectra.dft(y) for y in (equal, falling_waves(x, (1, 3, 5), seed=4)))
    np.testing.assert_allclose(found[[1, 3, 5]], wanted[[1, 3, 5]] / [1, 3, 5])
    assert np.delete(np.abs(found), [1, 3, 5]).max() < 1e-12


def test_falling_trains_on_falling_waves_and_is_judged_at_its_peaks():
    trial = chapters.get("falling_adam").function(**QUICK, cells=CELLS, progress=False)
    assert trial.run.seeds == (0, 0, 1, 1)
    for member, seed in zip(trial.run.y, trial.run.seeds, strict=True):
        np.testing.assert_allclose(member, falling_waves(trial.run.x, trial.peaks.tolist(), seed))
        size = np.abs(spectra.dft(member))
        # What rounding leaves has peaks, too.
        assert [k for k in spectra.peaks(size) if size[k] > 1e-9] == trial.peaks.tolist()


def test_an_unknown_setting_of_a_cell():
    with pytest.raises(ValueError, match="cells: 'widht' is not known; did you mean 'width'"):
        sweep(cells=({"widht": 3},))


def test_a_stopped_sweep_is_not_a_result():
    with interrupted_at(2), pytest.raises(KeyboardInterrupt):
        sweep()


def test_every_cell_has_a_checkpoint_of_its_own(tmp_path, monkeypatch):
    seen = []
    train = experiments.train

    def spy(*args, checkpoint, **how):
        seen.append(checkpoint)
        return train(*args, checkpoint=checkpoint, **how)

    monkeypatch.setattr(experiments, "train", spy)
    sweep(checkpoint=tmp_path / "sweep.part")
    assert seen == [tmp_path / "0.sweep.part", tmp_path / "1.sweep.part"]
    sweep()
    assert seen[2:] == [None, None]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ({"width": 10, "lr": 5e-3}, "width 10"),
        ({"optimizer": "sgd", "batch_size": 10, "lr": 1}, "sgd, batch size 10"),
        ({"activation": "tanh", "size": 1, "lr": 1}, "tanh"),
        ({"activation": "sin", "size": 7, "lr": 1}, "sin, size 7"),
    ],
)
def test_the_name_of_a_cell(cell, name):
    assert cell_name(cell) == name
    assert set(cell) <= set(BASE)


# --- claims ----------------------------------------------------------------------------------


def errors_learned_at(*members):
    errors = np.ones((len(members), 5, len(members[0])))
    for member, records in enumerate(members):
        for k, record in enumerate(records):
            if record is not None:
                errors[member, record:, k] = 0.05
    return errors


GOOD, BAD, LITTLE = [0, 1, 2], [2, 1, 0], [0, None, None]


def swept(*members, cells=CELLS, **series):
    """Return a result of one network for each of ``members``, cell after cell, seed after seed."""
    return hand_made(
        errors=errors_learned_at(*members), settings={"seeds": [0, 1], "cells": list(cells)},
        series={name: np.asarray(values) for name, values in series.items()},
    )  # fmt: skip


def test_by_cell_takes_every_other_member():
    measured = claims.by_cell(swept(GOOD, BAD, GOOD, LITTLE))
    first, second = measured.values()
    assert list(measured) == ["width 8", "width 8, sgd"]
    assert first.strict.tolist() == [True, True]
    assert second.strict.tolist() == [False, False]
    assert claims.learned_enough(second).tolist() == [True, False]


def test_growth_is_by_cell_and_seed():
    weights = np.array([[1, 3], [2, 2], [1, 4], [2, 1.0]])
    grown = claims.growth(swept(GOOD, GOOD, GOOD, GOOD, **{"mean weight": weights}))
    assert grown.tolist() == [[3, 4], [1, 0.5]]


def use(monkeypatch, **stored):
    for module in (judgement, claims):
        monkeypatch.setattr(module, "load_or_run", stored.__getitem__)


DISORDER = swept(
    BAD,
    GOOD,
    GOOD,
    BAD,
    cells=({"activation": "tanh", "size": 7}, {"activation": "sin", "size": 7}),
)


OTHERS = pytest.mark.parametrize(
    ("other", "outcome"),
    [
        (GOOD, "reproduced"),
        (LITTLE, "undecided (not trained to the end)"),
        ([0, 2, 1], "weaker"),
        (BAD, "not reproduced"),
    ],
)


def check_counts(effect, other, total):
    """Check what is told of so many networks, all GOOD but for one."""
    enough, strict = total - (other is LITTLE), total - (other is not GOOD)
    for reading in ("by first crossing", "by settling"):
        assert f"{reading} strict order {strict}/{enough} (" in effect
    # Without the one that learned too little all are in order.
    left = "; if left out: reproduced" if enough < total else ""
    assert (
        f"; {total - enough} more learned too little to tell{left}; with other limits, " in effect
    )


@OTHERS
def test_verdict_on_robustness(monkeypatch, other, outcome):
    sweeps = {name: swept(GOOD, GOOD, GOOD, GOOD) for name in claims.SWEEPS}
    sweeps["depths"] = swept(GOOD, GOOD, GOOD, other)
    use(monkeypatch, **sweeps, activations_disorder=DISORDER)
    verdict = judgement.verdict("R65")
    assert verdict.outcome == outcome
    assert verdict.ours
    assert verdict.control.startswith(
        "tanh, size 7: by first crossing and by settling strict order 1/2 "
    )
    assert verdict.seeds == 2  # of each setting
    check_counts(verdict.effect, other, total=20)


def test_the_control_of_robustness_must_fail(monkeypatch):
    sweeps = {name: swept(GOOD, GOOD) for name in claims.SWEEPS}
    orderly = swept(GOOD, GOOD, GOOD, GOOD, cells=DISORDER.settings["cells"])
    use(monkeypatch, **sweeps, activations_disorder=orderly)
    with pytest.raises(RuntimeError, match="R65: the negative control passes"):
        judgement.verdict("R65")


LARGE = ({"size": 10},)


@OTHERS
def test_verdict_on_falling_waves(monkeypatch, other, outcome):
    use(
        monkeypatch,
        falling_adam=swept(GOOD, GOOD, GOOD, GOOD),
        falling_slow=swept(GOOD, GOOD, GOOD, other),
        falling_large_init=swept(BAD, GOOD, cells=LARGE),
    )
    verdict = judgement.verdict("R38")
    assert verdict.outcome == outcome
    assert not verdict.ours
    assert verdict.control.startswith("large first weights, size 10: by first crossing and by ")
    assert verdict.seeds == 2
    check_counts(verdict.effect, other, total=8)
    first = 7 if other is BAD else 8
    assert f"the tallest wave comes first in {first}/8 (" in verdict.effect
    # The cells that change only the width are counted together.
    assert ": width 4/4 (" in verdict.effect.partition("rank")[0]


def test_the_control_of_falling_waves_must_fail(monkeypatch):
    orderly = {name: swept(GOOD, GOOD, GOOD, GOOD) for name in claims.FALLING}
    use(monkeypatch, **orderly, falling_large_init=swept(GOOD, GOOD, cells=LARGE))
    with pytest.raises(RuntimeError, match="R38: the negative control passes"):
        judgement.verdict("R38")


def test_a_tie_with_the_tallest_wave_is_not_first():
    assert claims.tallest_first(swept(GOOD, [1, 1, 2], BAD, LITTLE)).tolist() == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_wave_that_passes_the_limit_again_is_lost():
    found = swept(GOOD, LITTLE)
    assert claims.lost_again(found).tolist() == [False, False]
    found.errors[1, 2, 0] = 0.5  # learned at record 0, and no more at record 2
    assert claims.lost_again(found).tolist() == [False, True]


@pytest.mark.parametrize(
    ("small", "decayed", "outcome"),
    [
        (3, 0.5, "reproduced"),
        (1.5, 0.5, "weaker"),
        (3, 2, "weaker"),
        (1.5, 2, "not reproduced"),
    ],
)
def test_verdict_on_the_discussion(monkeypatch, small, decayed, outcome):
    use(
        monkeypatch,
        widths=swept(GOOD, GOOD, GOOD, GOOD, **{"mean weight": [[1, small], [1, 1.0]] * 2}),
        weight_decay=swept(GOOD, GOOD, GOOD, GOOD, **{"true loss": [[1, 1], [1, decayed]] * 2}),
        white_noise=swept(BAD, BAD),
        dominant_low=swept(GOOD, GOOD),
    )
    verdict = judgement.verdict("R37")
    assert verdict.outcome == outcome
    assert verdict.control.startswith("the largest network: weights grow by 1.00 at most")
    assert f"grow by {small:.2f} to {small:.2f}, of the largest by 1.00 to 1.00" in verdict.effect
    assert f"best decay leaves {decayed:.2f} to {decayed:.2f} of the error" in verdict.effect


@pytest.mark.parametrize(
    ("row", "name", "ours"), [("R62", "mean_absolute", True), ("R66", "falling_absolute", False)]
)
@OTHERS
def test_verdict_on_the_mean_absolute_error(monkeypatch, row, name, ours, other, outcome):
    use(monkeypatch, **{name: swept(other, BAD, other, BAD)})
    verdict = judgement.verdict(row)
    assert verdict.outcome == outcome
    assert verdict.ours == ours
    assert verdict.control.partition(":")[2].startswith(" by first crossing and by settling ")


# --- two waves -------------------------------------------------------------------------------


@pytest.mark.parametrize(("ratio", "fast"), [(1, 2), (16, 6)])
def test_two_waves_have_power_1_and_the_ratio(ratio, fast):
    x, y = two_waves(20, ratio, fast, seed=3)
    size = np.abs(spectra.dft(y, x))
    assert np.square(y).mean() == pytest.approx(1)
    assert size[fast] / size[1] == pytest.approx(ratio)
    assert np.delete(size, [1, fast]).max() < 1e-12
    assert not np.allclose(y, two_waves(20, ratio, fast, seed=4)[1])


def test_pairs_go_through_every_seed():
    assert pairs((1, 4), (2, 3), (5, 6)) == [
        (ratio, fast, seed) for seed in (5, 6) for ratio in (1, 4) for fast in (2, 3)
    ]


def test_the_errors_are_those_of_each_members_two_modes():
    changes = {**QUICK, "ratios": [1, 4], "fast": [2, 3]}
    result = results.run("amplitude_or_frequency", progress=False, **changes)
    experiment = chapters.get("amplitude_or_frequency")
    run = experiment.function(**experiment.merged(changes), progress=False).run
    for i, (_, mode, _) in enumerate(pairs([1, 4], [2, 3], [0, 1])):
        for name, k in (("slow error", 1), ("fast error", mode)):
            target = spectra.dft(run.y[i])[k]
            expected = np.abs(spectra.dft(run.outputs[i])[:, k] - target) / np.abs(target)
            np.testing.assert_allclose(result.series[name][i], expected, rtol=1e-4)


# --- figures ---------------------------------------------------------------------------------


def test_cells_draws_full_dots_rings_and_crosses():
    ax = plt.figure().subplots()
    figures.order_by_cell(ax, ["a", "b"], [[1, 0.5], [0.7, 0.2]], [[True, False], [False, False]],
                [[True, True], [False, True]])  # fmt: skip
    crosses, rings, full = (c.get_offsets()[:, 0].tolist() for c in ax.collections)
    assert (crosses, rings, full) == ([0.7], [0.5, 0.2], [1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    plt.close("all")


def test_cells_may_have_different_numbers_of_networks():
    ax = plt.figure().subplots()
    two, one = fp.Order.of([[1, 2, 3], [3, 2, 1]]), fp.Order.of([[1, np.inf, np.inf]])
    figures.cells(ax, {"two": two, "one": one})
    crosses, rings, full = (len(c.get_offsets()) for c in ax.collections)
    drawn = [np.isfinite(c.get_offsets()).all(axis=1).sum() for c in ax.collections]
    assert (drawn[1:], rings, full) == ([1, 1], 1, 1)
    assert drawn[0] == 1 < crosses  # what fills up a short row is not drawn
    plt.close("all")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sgd, batch size 10", "gradient descent, 10 points"),
        ("gelu, size 2", "GELU, weights × 2"),
        ("sin, size 7", "sine, weights × 7"),
        ("width 1000", "width 1,000"),
        ("sigmoid", "sigmoid"),
    ],
)
def test_cells_are_named_in_words(name, words):
    assert figures.plain(name) == words
    ax = plt.figure().subplots()
    figures.cells(ax, {name: fp.Order.of([[1, 2, 3]])})
    assert [label.get_text() for label in ax.get_yticklabels()] == [words]
    plt.close("all")


def test_flip_map_writes_numbers_and_separates_signs():
    ax = plt.figure().subplots()
    figures.flip_map(ax, [[0.5, 0.5], [-0.25, 0.25]], ["x", "y"], [2, 3])
    assert [text.get_text() for text in ax.texts] == ["+0.50", "+0.50", "-0.25", "+0.25"]
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[0, 1], [1, 1]]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "3"]
    red, _, blue, _ = ax.collections[0].get_cmap()(1.0)
    assert blue > red  # 1 is blue
    plt.close("all")
