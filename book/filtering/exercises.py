"""Checks for the exercises of the chapter on low frequencies on images."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from book import datasets
from book.answers import Hint, array, call, expect, number
from book.filtering import parts


def average_near(answer: Any) -> None:
    """A function of (points, values, delta), (n, d) and (n,), that returns the low part, (n,)."""
    rng = np.random.default_rng(0)
    for n, d, delta in ((12, 3, 0.7), (20, 1, 0.1), (9, 5, 3.0)):
        points, values = rng.standard_normal((n, d)), rng.standard_normal(n)
        got = array(call(answer, points, values, delta))
        expect(got.size == n, f"Expected one value for each of the {n} points.")
        squares = np.square(points[:, None] - points).sum(axis=-1)
        near = np.exp(-squares / (2 * delta))
        if np.allclose(got.ravel(), near @ values / near.sum(axis=1), atol=1e-5):
            continue
        weights = "The weights of one average must add up to 1."
        expect(not np.allclose(got.ravel(), near @ values), weights)
        expect(not np.allclose(got.ravel(), near @ (values / near.sum(axis=0))), weights)
        alone = near - np.eye(n)
        own = "Each point takes part in its own average."
        expect(not np.allclose(got.ravel(), alone @ values / alone.sum(axis=1)), own)
        wide = np.exp(-squares / (2 * delta**2))
        variance = "Here delta is a variance, not a standard deviation."
        expect(not np.allclose(got.ravel(), wide @ values / wide.sum(axis=1)), variance)
        raise Hint("Look at the exponent: the squared distance over twice the variance.")


def half_width(answer: Any) -> None:
    """A function of k that returns the width delta, a variance."""
    for k in (1, 2, 5, 11):
        got = number(call(answer, k))
        wanted = np.log(2) / (2 * np.pi**2 * k**2)
        if np.isclose(got, wanted, rtol=1e-3):
            continue
        expect(got > 0, "A width is above 0.")
        root = not np.isclose(got, np.sqrt(wanted), rtol=1e-3)
        expect(root, "That is a length; delta is a variance.")
        power = "Half of the amplitude, not of its square."
        expect(not np.isclose(got, wanted / 2, rtol=1e-3), power)
        kept = np.exp(-2 * np.pi**2 * k**2 * got)
        word = "more" if kept > 0.5 else "less"
        raise Hint(f"With your width a wave with k = {k} keeps {word} than half.")


def filter_count(answer: Any) -> None:
    """A number: the width delta for 1,400 digits, a variance."""
    delta = number(answer)
    expect(0.01 < delta < 100, "Far too small, or far too large: look at the table of widths.")
    ratio = _neighbours(1400, delta) / _neighbours(400, 1.0)
    expect(ratio < 1.1, "With this width an average runs over more images than before.")
    expect(ratio > 0.9, "With this width an average runs over fewer images than before.")


@cache
def _neighbours(count: int, delta: float) -> float:
    """Return the median effective number of neighbours among the first digits."""
    images = datasets.load("digits").first(count).images
    return float(np.median(parts.reach(images, [delta]).neighbours))
