"""Checks for the exercises of the chapter on encodings."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number


def omega_for(answer: Any) -> None:
    """A function of the number of cycles on [-1, 1] that returns ω₀."""
    for cycles in (1.0, 9.5, 40.0):
        got, wanted = number(call(answer, cycles)), np.pi * cycles
        hint = "The interval from -1 to 1 has the length 2, not 1."
        expect(not np.isclose(got, 2 * wanted), hint)
        hint = "ω₀ is an angle for each unit of x; a cycle has 2π of it."
        expect(not np.isclose(got * np.pi, wanted) and not np.isclose(got, cycles / 2), hint)
        expect(np.isclose(got, wanted), "How many cycles has sin(ω₀x) on the interval?")


def encoded_rate(answer: Any) -> None:
    """A function of the derivatives (N, P) and a wave (N,) that returns one rate."""
    rng = np.random.default_rng(0)
    for points, weights in ((6, 4), (5, 9)):
        jacobian, wave = rng.standard_normal((points, weights)), rng.standard_normal(points)
        got = array(call(answer, jacobian, wave), ())
        pull, size = np.square(jacobian.T @ wave).sum(), np.square(wave).sum()
        hint = "A wave that is twice as high must not have another rate."
        expect(not np.isclose(got, pull) and not np.isclose(got, pull / np.sqrt(size)), hint)
        hint = "Both lengths are squared."
        expect(not np.isclose(got, np.sqrt(pull / size)), hint)
        expect(np.isclose(got, pull / size), "Which direction in the weights does the wave pull?")
