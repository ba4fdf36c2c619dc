"""Checks for the exercises of the chapter on what looks like spectral bias and is none."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import call, choice, expect, number


def largest_shift(answer: Any) -> None:
    """A function of (k, share) that returns a spread of the shifts, in radians."""
    for k, share in ((1, 0.5), (8, 0.9), (3, 0.1)):
        got = number(call(answer, k, share))
        expect(got > 0, "A spread is above 0.")
        left = np.exp(-np.square(k * got) / 2)
        hint = "The formula has a half in the exponent. Where has it gone?"
        expect(not np.isclose(np.exp(-np.square(k * got)), share), hint)
        power = "Right for the power. The share is one of the amplitude."
        expect(not np.isclose(left**2, share), power)
        turns = "Right but for a factor of 2π: the spread is an angle, and a turn has 2π."
        expect(not np.isclose(np.exp(-np.square(2 * np.pi * k * got) / 2), share), turns)
        expect(np.isclose(left, share), "Put your spread into exp(-k²s²/2). What is left?")


def name_cause(answer: Any) -> None:
    """A function of (wrong, held_out, noise) that returns the name of the largest part."""
    cases = {
        (0.5, 0.5, 0.0): "slow",
        (0.0, 0.5, 0.0): "unseen",
        (0.5, 0.55, 0.5): "unpredictable",
        (0.0, 1.0, 0.45): "unseen",
        (0.0, 0.6, 0.5): "unpredictable",
        (0.9, 1.0, 0.3): "slow",
    }
    hints = {
        "slow": "What is wrong at the points of training, beyond the noise, may still be learned.",
        "unseen": "It is right where it was trained, or nearly. Can it still be slow?",
        "unpredictable": "Look at the noise first: no network gets below it.",
    }
    for numbers, cause in cases.items():
        got = choice(call(answer, *numbers), tuple(hints))
        expect(got == cause, hints[cause])
