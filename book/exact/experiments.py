"""Small trainings beside what can be computed exactly. All settings are ours unless said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import NDArray

from book.decayed import Decayed
from book.exact import denoising
from book.exact.shaking import left_of_waves
from book.ntk.experiments import on_the_circle
from book.ntk.wide import WideMLP
from fpkit import targets
from fpkit.networks import MLP
from fpkit.reproduce import (
    SEEDS,
    Between,
    Experiment,
    Trial,
    each,
    even_trial,
    experiment,
    joined,
    series_only,
)
from fpkit.training import Run, train

__all__ = ["NORMS", "PETALS", "curve_length", "petal_curve", "shallow"]

BASRI = "Basri, Jacobs, Kasten, Kritchman (2019)"

# Records of trainings that change fast at first, by their length.
EARLY = {
    steps: (0, *np.unique(np.geomspace(1, steps, count).astype(int)).tolist())
    for steps, count in ((4_500, 160), (1_500, 48))
}


def shallow(width: int, *, bias: bool, seeds: Sequence[int]) -> WideMLP:
    """Return two-layer ReLU networks of two inputs, with biases or with none anywhere."""
    nets = WideMLP([2, width, 1], bias=1.0, seeds=seeds)
    if not bias:
        nets.factors = [(gain, 0.0) for gain, _ in nets.factors]
    return nets


@experiment(BASRI)
def circle_bias(
    *,
    bias: bool = True,
    width: Annotated[int, Between(64, 2_048, log=True), "width"] = 256,
    height: Annotated[float, Between(0.03, 3, log=True), "height of the waves"] = 0.1,
    n: int = 64,
    modes: Sequence[int] = (1, 2, 3, 4, 5, 6, 7, 8),
    seeds: Sequence[int] = SEEDS,
    steps: int = 4_500,
    lr: Annotated[float, Between(0.02, 0.25, log=True)] = 0.2,
    record_every: Sequence[int] = EARLY[4_500],
    **how: Any,
) -> Trial:
    """Eight equal waves on a circle, by gradient descent with two-layer ReLU networks."""
    x, y = on_the_circle(n, modes)
    how |= {"optimizer": "sgd", "steps": steps, "lr": lr, "record_every": record_every}
    nets = shallow(width, bias=bias, seeds=seeds)
    return even_trial(train(nets, x, height * y, **how), modes)


circle_no_bias = Experiment(circle_bias, BASRI, bias=False)


@experiment("beside Wang and Pehlevan (2025)")
def denoise_digits(
    *,
    whitened: bool = False,
    sigma: float = 0.05,
    least: float = 0.01,
    width: Annotated[int, Between(16, 256, log=True), "width"] = 64,
    copies: int = 4,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_500,
    lr: float = 128.0,
    batch_size: int = 128,
    record_every: Sequence[int] = EARLY[1_500],
    **how: Any,
) -> Trial:
    """Take noise off 8×8 digits, and tell the gain along each eigenvector on unseen digits."""
    seen, unseen, axes, _ = denoising.pictures(least, whitened=whitened)
    noise = np.random.default_rng(0)
    clean = np.tile(seen, (copies, 1))
    noisy, asked = (
        images + sigma * noise.standard_normal(images.shape) for images in (clean, unseen)
    )
    nets = WideMLP([64, width, 64], bias=0.1, seeds=seeds)
    how |= {"optimizer": "sgd", "steps": steps, "lr": lr, "record_every": record_every}
    how |= {"batch_size": batch_size, "loss_points": 512, "eval_x": noisy[:2]}
    run = train(nets, noisy, clean, observe=partial(denoising.gains, asked, axes), **how)
    return series_only(run, run.observed)


denoise_white = Experiment(denoise_digits, "control", whitened=True)

# Rahaman et al. (2019) shake by up to 5; ours are smaller networks.
NORMS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)


@experiment("ours, after Rahaman et al. (2019)")
def shaken_waves(
    *,
    modes: Sequence[int] = (2, 4, 6, 8, 10),
    n: int = 128,
    hidden: Sequence[int] = (96, 96, 96),
    weight_std: float = 0.15,
    directions: int = 512,
    norms: Sequence[float] = NORMS,
    seeds: Sequence[int] = SEEDS,
    steps: int = 20_000,
    lr: float = 1e-3,
    tenth: int = 13_333,
    record_every: Sequence[int] = (0, 250, 500, *range(1_000, 20_001, 1_000)),
    **how: Any,
) -> Trial:
    """Learn equal waves, and at every record shake all weights and tell what is left of each.

    In every ``tenth`` steps the rate falls to a tenth, so by one and a half decades in all: with a
    rate that stays the fast waves end with an error of more than 10% in some networks.
    """
    x, y = targets.equal_amplitudes(n, modes, seed=0)
    nets = MLP([1, *hidden, 1], activation="relu", weight_std=weight_std, seeds=seeds)
    points = torch.as_tensor(x, dtype=torch.float32)[:, None]
    shake = partial(left_of_waves, points, modes, norms, directions)
    how |= {"steps": steps, "lr": lr, "record_every": record_every}
    how |= {"optimizer": partial(Decayed, factor=0.1 ** (1 / tenth), fused=True)}
    run = train(nets, x, y, observe=shake, **how)
    return even_trial(run, modes, **run.observed)


# A smaller run, with the slowest waves that there are.
shaken_slow_waves = Experiment(
    shaken_waves,
    "ours, after Rahaman et al. (2019)",
    modes=(1, 2, 3, 4, 5),
    n=64,
    hidden=(64, 64, 64),
    weight_std=0.18,
    steps=3_000,
    lr=2e-3,
    tenth=2_000,
    record_every=(0, 100, 200, *range(500, 3_001, 500)),
)

# Ours, since 2026-11-30: a circle, a flower of four petals, and one of ten as in the paper's code.
# All waves but the slow one are at 2L and above, as there: near k = L the points' own coordinates
# contain such waves.
PETALS = (0, 4, 10)


def petal_curve(turns: NDArray, petals: int, depth: float = 0.5) -> NDArray[np.float64]:
    """Return the points ``(N, 2)`` of (1 + depth · sin 2πLt)(cos 2πt, sin 2πt) at turns t."""
    angle = 2 * np.pi * turns
    radius = 1 + depth * np.sin(petals * angle)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def curve_length(petals: int) -> float:
    """Return how long a curve is, relative to the circle."""
    points = petal_curve(np.arange(2**14) / 2**14, petals)
    steps = np.diff(points, axis=0, append=points[:1])
    return float(np.hypot(*steps.T).sum() / (2 * np.pi))


@experiment("ours, after Rahaman et al. (2019)")
def petals(
    *,
    petals: Sequence[int] = PETALS,
    modes: Sequence[int] = (2, 26, 34, 46, 54),
    n: int = 256,
    hidden: Sequence[int] = (64, 64, 64),
    weight_std: float = 0.18,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_500,
    lr: float = 1e-3,
    record_every: Sequence[int] = (*range(0, 100, 5), *range(100, 1_501, 100)),
    **how: Any,
) -> Trial:
    """Equal waves along a closed curve with more and more petals; a cell for each number."""
    _, y = targets.equal_amplitudes(n, modes, seed=0)
    turns = np.arange(n) / n

    def learn(count: int, **how: Any) -> Run:
        nets = MLP([2, *hidden, 1], activation="relu", weight_std=weight_std, seeds=seeds)
        return train(nets, petal_curve(turns, count), y, lr=lr, **how)

    how |= {"steps": steps, "record_every": record_every}
    return even_trial(joined(each(petals, learn, **how)), modes)
