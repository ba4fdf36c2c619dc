"""Checks for the exercises of the chapter on what can be computed exactly."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect
from book.exact import circle_kernel, denoising


def no_bias_waves(answer: Any) -> None:
    """A list of those k from 1 to 9 for which a network without bias can learn cos kθ."""
    given = array(answer, (None,))
    expect(bool(np.isin(given, np.arange(1, 10)).all()), "Expected some of the numbers 1 to 9.")
    expect(len(set(given)) == len(given), "Name each of them once.")
    even = [k for k in range(1, 10) if k % 2 == 0]
    hint = "|u| does not change when u changes its sign. Which waves have that symmetry?"
    expect(set(even) <= set(given), hint)
    expect(1 in given, "What is left of a unit besides |u| is a wave, too.")
    expect(len(given) == len(even) + 1, "Among yours is a wave that is neither even nor a line.")


def even_rate(answer: Any) -> None:
    """A function of an even k that returns λ(k) on the whole circle, without bias."""
    for k in (2, 4, 10, 0):
        got, right = array(call(answer, k), ()), float(circle_kernel.by_integral([k])[0])
        factors = np.array([2, np.pi, 2 * np.pi, np.pi**2])
        off = np.isclose(got, right * factors).any() or np.isclose(got * factors, right).any()
        expect(not off, "Right but for a factor: λ is a mean over the circle, an integral over 2π.")
        expect(bool(np.isclose(got, right)), "Compare with the values that the FFT gives.")


def gain_time(answer: Any) -> None:
    """A function of (variance, sigma, share): when a gain has that share of its final value."""
    for variance, sigma, share in ((0.3, 0.1, 0.5), (2.0, 0.5, 0.9), (0.01, 1.0, 0.2)):
        got = array(call(answer, variance, sigma, share), ())
        end = denoising.linear_gain(variance, sigma, np.inf)
        now = denoising.linear_gain(variance, sigma, max(float(got), 0.0)) / end
        right = -np.log(1 - share) / (2 * (variance + sigma**2))
        hint = "The noise makes the input larger along every eigenvector, and so the rate."
        expect(not np.isclose(got, -np.log(1 - share) / (2 * variance), rtol=1e-3), hint)
        expect(not np.isclose(got, 2 * right), "Mind the 2 of the squared error.")
        hint = "Solve for t: which part of the way has an exponential gone by then?"
        expect(bool(np.isclose(now, share, rtol=1e-3)), hint)
