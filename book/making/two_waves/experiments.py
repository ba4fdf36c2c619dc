"""Two waves, and which is learned first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fpkit.reproduce import SEEDS, Experiment, Trial, even_trial, experiment, fit


@experiment("ours")
def slow_and_fast(
    *,
    n: int = 24,
    slow: float = 1.0,
    hidden: Sequence[int] = (30, 30),
    weight_std: float = 0.2,
    seeds: Sequence[int] = SEEDS,
    steps: int = 700,
    lr: float = 0.01,
    record_every: int = 5,
    **how: Any,
) -> Trial:
    """A slow wave of height ``slow`` and one of height 1 that is three times as fast."""
    x = np.linspace(-1, 1, n, endpoint=False)
    y = slow * np.sin(np.pi * x) + np.sin(3 * np.pi * x)
    run = fit(
        x,
        y,
        hidden=hidden,
        weight_std=weight_std,
        seeds=seeds,
        steps=steps,
        lr=lr,
        record_every=record_every,
        **how,
    )
    return even_trial(run, [1, 3])


tiny_and_fast = Experiment(slow_and_fast, "control", slow=0.01)
