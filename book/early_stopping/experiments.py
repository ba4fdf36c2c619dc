"""Noisy labels: Xu, Zhang, Xiao (2018), Figure 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fpkit import spectra, targets, validation
from fpkit.reproduce import SEEDS, Experiment, Trial, even_trial, experiment, fit

__all__ = ["LEVELS", "noisy_labels"]


def noisy_labels(clean: NDArray, noise: float, seeds: Sequence[int], part: int) -> NDArray:
    """Add normal noise to ``clean``, anew for every seed: ``(N,)`` to ``(S, N)``.

    ``part`` is 0 for the training labels of `noisy_sine` and 1 for its test labels.
    """
    if not noise >= 0:
        raise ValueError(f"noise: expected a standard deviation of at least 0, got {noise}")
    return np.stack(
        [
            clean + noise * np.random.default_rng((seed, part)).standard_normal(len(clean))
            for seed in seeds
        ]
    )


@experiment("Xu, Zhang, Xiao (2018), Fig. 6")
def noisy_sine(
    *,
    noise: float = 0.1,
    n: int = 300,
    n_test: int = 6000,
    height: float = 0.5,
    held_out: int | None = None,
    count: int = 5,
    seeds: Sequence[int] = SEEDS,
    steps: int = 24_000,
    lr: float = 2e-4,
    record_every: int = 50,
    **training: Any,
) -> Trial:
    """Discretized sin x on [-10, 10] with noisy labels, and the loss on a test set.

    Noise is added after rounding, to training and test labels alike, and drawn anew for every
    seed. The rate is ten times the paper's, which only shortens the run. With ``held_out=5``
    every fifth point is left out of training, and the loss there is recorded too.
    """
    validation.positive_int("n_test", n_test)
    x, clean = targets.sample(np.sin, n=n, interval=(-10, 10), height=height)
    x_test, clean_test = targets.sample(np.sin, n=n_test, interval=(-10, 10), height=height)
    y = noisy_labels(clean, noise, seeds, 0)
    y_test = noisy_labels(clean_test, noise, seeds, 1)
    held = np.zeros(n, dtype=bool)
    if held_out is not None:
        held[validation.positive_int("held_out", held_out) // 2 :: held_out] = True
    run = fit(
        x[~held],
        y[:, ~held],
        seeds=seeds,
        steps=steps,
        lr=lr,
        record_every=record_every,
        eval_x=np.concatenate([x, x_test]),
        **training,
    )
    on_train, on_test = run.outputs[..., :n], run.outputs[..., n:]
    # Squared test error in chunks of records: the whole would not be small.
    test_loss = np.stack(
        [((on_test[:, r] - y_test) ** 2).mean(axis=-1) for r in range(len(run.steps))], axis=1
    )
    series = {"test_loss": test_loss, "true_loss": ((on_train - clean) ** 2).mean(axis=-1)}
    if held.any():
        residual = (on_train - y[:, None])[..., held]
        series["held_out_loss"] = (residual**2).mean(axis=-1)
    return even_trial(
        replace(run, x=x, y=y, outputs=on_train, eval_x=x),
        spectra.peaks(spectra.dft(clean), count),
        **series,
    )


LEVELS = {"noisy_sine_005": 0.05, "noisy_sine": 0.1, "noisy_sine_02": 0.2, "noisy_sine_04": 0.4}

SMALLER: dict[str, Any] = {"n_test": 1200, "steps": 18_000}

noisy_sine_005 = Experiment(noisy_sine, "ours", noise=0.05, **SMALLER)
noisy_sine_02 = Experiment(noisy_sine, "ours", noise=0.2, **SMALLER)
noisy_sine_04 = Experiment(noisy_sine, "ours", noise=0.4, **SMALLER)
noisy_sine_005_held_out = Experiment(noisy_sine, "ours", noise=0.05, held_out=5, **SMALLER)
noisy_sine_held_out = Experiment(noisy_sine, "ours", noise=0.1, held_out=5, **SMALLER)
noisy_sine_02_held_out = Experiment(noisy_sine, "ours", noise=0.2, held_out=5, **SMALLER)
noisy_sine_04_held_out = Experiment(noisy_sine, "ours", noise=0.4, held_out=5, **SMALLER)
noisy_sine_0 = Experiment(noisy_sine, "control", noise=0.0, **SMALLER | {"steps": 24_000})
