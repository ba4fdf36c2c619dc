"""The phase diagram: its cells, their order, and the run that was interrupted."""

import numpy as np
import pytest
import torch

from book.phase_diagram import experiments
from book.phase_diagram.experiments import by_cell, two_waves_learned
from fpkit import convergence_step, spectra, targets, train
from fpkit.networks import MLP
from fpkit.reproduce import chapters, results
from fpkit.tests import interrupted_at

QUICK = {"gains": [1.0, 4.0], "gaps": [1, 2, 5], "seeds": [3, 7], "steps": 6, "record_every": 2,
         "width": 8, "n": 20}  # fmt: skip
CELL = {name: value for name, value in QUICK.items() if name not in ("gains", "gaps")}


def trial(**how):
    return chapters.get("phase_diagram").function(**QUICK, progress=False, **how)


def test_a_cell_is_an_ensemble_on_two_equal_waves():
    got = two_waves_learned(gain=4.0, gap=5, low=3, **CELL)
    for row, seed in enumerate(QUICK["seeds"]):
        x, y = targets.equal_amplitudes(20, [3, 8], seed)
        net = MLP([1, 8, 8, 8, 1], weight_std=4 / 8**0.5, seeds=[seed])
        run = train(net, x, y, steps=6, lr=2e-3, record_every=2, progress=False)
        target, output = spectra.dft(y), spectra.dft(run.outputs[0])
        for name, mode in (("low error", 3), ("high error", 8)):
            wanted = np.abs(output[:, mode] - target[mode]) / np.abs(target[mode])
            np.testing.assert_allclose(got[name][row], wanted, rtol=1e-6)
        np.testing.assert_allclose(got["loss"][row], run.losses[0], rtol=1e-6)


def test_a_cell_gives_the_same_numbers_to_the_last_bit():
    one, other = (two_waves_learned(gain=4.0, gap=5, **CELL) for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_sums_over_a_layer_are_gain_times_as_large_as_what_they_sum():
    """Why g is the size of the weights: the oracle is a random layer."""
    generator = torch.Generator().manual_seed(0)
    before = torch.randn(2_000, 64, generator=generator)
    weights = 3.0 / 64**0.5 * torch.randn(64, 64, generator=generator)
    assert float((before @ weights).std()) == pytest.approx(3.0, rel=0.05)


def test_by_cell_puts_members_back_on_the_grid():
    done = trial()
    assert done.run.seeds == (3,) * 6 + (7,) * 6
    for name in ("low error", "high error"):
        grid = by_cell(done.series[name], QUICK)
        assert grid.shape == (2, 3, 2, 4)
        for i, gain in enumerate(QUICK["gains"]):
            for j, gap in enumerate(QUICK["gaps"]):
                alone = two_waves_learned(gain=gain, gap=gap, **CELL)
                assert np.array_equal(grid[i, j], alone[name])
    losses = by_cell(done.run.losses, QUICK)
    assert np.array_equal(losses[1, 2], two_waves_learned(gain=4.0, gap=5, **CELL)["loss"])


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch):
    calls, real = [], experiments.train

    def stops(*args, **options):
        calls.append(options)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args, **options)

    whole, kept = trial(), tmp_path / "kept.part"
    monkeypatch.setattr(experiments, "train", stops)
    with pytest.raises(KeyboardInterrupt):
        trial(checkpoint=kept)
    assert len(list(kept.iterdir())) == 3
    again = trial(checkpoint=kept)
    assert len(calls) == 4 + 3
    assert np.array_equal(again.series["high error"], whole.series["high error"])


def test_a_run_stopped_by_hand_is_no_cell():
    with interrupted_at(2), pytest.raises(KeyboardInterrupt, match="sweep was stopped by hand"):
        two_waves_learned(gain=1.0, gap=1, **CELL)


def test_rounding_decides_nothing_in_the_stored_map():
    """Errors have three digits; hardly any is so near the threshold that this would count."""
    stored = results.load_or_run("phase_diagram")
    for name in ("low error", "high error"):
        errors = stored.series[name][..., None]
        steps = [convergence_step(stored.steps, errors, level) for level in (0.09995, 0.10005)]
        assert np.mean(steps[0] == steps[1]) > 0.98
