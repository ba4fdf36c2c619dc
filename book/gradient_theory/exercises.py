"""Checks for the exercises of the chapter on gradients, one neuron at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.integrate import quad

from book.answers import array, call, expect, number
from book.gradient_theory.unit_gradients import loss_gradients
from book.gradient_theory.unit_spectra import Shallow


def pull_on_a(answer: Any) -> None:
    """A function of (ω, a, w, b, f), f = F[f](ω) a complex number, that returns ∂L(ω)/∂a."""
    rng = np.random.default_rng(0)
    for sign in (1, -1, 1):
        k, a, w, b = rng.uniform(0.5, 2, 4)
        f = complex(*rng.standard_normal(2))
        net = Shallow(*np.array([[a], [sign * w], [b]]))
        pulls = loss_gradients(net, [f], [k])
        right = pulls["a"][0, 0]
        got = number(call(answer, float(k), float(a), float(sign * w), float(b), f))
        expect(not np.isclose(got, 2 * right, rtol=1e-3), "L(ω) is *half* of |D(ω)|².")
        expect(not np.isclose(got, -right, rtol=1e-3), "D is output minus target: mind the sign.")
        per_size = right / pulls.amplitude[0, 0]
        hint = "That is how |D| changes. L is ½|D|², so |D| is still a factor."
        expect(not np.isclose(got, per_size, rtol=1e-3), hint)
        hint = "D = a·F[tanh] - f. The derivative of ½|D|² by a is Re(conj(D) · ∂D/∂a)."
        expect(np.isclose(got, right, rtol=1e-3), hint)


def mean_decay(answer: Any) -> None:
    """A function of (ω, s) that returns the mean of exp(-πω/2|w|), w normal with deviation s."""
    for k, s in ((0.5, 1.0), (3.0, 1.0), (8.0, 2.0)):
        got = array(call(answer, k, s))
        expect(got.size == 1, "Return one number.")

        def weighed(w: float, k: float = k, s: float = s) -> float:
            return float(np.exp(-np.pi * k / 2 / w - w**2 / 2 / s**2)) if w > 0 else 0.0

        right = 2 * quad(weighed, 0, 12 * s)[0] / np.sqrt(2 * np.pi) / s
        value, law = float(got.reshape(-1)[0]), 1.5 * (np.pi * k / 2 / s) ** (2 / 3)
        hint = "That is the law for high frequency. Compute the mean itself: an integral over w."
        expect(not np.isclose(value, np.exp(-law), rtol=1e-3), hint)
        typical = np.exp(-np.pi * k / 2 / s)
        hint = "That is the decay of the typical weight, and not the mean of the decays."
        expect(not np.isclose(value, typical, rtol=1e-3), hint)
        expect(not np.isclose(value, right / 2, rtol=0.02), "Weights have two signs.")
        hint = "The mean is ∫ p(w)·exp(-πω/2|w|) dw with p the normal density; check that ∫p = 1."
        expect(np.isclose(value, right, rtol=0.05), hint)
