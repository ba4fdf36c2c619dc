"""Errata of the slides of Zhang and Luo (1, 6, 7)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from book import datasets
from book.errata.erratum import Erratum
from book.linear_theory import lfp_splines, wide_limit
from book.linear_theory.experiments import FIVE_X, FIVE_Y
from fpkit import theory
from fpkit.networks import MLP

__all__ = ["ENTRIES"]

FINE = np.linspace(FIVE_X[0], FIVE_X[-1], 181)
REACH = 4.0


def rms(values: NDArray) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def limit(size: float) -> tuple[NDArray, wide_limit.Coefficients]:
    """Return where training ends at five points for w and r even on ±size, from the kernel."""
    moments = wide_limit.Moments.uniform(size)
    c = wide_limit.coefficients(moments, moments)
    gram, cross = (wide_limit.lfp_kernel(at, FIVE_X, c, half_width=REACH) for at in (FIVE_X, FINE))
    return wide_limit.evolve(gram, cross, FIVE_Y, np.inf)[0], c


def exchanged_cases() -> tuple[float, float]:
    """Return the RMS distances to the printed and to the other spline, the larger of two starts."""
    splines = {
        name: lfp_splines.kinked_spline(FIVE_X, FIVE_Y, cubic=a, linear=1 - a)(FINE)
        for name, a in (("cubic", 1.0), ("linear", 0.0))
    }
    small, large = limit(0.03)[0], limit(30.0)[0]
    printed = min(rms(small - splines["linear"]), rms(large - splines["cubic"]))
    return printed, max(rms(small - splines["cubic"]), rms(large - splines["linear"]))


def factor_two() -> tuple[float, float]:
    """Return how far -K e and -2K e are from the motion under the gradient of Σ(h - y)²."""
    nets = MLP([1, 20, 1], weight_std=0.7, seeds=[0], dtype=torch.float64)
    inputs = torch.as_tensor(FIVE_X[:, None])
    before = nets(inputs)[0, :, 0]
    loss = (before - torch.as_tensor(FIVE_Y)).square().sum()
    step = 1e-6
    gradients = torch.autograd.grad(loss, list(nets.parameters()))
    pull = theory.kernel(nets, FIVE_X)[0] @ (before.detach().numpy() - FIVE_Y)
    with torch.no_grad():
        for p, g in zip(nets.parameters(), gradients, strict=True):
            p.sub_(step * g)
        moved = ((nets(inputs)[0, :, 0] - before) / step).numpy()
    return rms(moved + pull) / rms(moved), rms(moved + 2 * pull) / rms(moved)


def cifar_images() -> tuple[float, float]:
    """Return how many training images of CIFAR-10 60,000 and 50,000 are too many."""
    counted = datasets.FULL["cifar-10"]["train"]
    return float(abs(60_000 - counted)), float(abs(50_000 - counted))


SLIDES = "Zhang and Luo, slides"

ENTRIES = (
    Erratum(
        "1",
        f"{SLIDES}, Regularity can be changed through initialization",
        "which start gives which spline",
        "RMS distance to the spline that is named",
        "linear_theory",
        exchanged_cases,
    ),
    Erratum(
        "6",
        f"{SLIDES}, The NTK regime",
        "the 2 of the gradient flow",
        "relative distance to the motion of the outputs",
        "linear_theory",
        factor_two,
    ),
    Erratum(
        "7",
        f"{SLIDES}, Cifar10",
        "the number of training images",
        "images too many",
        "filtering",
        cifar_images,
    ),
)
