"""Argument checks, in one place, so that every error reads alike.

Each message names the argument, says what came and what is wanted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "ANY",
    "as_array",
    "between",
    "function",
    "increasing",
    "known",
    "matching_points",
    "non_negative",
    "number_array",
    "one_function",
    "positive",
    "positive_int",
    "real_array",
    "same_shape",
    "seed",
    "uniform_points",
    "whole_array",
]

# For functions that work along the last axis, whatever axes there are in front of it.
ANY = tuple(range(1, 9))


def positive(name: str, value: float) -> float:
    """Return ``value`` as a float, or raise ValueError unless it is finite and above zero."""
    if not _is_real(value) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name}: expected a finite number above 0, got {value!r}")
    return float(value)


def non_negative(name: str, value: float) -> float:
    """Return ``value`` as a float, or raise ValueError unless it is finite and at least zero."""
    if not _is_real(value) or not np.isfinite(value) or value < 0:
        raise ValueError(f"{name}: expected a finite number of at least 0, got {value!r}")
    return float(value)


def between(name: str, value: float, low: float, high: float) -> float:
    """Return ``value`` as a float, or raise ValueError unless ``low`` < ``value`` < ``high``."""
    if not _is_real(value) or not low < value < high:
        raise ValueError(f"{name}: expected a number between {low:g} and {high:g}, got {value!r}")
    return float(value)


def _is_real(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def positive_int(name: str, value: int | Integral) -> int:
    """Return ``value`` as an int, or raise ValueError unless it is a whole number of at least 1."""
    if not _is_real(value) or value % 1 or value < 1:
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


def real_array(
    name: str, values: ArrayLike, *, ndim: tuple[int, ...] = (1,), finite: bool = True
) -> NDArray:
    """Return ``values`` as a finite floating-point array with one of the wanted ``ndim``.

    Integers become float64; complex numbers and, unless ``finite`` is false, NaN and infinity are
    errors. A tensor's numbers are taken from wherever it is, with or without a gradient.
    """
    array = _array(name, values, ndim, finite, "fiub")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def number_array(name: str, values: ArrayLike, *, ndim: tuple[int, ...] = (1,)) -> NDArray:
    """Return ``values`` as `real_array` does, or as they are if they are complex."""
    array = _array(name, values, ndim, True, "fiubc")
    return array if array.dtype.kind in "fc" else array.astype(np.float64)


def whole_array(
    name: str, values: ArrayLike, *, ndim: tuple[int, ...] = (1,), least: int | None = None
) -> NDArray[np.int64]:
    """Return ``values`` as int64; ValueError unless all are whole and at least ``least``."""
    array = _array(name, values, ndim, True, "fiub")
    floor = -np.inf if least is None else least
    bad = (array < floor) | (array % 1 != 0 if array.dtype.kind == "f" else False)
    if bad.any():
        wanted = "" if least is None else f" of at least {least}"
        raise ValueError(f"{name}: expected whole numbers{wanted}, got {array[bad][0]:g}")
    return array.astype(np.int64, copy=False)


def _array(
    name: str, values: ArrayLike, ndim: tuple[int, ...], finite: bool, kinds: str
) -> NDArray:
    array = as_array(name, values)
    if array.dtype.kind not in kinds:
        numbers = "numbers" if "c" in kinds else "real numbers"
        raise TypeError(f"{name}: expected {numbers}, got dtype {array.dtype}")
    if array.ndim not in ndim:
        raise ValueError(f"{name}: expected {_axes(ndim)} array, got shape {array.shape}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one value, got shape {array.shape}")
    if finite:
        _all_finite(name, array)
    return array


def as_array(name: str, values: ArrayLike) -> NDArray:
    """Return ``values`` as an array, those of a tensor from wherever it is; nothing is checked."""
    # Whoever has a tensor has imported torch, and whoever has none shall not wait for it.
    if (torch := sys.modules.get("torch")) and isinstance(values, torch.Tensor):
        # numpy has no bfloat16.
        values = (values.float() if values.dtype == torch.bfloat16 else values).numpy(force=True)
    try:
        return np.asarray(values)
    except ValueError:  # numpy's message speaks of "inhomogeneous shapes"
        raise ValueError(f"{name}: expected rows of equal length, got a ragged list") from None
    except (RuntimeError, TypeError) as error:  # such as for a list of tensors with a gradient
        raise TypeError(f"{name}: expected numbers, got what is no array: {error}") from error


def _axes(ndim: tuple[int, ...]) -> str:
    if len(ndim) > 4:
        return f"an at least {ndim[0]}-d"
    return "a " + " or ".join(f"{n}-d" for n in ndim)


def _all_finite(name: str, array: NDArray) -> None:
    bad = ~np.isfinite(array)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(f"{name}: expected finite numbers, got {array[where]} at index {where}")


def one_function(name: str, values: NDArray) -> None:
    """Raise if ``values`` has more axes than members, records and points: they may be outputs.

    A run of networks with several outputs has shape ``(S, R, N, outputs)``, and what works along
    the last axis would take the outputs for points.
    """
    if values.ndim > 3:
        raise ValueError(
            f"{name}: expected at most 3 axes, the last for the points, got shape {values.shape}; "
            f"choose one output of several, such as {name}[..., 0]"
        )


def function(name: str, value: object, wanted: str) -> None:
    """Raise unless ``value`` can be called and is no class; ``wanted`` says what it is to be."""
    if isinstance(value, type) or not callable(value):
        made = f"; give what it makes, {value.__name__}(…)" if isinstance(value, type) else ""
        raise ValueError(f"{name}: expected {wanted}, got {value!r}{made}")


def increasing(name: str, values: NDArray) -> None:
    """Raise unless ``values`` ``(N,)`` increase."""
    back = np.flatnonzero(np.diff(values) <= 0)
    if len(back):
        first, second = values[back[0]], values[back[0] + 1]
        raise ValueError(f"{name}: expected increasing numbers, got {first:g} before {second:g}")


def same_shape(name: str, values: NDArray, wanted: tuple[int, ...], what: str) -> None:
    """Raise unless ``values`` has the shape ``wanted``; ``what`` says what its axes are."""
    if values.shape != wanted:
        raise ValueError(f"{name}: expected shape {wanted}, {what}, got {values.shape}")


def matching_points(x: NDArray, name: str, values: NDArray, *, of: str = "x") -> None:
    """Raise unless ``values`` holds one value for each of at least two points in ``x``.

    ``of`` is what the points are called.
    """
    if values.shape[-1] != len(x):
        got = f"{values.shape[-1]}"
        if values.ndim > 1:
            got += f" along the last axis of shape {values.shape}"
        raise ValueError(f"{name}: expected one value per point of {of} ({len(x)}), got {got}")
    if len(x) < 2:
        raise ValueError(f"{of}: expected at least 2 points, got {len(x)}")


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
