"""Checks for the exercises of the chapter on equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number
from book.equations import iterating, poisson


def loss_share(answer: Any) -> None:
    """A number: the share of the fast wave in the mean square of u'', between 0 and 1."""
    given = number(answer)
    expect(0 <= given <= 1, "A share lies between 0 and 1.")
    k, a = np.array(poisson.HALF_WAVES), np.array(poisson.AMPLITUDES)
    of_heights, of_slopes, share = (v[1] ** 2 / np.square(v).sum() for v in (a, a * k, a * k**2))
    expect(not np.isclose(given, of_heights, atol=1e-3), "That is its share in u. What is in u''?")
    expect(not np.isclose(given, 250 / 254, atol=1e-3), "A mean of *squares*.")
    expect(not np.isclose(given, of_slopes, atol=1e-3), "That is the share in the slope u'.")
    expect(abs(given - share) < 5e-5, "Which factor does a second derivative give sin kπx?")


def jacobi_factor(answer: Any) -> None:
    """A function of (k, n, omega): what a sweep multiplies sin kπx by, on n inner points."""
    for k, n, omega in ((1, 63, 2 / 3), (32, 63, 2 / 3), (5, 9, 1.0), (7, 7, 0.5)):
        got = float(array(call(answer, k, n, omega), ()))
        bent = np.sin(k * np.pi / (2 * (n + 1))) ** 2
        right, wave = 1 - 2 * omega * bent, iterating.sines(n)[k - 1]
        hint = "There are n inner points, and n + 1 steps from end to end."
        expect(not np.isclose(got, 1 - 2 * omega * np.sin(k * np.pi / (2 * n)) ** 2), hint)
        expect(not np.isclose(got, 1 - omega * bent), "Mind the diagonal of A: it is 2/h².")
        hint = "What is left of the error is a signed factor, with the damping in it."
        expect(not np.isclose(got, np.cos(k * np.pi / (n + 1))) or np.isclose(got, right), hint)
        swept = wave - omega / 2 * iterating.residual(wave) / (n + 1) ** 2
        expect(np.allclose(swept, got * wave), "Let a sweep act on sin kπx and compare.")
