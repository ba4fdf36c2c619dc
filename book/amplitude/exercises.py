"""Checks for the exercises of the chapter on amplitude."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number
from fpkit import spectra


def flip_ratio(answer: Any) -> None:
    """A function of (slow, fast, w), angular frequencies and a weight, that returns the ratio r."""
    rng = np.random.default_rng(0)
    for sign in (1, -1, 1, -1):
        slow, gap, w = rng.uniform([0.5, 0.3, 0.8], [2, 3, 4])
        right = np.exp(np.pi * gap / 2 / w)
        got = number(call(answer, float(slow), float(slow + gap), float(sign * w)))
        expect(not np.isclose(got, np.log(right)), "That is the logarithm of the ratio.")
        expect(not np.isclose(got, 1 / right), "The *fast* wave has to be the larger one.")
        hint = "Set the two pulls equal and solve for r. Only the size of w counts, not its sign."
        expect(np.isclose(got, right, rtol=1e-3), hint)


def waiting_time(answer: Any) -> None:
    """A function of (rate, amplitude, level), all positive, that returns a time."""
    for rate, amplitude, level in ((1.0, 3.0, 0.1), (0.2, 5.0, 0.5), (4.0, 0.7, 0.6)):
        got = number(call(answer, rate, amplitude, level))
        relative = np.log(1 / level) / rate
        expect(not np.isclose(got, relative), "The level is not relative: the amplitude matters.")
        hint = "Solve: what is left, the amplitude times exp(-rate · t), equals the level."
        expect(np.isclose(got, np.log(amplitude / level) / rate, rtol=1e-3), hint)
    early = number(call(answer, 2.0, 0.3, 0.5))
    expect(abs(early) < 1e-9, "What is below the level from the start needs no time at all.")


def two_wave_curve(answer: Any) -> None:
    """A function of (n, ratio, fast) that returns n values: waves 1 and fast, mean square 1."""
    for n, ratio, fast in ((20, 4.0, 3), (32, 0.5, 2), (25, 16.0, 6)):
        values = array(call(answer, n, ratio, fast), (n,))
        size = np.abs(spectra.dft(values))
        expect(size[1] > 1e-6 and size[fast] > 1e-6, "One of the two waves is not in the curve.")
        rest = np.delete(size, [1, fast])
        hint = "There is more in it than two waves. Does the last point repeat the first one?"
        expect(rest.max() < 1e-6 * size.max(), hint)
        hint = "Compare |F[k]| at the two waves: their ratio is not the one asked for."
        expect(np.isclose(size[fast] / size[1], ratio, rtol=1e-3), hint)
        hint = "Now scale the curve. The mean square of a wave of amplitude a is a²/2."
        expect(np.isclose(np.mean(values**2), 1, rtol=1e-3), hint)
