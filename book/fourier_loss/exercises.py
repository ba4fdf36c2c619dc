"""Checks for the exercises of the chapter on losses in the frequency domain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.answers import array, call, expect, number
from fpkit import spectra, targets


def _times(n: int) -> NDArray[np.float64]:
    """Return how often each mode 0 … n//2 occurs among all n."""
    k = np.arange(n // 2 + 1)
    return np.where((k == 0) | (2 * k == n), 1.0, 2.0)


def two_sides(answer: Any) -> None:
    """A function of n that returns how often each of the modes 0 … n//2 occurs among all n."""
    for n in (8, 9, 2, 31):
        got = array(call(answer, n))
        expect(got.shape == (n // 2 + 1,), "Return one number for each mode from 0 to n//2.")
        expect(got.sum() == n, "All together have to be n, for even n and for odd n.")
        expect(np.array_equal(got, _times(n)), "Which modes are their own partners, n - k = k?")


def own_fourier_loss(answer: Any) -> None:
    """A function of (output, target, weights), weights for k = 0 … n//2, that returns the loss."""
    rng = np.random.default_rng(4)
    for n in (12, 15):
        output, target = rng.standard_normal((2, n))
        weights = rng.uniform(0, 3, n // 2 + 1)
        got = number(call(answer, output, target, weights))
        f, t = spectra.dft(target), spectra.dft(output)
        power, times = weights * np.abs(f - t) ** 2, _times(n)
        expected = (times * power).sum()
        hint = "The sum runs over all modes, and most have a partner of the same weight."
        expect(not np.isclose(got, power.sum()), hint)
        hint = "Look at the factor of the transform: with weights 1 this has to be the mean square."
        expect(not np.isclose(got, n * expected) and not np.isclose(got, n**2 * expected), hint)
        sizes = (times * weights * (np.abs(f) - np.abs(t)) ** 2).sum()
        expect(not np.isclose(got, sizes), "Subtract first, then take the size: phases count.")
        hint = "Compare with the formula, and with the mean square error for weights 1."
        expect(np.isclose(got, expected), hint)


def line_slope(answer: Any) -> None:
    """A number: the slope of the straight line with the smallest loss from k = 36 upwards."""
    got = number(answer)
    x, y = targets.staircase(n=120)
    line, stairs = (spectra.dft(values)[36:] for values in (x, y))
    hint = "Near, but not it: minimise the sum of |F[f] - a·F[x]|² over a, for k from 36 upwards."
    fits = [
        ((line.conj() * stairs).real * w).sum() / (np.abs(line) ** 2 * w).sum()
        for w in (np.ones(len(line)), _times(120)[36:])  # with the last mode in full, or in half
    ]
    expect(abs(got - fits[0]) < 0.2, "Set the derivative of the loss with respect to a to zero.")
    expect(bool(np.isclose(got, fits, rtol=1e-3).any()), hint)


def derivative_weights(answer: Any) -> None:
    """A function of (n, length) that returns the weights w(k) for k = 0 … n//2."""
    for n, length in ((12, 2.0), (9, 0.7)):
        k = np.arange(n // 2 + 1)
        got = array(call(answer, n, length), (len(k),))
        angular = 2 * np.pi * k / length
        hint = "What is the derivative of one wave, exp(2πikx/length), compared with the wave?"
        expect(not np.allclose(got[1:], k[1:] ** 2), "In the right ratios; now the factor. " + hint)
        expect(not np.allclose(got[1:], angular[1:]), "The loss has the square of the sizes.")
        inner = k < n / 2  # at n/2 the derivative of a sampled wave is a matter of taste
        expect(np.allclose(got[inner], angular[inner] ** 2), hint)
