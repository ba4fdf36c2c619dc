"""Checks for the exercises of the chapter on early stopping."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number
from book.early_stopping.stopping import neighbour_noise, spectral_noise

# The points of the chapter's labels.
POINTS, INTERVAL = 300, (-10.0, 10.0)


def noise_share(answer: Any) -> None:
    """A number: the share of the noise's variance that is in the output, from 0 to 1."""
    got = number(answer)
    hint = "A real wave has two modes, k and its partner N - k; and one mode has none."
    expect(not np.isclose(got, [5 / POINTS, 6 / POINTS, 10 / POINTS]).any(), hint)
    hint = "White noise has the same share of its variance in each of the N modes: count modes."
    expect(np.isclose(got, 11 / POINTS, rtol=5e-3), hint)


def patience_stop(answer: Any) -> None:
    """A function of (steps, held_out, patience) that returns the step to keep."""
    for losses, patience, expected in (
        ([5, 4, 3, 3.5, 3.4, 3.3, 1], 3, 2),  # stops before the global minimum
        ([5, 4, 3, 3.5, 3.4, 2, 2.5, 2.4, 2.3, 1], 3, 5),  # a rise that is short enough
        ([5, 4, 3, 2, 1], 2, 4),  # training ends first
        ([1, 2, 3, 4, 0.5], 2, 0),
        ([5, 4, 3, 3.5, 2.9, 3.5, 2.8, 3], 1, 2),
    ):
        steps = np.arange(len(losses)) * 50
        got = number(call(answer, steps, np.array(losses, dtype=float), patience))
        expect(got in steps, "Return one of the recorded steps, and not its place.")
        place, loss = int(got) // 50, losses
        hint = "Keep the best network seen so far, and not the one at which you lose patience."
        expect(loss[place] <= loss[expected] or place < expected, hint)
        hint = "What comes after you have lost patience is never seen."
        expect(place <= expected, hint)
        hint = "Patience is counted anew from every record that is better than all before."
        expect(place == expected, hint)


def without_fast(answer: Any) -> None:
    """A function of (values, highest) that returns the values without modes above highest."""
    rng = np.random.default_rng(5)
    for n, highest in ((16, 3), (33, 7), (20, 0)):
        values = 1 + rng.standard_normal(n)
        spectrum = np.fft.rfft(values)
        spectrum[highest + 1 :] = 0
        expected = np.fft.irfft(spectrum, n)
        got = array(call(answer, values.copy(), highest), (n,))
        expect(not np.allclose(got, values - expected), "This is the fast part. Keep the other.")
        expect(np.isclose(got.mean(), values.mean()), "The mean value, k = 0, stays.")
        hint = "Modes up to highest, and highest itself, stay as they are; all above become zero."
        expect(np.allclose(got, expected), hint)


def fools_both(answer: Any) -> None:
    """A function of the points x, with values from -1 to 1, that makes both estimates double."""
    x = np.linspace(*INTERVAL, POINTS)
    f = array(call(answer, x.copy()), (POINTS,))
    expect(np.abs(f).max() <= 1, "The values should lie between -1 and 1.")
    again = array(call(answer, x.copy()), (POINTS,))
    expect(np.array_equal(f, again), "It should be a function: the same value whenever you ask.")
    for seed in range(4):
        labels = f + 0.1 * np.random.default_rng(seed).standard_normal(POINTS)
        hint = "Neighbours: the function has to change much from most points to the next."
        expect(float(neighbour_noise(labels)) >= 0.2, hint)
        hint = "Spectrum: it needs power at most frequencies of the upper half, not at a few."
        expect(float(spectral_noise(labels)) >= 0.2, hint)
