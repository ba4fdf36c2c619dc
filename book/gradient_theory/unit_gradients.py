"""The loss of one frequency, and its gradient in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.gradient_theory.unit_spectra import (
    BROADCAST,
    Shallow,
    csch_ratio,
    frequency_row,
    rate,
    unit_spectrum,
)
from fpkit import validation

__all__ = ["PARAMETERS", "Gradients", "factors", "loss", "loss_gradients", "strongest"]

PARAMETERS = ("a", "w", "b")


def loss(net: Shallow, target: ArrayLike, k: ArrayLike) -> NDArray[np.float64]:
    """Loss of each frequency, L(k) = ½|D(k)|² with D(k) = F[T](k) - F[f](k) (Xu 2018, Section 3).

    Parameters
    ----------
    net
        Networks ``(..., J)``.
    target
        F[f] at the frequencies, complex, ``(K,)`` or ``(..., K)``; the transform of `units`.
    k
        Angular frequencies ``(K,)``, in radians per unit of x.

    Returns
    -------
    Losses ``(..., K)``.

    """
    return 0.5 * np.abs(_difference(net, target, k)) ** 2


def _difference(net: Shallow, target: ArrayLike, k: ArrayLike) -> NDArray[np.complex128]:
    wanted = validation.number_array("target", target, ndim=BROADCAST).astype(np.complex128)
    count = len(frequency_row(k))
    if wanted.ndim == 0 or wanted.shape[-1] != count:
        raise ValueError(
            f"target: expected one coefficient per frequency ({count}), got shape {wanted.shape}"
        )
    return net.spectrum(k) - wanted


@dataclass(frozen=True)
class Gradients:
    """∂L(k)/∂θ of every unit as the product A(k) · e^{-cπ|k/w|} · G (Xu 2018, Eq. 13).

    Attributes
    ----------
    amplitude
        A(k) = |D(k)|, ``(..., K, 1)``.
    exponent
        cπ|k/w|, ``(..., K, J)``.
    slow
        The factor G of each parameter "a", "w", "b", with its sign, ``(..., K, J)``. It holds
        the exact csch: nothing is neglected.
    phase
        φ - θ, ``(..., K, J)``: φ = bk/w turns with the weight, θ is the argument of D(k).

    """

    amplitude: NDArray[np.float64]
    exponent: NDArray[np.float64]
    slow: dict[str, NDArray[np.float64]]
    phase: NDArray[np.float64]

    def __getitem__(self, parameter: str) -> NDArray[np.float64]:
        """Return ∂L(k)/∂θ for the parameter "a", "w" or "b", ``(..., K, J)``."""
        slow = self.slow[validation.known("parameter", parameter, PARAMETERS)]
        return self.amplitude * np.exp(-self.exponent) * slow

    def log_size(self, parameter: str) -> NDArray[np.float64]:
        """Return ln|∂L(k)/∂θ|, which can be compared where the gradient itself underflows."""
        slow = self.slow[validation.known("parameter", parameter, PARAMETERS)]
        with np.errstate(divide="ignore"):  # ln 0 = -∞ is meant
            return np.log(self.amplitude) - self.exponent + np.log(np.abs(slow))


def factors(
    k: NDArray | np.float64,
    a: NDArray | np.float64,
    w: NDArray,
    b: NDArray,
    theta: NDArray,
    unit: str,
) -> tuple[NDArray, dict[str, NDArray], NDArray]:
    """Return the exponent s = cπ|k/w|, the factors G, and φ - θ; all arguments are broadcast.

    With φ = bk/w and r = e^s csch s = 2/(1 - e^{-2s}),

        G_a = ±(π/w) r sin(φ-θ),    G_b = ±(πak/w²) r cos(φ-θ),
        G_w = ±(πa/w²) r [(s coth s - 1) sin(φ-θ) - φ cos(φ-θ)],

    where ± is the sign of k. In the paper's letters |1 - C₁| = 2|sin(φ-θ)| belongs to a and
    |1 + C₁| = 2|cos(φ-θ)| to b.
    """
    s = rate(unit) * np.pi * np.abs(k / w)
    turn = b * k / w
    phase = turn - theta
    sine, cosine = np.sin(phase), np.cos(phase)
    front = np.pi * np.sign(k) / w * csch_ratio(s)
    slow = {
        "a": front * sine,
        "w": front * a / w * ((s / np.tanh(s) - 1) * sine - turn * cosine),
        "b": front * a * k / w * cosine,
    }
    return s, slow, phase


def strongest(k: ArrayLike, a: float, w: float, b: float) -> dict[str, NDArray[np.float64]]:
    """Return how hard errors of size 1 pull at one tanh unit, if their phases fit best.

    That is |∂D(k)/∂θ| for each parameter, with F the transform of the unit and s = π|k|/2|w|,

        a: |F|,    b: |ak/w| |F|,    w: |a/w| |F| √((s coth s - 1)² + (bk/w)²).

    The root mean square over all phases is 1/√2 of it for each of the three, so the sum of their
    squares compares the whole gradients.

    Parameters
    ----------
    k
        Angular frequencies ``(K,)``, in radians per unit of x.
    a, w, b
        The unit a·tanh(wx + b).

    """
    frequencies = frequency_row(k)
    size = np.abs(unit_spectrum(frequencies, w, b))
    s = rate("tanh") * np.pi * np.abs(frequencies / w)
    return {
        "a": size,
        "w": np.abs(a / w) * size * np.hypot(s / np.tanh(s) - 1, b * frequencies / w),
        "b": np.abs(a / w * frequencies) * size,
    }


def loss_gradients(net: Shallow, target: ArrayLike, k: ArrayLike) -> Gradients:
    """Gradient of L(k) = ½|D(k)|² with respect to every aⱼ, wⱼ, bⱼ.

    Xu (2018), Eqs. 6-13, exact in place of asymptotic, with (C₁ + 1) in Eq. 8 and the factor ½ of
    L(k) kept. Arguments as for `loss`.
    """
    difference = _difference(net, target, k)[..., None]
    columns = frequency_row(k)[:, None]
    a, w, b = (values[..., None, :] for values in (net.a, net.w, net.b))
    s, slow, phase = factors(columns, a, w, b, np.angle(difference), net.unit)
    return Gradients(np.abs(difference), s, slow, phase)
