"""Networks that solve an equation, and networks that help an iteration to. Settings are ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from torch import Tensor

from book.decayed import Decayed
from book.equations import poisson
from book.equations.correctors import LOSSES, look, residuals_and_errors
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Experiment, Trial, experiment, series_only
from fpkit.training import train

__all__ = ["BRANCHES", "EVERY", "LONGER", "OTHERS", "equation_loss", "falling"]

WANG = "ours, after Wang, Wang, Perdikaris (2021)"

# σ of both branches of a network: slow ones, fast ones, one of each.
BRANCHES = ((1, 1), (10, 10), (1, 10))
# Other single scales, and a fast one that is faster still; and what is trained for longer.
OTHERS = ((3, 3), (5, 5), (20, 20), (30, 30), (1, 30))
LONGER = ((5, 5), (10, 10), (1, 10))
# Every so many steps one is the network's.
EVERY = (2, 4, 8, 16, 32, 64)


def falling(tenth: int) -> Callable[..., Decayed]:
    """Return Adam with a rate that falls by a tenth in so many steps, as often as there are."""
    return partial(Decayed, factor=0.9 ** (1 / tenth), fused=True)


def equation_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean of (u″ - f)² per member: a loss ``(S,)`` on the second of two columns."""
    return (outputs - targets)[..., 1].square().mean(dim=1)


@experiment(WANG)
def two_scales(
    *,
    scales: Sequence[Sequence[float]] = BRANCHES,
    hidden: Sequence[int] = (40,),
    features: int = 20,
    samples: int = 5_120,
    seeds: Sequence[int] = SEEDS,
    steps: int = 2_000,
    lr: float = 2e-3,
    record_every: Sequence[int] = (0, 50, 100, 200, 300, 500, 750, 1_000, 1_250, 1_500, 1_750),
    **how: Any,
) -> Trial:
    """Solve u'' = f with two scales, by networks with Fourier features.

    The series "distance" is the relative L² error of u. Members are ordered seed by seed, with the
    branches of every entry of ``scales`` once for each; the peaks are half waves.
    """
    how |= {"optimizer": falling(200), "steps": steps, "lr": lr, "record_every": record_every}
    return _solved(scales, hidden, features, samples, seeds, **how)


def _solved(
    scales: Sequence[Sequence[float]],
    hidden: Sequence[int],
    features: int,
    samples: int,
    seeds: Sequence[int],
    **how: Any,
) -> Trial:
    """Train the networks of `two_scales`, and look at them."""
    members = [tuple(float(scale) for scale in branches) for _ in seeds for branches in scales]
    each = np.repeat(np.asarray(seeds), len(scales)).tolist()
    nets = poisson.Solver(hidden, members, features=features, seeds=each)
    x, grid = np.random.default_rng(0).random(samples), np.arange(1, 256) / 256
    wanted, u = np.stack([poisson.height(x), poisson.bend(x)], axis=1), poisson.height(grid)
    how |= {"batch_size": 128, "loss_points": 512}
    run = train(nets, x, wanted, loss=equation_loss, eval_x=grid, **how)
    heights = run.outputs[..., 0]
    distance = np.sqrt(np.square(heights - u).mean(axis=-1) / np.square(u).mean())
    kept = replace(run, x=grid, y=u[None], outputs=heights)
    half_waves = np.array(poisson.HALF_WAVES)
    series = {"distance": distance}
    return Trial(kept, half_waves, poisson.sine_transform, grid / 2, series)


two_scales_plain = Experiment(two_scales, WANG, scales=((),), hidden=(40, 40))
two_scales_others = Experiment(two_scales, "control", scales=OTHERS)


@experiment(WANG)
def two_scales_long(
    *,
    scales: Sequence[Sequence[float]] = LONGER,
    hidden: Sequence[int] = (40,),
    features: int = 20,
    samples: int = 5_120,
    seeds: Sequence[int] = SEEDS,
    steps: int = 6_000,
    lr: float = 2e-3,
    tenth: int = 1_000,
    record_every: Sequence[int] = (0, 20, 50, 100, 500, 1_000, 2_000, 3_000, 4_000, 5_000),
    **how: Any,
) -> Trial:
    """Solve the same equation in more steps, with a rate that falls as slowly as the authors' own.

    It falls by a tenth in ``tenth`` steps; all else is as in `two_scales`.
    """
    how |= {"optimizer": falling(tenth), "steps": steps, "lr": lr, "record_every": record_every}
    return _solved(scales, hidden, features, samples, seeds, **how)


@experiment("ours, after Zhang et al. (2024)")
def corrector(
    *,
    told: str = "errors",
    n: int = 63,
    width: int = 64,
    samples: int = 4_096,
    every: Sequence[int] = EVERY,
    most: int = 15_000,
    seeds: Sequence[int] = SEEDS,
    steps: int = 2_000,
    lr: float = 3e-3,
    record_every: Sequence[int] = (0, 250, 500, 1_000),
    **how: Any,
) -> Trial:
    """From residuals to the errors behind them; then help damped Jacobi, every so many steps.

    The loss is on errors, or on their second derivative, which is the residual again.
    """
    r, e = residuals_and_errors(n, samples)
    nets = MLP([n, width, n], weight_std=0.02, seeds=seeds)
    how |= {"optimizer": falling(100), "steps": steps, "lr": lr}
    how |= {"batch_size": 128, "loss_points": 512, "record_every": record_every}
    how |= {"loss": LOSSES[told], "eval_x": r[:2]}
    run = train(nets, r, e, observe=partial(look, n, every, most), **how)
    trial = series_only(run, run.observed)
    return replace(trial, grains={f"steps {m}": float(m) for m in every})


corrector_bends = Experiment(corrector, "control", told="bends")
