"""Noisy labels: Xu, Zhang, Xiao (2018), Figure 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .. import checks, spectra, targets
from .core import SEEDS, Experiment, Trial, even_trial, fit

__all__ = ["EXPERIMENTS"]


def noisy_sine(
    *,
    noise: float = 0.1,
    n: int = 300,
    n_test: int = 6000,
    step: float = 0.5,
    count: int = 5,
    seeds: Sequence[int] = SEEDS,
    steps: int = 14_000,
    lr: float = 2e-4,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Discretized sin x on [-10, 10] with noisy labels, and the loss on a test set.

    Noise is added after rounding, to training and test labels alike, and drawn anew for every
    seed. The rate is ten times the paper's, which only shortens the run.
    """
    if noise < 0:
        raise ValueError(f"noise: expected a standard deviation of at least 0, got {noise}")
    checks.positive_int("n_test", n_test)
    x, clean = targets.sample(np.sin, n=n, interval=(-10, 10), step=step)
    x_test, clean_test = targets.sample(np.sin, n=n_test, interval=(-10, 10), step=step)
    y, y_test = (
        np.stack(
            [
                values + noise * np.random.default_rng((seed, part)).standard_normal(len(values))
                for seed in seeds
            ]
        )
        for part, values in enumerate((clean, clean_test))
    )
    run = fit(
        x,
        y,
        seeds=seeds,
        steps=steps,
        lr=lr,
        record_every=record_every,
        record_x=np.concatenate([x, x_test]),
        **how,
    )
    on_train, on_test = run.outputs[..., :n], run.outputs[..., n:]
    # Squared test error in chunks of records: the whole would not be small.
    test_loss = np.stack(
        [((on_test[:, r] - y_test) ** 2).mean(axis=-1) for r in range(len(run.steps))], axis=1
    )
    return even_trial(
        replace(run, outputs=on_train, record_x=x),
        spectra.peaks(spectra.dft(clean), count),
        test_loss=test_loss,
        true_loss=((on_train - clean) ** 2).mean(axis=-1),
    )


EXPERIMENTS = (
    Experiment("noisy_sine", "Xu, Zhang, Xiao (2018), Fig. 6", noisy_sine),
    *(
        Experiment(f"noisy_sine_{name}", "ours", noisy_sine, noise=noise, n_test=1200)
        for name, noise in (("005", 0.05), ("02", 0.2), ("04", 0.4))
    ),
)
