"""Experiments on what the initial weights decide: order, unseen frequencies, sharpness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from book.initialization import aliasing, curvature
from fpkit import spectra, targets
from fpkit.networks import MLP
from fpkit.reproduce import HIDDEN, SEEDS, Experiment, Trial, even_trial, experiment
from fpkit.training import Run, train

__all__ = ["AMPLITUDES", "SCALES", "STDS"]

P1, P2 = "Xu, Zhang, Xiao (2018), Section 4", "Xu (2018)"

# Initial standard deviations of the runs on the staircase, and the names of these runs.
STDS = {
    0.03: "staircase_std_003",
    0.06: "staircase_std_006",
    0.1: "staircase_std_01",
    0.2: "staircase_std_02",
    0.3: "staircase_std_03",
    0.6: "staircase_std_06",
    1.0: "staircase_std_1",
}
# Amplitudes of the hidden wave, and standard deviations for the sharpness: member i of those runs
# has the one at i modulo 5, so that each seed comes five times.
AMPLITUDES = (0.0, 0.25, 0.5, 0.75, 1.0)
SCALES = (0.1, 0.2, 0.4, 0.8, 1.6)
FIVE_TIMES = tuple(seed for seed in SEEDS for _ in range(5))


def staircase_std(
    *,
    n: int = 120,
    height: float = 0.5,
    count: int = 6,
    weight_std: float = 0.1,
    antisymmetric: bool = False,
    seeds: Sequence[int] = SEEDS,
    steps: int = 18_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Staircase on [-1, 1], six peaks, from initial weights of one standard deviation."""
    x, y = targets.staircase(n, height)
    nets = MLP([1, *HIDDEN, 1], weight_std=weight_std, seeds=seeds, antisymmetric=antisymmetric)
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every, **how)
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


@experiment("ours")
def three_starts(
    *,
    n: int = 120,
    fine: int = 4,
    height: float = 0.5,
    weight_stds: Sequence[float] = (0.03, 0.1, 1.0),
    seeds: Sequence[int] = (0, 0, 0),
    steps: int = 18_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """The staircase of `staircase_std`, recorded on a finer grid; each seed has its initial scale.

    Series: "new", the mean square error on the places between the training points.
    """
    x, y = targets.staircase(n, height)
    places, curve = targets.staircase((n - 1) * fine + 1, height)
    stds = np.resize(weight_stds, len(seeds)).tolist()
    nets = MLP([1, *HIDDEN, 1], weight_std=stds, seeds=seeds)
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every, eval_x=places, **how)
    between = np.arange(len(places)) % fine > 0
    return even_trial(run, [], new=np.square((run.outputs - curve)[..., between]).mean(axis=-1))


@experiment(P1)
def beyond_nyquist(
    *,
    n: int = 30,
    fine: int = 10,
    modes: Sequence[int] = (1, 2, 4),
    amplitudes: Sequence[float] = (1.0, 0.6, 0.4),
    phases: Sequence[float] = (1.0, 0.3, 2.0),
    weight_std: float = 0.1,
    antisymmetric: bool = False,
    seeds: Sequence[int] = SEEDS,
    steps: int = 3_000,
    lr: float = 1e-4,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Three slow waves at 30 points of the period, recorded on a grid ten times as fine.

    Series: "above", the energy above the training points' Nyquist frequency; "overlap", its
    correlation with what was there at the start; "test_loss", the error on the fine grid.
    """
    curve = partial(targets.waves, modes=modes, amplitudes=amplitudes, phases=phases)
    # The right end is a training point too: it closes the period.
    x, y = targets.sample(curve, n=n + 1)
    nets = MLP([1, *HIDDEN, 1], weight_std=weight_std, seeds=seeds, antisymmetric=antisymmetric)
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every,
                eval_x=np.linspace(-1, 1, n * fine + 1), **how)  # fmt: skip
    output = aliasing.closed_spectrum(run.outputs)
    series = {
        "above": aliasing.energy(output, n),
        "overlap": aliasing.overlap(output[:, :1], output, n),
        "test_loss": _test_loss(run, curve),
    }
    return even_trial(run, [], **series)


@experiment(P1)
def hidden_wave(
    *,
    n: int = 20,
    fine: int = 10,
    mode: int = 17,
    wave_amplitudes: Sequence[float] = AMPLITUDES,
    hidden: Sequence[int] = (100, 100, 100),
    weight_std: float = 0.14,
    seeds: Sequence[int] = FIVE_TIMES,
    steps: int = 10_000,
    lr: float = 2e-4,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Two slow waves and a fast one, above the Nyquist frequency, of five amplitudes.

    Series: "test_loss", the error on a grid ten times as fine.
    """
    size = np.resize(wave_amplitudes, len(seeds))[:, None]

    def curve(x: NDArray) -> NDArray:
        slow = targets.waves(x, (1, 2), (1.0, 0.6), (1.0, 0.3))
        return slow + size * targets.waves(x, (mode,), (1.0,), (0.7,))

    x = np.linspace(-1, 1, n + 1)
    nets = MLP([1, *hidden, 1], weight_std=weight_std, seeds=seeds)
    run = train(nets, x, curve(x), steps=steps, lr=lr, record_every=record_every,
                eval_x=np.linspace(-1, 1, n * fine + 1), **how)  # fmt: skip
    return even_trial(run, [], test_loss=_test_loss(run, curve))


def sharpness_at(x: NDArray, y: NDArray, nets: MLP) -> dict[str, Tensor]:
    """Return the sharpness of each network's loss."""
    return {"sharpness": curvature.sharpness(nets, x, y)}


@experiment(f"{P2}, Discussion")
def sharp_minima(
    *,
    n: int = 20,
    fine: int = 10,
    hidden: Sequence[int] = (50, 50),
    weight_stds: Sequence[float] = SCALES,
    bias_stds: Sequence[float] = SCALES,
    seeds: Sequence[int] = FIVE_TIMES,
    steps: int = 3_000,
    lr: float = 1e-3,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Two slow waves learned by small networks from five initial scales.

    Series: "sharpness", the largest eigenvalue of the Hessian; "test_loss", the error on a grid
    ten times as fine.
    """
    curve = partial(targets.waves, modes=(1, 2), amplitudes=(1.0, 0.6), phases=(1.0, 0.3))
    x, y = targets.sample(curve, n=n + 1)
    weights, biases = (np.resize(stds, len(seeds)).tolist() for stds in (weight_stds, bias_stds))
    nets = MLP([1, *hidden, 1], weight_std=weights, bias_std=biases, seeds=seeds)
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every,
                eval_x=np.linspace(-1, 1, n * fine + 1),
                observe=partial(sharpness_at, x, y),
                **how)  # fmt: skip
    return even_trial(run, [], test_loss=_test_loss(run, curve), **run.observed)


def _test_loss(run: Run, curve: Callable[[NDArray], NDArray]) -> NDArray[np.float64]:
    """Return the mean square error on the recorded points, ``(S, R)``."""
    wanted = np.atleast_2d(curve(run.eval_x))[:, None]
    return np.square(run.outputs - wanted).mean(axis=-1)


staircase_std_003 = Experiment(staircase_std, "ours", weight_std=0.03)
staircase_std_006 = Experiment(staircase_std, "ours", weight_std=0.06)
staircase_std_01 = Experiment(staircase_std, "ours", weight_std=0.1)
staircase_std_02 = Experiment(staircase_std, "ours", weight_std=0.2)
staircase_std_03 = Experiment(staircase_std, "ours", weight_std=0.3)
staircase_std_06 = Experiment(staircase_std, "ours", weight_std=0.6)
staircase_std_1 = Experiment(staircase_std, "ours", weight_std=1.0)
staircase_std_1_antisymmetric = Experiment(
    staircase_std, "ours", weight_std=1.0, antisymmetric=True, steps=240, record_every=2
)
beyond_nyquist_std_03 = Experiment(beyond_nyquist, P1, weight_std=0.3)
beyond_nyquist_std_06 = Experiment(beyond_nyquist, P1, weight_std=0.6)
beyond_nyquist_std_1 = Experiment(beyond_nyquist, P1, weight_std=1.0)
beyond_nyquist_std_1_antisymmetric = Experiment(
    beyond_nyquist, P1, weight_std=1.0, antisymmetric=True, steps=1_500
)
hidden_wave_in_range = Experiment(hidden_wave, "control", mode=5)
sharp_minima_biases = Experiment(sharp_minima, "control", weight_stds=(0.2,) * 5)
