"""Checks for the exercises of the chapter on three theorems about gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number


def alternating(answer: Any) -> None:
    """A function of an even number of values that returns as many real ones."""
    rng = np.random.default_rng(4)
    for n in (6, 8, 20):
        values = rng.standard_normal(n)
        wanted = np.abs(np.fft.rfft(values))[::-1]
        got = array(call(answer, values.copy()), (n,))
        size = np.abs(np.fft.rfft(got))
        hint = "That has the spectrum of the values themselves. Order in time is another thing."
        expect(not np.allclose(size, wanted[::-1], rtol=1e-6), hint)
        hint = "Which wave has the frequency index N/2, and what does a product with it do?"
        expect(np.allclose(size, wanted, rtol=1e-6, atol=1e-9), hint)


def silent_bias(answer: Any) -> None:
    """A function of (ω, w, f), f = F[f](ω) a complex number, that returns a bias."""
    rng = np.random.default_rng(1)
    for sign in (1, -1, 1, 1):
        k, w = rng.uniform(0.5, 2, 2)
        f = complex(*rng.standard_normal(2))
        b = number(call(answer, float(k), float(sign * w), f))
        phase = b * k / (sign * w) - np.angle(-f)
        hint = "There the derivative by b vanishes; it is the one by a that should."
        expect(abs(np.cos(phase)) > 1e-4, hint)
        hint = "The output is 0, so D = -f. Which bias makes sin(bω/w - θ) zero, θ the phase of D?"
        expect(abs(np.sin(phase)) < 1e-4, hint)
