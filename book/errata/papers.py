"""Errata of Xu (2018), in the version with tanh (3-5, 8)."""

from __future__ import annotations

import numpy as np

from book.errata.erratum import Erratum
from book.gradient_theory import claims, theorems, unit_gradients, unit_spectra

__all__ = ["ENTRIES"]


def unit_transform() -> tuple[float, float]:
    """Return how far Eq. 1 as printed, and with the stated transform, are from a sum on a grid.

    The transform of tanh(wx + b) is that of its derivative over ik; relative to the sum. The
    constant, which is a convention, is taken out of what is printed.
    """
    w, b, k = -0.7, 0.4, np.array([0.5, 1.0, 2.0])
    x = np.linspace(-60, 60, 6001)
    waves = np.exp(-1j * np.outer(k, x))
    true = np.trapezoid(w / np.cosh(w * x + b) ** 2 * waves, x) / (1j * k)
    printed = np.abs(claims.as_meant(k, w, b) / true - 1).min()
    return float(printed), float(np.abs(unit_spectra.unit_spectrum(k, w, b) / true - 1).max())


def bias_gradient() -> tuple[float, float]:
    """Return how far Eq. 8 with (C₁ - 1) and with (C₁ + 1) is from a numerical derivative.

    Both with the ½ of L(k), relative to the derivative.
    """
    a, w, b, target, k = 0.8, 0.6, 0.4, 1 + 0.5j, 1.0
    printed, true = claims.printed_gradients(a, w, b, target, k)
    unit = np.sqrt(np.pi / 2) * 1j / w * np.exp(-(1j * b + np.pi / 2) * k / w)
    c1 = np.exp(-2j * (b * k / w + np.angle(a * unit - target)))
    repaired = printed["b"] * (c1 + 1) / (c1 - 1)
    first, second = (abs(value / 2 / true["b"] - 1) for value in (printed["b"], repaired))
    return float(first), float(second)


def second_theorem() -> tuple[float, float]:
    """Return Δ_F(k₁) at equal gradients of b: a counterexample; the largest under the condition.

    In the counterexample no gradient is zero, A(k₂) is about 1 and |1 - C₁(k₁)| about 2. What b
    needs is |1 + C₁(k₁)| > ξ. Then Δ_F ≤ (2k₂/k₁ξ) e^{-π(k₂-k₁)/2w} A(k₂)/|F[f](k₁)|, which random
    biases and phases obey.
    """
    k, w, margin = (1.0, 2.0), 0.2, 0.2
    net, target = theorems.equal_pulls(0.05, k)
    gradients = unit_gradients.loss_gradients(net, target, k)
    size = np.abs(gradients["b"])
    if not (size > 0).all() or np.abs(size[0] / size[1] - 1).max() > 1e-6:
        raise RuntimeError("the gradients of the counterexample are not equal, or zero")
    rng = np.random.default_rng(0)
    b, low, high = rng.standard_normal(2_000), *rng.uniform(-np.pi, np.pi, (2, 2_000))
    usable = 2 * np.abs(np.cos(b * k[0] / w - low)) > margin  # |1 + C₁(k₁)| > ξ
    found = theorems.equal_pull_error(w, b, k, parameter="b", phases=(low, high))[usable]
    bound = 2 * k[1] / k[0] / margin * np.exp(-np.pi * (k[1] - k[0]) / 2 / w)
    if found.max() > bound:
        raise RuntimeError("the bound does not hold")
    return float(gradients.amplitude[0, 0]), float(found.max())


XU = "Xu (2018)"

ENTRIES = (
    Erratum(
        "3",
        f"{XU}, Eq. 1",
        "the transform of a tanh unit",
        "least relative distance to a sum on a grid, of three frequencies, the constant left out",
        "gradient_theory",
        unit_transform,
    ),
    Erratum(
        "4",
        f"{XU}, Eq. 8",
        "the derivative by a bias",
        "relative distance to a numerical derivative",
        "gradient_theory",
        bias_gradient,
    ),
    Erratum(
        "5",
        f"{XU}, Theorem 2",
        "equal gradients of a bias",
        "Δ_F(k₁): counterexample; largest with the condition that b needs",
        "three_theorems",
        second_theorem,
    ),
)
