"""Checks for the exercises of the chapter with the errata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.answers import Hint, array, call, expect, number


def bell_transform(answer: Any) -> None:
    """A function of (w, k), both above 0, that returns a real number."""
    for w, k in ((1.0, 0.5), (2.0, 3.0), (0.7, 1.0), (5.0, 2.0)):
        got = number(call(answer, w, k))
        wanted = np.pi * k / w / np.sinh(np.pi * k / (2 * w))
        if np.isclose(got, wanted, rtol=1e-3):
            continue
        expect(not np.isclose(got, wanted / k, rtol=1e-3), "Transform the derivative, not tanh.")
        printed = "For small k it must come near to the area under the bell. What is that?"
        expect(not np.isclose(got, wanted / np.sqrt(2 * np.pi), rtol=1e-3), printed)
        expect(not np.isclose(got, wanted / 2, rtol=1e-3), printed)
        chain = "The derivative by x has a factor from inside the bracket."
        expect(not np.isclose(got, wanted / w, rtol=1e-3), chain)
        raise Hint("Compare with a sum on a fine and wide grid; exp(-ikx) has k in radians.")


def flow_speed(answer: Any) -> None:
    """A function of (jacobian, outputs, labels), (n, p), (n,), (n,), that returns (n,)."""
    rng = np.random.default_rng(0)
    for n, p in ((3, 7), (6, 4)):
        jacobian, outputs, labels = (rng.standard_normal(shape) for shape in ((n, p), n, n))
        got = array(call(answer, jacobian, outputs, labels)).reshape(-1)
        expect(got.size == n, "Expected one speed for each point.")
        pull = jacobian @ jacobian.T @ (outputs - labels)
        if np.allclose(got, -2 * pull, rtol=1e-4, atol=1e-6):
            continue
        expect(not np.allclose(got, -pull, rtol=1e-4), "That is what is printed. Derive the loss.")
        away = np.allclose(got, 2 * pull, rtol=1e-4) or np.allclose(got, pull, rtol=1e-4)
        expect(not away, "With this sign the outputs run away from the labels.")
        expect(not np.allclose(got, -2 * pull / n, rtol=1e-4), "The loss is a sum, not a mean.")
        raise Hint("Chain rule: how does the loss move the parameters, and these the outputs?")


def crossover_frequency(answer: Any) -> None:
    """A function of (r, w), two lists of weights, that returns a frequency."""
    rng = np.random.default_rng(1)
    for size in (0.1, 1.0, 4.0):
        r = size * rng.standard_normal(20)
        w = size * rng.standard_normal(20) + r  # not independent
        got = number(call(answer, r, w))
        squares, products = np.mean(r**2) + np.mean(w**2), np.mean(r**2 * w**2)
        wanted = np.sqrt(squares / (4 * np.pi**2 * products))
        if np.isclose(got, wanted):
            continue
        expect(not np.isclose(got, wanted**2), "That is the square of the frequency.")
        expect(not np.isclose(got, 1 / wanted), "Turned over: set the two terms equal, solve.")
        expect(not np.isclose(got, 2 * np.pi * wanted), "In cycles: where has 4π² gone?")
        apart = np.sqrt(squares / (4 * np.pi**2 * np.mean(r**2) * np.mean(w**2)))
        joint = "⟨r²w²⟩ is the mean of a product; that of one factor times the other is another."
        expect(not np.isclose(got, apart), joint)
        raise Hint("The terms go like 1/ξ⁴ and 1/ξ² in one dimension. Where are they equal?")


def scaling_power(answer: Any) -> None:
    """A function that gets a measure, a function of an array (n,), and returns its power."""
    measures: tuple[tuple[Callable[[NDArray], float], float], ...] = (
        (lambda a: float(np.abs(np.asarray(a)).max()), 1),
        (lambda a: float(np.square(np.asarray(a)).mean()), 2),
        (lambda a: 3.0 * float(np.sqrt(np.abs(np.asarray(a)).sum())), 0.5),
        (lambda a: 1 / float(np.linalg.norm(np.asarray(a))), -1),
    )
    for measure, power in measures:
        got = number(call(answer, measure))
        if np.isclose(got, power, atol=1e-3):
            continue
        factor = "That is by how much the measure grows for one factor c, and not the power of c."
        expect(not any(np.isclose(got, c**power) for c in (2, 3, 10)), factor)
        expect(not np.isclose(got, -power), "The sign: which of the two arrays is the larger?")
        raise Hint("Compare a measure of c·a with that of a. Which p makes the ratio c to the p?")
