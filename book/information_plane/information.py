"""Entropy and mutual information of outputs, by binning (Xu, Zhang, Xiao 2018, Section 6.4).

A value v falls into the bin Round(v/b), and every sample counts 1/N. Everything is in bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import validation

__all__ = ["bins", "entropy", "mutual_information"]


def bins(values: ArrayLike, width: float) -> NDArray[np.int64]:
    """Return the number of the bin of each value, Round(v/b) with b = ``width``.

    A width coarser than the range of the data is an error, for it leaves nothing to measure.
    """
    v = validation.real_array("values", values, ndim=validation.ANY)
    b = validation.positive("width", width)
    if b > np.ptp(v):
        raise ValueError(f"width: {b:g} is coarser than the range of the data, {np.ptp(v):g}")
    return np.round(v / b).astype(np.int64)


def entropy(binned: ArrayLike) -> NDArray[np.float64]:
    """Entropy I(U) = -Σ P(u) log₂ P(u) in bits, along the last axis.

    Parameters
    ----------
    binned
        Bin numbers ``(..., N)``, from `bins`: one sample, or a whole run ``(S, R, N)`` of networks
        with one output.

    Returns
    -------
    Entropies ``(...)``, from 0 (all equal) to log₂ N (all different).

    """
    u = validation.whole_array("binned", binned, ndim=validation.ANY)
    validation.one_function("binned", u)
    u = np.sort(u, axis=-1)
    n = u.shape[-1]
    # In sorted order equal values form groups; each value of a group of size c adds log₂(c)/N.
    starts = np.ones(u.shape, dtype=bool)
    starts[..., 1:] = u[..., 1:] != u[..., :-1]
    flat = np.flatnonzero(starts.ravel())
    sizes = np.diff(np.append(flat, starts.size))
    groups = (sizes / n) * np.log2(sizes / n)
    row = flat // n
    total = np.bincount(row, weights=groups, minlength=starts.size // n)
    return np.maximum(-total, 0.0).reshape(u.shape[:-1])


def mutual_information(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Mutual information I(U, V) = I(U) + I(V) - I((U, V)) in bits, along the last axis.

    Parameters
    ----------
    first, second
        Bin numbers, ``(..., N)``, broadcast against each other.

    """
    u = validation.whole_array("first", first, ndim=validation.ANY)
    v = validation.whole_array("second", second, ndim=validation.ANY)
    for name, binned in (("first", u), ("second", v)):
        validation.one_function(name, binned)
    if u.shape[-1] != v.shape[-1]:
        raise ValueError(f"second: expected {u.shape[-1]} samples like first, got {v.shape[-1]}")
    u, v = np.broadcast_arrays(u, v)
    lowest, span = v.min(), np.ptp(v) + 1
    pair = u * span + (v - lowest)
    return np.maximum(entropy(u) + entropy(v) - entropy(pair), 0.0)
