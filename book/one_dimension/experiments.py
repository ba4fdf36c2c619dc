"""The one-dimensional experiments of Xu, Zhang, Xiao (2018), Figures 3, 4, 7 and 8."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import numpy as np

from book.one_dimension.random_points import random_points
from fpkit import spectra, targets, validation
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, even_trial, experiment, fit

XZX = "Xu, Zhang, Xiao (2018)"


@experiment(f"{XZX}, Fig. 3")
def staircase(
    *,
    n: Annotated[int, Between(20, 200)] = 200,
    height: Annotated[float, Between(0.2, 0.9)] = 0.5,
    count: int = 6,
    steps: Annotated[int, Between(500, 20_000)] = 17_000,
    **training: Any,
) -> Trial:
    """Staircase on [-1, 1], six peaks: the main experiment."""
    x, y = targets.staircase(n, height)
    run = fit(x, y, steps=steps, **training)
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


@experiment(f"{XZX}, Fig. 7b")
def staircase_random_points(
    *,
    n: int = 600,
    candidates: int = 3000,
    points_seed: int = 0,
    height: float = 0.5,
    count: int = 6,
    hidden: Sequence[int] = (400, 400, 400, 200, 200),
    seeds: Sequence[int] = SEEDS,
    steps: int = 12_000,
    record_every: int = 40,
    **training: Any,
) -> Trial:
    """Staircase at 600 points drawn from 3,000, wider network, non-uniform transform."""
    x, y = random_points(lambda t: t, n=n, candidates=candidates, seed=points_seed, height=height)
    run = fit(x, y, seeds=seeds, steps=steps, hidden=hidden, record_every=record_every, **training)
    transform = partial(spectra.nudft, x=x, modes=np.arange(n // 2), length=2.0)
    even_peaks = spectra.peaks(spectra.dft(targets.staircase(n, height)[1]), count)
    return Trial(run, even_peaks, transform, (x - x.min()) / 2.0)


@experiment(f"{XZX}, Fig. 4")
def sine_sum(
    *,
    n: int = 600,
    height: float = 2.0,
    count: int = 4,
    steps: int = 14_000,
    **training: Any,
) -> Trial:
    """Sum of three sines on [-10, 10] whose amplitude grows with frequency, discretized."""
    x, y = targets.sine_sum(n, height)
    run = fit(x, y, steps=steps, **training)
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


@experiment(f"{XZX}, Fig. 8")
def outside_the_data(
    *,
    n: int = 600,
    reach: float = 2.0,
    steps: int = 5_000,
    record_every: int = 40,
    **training: Any,
) -> Trial:
    """Fit sin x on [-10, 10] and record the output on an interval ``reach`` times as wide."""
    x, y = targets.sample(np.sin, n=n, interval=(-10, 10))
    wide = np.linspace(-10 * reach, 10 * reach, 300)
    run = fit(x, y, steps=steps, record_every=record_every, eval_x=wide, **training)
    return even_trial(run, [])


@experiment("Zhang and Luo, slides")
def equal_amplitudes(
    *,
    n: int = 120,
    modes: Sequence[int] = (1, 3, 5, 7, 9),
    seeds: Sequence[int] = SEEDS,
    steps: int = 16_000,
    **training: Any,
) -> Trial:
    """Five modes of one amplitude with random phases, a new curve for every seed."""
    curves = [targets.equal_amplitudes(n, modes, seed) for seed in seeds]
    x, y = curves[0][0], np.stack([values for _, values in curves])
    run = fit(x, y, seeds=seeds, steps=steps, **training)
    return even_trial(run, modes)


@experiment("ours")
def white_noise(
    *,
    n: int = 40,
    seeds: Sequence[int] = SEEDS,
    steps: int = 20_000,
    record_every: int = 50,
    **training: Any,
) -> Trial:
    """White noise on 40 points, a new sample for every seed; all modes below n/2."""
    samples = [targets.white_noise(n, seed) for seed in seeds]
    x, y = samples[0][0], np.stack([values for _, values in samples])
    run = fit(x, y, seeds=seeds, steps=steps, record_every=record_every, **training)
    return even_trial(run, np.arange(1, n // 2))


def discretized(
    *,
    curve: str = "absolute value",
    n: int = 120,
    height: float = 0.5,
    count: int = 3,
    steps: int = 14_000,
    **training: Any,
) -> Trial:
    """|x|, x² or sin x, discretized; the paper says that the order holds and shows no data."""
    function, interval = CURVES[validation.known("curve", curve, CURVES)]
    x, y = targets.sample(function, n=n, interval=interval, height=height)
    run = fit(x, y, steps=steps, **training)
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


CURVES: dict[str, tuple[targets.Function, tuple[float, float]]] = {
    "absolute value": (np.abs, (-1.0, 1.0)),
    "square": (np.square, (-1.0, 1.0)),
    "sine": (np.sin, (-10.0, 10.0)),
}


staircase_large_init = Experiment(staircase, "control", weight_std=1.0, steps=5_000)
staircase_sine_units = Experiment(
    staircase, "control", activation="sin", weight_std=0.7, steps=600, record_every=2
)
staircase_relu = Experiment(staircase, f"{XZX}, Fig. 7a", activation="relu", steps=13_000)
staircase_relu_large_init = Experiment(
    staircase, "control", activation="relu", weight_std=1.0, steps=5_000
)
# Here the first output is as large as that of the tanh networks with std 1 (root mean square 9 to
# 10; that of ReLU networks with std 1 is 6,000).
staircase_relu_large_output = Experiment(
    staircase, "control", activation="relu", weight_std=0.28, steps=13_000
)
# Steps and records were fixed before it was run: large weights are fast.
staircase_random_points_large_init = Experiment(
    staircase_random_points, "control", weight_std=1.0, steps=3_000, record_every=10
)
outside_the_data_sine_units = Experiment(
    outside_the_data, "control", activation="sin", weight_std=0.3, steps=1_000
)
absolute_value_coarse = Experiment(discretized, f"{XZX}, Section 3.1")
absolute_value_fine = Experiment(discretized, f"{XZX}, Section 3.1", height=0.3)
square_coarse = Experiment(discretized, f"{XZX}, Section 3.1", curve="square")
square_fine = Experiment(
    discretized, f"{XZX}, Section 3.1", curve="square", height=0.3, steps=24_000, record_every=40
)
sine_coarse = Experiment(discretized, f"{XZX}, Section 3.1", curve="sine")
sine_fine = Experiment(discretized, f"{XZX}, Section 3.1", curve="sine", height=0.3)
sine_sum_large_init = Experiment(sine_sum, "control", weight_std=1.0, steps=3_000)
absolute_value_large_init = Experiment(
    discretized, "control", height=0.3, weight_std=1.0, steps=6_000
)
equal_amplitudes_large_init = Experiment(
    equal_amplitudes, "control", weight_std=1.0, steps=2_000, record_every=10
)
