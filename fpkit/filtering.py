"""Split a function of images into a smooth and a rough part by averaging over near images.

Where a Fourier transform is out of reach, the slides of Zhang and Luo filter: y_low = y * G^δ is
the low-frequency part of y, y_high = y - y_low the rest. They leave G^δ undefined. Here

    G_ij = exp(-|x_i - x_j|²/(2δ)),    y_low,i = Σⱼ G_ij yⱼ / Σⱼ G_ij,

so δ is a variance, in the squared unit of the points, and each point takes part in its own average
with the *self weight* 1/Σⱼ G_ij. On dense even points in one dimension a wave of k cycles per unit
keeps the share exp(-2π²k²δ) of its amplitude. Nothing of size n x n is kept: distances come in
blocks of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from . import validation

__all__ = ["BandErrors", "Reach", "band_errors", "low_pass", "reach"]

# Entries of a block of distances: 64 MB in single precision.
BLOCK = 1 << 24
# A part of the target smaller than this share of the whole counts as absent.
ABSENT = 0.01


def low_pass(points: ArrayLike, values: ArrayLike, deltas: Sequence[float]) -> NDArray[np.float32]:
    """Return Σⱼ G_ij vⱼ / Σⱼ G_ij for each δ.

    Parameters
    ----------
    points
        One row each, ``(n, d)``.
    values
        Values at the points, ``(n, ...)``; all columns are filtered at once.
    deltas
        Variances δ of the Gaussian, ``(D,)``, each above 0.

    Returns
    -------
    Filtered values, ``(D, n, ...)``.

    """
    x, widths = _checked(points, deltas)
    v = validation.real_array("values", values, ndim=(1, 2, 3, 4))
    if len(v) != len(x):
        raise ValueError(f"values: expected one row per point ({len(x)}), got {len(v)}")
    columns = torch.as_tensor(v.reshape(len(v), -1), dtype=torch.float32)
    result = torch.empty((len(widths), *columns.shape))
    for rows, squares in _squared_distances(x):
        for d, delta in enumerate(widths):
            weights = torch.exp(squares * (-0.5 / delta))
            torch.mm(weights, columns, out=result[d, rows])
            result[d, rows] /= weights.sum(dim=1, keepdim=True)
    return result.numpy().reshape(len(widths), *v.shape)


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
    x, widths = _checked(points, deltas)
    sums, squared_sums = torch.empty(2, len(widths), len(x))
    for rows, squares in _squared_distances(x):
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
        As in `low_pass`.
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
    low, high, share = [], [], []
    for delta, smooth in zip(_widths(deltas), low_pass(points, stack, deltas), strict=True):
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


def _checked(points: ArrayLike, deltas: Sequence[float]) -> tuple[Tensor, list[float]]:
    """Return centred points, and the widths as plain numbers."""
    x = validation.real_array("points", points, ndim=(2,))
    return torch.as_tensor(x - x.mean(axis=0), dtype=torch.float64), _widths(deltas)


def _widths(deltas: Sequence[float]) -> list[float]:
    """Return the widths as plain numbers above 0."""
    numbers = validation.real_array("deltas", deltas).tolist()
    return [validation.positive("deltas", delta) for delta in numbers]


def _squared_distances(x: Tensor) -> Iterator[tuple[slice, Tensor]]:
    """Yield slices of rows and |x_i - x_j|² for these rows i and all j.

    Written as |x_i|² + |x_j|² - 2 x_i·x_j, it is one matrix product, which bounds the speed. In
    double precision, for the difference of near points is small beside what is subtracted. What
    rounding leaves below zero, and on the diagonal, is set to zero.
    """
    norms = x.square().sum(dim=1)
    step = max(1, BLOCK // len(x))
    for start in range(0, len(x), step):
        rows = slice(start, min(start + step, len(x)))
        squares = torch.addmm(norms[None], x[rows], x.T, alpha=-2).add_(norms[rows, None])
        squares.clamp_(min=0).diagonal(offset=start).zero_()
        yield rows, squares.float()
