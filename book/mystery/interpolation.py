"""Curves through given points, in the classical ways: polynomial, straight lines, cubic spline."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline, make_interp_spline

from fpkit import validation

__all__ = ["divided_differences", "interpolants", "newton", "variation"]

Curve = Callable[[ArrayLike], NDArray[np.float64]]


def divided_differences(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Return Newton's coefficients c₀, c₁, … ``(N,)``: cᵢ = y[x₀, …, xᵢ].

    They follow from y[xᵢ, …, xⱼ] = (y[xᵢ₊₁, …, xⱼ] - y[xᵢ, …, xⱼ₋₁]) / (xⱼ - xᵢ).
    """
    points, values = (
        validation.real_array(name, v).astype(float) for name, v in (("x", x), ("y", y))
    )
    validation.matching_points(points, "y", values)
    if len(np.unique(points)) < len(points):
        raise ValueError(f"x: expected different points, got {points.tolist()}")
    c = values.copy()
    for order in range(1, len(c)):
        c[order:] = (c[order:] - c[order - 1 : -1]) / (points[order:] - points[:-order])
    return c


def newton(x: ArrayLike, y: ArrayLike) -> Curve:
    """Return the polynomial of degree N - 1 through N points, Σ cᵢ (t - x₀) … (t - xᵢ₋₁)."""
    c, points = divided_differences(x, y), validation.real_array("x", x).astype(np.float64)

    def curve(at: ArrayLike) -> NDArray[np.float64]:
        t = validation.real_array("at", at, ndim=tuple(range(8))).astype(np.float64)
        total = np.full(t.shape, c[-1])
        for i in range(len(c) - 2, -1, -1):
            total = total * (t - points[i]) + c[i]
        return total

    return curve


def interpolants(x: ArrayLike, y: ArrayLike) -> dict[str, Curve]:
    """Return three curves through points with increasing x, by name.

    "polynomial" (see `newton`), "straight lines" (linear spline) and "cubic spline" (natural:
    h'' = 0 at both ends).
    """
    points, values = (
        validation.real_array(name, v).astype(float) for name, v in (("x", x), ("y", y))
    )
    validation.matching_points(points, "y", values)
    if not (np.diff(points) > 0).all():
        raise ValueError(f"x: expected increasing points, got {points.tolist()}")
    return {
        "polynomial": newton(points, values),
        "straight lines": make_interp_spline(points, values, k=1),
        "cubic spline": CubicSpline(points, values, bc_type="natural"),
    }


def variation(curve: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Return how far curves ``(..., M)`` go up and down, relative to the points ``(..., N)``.

    Σ|Δcurve| / Σ|Δy|, both in the order of x, from the first point to the last. At least 1 for
    a curve through the points (and fine enough a grid); 1 for one that never turns in between.
    """
    sampled, values = (
        validation.real_array(name, v, ndim=validation.ANY).astype(np.float64)
        for name, v in (("curve", curve), ("y", y))
    )
    for name, v in (("curve", sampled), ("y", values)):
        if v.shape[-1] < 2:
            raise ValueError(f"{name}: expected at least 2 points, got {v.shape[-1]}")
    travelled, least = (np.abs(np.diff(v, axis=-1)).sum(axis=-1) for v in (sampled, values))
    if (least == 0).any():
        raise ValueError("y: expected points that are not all at one height")
    return travelled / least
