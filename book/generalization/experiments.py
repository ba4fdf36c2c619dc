"""Trained networks beside the FP-norm (Zhang and Luo, slides): the error between the points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Between, Trial, even_trial, experiment
from fpkit.training import train

__all__ = ["circle", "sine"]


def circle(x: ArrayLike) -> NDArray[np.float64]:
    """Return (cos 2πx, sin 2πx), ``(N, 2)``: inputs that make a network periodic in x."""
    turns = 2 * np.pi * np.asarray(x, dtype=np.float64)
    return np.stack([np.cos(turns), np.sin(turns)], axis=-1)


def sine(x: NDArray, mode: int, seed: int) -> NDArray[np.float64]:
    """Return sin(2πkx + φ) for k = ``mode``, with a phase that depends on k and the seed."""
    phase = np.random.default_rng((seed, mode)).uniform(0, 2 * np.pi)
    return np.sin(2 * np.pi * mode * x + phase)


@experiment("Zhang and Luo, slides")
def error_by_frequency(
    *,
    modes: Annotated[Sequence[int], Between(1, 12), "frequency k"] = (1, 2, 3, 4, 6, 8),
    n: Annotated[int, Between(4, 64)] = 24,
    points_seed: Annotated[int, Between(0, 10), "draw of the points"] = 0,
    hidden: Annotated[Sequence[int], Between(10, 400), "hidden units"] = (200,),
    activation: str = "relu",
    weight_std: float = 0.5,
    seeds: Sequence[int] = tuple(seed for seed in SEEDS for _ in range(6)),
    steps: int = 1_500,
    lr: float = 5e-3,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Two-layer networks on a circle learn single sines from a few random points.

    Every seed stands there once for each mode: the networks take the modes in turn. The phase of a
    sine depends on both. The series "test error" is the mean of |T - f| over 256 even points.
    """
    members = list(zip(seeds, cycle(modes), strict=False))

    def targets(x: NDArray) -> NDArray:
        return np.stack([sine(x, mode, seed) for seed, mode in members])

    x = np.sort(np.random.default_rng(points_seed).random(n))
    test = np.arange(256) / 256
    nets = MLP(
        [2, *hidden, 1],
        activation=activation,
        weight_std=weight_std,
        seeds=seeds,
        antisymmetric=True,
    )
    run = train(
        nets,
        circle(x),
        targets(x),
        steps=steps,
        lr=lr,
        record_every=record_every,
        eval_x=circle(test),
        **how,
    )
    error = np.abs(run.outputs - targets(test)[:, None]).mean(axis=-1)
    return even_trial(run, [], **{"test error": error})
