"""Checks for the exercises of the chapter on image frequency and response frequency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.answers import Hint, array, call, expect, number

SIDE = 8
# The two patterns, each of length 1.
EVEN = np.full((SIDE, SIDE), 1 / SIDE)
CHECKERBOARD = EVEN * (-1.0) ** np.add.outer(np.arange(SIDE), np.arange(SIDE))
# Positions along a pattern, and what counts there as no answer, as slow and as fast (in turns).
POSITIONS = np.linspace(-3, 3, 301)
STILL, SLOW, FAST = 1e-6, 2, 6


def random_share(answer: Any) -> None:
    """A function of d that returns the root mean square share of a random direction."""
    for d in (4, 64, 784):
        got = number(call(answer, d))
        if np.isclose(got, d**-0.5, rtol=0.03):
            continue
        expect(not np.isclose(got, 1 / d, rtol=0.03), "That is the mean square. Take its root.")
        expect(got < 1, "A share of 1 would be the whole: the random direction has less.")
        absolute = "Is that the mean of |v·g|? Wanted: the root of the mean square."
        expect(not np.isclose(got, np.sqrt(2 / np.pi / d), rtol=0.07), absolute)
        raise Hint("The squares of all d coordinates of a unit vector add up to 1.")


def turned_weights(answer: Any) -> None:
    """A function of (weights, turn) that returns the first weights for images @ turn."""
    rng = np.random.default_rng(0)
    shuffle = np.eye(6)[rng.permutation(6)]
    turn = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    for q in (shuffle, turn):
        pixels = len(q)
        images, weights = rng.standard_normal((9, pixels)), rng.standard_normal((pixels, 3))
        got = array(call(answer, weights, q), weights.shape)
        if np.allclose((images @ q) @ got, images @ weights, atol=1e-5):
            continue
        expect(not np.allclose(got, q @ weights), "The turn has to be undone, not done twice.")
        raise Hint("The units must get the same sums from images @ turn as before from images.")


def checkerboard_detector(answer: Any) -> None:
    """Two functions of an image (8, 8): of the checkerboard, slow; of the mean grey, fast."""
    functions = answer if isinstance(answer, (tuple, list)) else ()
    expect(len(functions) == 2, "Hand in a pair of functions: (slow, fast).")
    rng = np.random.default_rng(1)
    for start in rng.standard_normal((2, SIDE, SIDE)):
        for f, seen, unseen, name in (
            (functions[0], CHECKERBOARD, EVEN, "The first function"),
            (functions[1], EVEN, CHECKERBOARD, "The second function"),
        ):
            along, across = _line(f, start, seen), _line(f, start, unseen)
            hint = f"{name} should not change when the other pattern is added to the image."
            expect(np.ptp(across) <= STILL * max(1, np.ptp(along)), hint)
            hint = f"{name} does not change when its pattern is added to the image."
            expect(np.ptp(along) > STILL, hint)
            turns = np.count_nonzero(np.diff(np.sign(np.diff(along))))
            if f is functions[0]:
                expect(turns <= SLOW, "The first answer waves too fast for a slow one.")
            else:
                expect(turns >= FAST, "The second answer is steep perhaps, but it must wave.")


def _line(f: Callable[[NDArray], Any], start: NDArray, pattern: NDArray) -> NDArray[np.float64]:
    """Return what a function answers along a pattern."""
    return np.array([number(call(f, start + at * pattern)) for at in POSITIONS])
