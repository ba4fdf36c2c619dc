"""Checks for the exercises of the chapter on one dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import Hint, array, call, expect, number
from fpkit import spectra, targets
from fpkit.convergence import convergence_step


def nearest_index(answer: Any) -> None:
    """A function of (omega, length) that returns the frequency index nearest to sin(omega·x)."""
    rng = np.random.default_rng(0)
    for mode, length in zip(rng.integers(1, 40, 8), rng.uniform(0.5, 30, 8), strict=True):
        omega = 2 * np.pi * (mode + rng.uniform(-0.4, 0.4)) / length
        found = number(call(answer, float(omega), float(length)))
        expect(found == round(found), "An index is a whole number: take the nearest.")
        expect(found == mode, "It counts full waves. How long is one wave of sin(omega·x)?")


def delta_f(answer: Any) -> None:
    """A function of (output, target, k), values at even points, that returns the error at k."""
    rng = np.random.default_rng(1)
    for n, k in ((16, 1), (33, 7), (64, 5)):
        target, output = 1 + rng.standard_normal((2, n))
        got = number(call(answer, output, target, k))
        f, t = spectra.dft(target)[k], spectra.dft(output)[k]
        if np.isclose(got, abs(f - t) / abs(f)):
            continue
        sizes = abs(abs(f) - abs(t)) / abs(f)
        expect(not np.isclose(got, sizes), "Subtract the complex numbers first, then take |·|.")
        swapped = abs(f - t) / abs(t)
        expect(not np.isclose(got, swapped), "Relative to which of the two spectra?")
        raise Hint("Compare with the formula of the relative error, at one k only.")


# Of the share that leaks: the exercise itself says "about one half", which is 0.5 % off.
THREE_DIGITS = 0.002


def leakage_share(answer: Any) -> None:
    """A number, to three digits: the line's component at k = 4 relative to the staircase's."""
    x, y = targets.staircase(n=200, height=0.5)
    line, stairs = abs(spectra.dft(x)[4]), abs(spectra.dft(y)[4])
    got = number(answer)
    expect(not np.isclose(got, stairs / line, rtol=0.02), "The other way round: line by staircase.")
    hint = "Take |F[4]| of the line and of the staircase, on the same 200 points."
    expect(abs(got - 0.5) > THREE_DIGITS, "One half is what you were told. To three digits?")
    expect(np.isclose(got, line / stairs, rtol=THREE_DIGITS), hint)


def first_below(answer: Any) -> None:
    """A function of (steps, error) that returns the first step with an error below 0.1."""
    steps = np.arange(0, 100, 20)
    for error in ([1, 0.5, 0.09, 0.3, 0.01], [0.01, 1, 1, 1, 1], [1, 0.9, 0.5, 0.1, 0.02]):
        expected = convergence_step(steps, np.array(error)[None, :, None], 0.1)[0, 0]
        got = array(call(answer, steps, np.array(error)))
        expect(got.size == 1, "Return one step.")
        step = float(got.reshape(-1)[0])
        expect(step in steps, "Return a step, one of those in `steps`, and not its place.")
        expect(step <= expected, "An error that rises again later does not count here: the first.")
        expect(step == expected, "Below 0.1, not at it; and look again at where you start.")
