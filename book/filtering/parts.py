"""How wrong outputs are in the smooth and the rough part of a target, and how far averages reach.

The parts are those of `fpkit.filtering`, on images of the slides of Zhang and Luo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from fpkit import filtering, validation

__all__ = ["BandErrors", "Reach", "band_errors", "reach"]

# A part of the target smaller than this share of the whole counts as absent.
ABSENT = 0.01


@dataclass(frozen=True)
class Reach:
    """How far averages reach at each δ, ``(D, n)`` each.

    Attributes
    ----------
    self_weight
        Weight of a point in its own average, 1/Σⱼ G_ij: near 1, the point is left alone.
    neighbours
        Effective number of points in the average, (Σⱼ G_ij)²/Σⱼ G_ij²: from 1, the point itself, to
        n, all alike.

    """

    self_weight: NDArray[np.float32]
    neighbours: NDArray[np.float32]


def reach(points: ArrayLike, deltas: Sequence[float]) -> Reach:
    """Measure how far averages reach. It depends on how many points there are: say so."""
    x, widths = validation.real_array("points", points, ndim=(2,)), filtering.variances(deltas)
    sums, squared_sums = torch.empty(2, len(widths), len(x))
    for rows, squares in filtering.squared_distances(x):
        for d, delta in enumerate(widths):
            weights = torch.exp(squares * (-0.5 / delta))
            sums[d, rows] = weights.sum(dim=1)
            squared_sums[d, rows] = weights.square_().sum(dim=1)
    return Reach((1 / sums).numpy(), (sums.square() / squared_sums).numpy())


@dataclass(frozen=True)
class BandErrors:
    """How wrong outputs are at low and at high frequencies, for each of D filters.

    Attributes
    ----------
    low, high
        Relative errors e_low and e_high, ``(D, ...)``.
    share
        How much of the target is high-frequency, ‖y_high‖/‖y‖, ``(D,)``.

    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    share: NDArray[np.float64]


def band_errors(
    points: ArrayLike, target: ArrayLike, outputs: ArrayLike, deltas: Sequence[float]
) -> BandErrors:
    """Measure the relative errors of outputs at low and at high frequencies.

    e_low = (Σᵢ |y_low,i - h_low,i|² / Σᵢ |y_low,i|²)^½ with h the output, and e_high likewise
    (Zhang and Luo, slides). Both are 1 for an output of zero.

    Parameters
    ----------
    points, deltas
        As in `fpkit.filtering.low_pass`.
    target
        Centred labels y, ``(n, c)``. With a mean, e_low mostly measures the mean.
    outputs
        Outputs h, ``(..., n, c)``, such as all records of a run.

    Raises
    ------
    ValueError
        If a part of the target is next to nothing (below 1 % of it), for then an error relative
        to it says nothing: δ is too small for these points, or too large.

    """
    y = validation.real_array("target", target, ndim=(2,)).astype(np.float32)
    h = validation.real_array("outputs", outputs, ndim=(2, 3, 4)).astype(np.float32)
    if h.shape[-2:] != y.shape:
        raise ValueError(f"outputs: expected shape (..., {len(y)}, {y.shape[1]}), got {h.shape}")
    # The filter is linear, so what is filtered is the rest y - h, with y itself in front.
    rest = (y - h).reshape(-1, *y.shape)
    stack = np.moveaxis(np.concatenate([y[None], rest]), 0, 1)  # (n, 1 + outputs, c)
    smoothed = filtering.low_pass(points, stack, deltas)
    low, high, share = [], [], []
    for delta, smooth in zip(deltas, smoothed, strict=True):
        low_sizes, high_sizes = _norms(smooth), _norms(stack - smooth)
        whole = np.linalg.norm(y) or 1.0
        for name, size, fault in (("high", high_sizes[0], "small"), ("low", low_sizes[0], "large")):
            if not size > ABSENT * whole:
                raise ValueError(
                    f"deltas: {delta:g} is too {fault} for these points: the {name}-frequency "
                    f"part is {size / whole:.2g} of the target; see reach(points, deltas) for a "
                    "better one"
                )
        low.append((low_sizes[1:] / low_sizes[0]).reshape(h.shape[:-2]))
        high.append((high_sizes[1:] / high_sizes[0]).reshape(h.shape[:-2]))
        share.append(high_sizes[0] / whole)
    return BandErrors(np.stack(low), np.stack(high), np.array(share))


def _norms(values: NDArray) -> NDArray[np.float64]:
    """Return the Euclidean norm over points and columns of ``(n, m, c)``, ``(m,)``."""
    return np.sqrt(np.einsum("nmc,nmc->m", values, values, dtype=np.float64))
