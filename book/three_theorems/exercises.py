"""Checks for the exercises of the chapter on three theorems about gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from fpkit.reproduce.answers import call, expect, number


def knock_out(answer: Any) -> None:
    """A function of (k1, k2, w) that returns an amplitude."""
    for k1, k2, w in ((1.0, 2.0, 0.5), (1.0, 3.0, -0.8), (0.5, 0.7, 0.2)):
        got = number(call(answer, k1, k2, w))
        right = np.exp(np.pi * (k2 - k1) / (2 * abs(w)))
        hint = "The weight may be negative; the decay has its size."
        expect(w > 0 or not np.isclose(got, 1 / right, rtol=1e-3), hint)
        hint = "That is how small the slow error is for A(k₂) = 1. Turn the question round."
        expect(not np.isclose(got, 1 / right, rtol=1e-3), hint)
        hint = "That is the decay of the speed. Gradients decay half as fast."
        expect(not np.isclose(got, right**2, rtol=1e-3), hint)
        hint = "Set A(k₂)·exp(-π(k₂-k₁)/2|w|) equal to 1."
        expect(np.isclose(got, right, rtol=1e-3), hint)


def silent_bias(answer: Any) -> None:
    """A function of (k, w, f), f = F[f](k) a complex number, that returns a bias."""
    rng = np.random.default_rng(1)
    for sign in (1, -1, 1, 1):
        k, w = rng.uniform(0.5, 2, 2)
        f = complex(*rng.standard_normal(2))
        b = number(call(answer, float(k), float(sign * w), f))
        phase = b * k / (sign * w) - np.angle(-f)
        hint = "There the derivative by b vanishes; it is the one by a that should."
        expect(abs(np.cos(phase)) > 1e-4, hint)
        hint = "The output is 0, so D = -f. Which bias makes sin(bk/w - θ) zero, θ the phase of D?"
        expect(abs(np.sin(phase)) < 1e-4, hint)
