"""Networks at three stages of training, and the share of the loss's decrease by frequency.

Beside Luo, Ma, Xu, Zhang (2021), whose introduction names no experiment: all settings are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri
from torch import Tensor

from .. import checks, losses, spectra, theory
from ..networks import MLP
from ..training import Loss
from .core import SEEDS, Experiment, Trial, fit

__all__ = ["ETAS", "EXPERIMENTS", "GRID", "LOSSES", "SIGMA", "TARGETS"]

# Frequencies η of the recorded shares, in waves over [-1, 1], and the points that measure them.
ETAS = (2, 4, 8, 16, 24, 32, 48, 64, 96, 128)
GRID = np.linspace(-1, 1, 1024, endpoint=False)
SIGMA = 0.1
WAVES = (3, 9, 15)


def waves(x: ArrayLike) -> NDArray[np.float64]:
    """Return ½ Σ sin(πkx + k/3) over k = 3, 9, 15: smooth, three waves of one amplitude."""
    k = np.array(WAVES)
    return 0.5 * np.sin(np.multiply.outer(np.asarray(x), np.pi * k) + k / 3).sum(axis=-1)


def jumps(x: ArrayLike) -> NDArray[np.float64]:
    """Return ±½ with the sign of `waves`: a target that jumps wherever the smooth one is zero."""
    return 0.5 * np.sign(waves(x))


TARGETS = {"waves": waves, "jumps": jumps}
LOSSES: dict[str, Loss] = {"mean_square": losses.mean_square, "log_cosh": losses.log_cosh}


def three_stages(
    *,
    target: str = "waves",
    loss: str = "mean_square",
    activation: str = "relu",
    hidden: Sequence[int] = (50, 50),
    weight_std: float = 0.3,
    n: int = 64,
    seeds: Sequence[int] = SEEDS,
    steps: int = 3_000,
    lr: float = 2e-3,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Small networks on points of a Gaussian density, with the share of dL/dt above each η.

    Training is by Adam at the quantiles of the density; the shares are those of gradient flow on
    the density itself, for the networks that Adam has reached.
    """
    function = TARGETS[checks.known("target", target, TARGETS)]
    minimised = LOSSES[checks.known("loss", loss, LOSSES)]
    x = SIGMA * ndtri((np.arange(n) + 0.5) / n)
    density, wanted = theory.gaussian(GRID, SIGMA), function(GRID)

    run = fit(
        x,
        function(x),
        seeds=seeds,
        steps=steps,
        hidden=hidden,
        activation=activation,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        loss=minimised,
        observe=partial(shares, wanted, density, minimised),
        **how,
    )
    transform = partial(spectra.nudft, x=x, modes=np.arange(n // 2), length=2.0)
    return Trial(run, np.array(WAVES), transform, (x - x.min()) / 2.0, run.observed)


def shares(wanted: NDArray, density: NDArray, loss: Loss, nets: MLP) -> dict[str, Tensor]:
    """Return the share of dL/dt above each of `ETAS`."""
    rates = theory.loss_rates(nets, GRID, wanted, density=density, loss=loss)
    above = theory.share_above(rates, ETAS)
    return {f"above {eta}": torch.from_numpy(above[:, i]) for i, eta in enumerate(ETAS)}


SOURCE = "beside Luo, Ma, Xu, Zhang (2021)"

EXPERIMENTS = (
    Experiment("stages_relu", SOURCE, three_stages),
    Experiment("stages_tanh", SOURCE, three_stages, activation="tanh"),
    Experiment("stages_gelu", SOURCE, three_stages, activation="gelu", weight_std=0.5),
    Experiment(
        "stages_softplus",
        SOURCE,
        three_stages,
        activation="softplus",
        weight_std=1.0,
        steps=6_000,
        record_every=100,
    ),
    Experiment("stages_relu_deep", SOURCE, three_stages, hidden=(50,) * 4),
    Experiment("stages_tanh_deep", SOURCE, three_stages, activation="tanh", hidden=(50,) * 4),
    Experiment("stages_relu_log_cosh", SOURCE, three_stages, loss="log_cosh"),
    Experiment("stages_tanh_log_cosh", SOURCE, three_stages, activation="tanh", loss="log_cosh"),
    Experiment("stages_relu_jumps", SOURCE, three_stages, target="jumps"),
    Experiment("stages_tanh_jumps", SOURCE, three_stages, activation="tanh", target="jumps"),
    Experiment(
        "stages_sine_units",
        "control",
        three_stages,
        activation="sin",
        weight_std=12.0,
        steps=1_000,
        lr=5e-3,
        record_every=20,
    ),
)
