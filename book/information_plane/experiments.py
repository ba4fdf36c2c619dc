"""Entropy of the output while it is learned: Xu, Zhang, Xiao (2018), Figure 9."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from book.information_plane import information
from fpkit import spectra, targets
from fpkit.reproduce import Experiment, Trial, even_trial, fit


def information_plane(
    *,
    n: int = 300,
    height: float = 0.5,
    bin_width: float = 0.05,
    count: int = 6,
    steps: int = 34_000,
    **training: Any,
) -> Trial:
    """Line or staircase on [-1, 1], with the entropy of the binned output at every record."""
    x, y = targets.staircase(n, height)
    run = fit(x, y, steps=steps, **training)
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


information_line = Experiment(
    information_plane,
    "Xu, Zhang, Xiao (2018), Fig. 9a, b",
    height=0.0,
    count=1,
    steps=4_000,
    record_every=10,
)
information_staircase = Experiment(information_plane, "Xu, Zhang, Xiao (2018), Fig. 9c, d")
