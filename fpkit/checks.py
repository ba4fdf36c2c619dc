"""Argument checks, in one place, so that every error reads alike.

Each message names the argument, says what came and what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "known",
    "matching_points",
    "positive",
    "positive_int",
    "real_array",
    "seed",
    "uniform_points",
]


def positive(name: str, value: float) -> float:
    """Return ``value`` as a float, or raise ValueError unless it is finite and above zero."""
    if not isinstance(value, Real) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name}: expected a finite number above 0, got {value!r}")
    return float(value)


def positive_int(name: str, value: int) -> int:
    """Return ``value`` as an int, or raise ValueError unless it is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, Real) or value % 1 or value < 1:
        raise ValueError(f"{name}: expected a whole number of at least 1, got {value!r}")
    return int(value)


def seed(name: str, value: int) -> int:
    """Return ``value`` as an int, or raise ValueError unless it is a whole number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
        raise ValueError(f"{name}: expected a whole number of at least 0, got {value!r}")
    return int(value)


def known(name: str, value: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``, else raise with the nearest known name."""
    choices = sorted(choices)
    if value in choices:
        return value
    near = get_close_matches(str(value), choices, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"{name}: {value!r} is not known; {hint}known are {', '.join(choices)}")


def real_array(name: str, values: ArrayLike, *, ndim: tuple[int, ...] = (1,)) -> NDArray:
    """Return ``values`` as a finite floating-point array with one of the wanted ``ndim``.

    Integers become float64; complex numbers, NaN and infinity are errors.
    """
    try:
        array = np.asarray(values)
    except ValueError:  # numpy's message speaks of "inhomogeneous shapes"
        raise ValueError(f"{name}: expected rows of equal length, got a ragged list") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected real numbers, got dtype {array.dtype}")
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if array.ndim not in ndim:
        wanted = " or ".join(f"{n}-d" for n in ndim)
        raise ValueError(f"{name}: expected a {wanted} array, got shape {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one value, got shape {array.shape}")
    bad = ~np.isfinite(array)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(f"{name}: expected finite numbers, got {array[where]} at index {where}")
    return array


def matching_points(x: NDArray, name: str, values: NDArray) -> None:
    """Raise unless ``values`` holds one value for each of at least two points in ``x``."""
    if values.shape[-1] != len(x):
        raise ValueError(
            f"{name}: expected one value per point of x ({len(x)}), got {values.shape[-1]}"
        )
    if len(x) < 2:
        raise ValueError(f"x: expected at least 2 points, got {len(x)}")


def uniform_points(name: str, x: NDArray) -> None:
    """Raise unless ``x`` increases in equal steps (to 1 part in 1,000 of a step)."""
    step = np.diff(x)
    if not (step > 0).all():
        raise ValueError(f"{name}: expected increasing points, got a step of {step.min():.3g}")
    if np.ptp(step) > 1e-3 * step.mean():
        raise ValueError(
            f"{name}: expected equal steps, got steps from {step.min():.6g} to {step.max():.6g}; "
            "use nudft for non-uniform points"
        )
