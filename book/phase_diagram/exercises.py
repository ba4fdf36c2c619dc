"""Checks for the exercises of the chapter on where the order holds."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from book.answers import Hint, call, expect, number


def first_std(answer: Any) -> None:
    """A function of g and of the width that returns a standard deviation, above 0."""
    for g, width in ((1.0, 64), (3.0, 25), (0.5, 400)):
        got = number(call(answer, g, width))
        if np.isclose(got, g / width**0.5):
            continue
        expect(got > 0, "A standard deviation is above 0.")
        back = "You went from the standard deviation to g. Now solve for the other."
        expect(not np.isclose(got, g * width**0.5), back)
        square = "Independent terms: it is their *variances* that add up."
        expect(not np.isclose(got, g / width), square)
        raise Hint(
            "What is the standard deviation of a sum of as many terms as the layer has units?"
        )


def order_tendency(answer: Any) -> None:
    """A function of two lists of steps that returns a number from -1 to 1."""
    never = np.inf
    cases = [
        ([10.0, 20, 30], [20.0, 40, 60]),
        ([10.0, 50, 30, 20], [20.0, 40, never, 10]),
        ([10.0, 20, never, never], [10.0, 30, never, never]),
        ([never, 20.0, never, 5, 5], [40.0, 10, never, 5, never]),
    ]
    for low, high in cases:
        first, second = np.array(low), np.array(high)
        got = number(call(answer, first.copy(), second.copy()))
        wins, losses = (first < second).mean(), (first > second).mean()
        if np.isclose(got, wins - losses):
            continue
        expect(-1 <= got <= 1, "Shares lie between 0 and 1, so a difference lies between -1 and 1.")
        expect(not np.isclose(got, losses - wins), "Low first is to count as positive.")
        decided = "Share of *all* networks: the undecided ones are in the denominator."
        known = max((first != second).mean(), 1e-9)
        expect(not np.isclose(got, (wins - losses) / known), decided)
        ties = "Two waves that come together, or never, are in no order: they count for neither."
        expect(np.isclose(got, wins - losses, atol=1e-9) or not (first == second).any(), ties)
        raise Hint("A wave that is never learned comes later than any that is.")


def cells_left(answer: Any) -> None:
    """A function of a grid and of the finished cells that returns the list of the others."""
    grids: list[dict[str, list[Any]]] = [
        {"gain": [1, 5], "gap": [1, 2, 3]},
        {"a": ["x"], "b": [0.5, 2], "c": [True, False]},
    ]
    for grid in grids:
        cells = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
        for done in ([], cells[1:3], cells[::-1][:2], cells):
            got = call(answer, {name: [*values] for name, values in grid.items()}, [*done])
            expect(isinstance(got, list), f"Expected a list of cells, got {type(got).__name__}.")
            expect(all(isinstance(cell, dict) for cell in got), "A cell is a dictionary.")
            scalars = all(isinstance(v, (str, int, float)) for cell in got for v in cell.values())
            expect(scalars, "A cell holds one of the grid's values for each setting.")
            left = [cell for cell in cells if cell not in done]
            if got == left:
                continue
            expect(got != cells, "Leave out what is finished.")
            expect(len(got) == len(left), f"Expected {len(left)} cells are left, got {len(got)}.")
            raise Hint("The last setting changes fastest, as in nested loops.")


def chance_left(answer: Any) -> None:
    """A function of a number of networks that returns a share between 0 and 1."""
    for count in (5, 8, 30):
        got = number(call(answer, count))
        if np.isclose(got, 1 - 0.05 ** (1 / count)):
            continue
        expect(0 <= got <= 1, "A share lies between 0 and 1.")
        expect(not np.isclose(got, 0.05 ** (1 / count)), "That is the share that keeps the order.")
        once = "All of them keep the order: what is the chance of that, for independent networks?"
        expect(not np.isclose(got, 1 - 0.95 ** (1 / count)), once)
        raise Hint("Set the chance of seeing no exception equal to 5 %, and solve for the share.")
