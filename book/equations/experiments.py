"""Networks that solve an equation, and networks that help an iteration to. Settings are ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from book.equations import poisson
from book.equations.correctors import bends, look, residuals_and_errors
from fpkit import losses
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Experiment, Trial, experiment, series_only
from fpkit.training import train

__all__ = ["BRANCHES", "EVERY", "Decayed", "equation_loss"]

# σ of both branches of a network: slow ones, fast ones, one of each.
BRANCHES = ((1, 1), (10, 10), (1, 10))
# Every so many steps one is the network's.
EVERY = (2, 4, 8, 16, 32, 64)


class Decayed(torch.optim.Adam):
    """Adam whose rate falls by a tenth in so many steps, as often as there are."""

    def __init__(self, params: Any, lr: float, tenth: int) -> None:
        super().__init__(params, lr=lr, fused=True)
        self.tenth = tenth

    def step(self, closure: Any = None) -> Any:
        """Make a step, then lower the rate."""
        loss = super().step(closure)
        for group in self.param_groups:
            group["lr"] *= 0.9 ** (1 / self.tenth)
        return loss


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
    nets = MLP([n, width, n], weight_std=0.05, seeds=seeds)
    how |= {"optimizer": partial(Decayed, tenth=200), "steps": steps, "lr": lr}
    how |= {"batch_size": 128, "loss_points": 512, "record_every": record_every}
    how |= {"loss": {"errors": losses.mse, "bends": bends}[told], "eval_x": r[:2]}
    run = train(nets, r, e, observe=partial(look, n, every, most), **how)
    trial = series_only(run, run.observed)
    return replace(trial, grains={f"steps {m}": float(m) for m in every})


corrector_bends = Experiment(corrector, "control", told="bends")
