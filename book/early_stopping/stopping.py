"""When to stop training on noisy labels: the best moment, and rules that look for it.

The *oracle* knows the test loss. The rules do not: one estimates the noise from the training
labels and stops when the training loss has come down to it, one watches points that were held
out. Every function works along the last axis, so a whole run ``(S, R)`` goes in at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation

__all__ = [
    "Plateau",
    "best_step",
    "excess",
    "first_reached",
    "neighbour_noise",
    "plateau",
    "spectral_noise",
]

# The median of |z| for a standard normal z.
MEDIAN_OF_NORMAL = 0.6744897501960817


class Plateau(NamedTuple):
    """Around the minimum of a loss: where it is, and how far the loss stays close to it.

    Each is an array of steps ``(...)``; ``interior`` tells whether the loss leaves the plateau
    again before training ends.
    """

    first: NDArray
    best: NDArray
    last: NDArray
    interior: NDArray[np.bool]


def plateau(steps: ArrayLike, losses: ArrayLike, tolerance: float = 0.02) -> Plateau:
    """Find the minimum of each loss and the records around it within ``1 + tolerance`` of it.

    A minimum that is lower than its surroundings by less than the noise of the curve says
    nothing; a plateau that ends before the training does is a minimum indeed.

    Parameters
    ----------
    steps
        Recorded steps ``(R,)``.
    losses
        Losses ``(..., R)``, at least 0.

    """
    recorded, loss = _series(steps, losses)
    validation.positive("tolerance", tolerance)
    near = loss <= (1 + tolerance) * loss.min(axis=-1, keepdims=True)
    best = loss.argmin(axis=-1)
    place = np.arange(loss.shape[-1])
    # The nearest records outside the plateau, before and after the minimum.
    before = np.where(~near & (place < best[..., None]), place, -1).max(axis=-1)
    after = np.where(~near & (place > best[..., None]), place, len(place)).min(axis=-1)
    return Plateau(
        recorded[before + 1], recorded[best], recorded[after - 1], after < loss.shape[-1]
    )


def best_step(steps: ArrayLike, losses: ArrayLike) -> NDArray:
    """Return the step with the smallest loss, ``(..., R)`` to ``(...)``."""
    recorded, loss = _series(steps, losses)
    return recorded[loss.argmin(axis=-1)]


def first_reached(steps: ArrayLike, losses: ArrayLike, level: ArrayLike) -> NDArray:
    """Return the first recorded step at which the loss is at or below ``level``.

    If it never is, return the last step: training then ran to its end.

    Parameters
    ----------
    steps
        Recorded steps ``(R,)``.
    losses
        Losses ``(..., R)``.
    level
        One number, or one for each loss, ``(...)``.

    """
    recorded, loss = _series(steps, losses)
    wanted = validation.real_array("level", level, ndim=(0, 1, 2))
    if wanted.ndim:
        validation.same_shape("level", wanted, loss.shape[:-1], "one for each loss")
    reached = loss <= wanted[..., None]
    first = np.where(reached.any(axis=-1), reached.argmax(axis=-1), loss.shape[-1] - 1)
    return recorded[first]


def excess(steps: ArrayLike, losses: ArrayLike, chosen: ArrayLike) -> NDArray[np.float64]:
    """Return how far the loss at the ``chosen`` step is above its minimum, relative to it.

    0: the best moment; 0.1: a loss 10 % above the best. ``chosen`` holds recorded steps ``(...)``.
    """
    recorded, loss = _series(steps, losses)
    picked = validation.real_array("chosen", chosen, ndim=(0, 1, 2))
    if picked.ndim:
        validation.same_shape("chosen", picked, loss.shape[:-1], "one for each loss")
    place = np.searchsorted(recorded, picked)
    if (recorded[np.minimum(place, len(recorded) - 1)] != picked).any():
        raise ValueError(f"chosen: expected recorded steps, got {np.asarray(chosen).tolist()}")
    there = np.take_along_axis(loss, np.broadcast_to(place, loss.shape[:-1])[..., None], axis=-1)
    return there[..., 0] / loss.min(axis=-1) - 1


def spectral_noise(values: ArrayLike) -> NDArray[np.float64]:
    """Estimate the noise of samples from the upper half of their spectrum.

    White noise of variance σ² puts σ²/N on average into every |F[k]|², spread like an exponential
    distribution, whose median is ln 2 times its mean. So

        σ̂² = N · median |F[k]|² / ln 2    over  N/4 ≤ k < N/2.

    Whatever the function itself contains up there, jumps above all, is counted as noise.

    Parameters
    ----------
    values
        Evenly spaced samples ``(..., N)``, N at least 16.

    Returns
    -------
    Standard deviations ``(...)``.

    """
    f = _samples(values)
    n = f.shape[-1]
    power = n * np.abs(spectra.dft(f)[..., n // 4 : (n + 1) // 2]) ** 2
    return np.sqrt(np.median(power, axis=-1) / np.log(2))


def neighbour_noise(values: ArrayLike) -> NDArray[np.float64]:
    """Estimate the noise of samples from the differences of neighbours.

    Where the function hardly changes from one point to the next, fⱼ₊₁ - fⱼ is the difference of two
    errors, a normal number of variance 2σ². The median does not notice a few jumps:

        σ̂ = median |fⱼ₊₁ - fⱼ| / (0.6745 √2).

    Parameters
    ----------
    values
        Samples in order of their points, ``(..., N)``, N at least 16.

    Returns
    -------
    Standard deviations ``(...)``.

    """
    step = np.abs(np.diff(_samples(values), axis=-1))
    return np.median(step, axis=-1) / (MEDIAN_OF_NORMAL * np.sqrt(2))


def _samples(values: ArrayLike) -> NDArray:
    f = validation.real_array("values", values, ndim=validation.ANY)
    validation.one_function("values", f)
    if f.shape[-1] < 16:
        raise ValueError(f"values: expected at least 16 samples, got {f.shape[-1]}")
    return f.astype(np.float64)


def _series(steps: ArrayLike, losses: ArrayLike) -> tuple[NDArray, NDArray[np.float64]]:
    validation.increasing("steps", validation.real_array("steps", steps))
    recorded = validation.as_array("steps", steps)
    loss = validation.real_array("losses", losses, ndim=tuple(range(1, 4))).astype(np.float64)
    if loss.shape[-1] != len(recorded):
        raise ValueError(
            f"losses: expected one per recorded step ({len(recorded)}), got {loss.shape[-1]}"
        )
    if (loss < 0).any():
        raise ValueError(f"losses: expected numbers of at least 0, got {loss.min():g}")
    return recorded, loss
