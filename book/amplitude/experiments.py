"""Amplitude against frequency: two waves, the faster one larger. Ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from fpkit import spectra
from fpkit.networks import MLP
from fpkit.reproduce import Between, Trial, even_trial, experiment
from fpkit.training import train

__all__ = ["pairs", "two_waves"]


def two_waves(
    n: int, ratio: float, fast: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cos(π(x+1) + φ₁) + ratio·cos(π·fast·(x+1) + φ₂) on [-1, 1), scaled to power 1.

    The phases are uniform and drawn from ``seed``. The mean square is 1 whatever the ratio, so
    that only the ratio changes and not the size of the curve.
    """
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 2)
    x = np.linspace(-1, 1, n, endpoint=False)
    slow = np.cos(np.pi * (x + 1) + phase[0])
    large = ratio * np.cos(np.pi * fast * (x + 1) + phase[1])
    return x, (slow + large) * np.sqrt(2 / (1 + ratio**2))


def pairs(
    ratios: Sequence[float], fast: Sequence[int], seeds: Sequence[int]
) -> list[tuple[float, int, int]]:
    """Return (ratio, fast mode, seed) of every member: all pairs with the first seed, and so on."""
    return [(ratio, mode, seed) for seed in seeds for ratio in ratios for mode in fast]


@experiment("ours")
def amplitude_or_frequency(
    *,
    n: Annotated[int, Between(16, 60)] = 20,
    ratios: Annotated[Sequence[float], Between(1, 256, log=True), "amplitude ratio"] = (
        1,
        4,
        16,
        64,
        256,
    ),
    fast: Annotated[Sequence[int], Between(2, 7), "fast mode"] = (2, 3, 4, 6),
    width: int = 50,
    depth: int = 3,
    seeds: Sequence[int] = (0, 1, 2, 3),
    steps: int = 3_000,
    lr: float = 5e-4,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Mode 1 and a faster, larger mode: every pair of amplitude ratio and fast mode.

    "slow error" and "fast error" are the relative errors of mode 1 and of the fast mode.
    """
    members = pairs(ratios, fast, seeds)
    curves = [two_waves(n, *member) for member in members]
    x, y = curves[0][0], np.stack([values for _, values in curves])
    nets = MLP(
        [1, *[width] * depth, 1],
        weight_std=(2 / width) ** 0.5,
        seeds=[seed for *_, seed in members],
    )
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every, **how)
    # As series, and not as errors of peaks: every member has a fast mode of its own. (And where the
    # ratio is large, rounded outputs do not hold the slow wave well enough to check its error.)
    rows, modes = np.arange(len(members)), np.array([mode for _, mode, _ in members])
    output, target = spectra.dft(run.outputs), spectra.dft(run.y)
    errors = {
        f"{name} error": spectra.relative_error(output[rows, :, k].T, target[rows, k]).T
        for name, k in (("slow", np.ones_like(modes)), ("fast", modes))
    }
    return even_trial(run, [], **errors)
