"""Experiments beside the theory of gradients: Xu (2018), Figures 5 and 6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from book.gradient_theory import network_norms
from book.gradient_theory.flipped import flipped_line
from fpkit import spectra, targets
from fpkit.reproduce import SEEDS, Experiment, Trial, even_trial, experiment, fit


@experiment("Xu (2018), Fig. 5")
def spectral_norms(
    *,
    n: int = 120,
    height: float = 0.0,
    count: int = 3,
    hidden: Sequence[int] = (*(800,) * 7, 500, 100),
    seeds: Sequence[int] = SEEDS,
    steps: int = 3_000,
    lr: float = 2e-6,
    record_every: int = 50,
    **training: Any,
) -> Trial:
    """Three sines on [-10, 10], with the spectral norm of every layer's weights at every record.

    The paper shows its target without naming it; this one is ours: sin x + 2 sin 3x + 3 sin 5x.
    """
    x, y = targets.sine_sum(n, height)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        hidden=hidden,
        lr=lr,
        record_every=record_every,
        observe=network_norms.spectral_norms,
        **training,
    )
    return even_trial(run, spectra.peaks(spectra.dft(y), count), **run.observed)


@experiment("Xu (2018), Fig. 6")
def high_frequency_dominant(
    *,
    flip: str = "modulate",
    n: int = 40,
    seeds: Sequence[int] = SEEDS,
    steps: int = 120_000,
    record_every: int = 100,
    **training: Any,
) -> Trial:
    """Line on [-1, 1] with its spectrum turned over, so that high frequencies dominate."""
    x, y = flipped_line(n, flip)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        record_every=record_every,
        **training,
    )
    # All modes below the Nyquist frequency, where one of the two flips has no power.
    return even_trial(run, np.arange(1, n // 2))


spectral_norms_small_net = Experiment(
    spectral_norms, "control", hidden=(20,) * 4, steps=6_000, lr=1e-3, record_every=20
)
high_frequency_dominant_index = Experiment(
    high_frequency_dominant, "Xu (2018), Fig. 6", flip="index"
)
