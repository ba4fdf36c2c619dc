"""Small runs in which the order of frequencies bends: other losses, optimisers and densities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.generalization.experiments import circle
from book.limits.derivatives import Derivative
from book.ntk.experiments import on_the_circle
from book.ntk.wide import WideMLP
from fpkit import targets
from fpkit.networks import Ensemble
from fpkit.recording import Run
from fpkit.reproduce import SEEDS, Between, Trial, each, even_trial, experiment, joined
from fpkit.training import train

__all__ = ["HALVES", "differentiated", "uneven_points"]


def differentiated(y: ArrayLike, order: int) -> NDArray[np.float64]:
    """Return the derivative of a periodic function on [-1, 1), over π^order, from even samples.

    Mode k is multiplied by (ik)^order. ``y`` is ``(..., N)`` and has no power at N/2.
    """
    coefficients = np.fft.rfft(y)
    k = np.arange(coefficients.shape[-1])
    return np.fft.irfft(coefficients * (1j * k) ** order, np.shape(y)[-1])


@experiment("ours")
def derivative_losses(
    *,
    orders: Annotated[Sequence[int], Between(0, 2), "derivative"] = (0, 1, 2),
    n: Annotated[int, Between(12, 48)] = 24,
    modes: Sequence[int] = (1, 2, 3, 4, 5),
    hidden: Sequence[int] = (40, 40, 40),
    weight_std: float = 0.2,
    seeds: Sequence[int] = SEEDS,
    steps: int = 800,
    lr: float = 1e-3,
    record_every: int = 5,
    **how: Any,
) -> Trial:
    """The same equal waves learned from their values, slopes and second derivatives (Poisson).

    Members are ordered seed by seed, with every order of derivative once for each.
    """
    curves = [targets.equal_amplitudes(n, modes, seed) for seed in seeds]
    x, y = curves[0][0], np.stack([values for _, values in curves])
    how |= {"steps": steps, "lr": lr, "record_every": record_every}

    def learn(order: int, **how: Any) -> Run:
        nets = Derivative(order, hidden, weight_std=weight_std, seeds=seeds)
        return train(nets, x, differentiated(y, order), **how)

    return even_trial(joined(each(orders, learn, **how)), modes)


@experiment("ours")
def descent_or_adam(
    *,
    rates: Sequence[tuple[str, float]] = (("sgd", 5e-3), ("adam", 2e-4)),
    width: int = 256,
    n: int = 32,
    modes: Sequence[int] = (1, 2, 3, 4, 5, 6),
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_500,
    record_every: int = 5,
    **how: Any,
) -> Trial:
    """The wide network of the NTK chapter by gradient descent and by Adam.

    Members are ordered seed by seed, with every optimiser once for each.
    """
    x, y = on_the_circle(n, modes)
    how |= {"steps": steps, "record_every": record_every}

    def learn(rate: tuple[str, float], **how: Any) -> Run:
        optimizer, lr = rate
        return train(wide(width, seeds), x, y, optimizer=optimizer, lr=lr, **how)

    return even_trial(joined(each(rates, learn, **how)), modes)


def wide(width: int, seeds: Sequence[int]) -> Ensemble:
    """Return networks of one wide hidden layer on the circle, as in the experiments of `ntk`."""
    return WideMLP([2, width, 1], activation="tanh", gain=4.0, bias=2.0, seeds=seeds)


# The middle of each half of [-1, 1), away from where the density changes.
HALVES = {"dense": (-0.8, -0.2), "sparse": (0.2, 0.8)}


def uneven_points(dense: int, sparse: int) -> NDArray[np.float64]:
    """Return ``dense`` even points of [-1, 0) and ``sparse`` even points of [0, 1)."""
    left, right = (np.linspace(0, 1, count, endpoint=False) for count in (dense, sparse))
    return np.concatenate([left - 1, right])


@experiment("ours")
def density(
    *,
    points: Sequence[tuple[int, int]] = ((36, 12), (24, 24)),
    mode: int = 4,
    width: int = 256,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_200,
    lr: float = 4e-3,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """One wave, learned from points that are dense on the left half and sparse on the right.

    The series "dense" and "sparse" are the root-mean-square error in the middle of each half,
    relative to that at the start. Members are ordered seed by seed, with every pair of ``points``
    once for each.
    """
    grid = np.linspace(-1, 1, 80, endpoint=False)
    how |= {"eval_x": circle((grid + 1) / 2), "optimizer": "sgd", "lr": lr}
    how |= {"steps": steps, "record_every": record_every}

    def learn(pair: tuple[int, int], **how: Any) -> Run:
        x = uneven_points(*pair)
        return train(wide(width, seeds), circle((x + 1) / 2), np.cos(np.pi * mode * x), **how)

    run = joined(each(points, learn, **how))
    wrong = np.square(run.outputs - np.cos(np.pi * mode * grid))
    series = {}
    for name, (left, right) in HALVES.items():
        size = np.sqrt(wrong[..., (grid >= left) & (grid <= right)].mean(axis=-1))
        series[name] = size / size[:, :1]
    return even_trial(run, [], **series)
