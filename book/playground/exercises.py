"""Checks for the exercises of the playground: what an engine computes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.answers import Hint, array, call, expect, number


def backward_by_hand(answer: Any) -> None:
    """A function of (x, y, w, b, a), (n,) and (m,), that returns the gradient by w, (m,)."""
    rng = np.random.default_rng(0)
    for n, m in ((5, 3), (16, 6)):
        x, y = rng.standard_normal((2, n))
        w, b, a = rng.standard_normal((3, m))
        got = array(call(answer, x, y, w, b, a), (m,))
        units = np.tanh(np.outer(x, w) + b)
        off = (units @ a - y)[:, None]
        slopes = 1 - units**2
        wanted = 2 * (off * a * slopes * x[:, None]).mean(axis=0)
        for factor, hint in (
            (0.5, "Derive the square, too: one factor is missing."),
            (n, "The loss is a mean over the samples, not a sum."),
            (-1, "The gradient points uphill: look at the sign of the error."),
        ):
            expect(not np.allclose(got, factor * wanted, rtol=1e-4), hint)
        flat = 2 * (off * a * x[:, None]).mean(axis=0)
        expect(not np.allclose(got, flat, rtol=1e-4), "The unit bends: where is its derivative?")
        bias = 2 * (off * a * slopes).mean(axis=0)
        expect(not np.allclose(got, bias, rtol=1e-4), "That is the gradient by the biases.")
        hint = (
            "Go backwards from the loss: output, outer weight, unit, its input. Then the samples."
        )
        expect(np.allclose(got, wanted, rtol=1e-4, atol=1e-7), hint)


def slope_by_differences(answer: Any) -> None:
    """A function of (loss, parameters, i) that returns one number, from values of loss only."""
    rng = np.random.default_rng(1)
    for size, i in ((1, 0), (4, 2), (7, 6)):
        c, at = rng.uniform(0.5, 2, size), rng.standard_normal(size)
        slopes = c * np.cos(c * at) + np.sum(at**2) * 2 * at

        def loss(theta: Any, c: NDArray[np.float64] = c) -> float:
            theta = np.asarray(theta, dtype=np.float64)
            return float(np.sin(c * theta).sum() + np.sum(theta**2) ** 2 / 2)

        handed = at.copy()
        got = number(call(answer, loss, handed, i))
        left = "Afterwards the parameters are not what they were. Work on a copy."
        expect(np.array_equal(handed, at), left)
        slope = slopes[i]
        expect(not np.isclose(got, 2 * slope, rtol=1e-4), "How far are the two points apart?")
        expect(not np.isclose(got, -slope, rtol=1e-4), "The sign: which of the two comes first?")
        off = abs(got - slope) / abs(slope)
        expect(off < 0.1, "Change only the one number, a little, and see what the loss does.")
        near = "Near, but not to six digits: take the difference from both sides, and a small step."
        expect(off < 2e-6, near)


def adam_by_hand(answer: Any) -> None:
    """A function of (gradients, lr) that returns where the parameter is after all of them."""
    rng = np.random.default_rng(2)
    for count, lr in ((1, 0.01), (2, 0.1), (30, 0.002)):
        gradients = rng.standard_normal(count) * np.exp(rng.uniform(-3, 3, count))
        got = number(call(answer, list(gradients), lr))
        wanted = _adam(gradients, lr)
        if np.isclose(got, wanted, rtol=1e-4):
            continue
        expect(not np.isclose(got, -wanted, rtol=1e-4), "Descent goes against the gradient.")
        plain = -lr * gradients.sum()
        expect(not np.isclose(got, plain, rtol=1e-4), "That is gradient descent.")
        started = "Both averages start at 0, so at first they are too small. Adam corrects that."
        expect(not np.isclose(got, _adam(gradients, lr, corrected=False), rtol=1e-4), started)
        raise Hint("Mean of the gradients over the root of the mean of their squares, each step.")


def _adam(gradients: NDArray[np.float64], lr: float, *, corrected: bool = True) -> float:
    """Return where Adam takes a parameter from 0."""
    mean = square = moved = 0.0
    for step, g in enumerate(gradients, start=1):
        mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g**2
        parts = (1 - 0.9**step, 1 - 0.999**step) if corrected else (1.0, 1.0)
        moved -= lr * (mean / parts[0]) / (np.sqrt(square / parts[1]) + 1e-8)
    return float(moved)
