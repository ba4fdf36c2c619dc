"""Checks for the exercises of the chapter on the mystery."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect
from book.mystery.interpolation import divided_differences, variation


def newton_by_hand(answer: Any) -> None:
    """Four numbers: Newton's coefficients c₀ to c₃, with the fourth point last."""
    got = array(answer, (4,))
    expected = divided_differences([0, 1, 3, 2], [1, 3, 1, 0])
    expect(np.isclose(got[0], expected[0]), "At the first point all terms but one are zero.")
    expect(np.isclose(got[1], expected[1]), "The second coefficient is a slope: which?")
    hint = "The third is a difference of two slopes, divided by the distance of the outer points."
    expect(np.isclose(got[2], expected[2]), hint)
    hint = "The first three do their part at x = 2 already; the new term has to do the rest."
    expect(np.isclose(got[3], expected[3]), hint)


def ups_and_downs(answer: Any) -> None:
    """A function of (curve, heights), both in the order of x, that returns the ups and downs."""
    rng = np.random.default_rng(2)
    for n, m in ((4, 9), (12, 60)):
        heights, curve = rng.standard_normal(n), rng.standard_normal(m)
        got = array(call(answer, curve, heights))
        expect(got.size == 1, "Return one number.")
        expected, value = float(variation(curve, heights)), float(got.reshape(-1)[0])
        expect(value >= 0, "A way down counts as much as a way up.")
        least = np.abs(np.diff(heights)).sum()
        expect(not np.isclose(value, expected * least), "Divide by what the points themselves do.")
        hint = "Add up all steps from one value to the next, whatever their direction, and divide."
        expect(np.isclose(value, expected), hint)


def wild_curve(answer: Any) -> None:
    """A function of (x, y, t): at the places t, the height of a wild curve through the points."""
    rng = np.random.default_rng(3)
    for n in (5, 12):
        x = np.sort(rng.uniform(-0.9, 0.9, n))
        x = np.linspace(-1, 1, n) if n == 12 else x
        y = rng.standard_normal(n)
        at_points = array(call(answer, x, y, x.copy()), (n,))
        expect(np.allclose(at_points, y, atol=1e-6), "It has to pass through all the points.")
        fine = np.linspace(x[0], x[-1], 2001)
        curve = array(call(answer, x, y, fine), (2001,))
        hint = "It is not wild enough. What can you add that is zero at every point, and how much?"
        expect(float(variation(curve, y)) >= 10, hint)
