"""Checks for the exercises of the chapter on the linear F-Principle."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number
from book.linear_theory.lfp_splines import kinked_spline


def crossover_of(answer: Any) -> None:
    """A function of (outer, inner), the half-ranges of a and w, that returns the crossover."""
    for outer, inner in ((0.5, 2.0), (3.0, 0.1), (1.0, 4.0)):
        got = number(call(answer, outer, inner))
        squares, product = (outer**2 + inner**2) / 3, outer**2 * inner**2 / 9
        right = np.sqrt(squares / product) / 2 / np.pi
        hint = "The mean square of numbers even on ±s is not s². Integrate."
        expect(not np.isclose(got, right / np.sqrt(3), rtol=1e-3), hint)
        expect(not np.isclose(got, 2 * np.pi * right, rtol=1e-3), "In cycles, not in radians.")
        hint = "Set the two terms of the rate equal, A/ξ⁴ and 4π²B/ξ², and solve for ξ."
        expect(np.isclose(got, right, rtol=0.01), hint)


def hinge_integral(answer: Any) -> None:
    """A function of (x1, x2, R) that returns the mean of (x1 - c)(x2 - c) where both are active."""
    for first, second, reach in ((0.3, -0.6, 1.0), (-0.2, 0.9, 2.5), (0.7, 0.4, 0.8)):
        got = number(call(answer, first, second, reach))
        distance = abs(first - second)
        flat = (first * second + reach**2 / 3) / 2
        right = flat + distance**3 / (24 * reach)
        close = np.isclose(got, right, rtol=0.005)
        hint = "Hinges between the points count too little or too much: neither kind is on at both."
        expect(close or not np.isclose(got, flat, rtol=1e-4), hint)
        hint = "Half of the units open to each side, and where a unit is off its product is 0."
        expect(close or not np.isclose(got, 2 * right, rtol=0.005), hint)
        hint = "Which c leave a unit on at both points, if it opens to the right? And to the left?"
        expect(close, hint)


def spline_weights(answer: Any) -> None:
    """A function of (x, y, A, B), n points and values, that returns the n numbers v."""
    rng = np.random.default_rng(0)
    for n, cubic, linear in ((5, 1.0, 0.3), (4, 2.0, 0.0), (6, 0.5, 4.0)):
        x, y = np.sort(rng.permutation(2 * n)[:n]) / n - 1, rng.standard_normal(n)
        got = array(call(answer, x, y, cubic, linear), None)
        expect(got.shape != (n + 2,), "The last two unknowns are p and q: return v alone.")
        got = array(got, (n,))
        right = kinked_spline(x, y, cubic=cubic, linear=linear).weights
        scale = np.abs(right).max()
        if np.allclose(got, right, rtol=1e-3, atol=1e-4 * scale):
            continue
        expect(abs(got.sum()) < 1e-3 * np.abs(got).max(), "One of the conditions is Σ v = 0.")
        expect(abs(got @ x) < 1e-3 * np.abs(got).max(), "One of the conditions is Σ v·x = 0.")
        expect(False, "The conditions hold, but T misses the data. Check the signs and factors.")
