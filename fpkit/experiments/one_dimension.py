"""The one-dimensional experiments of Xu, Zhang, Xiao (2018), Figures 3, 4, 7 and 8."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import checks, spectra, targets
from .core import SEEDS, Experiment, Trial, even_trial, fit

__all__ = ["EXPERIMENTS"]


def staircase(
    *,
    n: int = 200,
    step: float = 0.5,
    count: int = 6,
    activation: str = "tanh",
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 17_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Staircase on [-1, 1], six peaks: the main experiment."""
    x, y = targets.staircase(n, step)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        activation=activation,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        **how,
    )
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


def staircase_random_points(
    *,
    n: int = 600,
    candidates: int = 3000,
    points_seed: int = 0,
    step: float = 0.5,
    count: int = 6,
    hidden: Sequence[int] = (400, 400, 400, 200, 200),
    seeds: Sequence[int] = SEEDS[:4],
    steps: int = 12_000,
    lr: float = 2e-5,
    record_every: int = 40,
    **how: Any,
) -> Trial:
    """Staircase at 600 points drawn from 3,000, wider network, non-uniform transform."""
    x, y = targets.random_points(
        lambda t: t, n=n, candidates=candidates, seed=points_seed, step=step
    )
    run = fit(
        x, y, seeds=seeds, steps=steps, hidden=hidden, lr=lr, record_every=record_every, **how
    )
    transform = partial(spectra.nudft, x=x, modes=np.arange(n // 2), length=2.0)
    even_peaks = spectra.peaks(spectra.dft(targets.staircase(n, step)[1]), count)
    return Trial(run, even_peaks, transform, (x - x.min()) / 2.0)


def sine_sum(
    *,
    n: int = 600,
    step: float = 2.0,
    count: int = 4,
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 14_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Sum of three sines on [-10, 10] whose amplitude grows with frequency, discretized."""
    x, y = targets.sine_sum(n, step)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        **how,
    )
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


def outside_the_data(
    *,
    n: int = 600,
    reach: float = 2.0,
    activation: str = "tanh",
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 5_000,
    lr: float = 2e-5,
    record_every: int = 40,
    **how: Any,
) -> Trial:
    """Fit sin x on [-10, 10] and record the output on an interval ``reach`` times as wide."""
    x, y = targets.sample(np.sin, n=n, interval=(-10, 10))
    wide = np.linspace(-10 * reach, 10 * reach, 300)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        activation=activation,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        record_x=wide,
        **how,
    )
    return even_trial(run, [])


def equal_amplitudes(
    *,
    n: int = 120,
    modes: Sequence[int] = (1, 3, 5, 7, 9),
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 16_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Five modes of one amplitude with random phases, a new curve for every seed."""
    curves = [targets.equal_amplitudes(n, modes, seed) for seed in seeds]
    x, y = curves[0][0], np.stack([values for _, values in curves])
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        **how,
    )
    return even_trial(run, modes)


def white_noise(
    *,
    n: int = 40,
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 20_000,
    lr: float = 2e-5,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """White noise on 40 points, a new sample for every seed; all modes below n/2."""
    samples = [targets.white_noise(n, seed) for seed in seeds]
    x, y = samples[0][0], np.stack([values for _, values in samples])
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        **how,
    )
    return even_trial(run, np.arange(1, n // 2))


def discretized(
    *,
    curve: str = "absolute value",
    n: int = 120,
    step: float = 0.5,
    count: int = 3,
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 14_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """|x|, x² or sin x, discretized; the paper says that the order holds and shows no data."""
    function, interval = CURVES[checks.known("curve", curve, CURVES)]
    x, y = targets.sample(function, n=n, interval=interval, step=step)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        **how,
    )
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


CURVES: dict[str, tuple[targets.Function, tuple[float, float]]] = {
    "absolute value": (np.abs, (-1.0, 1.0)),
    "square": (np.square, (-1.0, 1.0)),
    "sine": (np.sin, (-10.0, 10.0)),
}


XZX = "Xu, Zhang, Xiao (2018)"

EXPERIMENTS = (
    Experiment("staircase", f"{XZX}, Fig. 3", staircase),
    Experiment("staircase_large_init", "control", staircase, weight_std=1.0, steps=5_000),
    Experiment(
        "staircase_sine_units",
        "control",
        staircase,
        activation="sin",
        weight_std=0.7,
        steps=600,
        record_every=2,
    ),
    Experiment("staircase_relu", f"{XZX}, Fig. 7a", staircase, activation="relu", steps=13_000),
    Experiment("staircase_random_points", f"{XZX}, Fig. 7b", staircase_random_points),
    Experiment("sine_sum", f"{XZX}, Fig. 4", sine_sum),
    Experiment("outside_the_data", f"{XZX}, Fig. 8", outside_the_data),
    Experiment(
        "outside_the_data_sine_units",
        "control",
        outside_the_data,
        activation="sin",
        weight_std=0.3,
        steps=1_000,
    ),
    Experiment("absolute_value_coarse", f"{XZX}, Section 3.1", discretized),
    Experiment("absolute_value_fine", f"{XZX}, Section 3.1", discretized, step=0.3),
    Experiment("square_coarse", f"{XZX}, Section 3.1", discretized, curve="square"),
    Experiment(
        "square_fine",
        f"{XZX}, Section 3.1",
        discretized,
        curve="square",
        step=0.3,
        steps=24_000,
        record_every=40,
    ),
    Experiment("sine_coarse", f"{XZX}, Section 3.1", discretized, curve="sine"),
    Experiment("sine_fine", f"{XZX}, Section 3.1", discretized, curve="sine", step=0.3),
    Experiment("equal_amplitudes", "Zhang and Luo, slides", equal_amplitudes),
    Experiment("white_noise", "ours", white_noise),
    Experiment(
        "sine_sum_large_init", "control", sine_sum, weight_std=1.0, seeds=SEEDS[:4], steps=3_000
    ),
    Experiment(
        "absolute_value_large_init", "control", discretized, step=0.3, weight_std=1.0, steps=6_000
    ),
    Experiment(
        "equal_amplitudes_large_init",
        "control",
        equal_amplitudes,
        weight_std=1.0,
        steps=2_000,
        record_every=10,
    ),
)
