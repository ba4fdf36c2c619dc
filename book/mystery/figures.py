"""Figures of curves through a few points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book import grids
from book.mystery.interpolation import newton
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["against_polynomial", "elephant", "growing", "through_points", "variations"]


def through_points(
    ax: Axes, x: ArrayLike, y: ArrayLike, t: ArrayLike, curves: Mapping[str, ArrayLike]
) -> None:
    """Draw points, and up to three curves ``(M,)`` through them at the places ``t``, by name.

    Shown are heights up to once the range of the points above and below them.
    """
    at, heights = validation.real_array("x", x), validation.real_array("y", y)
    validation.matching_points(at, "y", heights)
    looks = [(plots.BLUE, "-"), (plots.ORANGE, "-"), (plots.GREY, ":")]
    if not 1 <= len(curves) <= len(looks):
        raise ValueError(f"curves: expected 1 to {len(looks)}, got {len(curves)}")
    for (name, curve), (color, style) in zip(curves.items(), looks, strict=False):
        ax.plot(t, curve, style, color=color, label=name)
    ax.plot(at, heights, "o", color=plots.GREY)
    low, high = heights.min(), heights.max()
    ax.set(xlabel="x", ylabel="output", ylim=(2 * low - high, 2 * high - low))
    grids.legend_above(ax, 3)


def against_polynomial(result: Result, parameters: int) -> Figure:
    """Draw the first network's last output beside the polynomial through the same points."""
    x, y, t = result.x, result.y[0], result.eval_x
    fig, ax = plots.plt.subplots(figsize=(grids.WIDTH, 3.0))
    curves = {
        f"network ({parameters:,} parameters)": result.outputs[0, -1],
        f"polynomial ({len(x)})": newton(x, y)(t),
    }
    through_points(ax, x, y, t, curves)
    return fig


def growing(result: Result, steps: Sequence[int]) -> Figure:
    """Draw the first network at the kept steps nearest ``steps``, two panels in a row."""
    rows = (len(steps) + 1) // 2
    fig, axes = plots.plt.subplots(
        rows, 2, sharex=True, sharey=True, squeeze=False, figsize=(grids.WIDTH, 1.6 * rows)
    )
    for ax, step in zip(axes.flat, steps, strict=False):
        kept = result.frame_near(step)
        ax.plot(result.x, result.y[0], "o", color=plots.GREY, markersize=4)
        ax.plot(result.eval_x, result.outputs[0, kept], color=plots.BLUE)
        ax.set_title(f"step {result.frames[kept]:,}")
        ax.set(xticks=[], yticks=[])
    return fig


def variations(ax: Axes, columns: Mapping[str, ArrayLike]) -> None:
    """Draw a dot for each draw of points, one column for each kind of curve."""
    for place, values in enumerate(columns.values()):
        heights = validation.real_array("columns", values)
        ax.plot(np.full(len(heights), place), heights, "o", color=plots.BLUE, alpha=0.5)
    ax.axhline(1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set_xticks(range(len(columns)), [name.replace(" ", "\n") for name in columns])
    ax.set(yscale="log", ylabel="ups and downs")


def elephant() -> Figure:
    """Draw the elephant of Mayer, Khairy and Howard (2010): four complex numbers, and the eye."""
    p1, p2, p3, p4, p5 = 50 - 30j, 18 + 8j, 12 - 10j, -14 - 60j, 40 + 20j
    t = np.linspace(0, 2 * np.pi, 400)
    up = p1.real * np.sin(t) + p2.real * np.sin(2 * t) + p3.real * np.cos(3 * t)
    up += p4.real * np.cos(5 * t)
    along = p4.imag * np.cos(t) + p1.imag * np.sin(t) + p2.imag * np.sin(2 * t)
    along += p3.imag * np.sin(3 * t)
    fig, ax = plots.plt.subplots(figsize=(3.4, 2.8))
    ax.plot(along, -up, color=plots.BLUE)
    ax.plot(p5.imag, p5.imag, "o", color=plots.BLUE, markersize=4)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return fig
