"""Few points and many parameters: the examples of Zhang and Luo's slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fpkit import validation
from fpkit.reproduce import SEEDS, Experiment, Trial, even_trial, experiment, fit

SLIDES = "Zhang and Luo, slides"


@experiment(f"{SLIDES}, the mystery")
def few_points(
    *,
    n: int = 12,
    points: str = "even",
    hidden: Sequence[int] = (60, 60),
    weight_std: float = 0.1,
    fine: int = 181,
    seeds: Sequence[int] = SEEDS,
    steps: int = 8_000,
    lr: float = 1e-3,
    record_every: int = 100,
    **training: Any,
) -> Trial:
    """Random heights at n points of [-1, 1], another draw for every network.

    ``points="even"``, or "uneven": every inner point moved by up to 0.3 of a step. The output is
    recorded at ``fine`` even points.
    """
    x = np.linspace(-1, 1, validation.positive_int("n", n))
    if validation.known("points", points, ("even", "uneven")) == "uneven":
        shift = np.random.default_rng(n).uniform(-0.3, 0.3, n - 2)
        x[1:-1] += shift * (x[1] - x[0])
    y = np.stack([np.random.default_rng((seed, n)).standard_normal(n) for seed in seeds])
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        hidden=hidden,
        weight_std=weight_std,
        lr=lr,
        record_every=record_every,
        eval_x=np.linspace(-1, 1, fine),
        **training,
    )
    return even_trial(run, [])


few_points_uneven = Experiment(few_points, f"{SLIDES}, the mystery", points="uneven")
few_points_large_init = Experiment(few_points, "control", weight_std=3.0, steps=4_000)
