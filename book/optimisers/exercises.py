"""Checks for the exercises of the chapter on optimisers."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import call, expect, number


def damped_share(answer: Any) -> None:
    """A function of (value, top, mu): the part that a step takes away, over that of the largest."""
    for value, top, mu in ((0.5, 2.0, 0.1), (1e-4, 1.0, 1e-2), (3.0, 3.0, 1.0), (0.2, 5.0, 1e3)):
        got, part = number(call(answer, value, top, mu)), value / (value + mu)
        right = part * (top + mu) / top
        if np.isclose(got, right):
            continue
        hint = "That is the part itself. Divide it by that of the largest direction."
        expect(not np.isclose(got, part), hint)
        hint = "That is what μ leaves of the error. What does the step take away?"
        left = mu / (value + mu)
        expect(not np.isclose([got, got], [left, left * (top + mu) / mu]).any(), hint)
        hint = "That is gradient descent. With μ = 0 all directions are to lose the same part."
        expect(not np.isclose(got, value / top), hint)
        expect(np.isclose(got, right), "What is left of an error e after e ← e - λ/(λ + μ)·e?")


def gauss_newton_steps(answer: Any) -> None:
    """A function of (eta, share) that returns a whole number of steps, at least 1."""
    for eta, share in ((0.1, 0.1), (0.5, 0.01), (0.3, 0.2), (1.0, 0.1)):
        got = number(call(answer, eta, share))
        right = 1 if eta == 1 else int(np.ceil(np.log(share) / np.log(1 - eta)))
        expect(got == int(got), "A network makes whole steps.")
        hint = "After so many steps a little more than the share is left."
        expect(got != right - 1, hint)
        hint = "That is a flow, exp(-η·steps). A step leaves 1 - η of the error."
        expect(got == right or got != np.ceil(-np.log(share) / eta), hint)
        expect(got == right, "How much is left after one step, and after two?")
