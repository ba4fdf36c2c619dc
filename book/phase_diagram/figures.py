"""Figures of a map: which of two waves comes first, for every gap and size of first weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.grids import FAST, SLOW
from book.phase_diagram.experiments import by_cell
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["lags", "one_cell", "who_comes_first"]

COLUMNS = 4  # of the dots in one cell
SPREAD = 0.19  # between two of them; a cell is 1 wide


def who_comes_first(
    ax: Axes, slow: ArrayLike, fast: ArrayLike, gains: Sequence[float], gaps: Sequence[int]
) -> None:
    """Draw a dot for each network, in the colour of the wave that it learned first.

    ``slow`` and ``fast`` are the steps of learning, ``(gains, gaps, S)``. Grey: both at once, or
    neither. In a cell those with the slow wave first come first, from its lower left.
    """
    steps = [validation.real_array("steps", part, ndim=(3,), finite=False) for part in (slow, fast)]
    validation.same_shape("steps", steps[1], steps[0].shape, "as many of both waves")
    wanted = (len(gains), len(gaps), steps[0].shape[-1])
    validation.same_shape("steps", steps[0], wanted, "sizes, gaps and networks")
    outcome = np.where(steps[0] < steps[1], 0, np.where(steps[0] > steps[1], 2, 1))
    index = np.indices(outcome.shape)
    row, column, place = index[0], index[1], index[2]
    lines = -(-outcome.shape[-1] // COLUMNS)
    x = column + SPREAD * (place % COLUMNS - (COLUMNS - 1) / 2)
    y = row + 1.6 * SPREAD * (place // COLUMNS - (lines - 1) / 2)
    for which, color in ((0, SLOW), (1, plots.GREY), (2, FAST)):
        chosen = np.sort(outcome, axis=-1) == which
        face = "none" if which == 1 else color
        ax.scatter(x[chosen], y[chosen], s=15, facecolor=face, edgecolor=color, linewidth=0.8)
    grids.name_winners(ax, undecided=plots.GREY)
    ax.set_yticks(range(len(gains)), [f"{gain:g}" for gain in gains])
    ax.set_xticks(range(len(gaps)), [str(gap) for gap in gaps])
    ax.set(xlim=(-0.5, len(gaps) - 0.5), ylim=(-0.5, len(gains) - 0.5))
    ax.set(xlabel="gap between the two frequencies", ylabel="size of the first weights g")


def lags(ax: Axes, gaps: Sequence[int], lag: NDArray, bound: NDArray,
         gains: Sequence[float]) -> None:  # fmt: skip
    """Draw the lag of the fast wave ``(gains, gaps)`` over the gap: larger weights, thicker lines.

    Rings where it is only a lower ``bound``.
    """
    widths = np.linspace(0.6, 3, len(gains))
    for gain, row, at_least, width in zip(gains, lag, bound, widths, strict=True):
        ax.plot(gaps, row, color=plots.BLUE, linewidth=width, label=f"{gain:g}")
        ax.plot(np.array(gaps)[at_least], row[at_least], "o", color=plots.BLUE,
                markerfacecolor="none")  # fmt: skip
    ax.axhline(0, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="gap between the two frequencies", ylabel="lag of the fast wave (log₁₀)")
    grids.legend_above(ax, 4, title="g", handlelength=1.5, columnspacing=1)


def one_cell(ax: Axes, result: Result) -> None:
    """Draw both waves' relative errors in the middle cell of a map, one line for each network."""
    settings = dict(result.settings)
    middle = tuple(len(settings[name]) // 2 for name in ("gains", "gaps"))
    for name, label, color in (("low", "slow wave", SLOW), ("high", "fast wave", FAST)):
        errors = by_cell(result.series[f"{name} error"], settings)[middle]
        lines = ax.plot(result.steps, errors.T, color=color)
        lines[0].set_label(label)
    ax.axhline(0.1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(yscale="log", xlabel="training step", ylabel="relative error")
    grids.legend_above(ax, 2)
