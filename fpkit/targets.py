"""The target functions of the papers, sampled.

Every function returns ``(x, y)`` as float64 arrays of shape ``(n,)``: the points and the
values that a network is to learn there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from . import validation

__all__ = [
    "discretize",
    "equal_amplitudes",
    "sample",
    "sine_sum",
    "staircase",
    "waves",
    "white_noise",
]

Samples = tuple[NDArray[np.float64], NDArray[np.float64]]
Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def discretize(values: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    """Round values to multiples of ``height``: y = α·Round(f₀/α) with α = ``height``.

    ``height=0`` returns the values unchanged (Xu, Zhang, Xiao 2018, Eq. 2). A value that lies
    half-way between two multiples, to rounding error, is an error: there the side it falls to
    depends on the last bit, and with it the spectrum.
    """
    values = validation.real_array("values", values)
    if validation.non_negative("height", height) == 0:
        return values
    levels = values / height
    tie = np.abs(levels - np.floor(levels) - 0.5) < 1e-9
    if tie.any():
        raise ValueError(
            f"height: {height} puts {tie.sum()} of {len(values)} values exactly half-way between "
            f"two levels (the first is {values[tie][0]:.6g}); choose another height, or another "
            "number of points if none of them is an end of the interval"
        )
    return height * np.round(levels)


def sample(
    function: Function, *, n: int, interval: tuple[float, float] = (-1.0, 1.0), height: float = 0.0
) -> Samples:
    """Sample ``function`` at ``n`` even points of ``interval``, both ends included.

    With ``height`` > 0 the values are discretized (see `discretize`). This is the way to add a
    target of your own: ``sample(np.cos, n=200, interval=(0, 7), height=0.25)``.
    """
    count = validation.positive_int("n", n)
    if count < 2:
        raise ValueError(f"n: expected at least 2 points, got {n}")
    ends = validation.real_array("interval", interval).astype(np.float64)
    if len(ends) != 2 or not ends[0] < ends[1]:
        raise ValueError(f"interval: expected start < stop, got {interval}")
    x = np.linspace(ends[0], ends[1], count)
    y = validation.real_array("function", function(x), ndim=(0, 1, 2, 3)).astype(np.float64)
    validation.same_shape("function", y, x.shape, "one value per point")
    return x, discretize(y, height)


def staircase(n: int = 200, height: float = 0.5) -> Samples:
    """Return the staircase y = α·Round(x/α) on [-1, 1] (Xu, Zhang, Xiao 2018, Fig. 3).

    The number of points is our choice (the paper gives none): 200 puts the zero valleys of the
    spectrum exactly at the multiples of 8.
    """
    return sample(lambda x: x, n=n, height=height)


def sine_sum(
    n: int = 600,
    height: float = 2.0,
    amplitudes: Sequence[float] = (1.0, 2.0, 3.0),
    frequencies: Sequence[float] = (1.0, 3.0, 5.0),
) -> Samples:
    """Return Σ aᵢ sin(ωᵢ x) on [-10, 10], discretized; ω in radians per unit of x.

    The defaults are sin x + 2 sin 3x + 3 sin 5x with α = 2 (Xu, Zhang, Xiao 2018, Fig. 4): a
    target whose amplitude does *not* fall with frequency.
    """
    a = validation.real_array("amplitudes", amplitudes)
    w = validation.real_array("frequencies", frequencies)
    if len(a) != len(w):
        raise ValueError(f"amplitudes: expected one per frequency ({len(w)}), got {len(a)}")
    return sample(lambda x: np.sin(np.outer(x, w)) @ a, n=n, interval=(-10, 10), height=height)


def equal_amplitudes(n: int, modes: Sequence[int], seed: int) -> Samples:
    """Return Σ cos(πk(x+1) + φₖ) over ``modes`` on [-1, 1): every mode equally large.

    The phases φₖ are uniform on [0, 2π) and drawn from ``seed``. The right end is left out, so
    that one period fits and mode k of the discrete spectrum is exactly ½e^{iφₖ}. A synthetic
    curve of this kind is in the slides of Zhang and Luo; the details are ours.
    """
    k = validation.real_array("modes", modes)
    count = validation.positive_int("n", n)
    if k.min() < 1 or k.max() >= count / 2 or (k % 1).any():
        raise ValueError(f"modes: expected whole numbers from 1 to below n/2={n / 2}, got {k}")
    phases = np.random.default_rng(validation.seed("seed", seed)).uniform(0, 2 * np.pi, len(k))
    x = np.linspace(-1, 1, count, endpoint=False)
    return x, np.cos(np.pi * np.outer(x + 1, k) + phases).sum(axis=1)


def waves(
    x: NDArray[np.float64],
    modes: Sequence[int],
    amplitudes: Sequence[float],
    phases: Sequence[float],
) -> NDArray[np.float64]:
    """Return Σ aₖ cos(πk(x+1) + φₖ) at the points ``x``; mode k has k full waves on [-1, 1].

    A function to be sampled on several grids; the other targets come with their points.
    """
    points, k = validation.real_array("x", x), validation.real_array("modes", modes)
    a, phi = map(validation.real_array, ("amplitudes", "phases"), (amplitudes, phases))
    if not len(k) == len(a) == len(phi):
        raise ValueError(
            f"modes: expected as many as amplitudes ({len(a)}) and phases ({len(phi)}), "
            f"got {len(k)}"
        )
    return np.cos(np.pi * np.outer(points + 1, k) + phi) @ a


def white_noise(n: int, seed: int) -> Samples:
    """Return independent standard normal values on ``n`` even points of [-1, 1)."""
    count = validation.positive_int("n", n)
    x = np.linspace(-1, 1, count, endpoint=False)
    return x, np.random.default_rng(validation.seed("seed", seed)).standard_normal(count)
