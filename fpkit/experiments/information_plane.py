"""Entropy of the output while it is learned: Xu, Zhang, Xiao (2018), Figure 9."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .. import information, spectra, targets
from .core import SEEDS, Experiment, Trial, even_trial, fit

__all__ = ["EXPERIMENTS"]


def information_plane(
    *,
    n: int = 300,
    step: float = 0.5,
    bin_width: float = 0.05,
    count: int = 6,
    activation: str = "tanh",
    seeds: Sequence[int] = SEEDS,
    steps: int = 17_000,
    lr: float = 2e-5,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Line or staircase on [-1, 1], with the entropy of the binned output at every record."""
    x, y = targets.staircase(n, step)
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        activation=activation,
        lr=lr,
        record_every=record_every,
        **how,
    )
    binned = information.bins(run.outputs, bin_width)
    trial = even_trial(
        run,
        spectra.peaks(spectra.dft(y), count),
        entropy=information.entropy(binned),
        shared_with_target=information.mutual_information(information.bins(y, bin_width), binned),
    )
    # A point in another bin changes an entropy by up to so much, and two of them are shared.
    one = np.log2(n) / n
    return replace(trial, grains={"entropy": one, "shared_with_target": 2 * one})


EXPERIMENTS = (
    Experiment(
        "information_line",
        "Xu, Zhang, Xiao (2018), Fig. 9a, b",
        information_plane,
        step=0.0,
        count=1,
        steps=4_000,
        record_every=10,
    ),
    Experiment("information_staircase", "Xu, Zhang, Xiao (2018), Fig. 9c, d", information_plane),
)
