"""Checks for the exercises of the chapter on images along one line."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import Hint, array, call, expect, number
from book.principal_component import projection
from fpkit import spectra


def widest_direction(answer: Any) -> None:
    """A function of images (n, pixels) that returns a unit vector (pixels,), with any sign."""
    rng = np.random.default_rng(0)
    for n, pixels in ((60, 5), (200, 12)):
        mean, spread = 5 * rng.standard_normal(pixels), np.geomspace(3, 0.3, pixels)
        turn = np.linalg.qr(rng.standard_normal((pixels, pixels)))[0]
        images = mean + (spread * rng.standard_normal((n, pixels))) @ turn
        p = array(call(answer, images), (pixels,))
        size = np.linalg.norm(p)
        expect(size > 0, "Your vector has length 0.")
        if abs(p @ projection.principal_direction(images)) / size < 0.9999:
            _, _, rows = np.linalg.svd(images, full_matrices=False)
            near_mean = abs(p @ rows[0]) / size > 0.999
            expect(not near_mean, "These images differ from 0 along it. From what should they?")
            raise Hint("Along another direction the images vary more.")
        expect(np.isclose(size, 1), "The direction is right. Make it a unit vector.")


def constant_error(answer: Any) -> None:
    """A function of (labels, places, k) that returns the constant predictor's relative error."""
    rng = np.random.default_rng(1)
    for n, k in ((30, 1), (80, 3), (50, 7)):
        places, labels = rng.beta(2, 3, n), rng.integers(0, 10, n).astype(float)
        got = number(call(answer, labels, places, k))
        whole, centred = np.abs(
            spectra.nudft(np.stack([labels, labels - labels.mean()]), places, [k], length=1.0)
        )[:, 0]
        if np.isclose(got, centred / whole):
            continue
        share = abs(np.exp(-2j * np.pi * k * places).mean() * labels.mean()) / whole
        shown = "That is the share of the constant's spectrum. How far is it from the labels'?"
        expect(not np.isclose(got, share), shown)
        sizes = "Subtract the complex numbers first, then take |·|."
        expect(not np.isclose(got, abs(1 - share)), sizes)
        expect(not np.isclose(got, whole / centred), "Relative to which of the two spectra?")
        raise Hint("Which spectrum has the mean label at every image? Take it from the labels'.")


def even_places(answer: Any) -> None:
    """A function of t (n,) that returns a place r/n for each, in the order of t."""
    rng = np.random.default_rng(2)
    for n in (5, 32):
        t = rng.standard_normal(n)
        ranks = np.empty(n)
        ranks[np.argsort(t)] = np.arange(n)
        got = array(call(answer, t.copy()), (n,))
        if np.allclose(got, ranks / n):
            continue
        once = "That says which image stands at each rank, and not which rank each image has."
        expect(not np.allclose(got, np.argsort(t) / n), once)
        expect(not np.allclose(got, np.arange(n) / n), "Keep the images in their order.")
        expect(set(np.argsort(got)) == set(range(n)), "Every image needs a place.")
        expect(np.array_equal(np.argsort(got), np.argsort(t)), "Smaller t, smaller place.")
        raise Hint("The order is right. The first place is 0, and neighbours are 1/n apart.")
