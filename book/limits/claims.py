"""Measurements for the limits of the order: no row of the papers, but what the chapter states."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from fpkit.convergence import convergence_step, settling_step
from fpkit.reproduce import MissingError, Order, Result, chapters, load, place

__all__ = ["by_cell", "every_run", "relapses", "times_to_tenth"]


def by_cell(result: Result, cells: int) -> list[Order]:
    """Return the order by settling steps in each of ``cells`` cells, members seed by seed."""
    settled = settling_step(result.steps, result.errors)
    return [Order.of(settled[cell::cells]) for cell in range(cells)]


def relapses(result: Result) -> NDArray[np.float64]:
    """Return for each network the share of its learned peaks that were lost again later, ``(S,)``.

    Learned: Δ_F below 10 % at some record; lost: not below at every later one. NaN if a network
    learned none.
    """
    first, last = (find(result.steps, result.errors) for find in (convergence_step, settling_step))
    learned = np.isfinite(first)
    count = np.where(learned.any(axis=1), learned.sum(axis=1), np.nan)
    return (learned & (last > first)).sum(axis=1) / count


def times_to_tenth(result: Result, name: str, cells: int) -> NDArray[np.float64]:
    """Return when a series falls below a tenth of its start, ``(cells, S)``; ∞ if it does not."""
    values = result.series[name]
    steps = convergence_step(result.steps, (values / values[:, :1])[..., None])[:, 0]
    return steps.reshape(-1, cells).T


def every_run(fewest: int = 3) -> dict[str, Order]:
    """Return the order in every stored run with at least ``fewest`` peaks, controls included."""
    found = {}
    for name in chapters.experiments():
        with suppress(MissingError):
            result = load(place(name))
            if len(result.peaks) >= fewest:
                found[name] = Order.of(convergence_step(result.steps, result.errors))
    return found
