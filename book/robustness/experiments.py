"""Sweeps over width, depth, optimiser, activation and loss: Xu, Zhang, Xiao (2018), Section 5.

A sweep trains one ensemble per *cell*, a set of changes to `BASE`, all on the same targets, and
joins their members: every cell with the first seed, then every cell with the second, … So the
members of seed i are ``slice(i * len(cells), (i + 1) * len(cells))``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import NDArray

from fpkit import losses, spectra, targets, theory, validation
from fpkit.networks import MLP
from fpkit.reproduce import (
    SEEDS,
    Between,
    Experiment,
    Trial,
    each,
    even_trial,
    experiment,
    fit,
    joined,
)
from fpkit.training import OPTIMIZERS, Run, train

__all__ = ["BASE", "cell_name"]

# What a cell changes. The initial standard deviation of weights and biases is size·√(2/width),
# which is the papers' 0.1 at width 200 and size 1.
BASE: dict[str, Any] = {
    "width": 100,
    "depth": 3,
    "activation": "tanh",
    "size": 1.0,
    "optimizer": "adam",
    "lr": 2e-4,
    "batch_size": None,
    "loss": "mean square",
    "weight_decay": 0.0,
}
LOSSES = {"mean square": losses.mse, "mean absolute": losses.mae}

SAME = ("size", BASE["size"])

Cells = Sequence[Mapping[str, Any]]


def cell_name(cell: Mapping[str, Any]) -> str:
    """Return the name of a cell: what it changes, without its learning rate and size 1."""
    shown = {key: value for key, value in cell.items() if key != "lr" and (key, value) != SAME}
    return ", ".join(
        value if isinstance(value, str) else f"{key.replace('_', ' ')} {value:g}"
        for key, value in shown.items()
    )


def sweep(
    *,
    cells: Cells = ({},),
    n: Annotated[int, Between(20, 60)] = 30,
    modes: Sequence[int] = (1, 3, 5, 7, 9),
    noise: float = 0.0,
    seeds: Sequence[int] = SEEDS,
    steps: int = 4_000,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Waves of equal amplitude, a curve for every seed, learned by every cell of a sweep.

    With ``noise`` the labels are noisy, and the mean squared distance of the output to the curve
    without noise is kept as "true loss".
    """
    curves = [targets.equal_amplitudes(n, modes, seed) for seed in seeds]
    x, clean = curves[0][0], np.stack([values for _, values in curves])
    labels = clean + noise * np.stack(
        [np.random.default_rng((seed, 1)).standard_normal(n) for seed in seeds]
    )
    how |= {"seeds": seeds, "x": x, "y": labels, "steps": steps, "record_every": record_every}
    run = joined(each(cells, _train, **how))
    series = dict(run.observed)
    if noise:
        truth = np.repeat(clean, len(cells), axis=0)[:, None]
        series["true loss"] = np.square(run.outputs - truth).mean(axis=-1)
    return even_trial(run, modes, **series)


def falling_waves(x: NDArray, modes: Sequence[int], seed: int) -> NDArray[np.float64]:
    """Return Σ cos(πk(x+1) + φₖ)/k over ``modes``: heights as in a square wave, the lowest tallest.

    The phases φₖ are uniform on [0, 2π) and drawn from ``seed``, as in the equal waves of `sweep`.
    """
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, len(modes))
    return targets.waves(x, modes, [1 / k for k in modes], phases.tolist())


def falling(
    *,
    cells: Cells = ({},),
    n: Annotated[int, Between(20, 60)] = 30,
    modes: Sequence[int] = (1, 3, 5, 7, 9),
    seeds: Sequence[int] = SEEDS,
    steps: int = 4_000,
    record_every: int | Sequence[int] = 20,
    **how: Any,
) -> Trial:
    """Waves whose height falls like 1/k, a curve for every seed, learned by every cell of a sweep.

    The low-frequency dominant functions that the paper speaks of; all else is as in `sweep`.
    """
    x = np.linspace(-1, 1, n, endpoint=False)
    labels = np.stack([falling_waves(x, modes, seed) for seed in seeds])
    how |= {"seeds": seeds, "x": x, "y": labels, "steps": steps, "record_every": record_every}
    return even_trial(joined(each(cells, _train, **how)), modes)


@experiment("control")
def dominant_low(
    *,
    n: int = 40,
    seeds: Sequence[int] = SEEDS,
    steps: int = 20_000,
    record_every: int = 50,
    **training: Any,
) -> Trial:
    """All waves below n/2, their heights falling like 1/k: white noise with its low part dominant.

    Points, network and training are those of `book.one_dimension.experiments.white_noise`.
    """
    x, modes = np.linspace(-1, 1, n, endpoint=False), np.arange(1, n // 2)
    y = np.stack([falling_waves(x, modes.tolist(), seed) for seed in seeds])
    run = fit(x, y, seeds=seeds, steps=steps, record_every=record_every, **training)
    return even_trial(run, modes)


def _train(cell: Mapping[str, Any], *, seeds: Sequence[int], **how: Any) -> Run:
    for setting in cell:
        validation.known("cells", setting, BASE)
    c = {**BASE, **cell}
    nets = MLP(
        [1, *[c["width"]] * c["depth"], 1],
        activation=c["activation"],
        weight_std=c["size"] * (2 / c["width"]) ** 0.5,
        seeds=seeds,
    )
    engine = OPTIMIZERS[validation.known("optimizer", c["optimizer"], OPTIMIZERS)]
    return train(
        nets,
        lr=c["lr"],
        batch_size=c["batch_size"],
        optimizer=partial(engine, weight_decay=c["weight_decay"]),
        loss=LOSSES[validation.known("loss", c["loss"], LOSSES)],
        observe=mean_weight,
        **how,
    )


def mean_weight(nets: MLP) -> dict[str, torch.Tensor]:
    """Return the mean size of all weights, without biases, of each network."""
    sizes = torch.cat([weight.detach().abs().flatten(1) for weight in nets.weights], dim=1)
    return {"mean weight": sizes.mean(dim=1)}


@experiment("ours")
def staircase_kernel(
    *,
    n: int = 200,
    height: float = 0.5,
    count: int = 6,
    seeds: Sequence[int] = SEEDS[:2],
    steps: int = 17_000,
    record_every: int = 200,
    **training: Any,
) -> Trial:
    """Two networks of the main experiment, with what their tangent kernel says at every record.

    For each peak k, "rate k" is its rate under gradient flow, and "time k" the common logarithm
    of when it would be learned if the kernel stayed as it is (`fpkit.theory.learning_times`).
    """
    x, y = targets.staircase(n, height)
    peaks = spectra.peaks(spectra.dft(y), count)
    observe = partial(rates_and_times, x, y, peaks)
    run = fit(
        x, y, seeds=seeds, steps=steps, record_every=record_every, observe=observe, **training
    )
    return even_trial(run, peaks, **run.observed)


def rates_and_times(x: NDArray, y: NDArray, peaks: NDArray, nets: MLP) -> dict[str, torch.Tensor]:
    """Return what `staircase_kernel` keeps."""
    kernels = theory.kernel(nets, x)
    rates = theory.mode_rates(kernels, peaks)
    times = np.log10(theory.learning_times(kernels, y, peaks))
    return {
        f"{name} {peak}": torch.from_numpy(values[:, i])
        for name, values in (("rate", rates), ("time", times))
        for i, peak in enumerate(peaks)
    }


WIDTHS = ((10, 5e-3), (30, 1e-3), (100, 2e-4), (300, 1e-4), (1000, 6e-5))
DEPTHS = ((1, 2e-2), (2, 1e-3), (3, 2e-4), (6, 1e-4), (12, 5e-5))
RATES = {"sgd": 0.05, "momentum": 0.005, "rmsprop": 2e-5, "adam": 5e-5}
# Small batches make Adam and RMSprop slow: at the rates above they learn one wave of five.
BATCH_RATES = {"sgd": 0.02, "momentum": 0.002, "rmsprop": 5e-4, "adam": 1e-3}
# A unit whose slope at 0 is a half or a quarter starts with twice or four times the weights.
UNITS = (("tanh", 1, 2e-4), ("relu", 1, 5e-4), ("gelu", 2, 2e-4), ("softplus", 2, 2e-3),
         ("sigmoid", 4, 1e-3))  # fmt: skip
# Units whose own spectrum does not fall from zero on, and large weights.
DISORDER = (("sin", 1, 2e-4), ("ricker", 1, 1e-3), ("sin", 7, 5e-5), ("tanh", 7, 1e-4))

# The paper names tens to thousands of units, one to tens of layers, GD, SGD and Adam, tanh and
# ReLU. Rates and lengths were fixed by trials with other starts, of which we only looked at how
# many waves are learned and when, not at which. What is slow is trained longer.
FALLING: Cells = (
    {"width": 10, "lr": 1e-2}, {"width": 100, "lr": 2e-4}, {"width": 1000, "lr": 6e-5},
    {"depth": 6, "lr": 1e-4}, {"depth": 12, "lr": 5e-5}, {"activation": "relu", "lr": 1e-3},
)  # fmt: skip
FALLING_SLOW: Cells = (
    {"depth": 1, "lr": 2e-2},
    {"optimizer": "sgd", "lr": 0.05},
    {"optimizer": "sgd", "batch_size": 10, "lr": 0.02},
)
SPARSE = (0, *np.unique(np.geomspace(20, 200_000, 250).astype(int)).tolist())

CLAIM = "Xu, Zhang, Xiao (2018), Sections 1 and 5"
DISCUSSION = "Xu (2018), Discussion"
EQUAL = f"ours, after {CLAIM}"

widths = Experiment(
    sweep,
    EQUAL,
    cells=tuple({"width": width, "lr": lr} for width, lr in WIDTHS),
    record_every=10,
)
depths = Experiment(sweep, EQUAL, cells=tuple({"depth": depth, "lr": lr} for depth, lr in DEPTHS))
optimizers = Experiment(
    sweep,
    EQUAL,
    cells=tuple({"optimizer": name, "lr": lr} for name, lr in RATES.items()),
    steps=16_000,
    record_every=80,
)
optimizers_batches = Experiment(
    sweep,
    EQUAL,
    cells=tuple(
        {"optimizer": name, "batch_size": 10, "lr": lr} for name, lr in BATCH_RATES.items()
    ),
    steps=16_000,
    record_every=80,
)
activations = Experiment(
    sweep,
    EQUAL,
    cells=tuple({"activation": name, "size": size, "lr": lr} for name, size, lr in UNITS),
)
activations_disorder = Experiment(
    sweep,
    "control",
    cells=tuple({"activation": name, "size": size, "lr": lr} for name, size, lr in DISORDER),
    steps=2_000,
    record_every=10,
)
mean_absolute = Experiment(
    sweep,
    f"ours, after {DISCUSSION}",
    cells=(
        {"loss": "mean absolute", "lr": 1e-3},
        {"loss": "mean absolute", "size": 7, "lr": 1e-4},
    ),
    steps=12_000,
    record_every=60,
)
falling_adam = Experiment(falling, CLAIM, cells=FALLING, steps=10_000, record_every=40)
falling_slow = Experiment(falling, CLAIM, cells=FALLING_SLOW, steps=SPARSE[-1], record_every=SPARSE)
# The weights of R3's control, ten times those of the paper.
falling_large_init = Experiment(falling, "control", cells=({"size": 10, "lr": 1e-4},))
falling_absolute = Experiment(
    falling,
    DISCUSSION,
    cells=(
        {"loss": "mean absolute", "lr": 1e-3},
        {"loss": "mean absolute", "size": 10, "lr": 1e-4},
    ),
    steps=12_000,
    record_every=60,
)
weight_decay = Experiment(
    sweep,
    DISCUSSION,
    cells=tuple(
        {"width": 20, "optimizer": "adamw", "weight_decay": decay, "lr": 2e-3}
        for decay in (0.0, 0.1, 0.3, 1.0)
    ),
    modes=(1, 2),
    noise=0.5,
    steps=6_000,
    record_every=40,
)
