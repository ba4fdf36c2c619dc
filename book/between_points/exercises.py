"""Checks for the exercises of the chapter on what points cannot see."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number
from book.initialization.aliasing import alias

# The hidden wave: its amplitude.
AMPLITUDE = 0.5


def which_alias(answer: Any) -> None:
    """Four whole numbers: what the modes 30, 49, 50 and 75 look like at 50 points."""
    got, expected = array(answer, (4,)), [alias(mode, 50) for mode in (30, 49, 50, 75)]
    expect(
        bool(((got >= 0) & (got <= 25)).all()), "An alias lies between 0 and half of the points."
    )
    hint = "Number {}: take whole multiples of the points away, then look at the nearer end."
    for place, (value, wanted) in enumerate(zip(got, expected, strict=True)):
        expect(value == wanted, hint.format(("one", "two", "three", "four")[place]))


def seen_sums(answer: Any) -> None:
    """A function of (amplitudes, n) that returns the amplitudes seen, for k = 0 … n//2."""
    rng = np.random.default_rng(6)
    for n, count in ((6, 20), (7, 30), (10, 4)):
        amplitudes = rng.standard_normal(count)
        expected = np.zeros(n // 2 + 1)
        for k, amplitude in enumerate(amplitudes):
            expected[alias(k, n)] += amplitude
        got = array(call(answer, amplitudes.copy(), n))
        expect(got.shape == expected.shape, "Return one number for each mode from 0 to n//2.")
        cut = np.zeros(n // 2 + 1)
        cut[: min(count, n // 2 + 1)] = amplitudes[: n // 2 + 1]
        hint = "The points do not leave the fast waves out: each is seen as a slow one."
        expect(np.allclose(expected, cut) or not np.allclose(got, cut), hint)
        hint = "Compare at the points: both sums of cosines must have the same values there."
        expect(np.allclose(got, expected), hint)


def frozen_wave(answer: Any) -> None:
    """A number: the mean squared error on a fine grid that you predict."""
    got = number(answer)
    hint = "That is the wave alone. What else is wrong, if the sum is right at the points?"
    expect(not np.isclose(got, AMPLITUDE**2 / 2, rtol=0.04), hint)
    hint = "Two waves of different modes are wrong, and a wave's mean square is half its square."
    expect(np.isclose(got, AMPLITUDE**2, rtol=0.04), hint)
