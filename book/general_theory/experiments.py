"""Networks at three stages of training, and the share of the loss's decrease by frequency.

Beside Luo, Ma, Xu, Zhang (2021), whose introduction names no experiment: all settings are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri
from torch import Tensor

from book.general_theory import loss_stages
from fpkit import losses, spectra, validation
from fpkit.networks import MLP
from fpkit.reproduce import Experiment, Trial, fit
from fpkit.training import Loss

__all__ = ["ETAS", "GRID", "LOSSES", "SIGMA", "TARGETS"]

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
LOSSES: dict[str, Loss] = {"mse": losses.mse, "log_cosh": losses.log_cosh}


def three_stages(
    *,
    target: Literal["waves", "jumps"] = "waves",
    loss: Literal["mse", "log_cosh"] = "mse",
    activation: str = "relu",
    hidden: Sequence[int] = (50, 50),
    weight_std: float = 0.3,
    n: int = 64,
    steps: int = 3_000,
    lr: float = 2e-3,
    record_every: int = 50,
    **training: Any,
) -> Trial:
    """Small networks on points of a Gaussian density, with the share of dL/dt above each η.

    Training is by Adam at the quantiles of the density; the shares are those of gradient flow on
    the density itself, for the networks that Adam has reached.
    """
    function = TARGETS[validation.known("target", target, TARGETS)]
    minimised = LOSSES[validation.known("loss", loss, LOSSES)]
    x = SIGMA * ndtri((np.arange(n) + 0.5) / n)
    density, wanted = loss_stages.gaussian(GRID, SIGMA), function(GRID)

    run = fit(
        x,
        function(x),
        steps=steps,
        hidden=hidden,
        activation=activation,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        loss=minimised,
        observe=partial(shares, wanted, density, minimised),
        **training,
    )
    transform = partial(spectra.nudft, x=x, modes=np.arange(n // 2), length=2.0)
    # A kink that passes a point of the grid changes the gradients there at once.
    grains = dict.fromkeys(run.observed, 1 / len(GRID)) if activation == "relu" else {}
    return Trial(run, np.array(WAVES), transform, (x - x.min()) / 2.0, run.observed, grains)


def shares(wanted: NDArray, density: NDArray, loss: Loss, nets: MLP) -> dict[str, Tensor]:
    """Return the share of dL/dt above each of `ETAS`."""
    rates = loss_stages.loss_rates(nets, GRID, wanted, density=density, loss=loss)
    above = loss_stages.share_above(rates, ETAS)
    return {f"above {eta}": torch.from_numpy(above[:, i]) for i, eta in enumerate(ETAS)}


SOURCE = "beside Luo, Ma, Xu, Zhang (2021)"

stages_relu = Experiment(three_stages, SOURCE)
stages_tanh = Experiment(three_stages, SOURCE, activation="tanh")
stages_gelu = Experiment(three_stages, SOURCE, activation="gelu", weight_std=0.5)
stages_softplus = Experiment(
    three_stages, SOURCE, activation="softplus", weight_std=1.0, steps=6_000, record_every=100
)
stages_relu_deep = Experiment(three_stages, SOURCE, hidden=(50,) * 4)
stages_tanh_deep = Experiment(three_stages, SOURCE, activation="tanh", hidden=(50,) * 4)
stages_relu_log_cosh = Experiment(three_stages, SOURCE, loss="log_cosh")
stages_tanh_log_cosh = Experiment(three_stages, SOURCE, activation="tanh", loss="log_cosh")
stages_relu_jumps = Experiment(three_stages, SOURCE, target="jumps")
stages_tanh_jumps = Experiment(three_stages, SOURCE, activation="tanh", target="jumps")
stages_sine_units = Experiment(
    three_stages,
    "control",
    activation="sin",
    weight_std=12.0,
    steps=1_000,
    lr=5e-3,
    record_every=20,
)
