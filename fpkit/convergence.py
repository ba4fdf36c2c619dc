"""When each frequency is learned, and whether they come in order."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from . import validation

__all__ = ["convergence_step", "in_order", "rank_correlation", "settling_step"]


def convergence_step(
    steps: ArrayLike, error: ArrayLike, threshold: float = 0.1
) -> NDArray[np.float64]:
    """First recorded step at which Δ_F falls below ``threshold``; infinity if it never does.

    `settling_step` asks from when on the error *stays* below.

    Parameters
    ----------
    steps
        Recorded steps ``(R,)``, increasing.
    error
        Relative errors ``(..., R, K)``.

    Returns
    -------
    Steps ``(..., K)``.

    """
    recorded, learned = _below(steps, error, threshold)
    return np.where(learned.any(axis=-2), recorded[learned.argmax(axis=-2)], np.inf)


def settling_step(
    steps: ArrayLike, error: ArrayLike, threshold: float = 0.1
) -> NDArray[np.float64]:
    """First recorded step from which on Δ_F stays below ``threshold``; infinity if there is none.

    Stricter than `convergence_step`: an output that sweeps past the right value does not count,
    and one that is knocked away counts when it is back for good. It depends on where the run ends.

    Parameters and shapes are those of `convergence_step`.

    """
    recorded, learned = _below(steps, error, threshold)
    stays = np.flip(np.logical_and.accumulate(np.flip(learned, axis=-2), axis=-2), axis=-2)
    return np.where(stays.any(axis=-2), recorded[stays.argmax(axis=-2)], np.inf)


def _below(
    steps: ArrayLike, error: ArrayLike, threshold: float
) -> tuple[NDArray[np.float64], NDArray[np.bool]]:
    """Return the steps, and where the error is below the threshold."""
    recorded = validation.real_array("steps", steps).astype(np.float64)
    validation.increasing("steps", recorded)
    delta = validation.real_array("error", error, ndim=validation.ANY)
    if delta.ndim < 2 or delta.shape[-2] != len(recorded):
        raise ValueError(
            f"error: expected shape (..., {len(recorded)} records, modes), got {delta.shape}"
        )
    return recorded, delta < validation.positive("threshold", threshold)


def in_order(converged: ArrayLike) -> NDArray[np.bool]:
    """Tell for each row of convergence steps ``(..., K)`` whether they strictly increase.

    The last frequencies may never converge (infinity), but not two of them: then their order is
    unknown, and the claim fails.
    """
    steps = _two_or_more(converged)
    return np.all(steps[..., :-1] < steps[..., 1:], axis=-1)


def rank_correlation(converged: ArrayLike, modes: ArrayLike | None = None) -> NDArray[np.float64]:
    """Spearman rank correlation between frequency and convergence step, along the last axis.

    1: low frequencies first without exception; 0: no order; -1: high frequencies first. Ties,
    also among modes that never converge, share their rank; if all tie, the result is 0.

    Parameters
    ----------
    converged
        Convergence steps ``(..., K)``.
    modes
        The frequencies ``(K,)``; None means that they increase.

    """
    steps = _two_or_more(converged)
    count = steps.shape[-1]
    frequencies = np.arange(count) if modes is None else validation.real_array("modes", modes)
    if frequencies.shape != steps.shape[-1:]:
        raise ValueError(
            f"modes: expected one per convergence step ({count}), got shape {frequencies.shape}"
        )
    frequency = scipy.stats.rankdata(frequencies)
    rank = scipy.stats.rankdata(steps, axis=-1)
    a, b = frequency - frequency.mean(), rank - rank.mean(axis=-1, keepdims=True)
    spread = np.sqrt((a**2).sum() * (b**2).sum(axis=-1))
    return np.divide((a * b).sum(axis=-1), spread, out=np.zeros(spread.shape), where=spread > 0)


def _two_or_more(converged: ArrayLike) -> NDArray[np.float64]:
    """Return the steps as an array; one frequency alone has no order."""
    steps = validation.real_array("converged", converged, ndim=validation.ANY, finite=False)
    if steps.shape[-1] < 2:
        raise ValueError(
            f"converged: an order needs at least 2 frequencies, got shape {steps.shape}"
        )
    if np.isnan(steps).any():
        raise ValueError("converged: expected steps, or infinity for never, got NaN")
    return steps.astype(np.float64)
