"""Figures of details that are missed, of blur, and of fits that have ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.is_it_bias.claims import learned
from book.is_it_bias.experiments import curve
from fpkit import plots
from fpkit.reproduce import Result

__all__ = ["grown", "left", "missed", "steps_by_place", "turned_copies"]


def missed(results: Mapping[str, Result], steps: Sequence[int], *, member: int = 0) -> Figure:
    """Draw what one network makes of a curve, by cause (columns) and at some steps (rows).

    Grey: the curve. Dots: where it was measured, and what, if that is not the curve everywhere.
    """
    fig, axes = plots.plt.subplots(
        len(steps), len(results), sharex=True, sharey=True, squeeze=False, figsize=(4.84, 3.2)
    )
    colors = plots.frequency_colors(range(len(results)))
    for column, (name, result), color in zip(axes.T, results.items(), colors, strict=True):
        x = result.eval_x
        column[0].set_title(name, loc="center")
        for ax, step in zip(column, steps, strict=True):
            at = int(np.flatnonzero(result.frames == step)[0])
            grids.compare(ax, x, curve(x), result.outputs[member, at], color)
            seen = result.y[member].ravel()
            if not np.allclose(seen, curve(result.x)) or len(seen) < len(x):
                every = max(1, len(seen) // 128)
                look = (color, 9) if len(seen) < len(x) else (plots.GREY, 3)
                ax.plot(result.x[::every], seen[::every], ".", color=look[0], markersize=look[1])
    for ax, step in zip(axes[:, 0], steps, strict=True):
        ax.set_ylabel(f"step\n{step:,}", rotation=0, ha="right", va="center")
    return fig


def turned_copies(ax: Axes, x: ArrayLike, copies: NDArray) -> None:
    """Draw curves ``(N, M)`` thin and grey, and their mean."""
    ax.plot(x, copies.T, color=plots.GREY, linewidth=0.6, alpha=0.6)
    ax.plot(x, copies.mean(axis=0), color=plots.ORANGE, linewidth=2.5)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def left(ax: Axes, shifts: Sequence[float], found: NDArray, formula: NDArray) -> None:
    """Draw the amplitude of each wave ``(S, shifts, K)`` as dots, and the formula as lines."""
    k = np.arange(1, formula.shape[1] + 1)
    shades = plots.frequency_colors(range(len(shifts)))
    for i, (shift, shade) in enumerate(zip(shifts, shades, strict=True)):
        ax.plot(k, formula[i], color=shade, linewidth=1)
        ax.plot(np.tile(k, len(found)), found[:, i].ravel(), ".", color=shade, markersize=5)
        grids.name_end(ax, f"s = {shift:g}", (k[-1], formula[i, -1]), shade)
    ax.set(xlabel="frequency index k", ylabel="amplitude that is left", ylim=(-0.03, 1.05))


def grown(result: Result, steps: Sequence[int], *, member: int = 0) -> Figure:
    """Draw what a network makes of a fast wave at some steps, one panel below the other."""
    fig, axes = plots.plt.subplots(len(steps), 1, sharex=True, sharey=True, figsize=(4.8, 3.6))
    for ax, step in zip(axes, steps, strict=True):
        at = int(np.argmin(np.abs(result.frames - step)))
        grids.compare(ax, result.eval_x, result.y[0], result.outputs[member, at], plots.ORANGE)
        ax.set_ylabel(f"step\n{result.frames[at]:,}", rotation=0, ha="right", va="center")
    return fig


def steps_by_place(results: Mapping[str, Result]) -> Figure:
    """Draw the step at which each half wave is learned, a line for each network."""
    fig, axes = plots.plt.subplots(1, len(results), squeeze=False, figsize=(4.84, 2.6))
    for ax, (name, result) in zip(axes[0], results.items(), strict=True):
        steps = learned(result)
        place = np.arange(1, steps.shape[1] + 1)
        known = np.where(np.isfinite(steps), steps, np.nan)
        ax.plot(place, known.T, color=plots.BLUE, linewidth=0.9, marker=".", markersize=4)
        ax.set(title=name, xlabel="half wave", ylim=(0, None))
    axes[0, 0].set_ylabel("step of learning")
    return fig
