"""Checks for the exercises of the chapter on limits and disputes."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import Hint, array, call, expect, number


def limits_second(answer: Any) -> None:
    """A function of omega that returns the factor of the rate, above 0."""
    for omega in (0.1, 1.0, 2.5, 7.0):
        got = number(call(answer, omega))
        once = omega**2 + 1
        if np.isclose(got, once**2):
            continue
        twice = "The rate has the factor of the wave twice: in the error and in the gradient."
        expect(not np.isclose(abs(got), once), twice)
        sign = "What does the second derivative of a sine look like, and its sign?"
        expect(not np.isclose(got, (omega**2 - 1) ** 2), sign)
        expect(not np.isclose(got, omega**4 + 1), "Add first, then square.")
        raise Hint("Put sin(omega·x) into T'' - T. What comes out is a multiple of it.")


def limits_weights(answer: Any) -> None:
    """A function of rates (K,) that returns weights (K,) with mean 1."""
    rng = np.random.default_rng(0)
    for count in (3, 8):
        rates = np.exp(rng.uniform(-4, 2, count))
        got = array(call(answer, rates), (count,))
        pulls = got * rates
        expect(bool((got > 0).all()), "Weights are above 0: every mode has to be learned.")
        even = np.allclose(pulls, pulls[0], rtol=1e-4)
        roots = np.allclose(got**2 * rates, got[0] ** 2 * rates[0], rtol=1e-4)
        expect(even or not roots, "The weight stands in front of a square: no root is needed.")
        expect(even, "With your weights some modes still decay faster than others.")
        expect(
            bool(np.isclose(got.mean(), 1)), "All rates are alike. Now make their mean weight 1."
        )


def lost_again(answer: Any) -> None:
    """A function of errors (records, peaks) that returns a share between 0 and 1."""
    some = np.array([[1, 1, 1, 1, 1], [0.05, 0.5, 1, 0.1, 1], [0.2, 0.01, 1, 1, 0.05]])
    back = np.vstack([some, [[0.01, 0.02, 0.9, 1, 0.04]]])
    noise = np.random.default_rng(1).uniform(0, 0.4, (12, 9))
    for errors in (some, back, noise):
        below = errors < 0.1
        learned = below.any(axis=0)
        lost = np.any(np.maximum.accumulate(below, axis=0) & ~below, axis=0)
        got = number(call(answer, errors.copy()))
        if np.isclose(got, lost[learned].mean()):
            continue
        expect(0 <= got <= 1, "A share lies between 0 and 1.")
        expect(not np.isclose(got, lost.mean()), "Among which peaks is the share to be taken?")
        ends = "A peak may be lost and be below again at the end: it was lost all the same."
        expect(not np.isclose(got, (learned & ~below[-1])[learned].mean()), ends)
        early = "What comes before a peak is learned does not count."
        expect(not np.isclose(got, np.any(~below, axis=0)[learned].mean()), early)
        raise Hint("Go through each peak's records in time. Below 0.1 is learned, 0.1 is not.")
