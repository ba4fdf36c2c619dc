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

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from . import validation

__all__ = ["low_pass", "squared_distances", "variances"]

# Entries of a block of distances: 64 MB in single precision.
BLOCK = 1 << 24


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
    widths, count = variances(deltas), len(validation.real_array("points", points, ndim=(2,)))
    v = validation.real_array("values", values, ndim=(1, 2, 3, 4))
    if len(v) != count:
        raise ValueError(f"values: expected one row per point ({count}), got {len(v)}")
    columns = torch.as_tensor(v.reshape(len(v), -1), dtype=torch.float32)
    result = torch.empty((len(widths), *columns.shape))
    for rows, squares in squared_distances(points):
        for d, delta in enumerate(widths):
            weights = torch.exp(squares * (-0.5 / delta))
            torch.mm(weights, columns, out=result[d, rows])
            result[d, rows] /= weights.sum(dim=1, keepdim=True)
    return result.numpy().reshape(len(widths), *v.shape)


def variances(deltas: Sequence[float]) -> list[float]:
    """Return the variances as plain numbers above 0."""
    numbers = validation.real_array("deltas", deltas).tolist()
    return [validation.positive("deltas", delta) for delta in numbers]


def squared_distances(points: ArrayLike) -> Iterator[tuple[slice, Tensor]]:
    """Yield slices of rows and |x_i - x_j|² for these rows i and all j, of points ``(n, d)``.

    Written as |x_i|² + |x_j|² - 2 x_i·x_j, it is one matrix product, which bounds the speed. In
    double precision, for the difference of near points is small beside what is subtracted. What
    rounding leaves below zero, and on the diagonal, is set to zero.
    """
    found = validation.real_array("points", points, ndim=(2,))
    x = torch.as_tensor(found - found.mean(axis=0), dtype=torch.float64)
    norms = x.square().sum(dim=1)
    step = max(1, BLOCK // len(x))
    for start in range(0, len(x), step):
        rows = slice(start, min(start + step, len(x)))
        squares = torch.addmm(norms[None], x[rows], x.T, alpha=-2).add_(norms[rows, None])
        squares.clamp_(min=0).diagonal(offset=start).zero_()
        yield rows, squares.float()
