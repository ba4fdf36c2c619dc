"""What N even points see of a function, and what they do not.

Modes k and k + N take the same values on N even points of one period, so the points know only
their sum. Each mode above the *Nyquist frequency* N/2 has one *alias* at or below it. Spectra here
are those of a finer grid, k = 0, 1, … M//2 as `fpkit.spectra.dft` returns them for M points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation

__all__ = ["alias", "closed_spectrum", "energy", "fold", "overlap"]


def alias(mode: int, n: int) -> int:
    """Return the mode from 0 to n/2 that equals ``mode`` on ``n`` even points of one period."""
    count = validation.positive_int("n", n)
    rest = validation.seed("mode", mode) % count
    return min(rest, count - rest)


def closed_spectrum(values: ArrayLike) -> NDArray[np.complexfloating]:
    """Return the spectrum of a function on M + 1 even points with *both* ends of the period.

    The straight line through the two end values is taken off first. Otherwise a jump between the
    ends, which the discrete transform sees, would leak into all modes.

    Parameters
    ----------
    values
        Real samples ``(..., M + 1)``.

    Returns
    -------
    Coefficients ``(..., M//2 + 1)``, of the line-free function.

    """
    f = validation.real_array("values", values, ndim=(1, 2, 3)).astype(np.float64)
    if f.shape[-1] < 3:
        raise ValueError(f"values: expected at least 3 samples, got {f.shape[-1]}")
    rise = (f[..., -1:] - f[..., :1]) * np.linspace(0, 1, f.shape[-1])
    return spectra.dft((f - rise)[..., :-1])


def fold(spectrum: ArrayLike, n: int) -> NDArray[np.complexfloating]:
    """Return what ``n`` even points see: Σₘ F[k + m·n] for k = 0 … n//2.

    Parameters
    ----------
    spectrum
        Coefficients ``(..., M//2 + 1)`` of a function on M points, M even and a multiple of n.

    """
    half, count = _spectrum("spectrum", spectrum), validation.positive_int("n", n)
    points = 2 * (half.shape[-1] - 1)
    if points % count:
        raise ValueError(f"n: expected a divisor of the {points} points of the spectrum, got {n}")
    negative = half[..., -2:0:-1].conj()  # modes M/2 + 1 … M - 1, which are -M/2 + 1 … -1
    whole = np.concatenate([half, negative], axis=-1)
    stacked = whole.reshape(*half.shape[:-1], points // count, count)
    return stacked.sum(axis=-2)[..., : count // 2 + 1]


def energy(spectrum: ArrayLike, n: int, *, above: bool = True) -> NDArray[np.float64]:
    """Return how much of the mean square lies above the Nyquist frequency n/2, or at and below it.

    Parseval's sum over modes k > n/2, each counted with its mirror image -k.

    Parameters
    ----------
    spectrum
        Coefficients ``(..., M//2 + 1)`` of a function on M points, M even.
    n
        Number of training points in the period.

    Returns
    -------
    Energies ``(...)``.

    """
    values = _spectrum("spectrum", spectrum)
    power = _counted(values) * np.abs(values) ** 2
    beyond = np.arange(power.shape[-1]) > validation.positive_int("n", n) / 2
    return power[..., beyond if above else ~beyond].sum(axis=-1)


def overlap(first: ArrayLike, second: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return the correlation of two functions' parts above the Nyquist frequency n/2.

    1: the same shape; 0: unrelated, or one of them has nothing there; -1: opposite.

    Parameters
    ----------
    first, second
        Coefficients ``(..., M//2 + 1)`` on the same M points.

    """
    a, b = _spectrum("first", first), _spectrum("second", second)
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(f"second: expected {a.shape[-1]} modes like first, got {b.shape[-1]}")
    beyond = np.arange(a.shape[-1]) > validation.positive_int("n", n) / 2
    product = (_counted(a) * beyond * (a.conj() * b).real).sum(axis=-1)
    size = np.sqrt(energy(a, n) * energy(b, n))
    return np.divide(product, size, out=np.zeros(np.shape(product)), where=size > 0)


def _spectrum(name: str, values: ArrayLike) -> NDArray:
    """Return the modes k = 0 … M//2 of a function on at least 2 points."""
    spectrum = validation.number_array(name, values, ndim=validation.ANY)
    if spectrum.shape[-1] < 2:
        raise ValueError(f"{name}: expected the modes 0, 1, …, got shape {spectrum.shape}")
    return spectrum


def _counted(spectrum: NDArray) -> NDArray[np.float64]:
    """Return how often each mode occurs among all M, M even: once at both ends, else twice."""
    count = np.full(spectrum.shape[-1], 2.0)
    count[[0, -1]] = 1.0
    return count
