"""Six equal waves on a circle, learned by one network after the other with other optimisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import NDArray

from book.ntk.experiments import on_the_circle
from book.optimisers import second_order
from fpkit import targets, theory
from fpkit.arguments import OPTIMIZERS, Factory
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, each, even_trial, experiment
from fpkit.reproduce.experiment import joined
from fpkit.training import Run, train

__all__ = ["DAMPINGS", "FIRST", "NOISY", "SECOND", "TUNED", "factory", "networks"]

SWEEP = "ours, after Xu, Zhang, Xiao (2018), Sections 1 and 5"

MODES = (1, 2, 3, 4, 5, 6)
HIDDEN, WEIGHT_STD = (40, 40), 0.5
# An optimiser, its rate, and for Gauss-Newton the damping c. In FIRST and SECOND, which the rows
# are about, the rates of gradient descent, Adam and Gauss-Newton were given before anything was
# run. Those of momentum, RMSprop and Muon are the fastest of two or three on two networks (seeds
# 100 and 101) that are none of the eight.
Cell = tuple[str, float, float]
FIRST: tuple[Cell, ...] = (("sgd", 0.05, 0.0), ("sgd", 0.025, 0.0), ("momentum", 0.005, 0.0),
                           ("rmsprop", 1e-3, 0.0), ("adam", 2e-3, 0.0))  # fmt: skip
RIDGE = 1e-9  # of Gauss-Newton: only so that it can be computed
SECOND: tuple[Cell, ...] = (("muon", 0.03, 0.0), ("l-bfgs", 1.0, 0.0), ("gauss-newton", 0.1, RIDGE))
# With more damping the step may be longer: gradient descent is stable up to a rate of 2 here.
DAMPINGS: tuple[Cell, ...] = (
    ("gauss-newton", 0.1, RIDGE),
    ("gauss-newton", 0.1, 1e-3),
    ("gauss-newton", 0.3, 1e-2),
    ("gauss-newton", 1.0, 0.1),
    ("gauss-newton", 1.0, 1e3),
)
NOISY: tuple[Cell, ...] = (FIRST[0], FIRST[-1], SECOND[-1], DAMPINGS[2])
# To compare times, all rates are found in one way (`book.optimisers.costs.tried`).
TUNED: tuple[Cell, ...] = (
    ("sgd", 0.05, 0.0),
    ("momentum", 0.05, 0.0),
    ("rmsprop", 1e-3, 0.0),
    ("adam", 0.01, 0.0),
    ("muon", 0.05, 0.0),
    ("l-bfgs", 1.0, 0.0),
    ("gauss-newton", 0.5, RIDGE),
)


def early(steps: int, dense: int = 60, count: int = 90) -> tuple[int, ...]:
    """Return records at every one of the first steps, then ever further apart up to the last."""
    later = np.unique(np.geomspace(dense, steps, count).astype(int)).tolist()
    return (*range(dense), *later)


def networks(seeds: Sequence[int]) -> MLP:
    """Return the networks of this chapter, in double precision; they begin with output 0."""
    return MLP([2, *HIDDEN, 1], weight_std=WEIGHT_STD, seeds=seeds, antisymmetric=True,
               dtype=torch.float64)  # fmt: skip


def factory(cell: Cell, nets: MLP, x: NDArray, y: NDArray) -> Factory:
    """Return what makes the optimiser of a cell for networks that learn ``(x, y)``."""
    name, _, damping = cell
    given: dict[str, Any] = {"nets": nets, "x": x, "y": y}
    special: dict[str, Factory] = {
        "gauss-newton": partial(second_order.GaussNewton, damping=damping, **given),
        "l-bfgs": partial(second_order.ByMember, make=second_order.lbfgs, **given),
        "muon": partial(second_order.ByMember, make=second_order.muon, **given),
    }
    return special.get(name) or OPTIMIZERS[name]


@experiment("ours")
def first_order(
    *,
    cells: Sequence[Cell] = FIRST,
    n: Annotated[int, Between(16, 64), "points"] = 32,
    modes: Sequence[int] = MODES,
    noise: Annotated[float, Between(0, 1), "noise on the labels"] = 0.0,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_500,
    record_every: Sequence[int] = early(1_500),
    **how: Any,
) -> Trial:
    """Six equal waves on a circle with optimisers that look at the gradient alone.

    Members are ordered seed by seed, with every cell once for each. With ``noise`` the labels are
    noisy, for each seed in another way, and the mean square distance to the waves is kept as "true
    loss".
    """
    x, clean = on_the_circle(n, modes)
    drawn = (np.random.default_rng([1, seed]).standard_normal(n) for seed in seeds)
    y = clean + noise * np.stack([*drawn]) if noise else clean
    how |= {"steps": steps, "record_every": record_every}

    def learn(cell: Cell, **how: Any) -> Run:
        nets = networks(seeds)
        return train(nets, x, y, lr=cell[1], optimizer=factory(cell, nets, x, y), **how)

    run = joined(each(cells, learn, **how))
    series = {"true loss": np.square(run.outputs - clean).mean(axis=-1)} if noise else {}
    return even_trial(run, modes, **series)


second_order_steps = Experiment(
    first_order, "ours", cells=SECOND, steps=400, record_every=early(400)
)
damping = Experiment(first_order, "ours", cells=DAMPINGS, steps=2_500, record_every=early(2_500))
noisy_labels = Experiment(
    first_order, "ours", cells=NOISY, noise=0.5, steps=1_000, record_every=early(1_000)
)


@experiment("ours")
def tuned(
    *,
    cells: Sequence[Cell] = TUNED,
    n: int = 32,
    modes: Sequence[int] = MODES,
    seeds: Sequence[int] = SEEDS,
    steps: int = 600,
    record_every: Sequence[int] = early(600),
    **how: Any,
) -> Trial:
    """Six equal waves on a circle with every optimiser at its fastest rate.

    Members are ordered as in `first_order`. The series "at the points" and "between them" are mean
    square errors, the second at the middles between points.
    """
    x, y = on_the_circle(n, modes)
    fine, truth = on_the_circle(2 * n, modes)
    how |= {"steps": steps, "record_every": record_every, "eval_x": fine}

    def learn(cell: Cell, **how: Any) -> Run:
        nets = networks(seeds)
        return train(nets, x, y, lr=cell[1], optimizer=factory(cell, nets, x, y), **how)

    run = joined(each(cells, learn, **how))
    wrong = np.square(run.outputs - truth)
    at, between = (wrong[..., start::2].mean(axis=-1) for start in (0, 1))
    run = replace(run, eval_x=x, outputs=run.outputs[..., ::2])
    return even_trial(run, modes, **{"at the points": at, "between them": between})


@experiment(SWEEP)
def edge(
    *,
    optimizer: str = "sgd",
    n: int = 30,
    modes: Sequence[int] = (1, 3, 5, 7, 9),
    width: int = 100,
    seeds: Sequence[int] = SEEDS,
    steps: int = 4_000,
    lr: Annotated[float, Between(0.003, 0.05, log=True)] = 0.05,
    record_every: int = 40,
    **how: Any,
) -> Trial:
    """The networks of the sweep over optimisers, with their distance from instability.

    The series "sharpness" is lr times the largest eigenvalue of (2/N)JJᵀ, the Hessian of the loss
    as the linearised network has it. Gradient descent is stable below 2, with momentum 0.9 below
    3.8.
    """
    curves = [targets.equal_amplitudes(n, modes, seed) for seed in seeds]
    x, y = curves[0][0], np.stack([values for _, values in curves])
    nets = MLP([1, *[width] * 3, 1], weight_std=(2 / width) ** 0.5, seeds=seeds)
    how |= {"steps": steps, "lr": lr, "record_every": record_every, "optimizer": optimizer}
    run = train(nets, x, y, observe=partial(sharpness, x, lr), **how)
    return even_trial(run, modes, **run.observed)


def sharpness(x: NDArray, lr: float, nets: MLP) -> dict[str, torch.Tensor]:
    """Return lr times the largest eigenvalue of (2/N)JJᵀ of each network."""
    top = np.linalg.eigvalsh(theory.kernel(nets, x))[:, -1]
    return {"sharpness": torch.from_numpy(2 / len(x) * lr * top)}


edge_quarter = Experiment(edge, SWEEP, lr=0.0125, steps=20_000, record_every=200)
edge_eighth = Experiment(edge, SWEEP, lr=0.00625, steps=24_000, record_every=240)
edge_momentum = Experiment(edge, "control", optimizer="momentum", lr=0.005)
