"""Checks for the exercises of the chapter on other widths, depths, optimisers and units."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number
from fpkit.convergence import rank_correlation
from fpkit.theory import mode_rates


def order_by_ranks(answer: Any) -> None:
    """A function of a list of steps, all different, by rising frequency: the rank correlation."""
    rng = np.random.default_rng(0)
    for size in (5, 4, 9):
        steps = np.cumsum(rng.integers(1, 10, size) ** 4)  # far from even: ranks are not values
        steps[size - 2 :] = steps[size - 2 :][::-1]
        for given in (steps, rng.permutation(steps)):
            got, right = number(call(answer, given)), float(rank_correlation(given))
            by_value = np.corrcoef(np.arange(size), given)[0, 1]
            hint = "That is the correlation with the steps. Put their ranks in place of the steps."
            expect(not np.isclose(got, by_value) or np.isclose(by_value, right), hint)
            hint = (
                "Which place has each step in rising order? Correlate these with 0, 1, 2 and so on."
            )
            expect(np.isclose(got, right, atol=1e-6), hint)


def unit_kernel(answer: Any) -> None:
    """A function of (x, a, w), x of length N, that returns the matrix K, (N, N)."""
    rng = np.random.default_rng(1)
    for n in (3, 6):
        x, (a, w) = rng.uniform(-2, 2, n), rng.uniform(0.3, 1.5, 2) * (1, -1)
        got = array(call(answer, x, float(a), float(w)), (n, n))
        by_a = np.outer(np.tanh(w * x), np.tanh(w * x))
        slope = a * x / np.cosh(w * x) ** 2
        by_w = np.outer(slope, slope)
        expect(not np.allclose(got, by_a), "There are two parameters: w is trained, too.")
        expect(not np.allclose(got, by_w), "There are two parameters: a is trained, too.")
        hint = "K sums, over the parameters, products of the derivatives at two points."
        expect(np.allclose(got, by_a + by_w, rtol=1e-3, atol=1e-6), hint)


def wave_rate(answer: Any) -> None:
    """A function of (kernel, k), a matrix (N, N), that returns the rate of mode k."""
    rng = np.random.default_rng(2)
    for n, k in ((8, 3), (15, 1), (20, 7)):
        jacobian = rng.standard_normal((n, n + 2))
        kernel = jacobian @ jacobian.T
        right = mode_rates(kernel, [k])[0]
        got = number(call(answer, kernel, k))
        hint = "Right but for a factor. Is v*v in it, and the 2/N of the mean squared error?"
        factors = (n / 2, n, n**2 / 2, 0.5)
        expect(not any(np.isclose(got, right * factor) for factor in factors), hint)
        expect(not np.isclose(got, mode_rates(kernel, [k + 1])[0]), "Modes are counted from 0.")
        hint = "v*Kv by v*v, with the complex wave v of k turns on the N points, times 2/N."
        expect(np.isclose(got, right, rtol=1e-4), hint)
