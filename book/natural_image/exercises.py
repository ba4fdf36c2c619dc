"""Checks for the exercises of the chapter on a photograph."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, call, expect, number, whole
from book.initialization.aliasing import alias
from book.natural_image import image_rows
from book.natural_image.experiments import target_image
from fpkit.reproduce import chapters


def image_columns(answer: Any) -> None:
    """A whole number: the frequency index that the training columns show."""
    got = whole(answer)
    expect(0 <= got <= 12, "24 points show no frequency beyond their Nyquist frequency.")
    hint = "Which slow wave has the same values at every second column?"
    expect(got == alias(20, 24), hint)


def image_dot(answer: Any) -> None:
    """Sizes |F[k]| for k = 0 … 12 of a row of 24 pixels that is 1 at one pixel and 0 elsewhere."""
    got = array(answer, (13,))
    expect(bool((got >= 0).all()), "Sizes are not negative: take |·| of the complex numbers.")
    expect(not np.allclose(got, 1), "Which factor does our transform carry?")
    expect(bool(np.isclose(got, got[0]).all()), "Are you sure that one frequency has more of it?")
    expect(
        np.allclose(got, 1 / 24), "Write down the sum of the transform: how many terms are left?"
    )


def image_energy(answer: Any) -> None:
    """A function of a row of pixels that returns its mean square above the Nyquist frequency."""
    rng = np.random.default_rng(7)
    for width in (48, 20):
        row = rng.standard_normal(width)
        expected = float(image_rows.above_nyquist(row[None]))
        got = number(call(answer, row.copy()))
        total, mean = float(np.square(row).mean()), float(row.mean()) ** 2
        hint = "That is the part that the training pixels can see. Take the rest."
        expect(not np.isclose(got, [total - expected, total - expected - mean]).any(), hint)
        power = np.abs(np.fft.rfft(row, norm="forward")) ** 2
        hint = "Each mode has a partner of the same size, except k = 0 and the very last."
        half = power[width // 4 + 1 :].sum()
        expect(not np.isclose(got, [half, 2 * half]).any(), hint)
        hint = (
            "Every second of the row's pixels is for training: where is *their* Nyquist frequency?"
        )
        expect(not np.isclose(got, 0), hint)
        expect(np.isclose(got, expected), f"Sum |F[k]|² over all modes above it. {hint}")


def image_guess(answer: Any) -> None:
    """A function of the training pixels, (48, 24), that returns guesses for the others."""
    for name in ("image_eye", "image_camera"):
        image = target_image(chapters.get(name).settings)
        seen, wanted = image[:, image_rows.TRAIN], image[:, image_rows.TEST]
        got = array(call(answer, seen.copy()), wanted.shape)
        least = np.square(image_rows.neighbour_mean(image) - wanted).mean()
        error = np.square(got - wanted).mean()
        hint = (
            "That is worse than an even grey. Column j of the guesses lies left of column j seen."
        )
        expect(error < np.square(wanted).mean(), hint)
        hint = "Not better than the mean of two neighbours. What else lies close to a pixel?"
        expect(error < 0.999 * least, hint)
