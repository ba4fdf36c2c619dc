"""Training with a loss in the frequency domain: Xu, Zhang, Xiao (2018), Figure 5."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from torch import Tensor

from book.fourier_loss.claims import PATIENCE
from book.fourier_loss.curriculum import Curriculum
from fpkit import losses, spectra, targets, validation
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Experiment, Trial, even_trial, fit


def curriculum(
    *,
    direction: Literal["low to high", "high to low"] = "low to high",
    patience: int | None = None,
    n: int = 120,
    height: float = 0.5,
    count: int = 6,
    seeds: Sequence[int] = SEEDS,
    steps: int = 20_000,
    **training: Any,
) -> Trial:
    """Staircase with a Fourier loss whose band widens peak by peak."""
    x, y = targets.staircase(n, height)
    peaks = spectra.peaks(spectra.dft(y), count)
    loss = Curriculum(y, peaks, members=len(seeds), direction=direction, patience=patience)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        loss=loss,
        observe=partial(stage_of, loss),
        **training,
    )
    return even_trial(run, peaks, **run.observed)


def stage_of(loss: Curriculum, _: MLP) -> dict[str, Tensor]:
    """Return the stage of each network."""
    return {"stage": loss.stage}


def weighting(
    *,
    kind: str = "k squared",
    n: int = 120,
    height: float = 0.5,
    count: int = 6,
    steps: int = 12_000,
    **training: Any,
) -> Trial:
    """Staircase with a Fourier loss of fixed weights w(k)."""
    x, y = targets.staircase(n, height)
    k = np.arange(n // 2 + 1)
    weights = WEIGHTINGS[validation.known("kind", kind, WEIGHTINGS)](k)
    run = fit(
        x,
        y,
        steps=steps,
        loss=losses.WeightedFourier(weights),
        **training,
    )
    return even_trial(run, spectra.peaks(spectra.dft(y), count))


# Means are kept at 1, so that only the shape differs from the plain loss.
WEIGHTINGS = {
    "k squared": lambda k: k**2 / np.mean(k**2),
    "band": lambda k: np.where((k >= 10) & (k <= 30), 1.0, 0.0),
}

fourier_low_to_high = Experiment(curriculum, "Xu, Zhang, Xiao (2018), Fig. 5a")
fourier_low_to_high_large_init = Experiment(curriculum, "control", weight_std=1.0, steps=6_000)
fourier_high_to_low = Experiment(
    curriculum,
    "Xu, Zhang, Xiao (2018), Fig. 5b",
    direction="high to low",
    patience=PATIENCE,
    steps=46_000,
    record_every=40,
)
fourier_k_squared = Experiment(weighting, "ours")
fourier_band = Experiment(weighting, "ours", kind="band")
