"""Checks for the exercises of the chapter on general networks and the stages of training."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from book.answers import array, call, expect, number


def size_share(answer: Any) -> None:
    """A function of (rates, eta), rates for k = 0, 1, 2, …, that returns the share of sizes."""
    rng = np.random.default_rng(0)
    for count, eta in ((6, 2), (12, 5), (9, 0)):
        rates = rng.standard_normal(count)
        size = np.abs(rates)
        got = number(call(answer, rates, eta))
        signed = rates[eta + 1 :].sum() / rates.sum()
        expect(not np.isclose(got, signed), "Add sizes; signed rates cancel.")
        expect(not np.isclose(got, size[eta:].sum() / size.sum()), "Above eta, and not at it.")
        expect(not np.isclose(got, size[: eta + 1].sum() / size.sum()), "That is the share below.")
        hint = "Sizes above eta, divided by all sizes."
        expect(np.isclose(got, size[eta + 1 :].sum() / size.sum()), hint)


def split_rate(answer: Any) -> None:
    """A function of (slope, speed), N values each, that returns the terms of k = 0 … N//2."""
    rng = np.random.default_rng(1)
    for n in (8, 15, 32):
        slope, speed = rng.standard_normal((2, n))
        got = array(call(answer, slope, speed), (n // 2 + 1,))
        product = np.conj(np.fft.rfft(slope, norm="forward")) * np.fft.rfft(speed, norm="forward")
        once = product.real
        right = once.copy()
        right[1 : (n + 1) // 2] *= 2
        expect(not np.allclose(got, once), "Where are the frequencies below zero? They count, too.")
        expect(
            n % 2 == 1 or not np.allclose(got[:-1], right[:-1]) or np.allclose(got, right), _LAST
        )
        hint = "The terms have to add up to the mean of slope times speed."
        expect(np.isclose(got.sum(), np.mean(slope * speed)), hint)
        hint = "The sum is right. Multiply one transform by the conjugate of the other, at each k."
        expect(np.allclose(got, right), hint)


_LAST = "k = N/2 has no partner below zero when N is even: it occurs once."


def count_powers(answer: Any) -> None:
    """A function of (p, q), the unit ReLU(z)^p and a target whose q-th derivative jumps."""
    for p, q in ((1, math.inf), (1, 0), (2, 0), (2, 5), (3, 1), (4, 2)):
        got = number(call(answer, p, q))
        right = min(p, q) + p
        hint = "That is the product's exponent. Summing from η upwards costs one power."
        expect(not np.isclose(got, right + 1) or np.isclose(got, right), hint)
        hint = "The error is as rough as the rougher of output and target."
        expect(p <= q or not np.isclose(got, 2 * p), hint)
        hint = "A jump of the j-th derivative: k^-(j+1). Which derivative of the speed jumps?"
        expect(np.isclose(got, right), hint)


def widest_sigma(answer: Any) -> None:
    """A function of `edge`, between 0 and 1, that returns the largest σ."""
    for edge in (1e-2, 1e-7, 1e-12):
        got = number(call(answer, edge))
        right = 0.5 / np.sqrt(np.log(1 / edge))
        expect(not np.isclose(got, right * np.sqrt(2), rtol=1e-3), "What is cut off is √ρ, not ρ.")
        expect(not np.isclose(got, right**2, rtol=1e-3), "That is σ², not σ.")
        hint = "√ρ at x = 1, relative to its value at x = 0, should be just `edge`."
        expect(np.isclose(got, right, rtol=0.01), hint)
