"""Checks for the exercises of the chapter on the FP-norm and the error between the points."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import Hint, call, expect, number
from book.generalization import fp_norm


def price_of_modes(answer: Any) -> None:
    """A function of (modes, coefficients, a, b), modes above 0, that returns the FP-norm."""
    rng = np.random.default_rng(0)
    for a, b in ((0.7, 4.0), (2.0, 0.0), (0.0, 1.5)):
        modes = np.sort(rng.choice(np.arange(1, 30), 5, replace=False))
        c = rng.standard_normal(5) + 1j * rng.standard_normal(5)
        got = number(call(answer, modes, c, a, b))
        weight = fp_norm.FPWeight(a, b)
        norm = fp_norm.fp_norm(fp_norm.Periodic(modes, c), weight)
        if np.isclose(got, norm, rtol=1e-6):
            continue
        expect(not np.isclose(got, norm**2), "That is the square of the norm.")
        half = not np.isclose(got, norm / np.sqrt(2))
        expect(half, "A real function has two coefficients for each listed mode: at k and at -k.")
        cheap = np.sqrt(2 * (np.abs(c * weight(modes)) ** 2).sum())
        expect(not np.isclose(got, cheap), "High frequencies must be dear: where does γ stand?")
        raise Hint("Compare with the formula: |coefficient|² over γ², summed, and the root of it.")


def edge_power(answer: Any) -> None:
    """A function of d that returns the power that p has to exceed, a number."""
    for d in (1, 2, 3, 7):
        got = number(call(answer, d))
        if np.isclose(got, d + 0.5):
            continue
        first = "For large |k| only one term of γ² counts: which of the two falls more slowly?"
        expect(not np.isclose(got, d + 1.5), first)
        counted = "How many modes have a length near |k|? In d dimensions they are many."
        expect(not np.isclose(got, d / 2 + 1), counted)
        expect(got < d + 0.5, "Too large: some functions of finite norm are left out.")
        raise Hint("Too small: write the sum over all modes as one over their length R.")


def bound_delta(answer: Any) -> None:
    """A number: the bound at 99.9 % divided by the bound at 95 %."""
    wanted = fp_norm.error_bound(1, 1, 1, 100, 0.001) / fp_norm.error_bound(1, 1, 1, 100, 0.05)
    got = number(answer)
    expect(
        not np.isclose(got, 1 / wanted, rtol=0.01),
        "The other way round: the surer bound is the larger one.",
    )
    logs = np.log(4 / 0.001) / np.log(4 / 0.05)
    expect(not np.isclose(got, logs, rtol=0.01), "δ stands under a root.")
    second = "The root is one of two terms in the brackets: the other does not grow."
    expect(not np.isclose(got, np.sqrt(logs), rtol=0.01), second)
    expect(np.isclose(got, wanted, rtol=0.01), "What stands in front of the brackets drops out.")
