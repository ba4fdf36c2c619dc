"""The FP-norm, the interpolant that minimises it, and the error bound that it gives.

Zhang and Luo (slides), "FP-norm and FP-space" and "A priori generalization error bound", on the
unit torus [0, 1)^d. A function is its Fourier series,

    h(x) = Σ_k ĥ(k) e^{2πi k·x},    ‖h‖_γ = ( Σ_{k≠0} |ĥ(k)|² / γ(k)² )^{1/2},

with k in Z^d in cycles. Since k = 0 is left out, ‖c‖_γ = 0 for every constant c: a seminorm. As the
functions are real, ĥ(-k) is the conjugate of ĥ(k), and one of the two is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from fpkit import validation

__all__ = [
    "FPWeight",
    "Periodic",
    "Weight",
    "certain_below",
    "error_bound",
    "fp_norm",
    "in_fp_space",
    "minimal_interpolant",
    "mode_grid",
    "weight_norm",
]

# Points closer than this, modulo 1, count as one.
SAME_POINT = 1e-9


class Weight(Protocol):
    """A weight γ of the modes of functions on the torus of this dimension."""

    @property
    def dimension(self) -> int:
        """The number of components of a mode."""
        ...

    def __call__(self, modes: ArrayLike) -> NDArray[np.float64]:
        """Return γ(k) of modes ``(K, d)``: ``(K,)``."""
        ...


@dataclass(frozen=True)
class FPWeight:
    """The weight of the LFP dynamics, γ(k)² = a/|k|^{d+3} + b/|k|^{d+1}.

    In the slides a = ⟨|r|²⟩ + ⟨w²⟩ and b = 4π²⟨|r|²w²⟩ over the neurons of a two-layer
    ReLU network.
    In one dimension b = 0 gives the periodic cubic spline as the minimal interpolant, and a = 0
    the periodic linear one.
    """

    a: float
    b: float
    dimension: int = 1

    def __post_init__(self) -> None:
        validation.positive_int("dimension", self.dimension)
        for name in ("a", "b"):
            validation.non_negative(name, getattr(self, name))
        if self.a == self.b == 0:
            raise ValueError("a, b: expected at least one of them above 0")

    def __call__(self, modes: ArrayLike) -> NDArray[np.float64]:
        """Return γ(k) for nonzero modes ``(K, d)``: ``(K,)``."""
        size = np.linalg.norm(_modes(modes, self.dimension), axis=1)
        d = self.dimension
        return np.sqrt(self.a / size ** (d + 3) + self.b / size ** (d + 1))


@dataclass(frozen=True)
class Periodic:
    """A real function on the torus, f(x) = mean + 2 Re Σ_k c_k e^{2πi k·x}.

    Attributes
    ----------
    modes
        Nonzero integer vectors ``(K, d)`` (in one dimension also ``(K,)``), one of each pair ±k.
    coefficients
        c_k = f̂(k), ``(K,)``, complex, not all zero.
    mean
        f̂(0).

    """

    modes: NDArray[np.int64]
    coefficients: NDArray[np.complex128]
    mean: float = 0.0
    dimension: int = field(init=False)

    def __post_init__(self) -> None:
        modes = validation.real_array("modes", self.modes, ndim=(1, 2))
        dimension = 1 if modes.ndim == 1 else modes.shape[-1]
        modes = _modes(modes, dimension)
        coefficients = validation.number_array("coefficients", self.coefficients, ndim=(1, 2))
        coefficients = coefficients.astype(np.complex128)
        if coefficients.shape != modes.shape[:1]:
            raise ValueError(
                f"coefficients: expected one per mode ({len(modes)}), got shape "
                f"{coefficients.shape}"
            )
        if not coefficients.any():
            raise ValueError("coefficients: all are zero; a constant has no frequency to measure")
        if len(np.unique(np.concatenate([modes, -modes]), axis=0)) < 2 * len(modes):
            raise ValueError("modes: expected each mode once, and only one of k and -k")
        for name, value in (("modes", modes), ("coefficients", coefficients)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "dimension", dimension)

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return f at points ``(N,)`` or ``(N, d)``: ``(N,)``."""
        turns = 2 * np.pi * _points(x, self.dimension) @ self.modes.T
        c = self.coefficients
        return self.mean + 2 * (np.cos(turns) @ c.real - np.sin(turns) @ c.imag)


def _modes(modes: ArrayLike, dimension: int) -> NDArray[np.int64]:
    array = validation.real_array("modes", modes, ndim=(1, 2))
    array = array[:, None] if array.ndim == 1 else array
    if array.shape[1] != dimension:
        raise ValueError(f"modes: expected vectors of length {dimension}, got {array.shape[1]}")
    if (array % 1).any():
        raise ValueError("modes: expected whole numbers")
    if not array.any(axis=1).all():
        raise ValueError("modes: k = 0 is not part of the norm; use mean for the constant")
    return array.astype(np.int64)


def _points(x: ArrayLike, dimension: int) -> NDArray[np.float64]:
    array = validation.real_array("x", x, ndim=(1, 2)).astype(np.float64)
    array = array[:, None] if array.ndim == 1 else array
    if array.shape[1] != dimension:
        raise ValueError(f"x: expected points of dimension {dimension}, got {array.shape[1]}")
    return array


def mode_grid(top: int, dimension: int = 1) -> NDArray[np.int64]:
    """Return one of each pair ±k ≠ 0 with all |kᵢ| ≤ ``top``, ``(K, d)``."""
    most, count = (
        validation.positive_int("top", top),
        validation.positive_int("dimension", dimension),
    )
    axes = [np.arange(-most, most + 1)] * count
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, count)
    # In lexicographic order -k is as far from the end as k from the start; the middle is 0.
    return grid[len(grid) // 2 + 1 :]


def weight_norm(weight: FPWeight, top: int) -> float:
    """Return ‖γ‖ = (Σ γ(k)²)^{1/2} over all k ≠ 0 of the grid with |kᵢ| ≤ ``top``."""
    return math.sqrt(2 * (weight(mode_grid(top, weight.dimension)) ** 2).sum())


def in_fp_space(power: float, weight: FPWeight) -> bool:
    """Tell whether |f̂(k)| ∝ |k|^{-power} has a finite FP-norm.

    The sum Σ |k|^{-2p+g}, with γ² falling as |k|^{-g}, converges in d dimensions for 2p - g > d.
    In one dimension a jump has p = 1, a kink p = 2, a jump of the second derivative p = 3.
    """
    validation.positive("power", power)
    fall = weight.dimension + (1 if weight.b else 3)
    return 2 * power - fall > weight.dimension


def fp_norm(f: Periodic, weight: FPWeight, *, tail: float | None = None) -> float:
    """Return the FP-norm ‖f‖_γ of a function, or ∞ if it is not in the FP-space.

    Parameters
    ----------
    f
        The function, by its Fourier coefficients.
    weight
        γ, of the same dimension.
    tail
        If ``f`` holds only the first modes of a function whose coefficients go on, the power p
        with which they fall, |f̂(k)| ∝ |k|^{-p}. If the whole sum diverges the result is ∞; if not,
        it is the part of the norm in the listed modes.

    """
    if f.dimension != weight.dimension:
        raise ValueError(f"weight: expected dimension {f.dimension}, got {weight.dimension}")
    if tail is not None and not in_fp_space(tail, weight):
        return math.inf
    return math.sqrt(2 * (np.abs(f.coefficients / weight(f.modes)) ** 2).sum())


def minimal_interpolant(x: ArrayLike, y: ArrayLike, weight: Weight, *, top: int) -> Periodic:
    """Return the function of smallest FP-norm through the data, with modes up to ``top``.

    min ‖h‖_γ with h(xᵢ) = yᵢ: by the slides' theorem the limit t → ∞ of the LFP dynamics that
    starts at 0. With ĥ = γz it is the least-norm solution z of a linear system; ĥ(0) costs nothing.

    Parameters
    ----------
    x, y
        Different points ``(N,)`` or ``(N, d)`` of the torus, and values ``(N,)``.
    top
        Largest |kᵢ|: a truncation of ours. There must be at least N - 1 waves.

    """
    points, values = _points(x, weight.dimension), validation.real_array("y", y)
    validation.matching_points(points, "y", values)
    gap = (points[:, None] - points + 0.5) % 1 - 0.5
    same = (np.abs(gap).max(axis=-1) < SAME_POINT) & ~np.eye(len(points), dtype=bool)
    if same.any():
        first, second = np.argwhere(same)[0]
        raise ValueError(f"x: expected different points, but {first} and {second} agree modulo 1")
    modes = mode_grid(top, weight.dimension)
    if 2 * len(modes) < len(points) - 1:
        raise ValueError(
            f"top: {len(points)} points need at least {len(points) - 1} waves, got {2 * len(modes)}"
        )
    if np.ptp(values) == 0:
        raise ValueError("y: all values are equal; the interpolant is that constant")
    gamma, turns = weight(modes), 2 * np.pi * points @ modes.T
    waves = math.sqrt(2) * np.hstack([gamma * np.cos(turns), gamma * np.sin(turns)])
    centred = waves - waves.mean(axis=0)
    z = scipy.linalg.lstsq(centred, values - values.mean(), lapack_driver="gelsy")[0]
    mean = float((values - waves @ z).mean())
    real, imaginary = np.split(z, 2)
    return Periodic(modes, gamma * (real - 1j * imaginary) / math.sqrt(2), mean)


def error_bound(supremum: float, norm: float, gamma: float, n: int, delta: float) -> float:
    """Return (‖f‖_∞ + 2‖f‖_γ‖γ‖)·(2 + 4√(2 ln(4/δ)))/√n, the slides' a-priori bound.

    With probability at least 1 - δ over n random points it lies above the population risk
    E|h_n(x) - f(x)| of the minimal interpolant h_n. It is for the absolute loss: the square of an
    error grows with the square of the target's size, the bound does not.

    Parameters
    ----------
    supremum, norm, gamma
        ‖f‖_∞, ‖f‖_γ (∞ gives ∞) and ‖γ‖.
    n, delta
        Number of points, and δ in (0, 1).

    """
    for name, value in (("supremum", supremum), ("norm", norm)):
        if not validation.real_array(name, value, ndim=(0,), finite=False) >= 0:
            raise ValueError(f"{name}: expected a number of at least 0, got {value!r}")
    validation.positive("gamma", gamma)
    spread = math.sqrt(certain_below(delta))
    return (supremum + 2 * norm * gamma) * spread / math.sqrt(validation.positive_int("n", n))


def certain_below(delta: float) -> float:
    """Return (2 + 4√(2 ln(4/δ)))²: with fewer points the bound cannot fail, whatever they are.

    The minimal interpolant h is the orthogonal projection of f, so ‖f - h‖_γ ≤ ‖f‖_γ, and f - h is
    zero at a point; hence |f - h| ≤ 2‖f - h‖_γ‖γ‖ ≤ 2‖f‖_γ‖γ‖ everywhere (ours).
    """
    validation.between("delta", delta, 0, 1)
    return (2 + 4 * math.sqrt(2 * math.log(4 / delta))) ** 2
