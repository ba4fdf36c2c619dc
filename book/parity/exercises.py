"""Checks for the exercises of the chapter on parity."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import Hint, array, call, expect, number
from book.parity import cube


def walsh_coefficient(answer: Any) -> None:
    """A function of (f, members, n), f a function of one corner, that returns F[S]."""
    rng = np.random.default_rng(0)
    for n, members in ((3, [0, 2]), (4, [3]), (5, [0, 1, 4]), (3, [])):
        corners, values = cube.cube(n), rng.standard_normal(2**n)
        places = 2 ** np.arange(n)

        def f(x: Any, values: Any = values, places: Any = places) -> float:
            return float(values[int((np.asarray(x) < 0) @ places)])

        got = number(call(answer, f, members, n))
        wave = corners[:, members].prod(axis=1)
        if np.isclose(got, values @ wave / 2**n):
            continue
        expect(not np.isclose(got, values @ wave), "Sum or mean? Look in front of the sum.")
        added = values @ corners[:, members].sum(axis=1) / 2**n
        expect(not np.isclose(got, added), "A wave is a product of coordinates, not their sum.")
        others = [j for j in range(n) if j not in members]
        rest = values @ corners[:, others].prod(axis=1) / 2**n
        expect(not np.isclose(got, rest), "Those are the coordinates that are not in the set.")
        expect(bool(members), "For the empty set the wave is 1 at every corner.")
        raise Hint("Take all corners, and at each of them f times the product over the set.")


def majority_spectrum(answer: Any) -> None:
    """Four numbers: the power of the majority of three bits at the degrees 0, 1, 2 and 3."""
    got = array(answer, (4,))
    wanted = cube.power_by_degree(cube.walsh(np.sign(cube.cube(3).sum(axis=1))))
    expect(bool((got >= 0).all()), "A power is a square, and not below 0.")
    expect(bool(np.isclose(got.sum(), 1, atol=1e-3)), "Together they are the mean of f²: of what?")
    odd = "Which degrees can a function have that changes its sign with all bits?"
    expect(bool(np.allclose(got[::2], 0, atol=1e-3)), odd)
    sets = "At each degree add up the squares of all coefficients. How many sets are there?"
    expect(bool(np.allclose(got, wanted, atol=1e-3)), sets)


def first_move(answer: Any) -> None:
    """A function of (kernel, labels), a symmetric matrix and ±1, that returns the margin μ."""
    rng = np.random.default_rng(1)
    for n in (4, 9, 16):
        half = rng.standard_normal((n, n + 1))
        kernel, labels = half @ half.T, rng.choice([-1.0, 1.0], n)
        got = number(call(answer, kernel, labels))
        first, own = labels @ kernel @ labels, np.trace(kernel)
        if np.isclose(got, (first - own) / n):
            continue
        expect(not np.isclose(got, first / n), "Leave out what an unseen point gets from itself.")
        expect(not np.isclose(got, first - own), "Both terms are means over the points.")
        expect(not np.isclose(got, (own - first) / n), "The sign: is it above 0 for fast labels?")
        raise Hint("The labels' quotient with the kernel, less the mean of its eigenvalues.")
