"""Checks for the exercises of the chapter on the information plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.answers import array, call, expect, number
from book.information_plane.information import bins, entropy, mutual_information


def entropy_by_hand(answer: Any) -> None:
    """A number: the entropy in bits."""
    got = number(answer)
    hint = "Bits need logarithms to the base 2."
    expect(not np.isclose(got, 1.5 * np.log(2), rtol=0.01), hint)
    hint = "That would be right if all values were equally frequent."
    expect(not np.isclose(got, np.log2(3), rtol=0.01), hint)
    hint = "Which share of the points has each value? Then take the mean of log₂(1/share)."
    expect(np.isclose(got, 1.5, rtol=0.01), hint)


def _samples(seed: int, n: int) -> NDArray[np.float64]:
    """Return values near the middles of bins of width 0.1, of which many are equal."""
    rng = np.random.default_rng(seed)
    return 0.1 * (rng.integers(-6, 7, n) + rng.uniform(-0.4, 0.4, n))


def own_entropy(answer: Any) -> None:
    """A function of (values, width) that returns the entropy of the binned values in bits."""
    for seed, (n, width) in enumerate(((40, 0.1), (150, 0.1), (60, 0.3))):
        values = _samples(seed, n)
        got = number(call(answer, values.copy(), width))
        expected = float(entropy(bins(values, width)))
        hint = "Bits need logarithms to the base 2."
        expect(not np.isclose(got, expected * np.log(2)), hint)
        floor = float(entropy(np.floor(values / width).astype(np.int64)))
        hint = "Round to the nearest bin: Round(v/b), and not the next whole number below."
        expect(np.isclose(floor, expected) or not np.isclose(got, floor), hint)
        expect(got >= 0, "A share is at most 1 and its logarithm not positive: mind the sign.")
        hint = "Count how many values share a bin, divide by N, and add up -P·log₂P over the bins."
        expect(np.isclose(got, expected), hint)


def shared_bits(answer: Any) -> None:
    """A function of (first, second, width) that returns their mutual information in bits."""
    for seed, n in enumerate((50, 200)):
        first, noise = _samples(seed, n), _samples(seed + 10, n)
        second = first**2 + 0.3 * noise + 0.02
        for u, v in ((first, second), (first, first), (noise, first)):
            got = number(call(answer, u.copy(), v.copy(), 0.1))
            one, two = bins(u, 0.1), bins(v, 0.1)
            both = float(entropy(one) + entropy(two))
            expected = float(mutual_information(one, two))
            hint = "That is the entropy of the pairs. How much more have the two on their own?"
            expect(np.isclose(2 * expected, both) or not np.isclose(got, both - expected), hint)
            hint = "A value shares all that it has with itself: try the same values twice."
            expect(u is not v or np.isclose(got, expected), hint)
            hint = "Count pairs of bins: two points fall together only if both of their bins agree."
            expect(np.isclose(got, expected), hint)


def blend(answer: Any) -> None:
    """Three numbers: the smallest s with the entropy of the staircase, for the three widths."""
    got = array(answer, (3,))
    expected = 1 - 2 * np.array([0.25, 0.05, 0.01])
    hint = "Between the line, s = 0, and the staircase, s = 1."
    expect(bool(((got >= 0) & (got <= 1)).all()), hint)
    expect(bool((np.diff(got) > 0).all()), "Finer bins need flatter treads: which comes last?")
    hint = "How far from its level is the end of a tread at s, and how far may it be?"
    expect(np.allclose(got, expected, atol=0.012), hint)
