"""What a very wide two-layer ReLU network ends up with: the kinked cubic spline.

The limit t → ∞ of the linear F-Principle (see `linear`), with hinges everywhere, interpolates with
the least ∫ ξ⁴/(A + 4π²Bξ²)·|ĥ(ξ)|² dξ. It is

    h(x) = Σᵢ cᵢ (A·M₃|x - xᵢ|³/12 - B·M₁|x - xᵢ|/2) + linear polynomial,   Σcᵢ = 0, Σcᵢxᵢ = 0,

in one dimension a piecewise cubic with a kink at every knot: h' jumps by -B·cᵢ, h''' by A·cᵢ. B = 0
gives the natural cubic spline, A = 0 the linear spline. It is not the spline in tension.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.linear_theory.wide_limit import as_points, differences, sphere_moment
from fpkit import validation

__all__ = ["KinkedSpline", "kinked_spline", "tension_spline"]


@dataclass(frozen=True)
class KinkedSpline:
    """A solved interpolant; call it with points ``(M,)`` or ``(M, d)``.

    Attributes
    ----------
    knots
        Points of the data, ``(N, d)``.
    weights, polynomial
        c ``(N,)``, and the coefficients of 1, x₁, …, x_d ``(d + 1,)``.
    cubic, linear
        A and B.

    """

    knots: NDArray[np.float64]
    weights: NDArray[np.float64]
    polynomial: NDArray[np.float64]
    cubic: float
    linear: float

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return the interpolant at the points, ``(M,)``."""
        points = as_points("x", x)
        if points.shape[1] != self.knots.shape[1]:
            raise ValueError(
                f"x: expected points in {self.knots.shape[1]} dimension(s), got {points.shape[1]}"
            )
        flat = self.polynomial[0] + points @ self.polynomial[1:]
        return _invariant(points, self.knots, self.cubic, self.linear) @ self.weights + flat

    @property
    def kinks(self) -> NDArray[np.float64]:
        """Jumps of h' at the knots, -B·cᵢ (one dimension), ``(N,)``."""
        return -self.linear * self.weights

    @property
    def third_jumps(self) -> NDArray[np.float64]:
        """Jumps of h''' at the knots, A·cᵢ (one dimension), ``(N,)``."""
        return self.cubic * self.weights


def kinked_spline(x: ArrayLike, y: ArrayLike, *, cubic: float, linear: float) -> KinkedSpline:
    """Solve the (N + d + 1) equations of the kinked cubic spline through ``(x, y)``.

    Parameters
    ----------
    x, y
        Different points ``(N,)`` or ``(N, d)`` that do not all lie on one hyperplane, and values.
    cubic, linear
        A and B, of at least 0 and not both 0; h depends on their ratio only.

    """
    points, values = as_points("x", x), validation.real_array("y", y)
    validation.matching_points(points, "y", values)
    for name, coefficient in (("cubic", cubic), ("linear", linear)):
        validation.non_negative(name, coefficient)
    if cubic == linear == 0:
        raise ValueError("cubic, linear: expected at least one above 0, got 0 and 0")
    # Only the ratio matters for h; a sum of 1 keeps the equations well scaled.
    share = cubic + linear
    count, dim = points.shape
    flat = np.column_stack([np.ones(count), points])
    system = np.block(
        [
            [_invariant(points, points, cubic / share, linear / share), flat],
            [flat.T, np.zeros((dim + 1, dim + 1))],
        ]
    )
    try:
        solved = np.linalg.solve(system, np.append(values, np.zeros(dim + 1)))
    except np.linalg.LinAlgError:
        raise ValueError("x: expected different points, not all on one hyperplane") from None
    return KinkedSpline(points, solved[:count] / share, solved[count:], cubic, linear)


def _invariant(x: NDArray, z: NDArray, cubic: float, linear: float) -> NDArray[np.float64]:
    _, _, distance, dim = differences(x, z)
    m1, m3 = sphere_moment(1, dim), sphere_moment(3, dim)
    return cubic * m3 * distance**3 / 12 - linear * m1 * distance / 2


def tension_spline(
    x: ArrayLike, y: ArrayLike, tension: float
) -> Callable[[ArrayLike], NDArray[np.float64]]:
    """Return the spline in tension, which minimises ∫ h''² + τ²h'² dx, for comparison.

    It is smooth up to h'', with pieces of sinh and cosh: h = Σ cᵢ G(x - xᵢ) + constant, Σcᵢ = 0,
    G(d) = -(e^{-τ|d|} + τ|d|)/2τ³, whose transform is 1/(ω⁴ + τ²ω²), ω in radians.
    """
    points, values = validation.real_array("x", x), validation.real_array("y", y)
    validation.matching_points(points, "y", values)
    tau = validation.positive("tension", tension)

    def green(at: NDArray) -> NDArray:
        s = tau * np.abs(at[:, None] - points)
        return -(np.expm1(-s) + s) / (2 * tau**3)

    ones = np.ones((len(points), 1))
    system = np.block([[green(points), ones], [ones.T, np.zeros((1, 1))]])
    try:
        solved = np.linalg.solve(system, np.append(values, 0))
    except np.linalg.LinAlgError:
        raise ValueError("x: expected different points, got equal ones") from None
    return lambda at: green(validation.real_array("at", at)) @ solved[:-1] + solved[-1]
