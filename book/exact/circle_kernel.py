"""The tangent kernel of a wide two-layer ReLU network on the circle, and its rates, in closed form.

The network is (√2/√m) Σⱼ aⱼ relu(wⱼ·x + β bⱼ) + β c with all of a, w, b, c drawn from N(0, 1) and
trained. For points of the unit circle that are the angle φ apart the two sums of a unit have the
variance 1 + β² and the angle ψ with cos ψ = (cos φ + β²)/(1 + β²) between them, and

    K(φ) = (1 + β²) (κ₁(ψ) + κ₀(ψ) cos ψ) + β²,
    κ₀(ψ) = (π - ψ)/π,   κ₁(ψ) = (sin ψ + (π - ψ) cos ψ)/π .

Under gradient flow of the mean squared error a wave k has the rate 2λ(k), with λ(k) the mean of
K(φ) cos kφ over the points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import validation

__all__ = ["by_integral", "eigenvalues", "flat", "kernel"]


def kernel(angles: ArrayLike, *, beta: float = 1.0) -> NDArray[np.float64]:
    """Return K(φ) for angles φ in radians, of any shape; β = 0 is a network without bias."""
    if not (np.isfinite(beta) and beta >= 0):
        raise ValueError(f"beta: expected a finite number of at least 0, got {beta!r}")
    phi = validation.real_array("angles", angles, ndim=validation.ANY)
    # From the half angle, since cos ψ near 1 would lose half of the digits: 1 - cos is 2 sin².
    psi = 2 * np.arcsin(np.abs(np.sin(phi / 2)) / np.sqrt(1 + beta**2))
    kappa_0 = (np.pi - psi) / np.pi
    kappa_1 = (np.sin(psi) + (np.pi - psi) * np.cos(psi)) / np.pi
    return (1 + beta**2) * (kappa_1 + kappa_0 * np.cos(psi)) + beta**2


def eigenvalues(n: int, *, beta: float = 1.0) -> NDArray[np.float64]:
    """Return λ(k), the mean of K(φ) cos kφ over ``n`` even points, for k = 0 … n//2."""
    angles = 2 * np.pi * np.arange(validation.positive_int("n", n)) / n
    return np.fft.rfft(kernel(angles, beta=beta), norm="forward").real


def by_integral(modes: ArrayLike) -> NDArray[np.float64]:
    """Return λ(k) on the whole circle for a network without bias, integrated by hand: ``(K,)``.

    λ(k) = (2/π²) (k² + 3)/(k² - 1)² for even k, 1/2 for k = 1, and 0 for all other odd k.
    """
    k = validation.whole_array("modes", modes, least=0).astype(np.float64)
    with np.errstate(divide="ignore"):
        even = 2 / np.pi**2 * (k**2 + 3) / (k**2 - 1) ** 2
    return np.where(k == 1, 0.5, np.where(k % 2 == 0, even, 0.0))


def flat(angles: ArrayLike, *, highest: int = 32) -> NDArray[np.float64]:
    """Return Σ cos kφ for |k| up to ``highest``: a kernel in which all these waves are alike."""
    phi = validation.real_array("angles", angles, ndim=validation.ANY)
    count = 2 * validation.positive_int("highest", highest) + 1
    # A geometric sum: sin(count φ/2)/sin(φ/2), and count where all waves are 1.
    below = np.sin(phi / 2)
    same = np.abs(below) < 1e-9
    return np.where(same, count, np.sin(count * phi / 2) / np.where(same, 1, below))
