"""Fourier transforms of single units on the whole line.

The transform is F[f](k) = ∫ f(x) e^{-ikx} dx, k in radians per unit of x. A unit does not decay,
so its transform is that of its derivative over ik, for k ≠ 0; at k = 0 it has a pole (and the
sigmoid a δ besides).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from fpkit import validation

__all__ = ["RATES", "Shallow", "csch_ratio", "unit_asymptote", "unit_spectrum"]

# The exponent of a unit's spectrum is -c·π|k|/|w| with this c: a sigmoid is half a tanh of half
# the weight, σ(z) = ½ + ½ tanh(z/2).
RATES: dict[str, float] = {"tanh": 0.5, "sigmoid": 1.0}


def sigmoid(z: NDArray) -> NDArray:
    """Return 1/(1 + e^{-z})."""
    return scipy.special.expit(z)


FUNCTIONS: dict[str, Callable[[NDArray], NDArray]] = {"tanh": np.tanh, "sigmoid": sigmoid}


def rate(unit: str) -> float:
    """Return c for a unit named in `RATES`."""
    return RATES[validation.known("unit", unit, RATES)]


# What is broadcast may be a number.
BROADCAST = tuple(range(8))


def nonzero(name: str, values: ArrayLike, why: str) -> NDArray[np.float64]:
    """Return finite float64 values, or raise if one of them is zero."""
    array = validation.real_array(name, values, ndim=BROADCAST).astype(np.float64)
    if (array == 0).any():
        raise ValueError(f"{name}: expected numbers other than 0, got 0; {why}")
    return array


def frequencies(k: ArrayLike) -> NDArray[np.float64]:
    """Return angular frequencies, none of them at the pole k = 0."""
    return nonzero("k", k, "the transform of a unit has a pole there")


def frequency_row(k: ArrayLike) -> NDArray[np.float64]:
    """Return angular frequencies ``(K,)``, of one number too."""
    return np.atleast_1d(frequencies(validation.real_array("k", k, ndim=(0, 1))))


def weights(w: ArrayLike) -> NDArray[np.float64]:
    """Return weights, none of them 0."""
    return nonzero("w", w, "a unit with w = 0 is constant and has no spectrum at k ≠ 0")


def csch_ratio(s: NDArray) -> NDArray:
    """Return csch(s)/e^{-s} = 2/(1 - e^{-2s}) for s > 0; it tends to 2."""
    return -2 / np.expm1(-2 * s)


def unit_spectrum(
    k: ArrayLike, w: ArrayLike, b: ArrayLike = 0.0, *, unit: str = "tanh"
) -> NDArray[np.complex128]:
    """Fourier transform of σ(wx + b), k ≠ 0: F(k) = -(iπ/|w|) csch(cπk/w) e^{ibk/w}.

    c = ½ for tanh, 1 for the sigmoid. Xu (2018), Eq. 1 as it should read (the printed one is the
    unitary transform with e^{+ikx} of ½(1 + tanh)), and Eq. 3.1 of the earlier version.

    Parameters
    ----------
    k
        Angular frequencies, in radians per unit of x.
    w, b
        Weight, in 1 per unit of x, and bias. All three are broadcast against each other.
    unit
        "tanh" or "sigmoid".

    """
    return _spectrum(k, w, b, unit, csch_ratio)


def unit_asymptote(
    k: ArrayLike, w: ArrayLike, b: ArrayLike = 0.0, *, unit: str = "tanh"
) -> NDArray[np.complex128]:
    """Return the same for cπ|k/w| ≫ 1: F(k) ≈ ∓(2iπ/|w|) e^{-cπ|k/w|} e^{ibk/w} (Xu 2018, Eq. 3).

    The sign is - where k and w have the same sign. The relative error is e^{-2cπ|k/w|}.
    """
    return _spectrum(k, w, b, unit, lambda s: np.full_like(s, 2.0))


def _spectrum(
    k: ArrayLike, w: ArrayLike, b: ArrayLike, unit: str, ratio: Callable[[NDArray], NDArray]
) -> NDArray[np.complex128]:
    k, w = frequencies(k), weights(w)
    b = validation.real_array("b", b, ndim=BROADCAST)
    s = rate(unit) * np.pi * np.abs(k / w)
    size = np.pi * np.sign(k) / w * np.exp(-s) * ratio(s)
    return -1j * size * np.exp(1j * b * k / w)


@dataclass(frozen=True)
class Shallow:
    """Networks with one hidden layer, T(x) = Σⱼ aⱼ σ(wⱼ x + bⱼ) (Xu 2018, Eq. 2).

    Attributes
    ----------
    a, w, b
        Parameters ``(..., J)`` of J units; leading axes are independent networks.
    unit
        "tanh" or "sigmoid".

    """

    a: NDArray[np.float64]
    w: NDArray[np.float64]
    b: NDArray[np.float64]
    unit: str = "tanh"

    def __post_init__(self) -> None:
        rate(self.unit)
        for name in ("a", "w", "b"):
            values = validation.real_array(name, getattr(self, name), ndim=tuple(range(1, 5)))
            object.__setattr__(self, name, values.astype(np.float64))
        units = {values.shape[-1] for values in (self.a, self.w, self.b)}
        if len(units) > 1:
            raise ValueError(
                f"a, w, b: expected as many of each, got {self.a.shape[-1]}, {self.w.shape[-1]} "
                f"and {self.b.shape[-1]}"
            )
        weights(self.w)

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return outputs ``(..., N)`` at points ``(N,)``."""
        points = validation.real_array("x", x).astype(np.float64)
        z = self.w[..., None, :] * points[:, None] + self.b[..., None, :]
        return (self.a[..., None, :] * FUNCTIONS[self.unit](z)).sum(axis=-1)

    def spectra(self, k: ArrayLike) -> NDArray[np.complex128]:
        """Return the transform of every unit, without its factor aⱼ, ``(..., K, J)``."""
        columns = frequency_row(k)[:, None]
        w, b = self.w[..., None, :], self.b[..., None, :]
        return unit_spectrum(columns, w, b, unit=self.unit)

    def spectrum(self, k: ArrayLike) -> NDArray[np.complex128]:
        """Return the transform of the output at frequencies ``(K,)``, ``(..., K)``."""
        return (self.a[..., None, :] * self.spectra(k)).sum(axis=-1)
