"""Figures of races between a slow and a fast wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from book import grids
from book.grids import FAST, SLOW
from fpkit import plots, validation

__all__ = ["disturbed", "race", "who_comes_first"]


def who_comes_first(
    ax: Axes, lead: ArrayLike, ratios: Sequence[float], fast: Sequence[int]
) -> None:
    """Draw a disc for each pair of ratio and fast mode, in the colour of the wave that comes first.

    ``lead``, ``(ratios, fast)``, is above 0 where the slow one does.
    """
    table = validation.real_array("lead", lead, ndim=(2,), finite=False)
    validation.same_shape("lead", table, (len(ratios), len(fast)), "ratios and fast modes")
    for color, wins in ((SLOW, table > 0), (FAST, table < 0)):
        row, column = np.nonzero(wins)
        ax.scatter(column, row, c=color, s=420)
    grids.name_winners(ax)
    ax.set_xticks(range(len(fast)), [f"k = {mode}" for mode in fast])
    ax.set_yticks(range(len(ratios)), [f"{ratio:g} ×" for ratio in ratios])
    ax.set(xlim=(-0.5, len(fast) - 0.5), ylim=(-0.5, len(ratios) - 0.5))
    ax.set(xlabel="the fast wave (the slow one is k = 1)", ylabel="how much larger")


def race(ax: Axes, steps: ArrayLike, errors: Mapping[int, ArrayLike]) -> None:
    """Draw the relative error ``(R,)`` of a slow and of a fast wave, by frequency index."""
    for (mode, error), color in zip(errors.items(), (SLOW, FAST), strict=True):
        ax.semilogy(steps, error, color=color, label=f"k = {mode}")
    ax.axhline(0.1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="training step", ylabel="relative error")
    grids.legend_above(ax, 2)


def disturbed(ax: Axes, steps: ArrayLike, errors: Mapping[str, ArrayLike]) -> None:
    """Draw the slow wave's error ``(R,)``, by the fast wave's size: from thin to thick."""
    widths = np.linspace(0.8, 2.8, len(errors))
    for (name, error), width in zip(errors.items(), widths, strict=True):
        ax.semilogy(steps, error, color=SLOW, linewidth=width, label=name)
    ax.axhline(0.1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="training step", ylabel="error of the slow wave")
    grids.legend_above(ax, len(errors),
              handlelength=1, columnspacing=1)  # fmt: skip
