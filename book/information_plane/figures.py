"""Figures of binned outputs: how many values they take, and how much they tell of the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.information_plane import information
from book.information_plane.claims import Trajectory
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["against_time", "by_width", "plane", "single_unit", "three_moments"]


def three_moments(result: Result, steps: Sequence[int], *, member: int = 0) -> Figure:
    """Draw a network's output at three steps, and below the entropy of its values over training.

    Beside each output are the values that it takes, one stroke for each bin of the experiment that
    is not empty. Shown are the kept steps nearest ``steps``.
    """
    width = result.settings["bin_width"]
    entropy = result.series["entropy"][member]
    fig = plots.plt.figure(figsize=(grids.WIDTH, 3.8))
    grid = fig.add_gridspec(2, 3, height_ratios=[1.2, 1])
    lower = fig.add_subplot(grid[1, :])
    lower.plot(result.steps, entropy, color=plots.INK)
    looks = zip(steps, (plots.GREY, plots.BLUE, plots.ORANGE), strict=True)
    for place, (step, color) in enumerate(looks):
        kept = result.frame_near(step)
        output = result.outputs[member, kept].astype(np.float64)
        values = width * np.unique(information.bins(output, width))
        ax = fig.add_subplot(grid[0, place])
        ax.plot(result.x, result.y[0], **plots.TARGET)
        ax.plot(result.x, output, color=color)
        ax.plot(np.full(len(values), 1.25), values, "_", color=color, markersize=12)
        ax.set(xlim=(-1.1, 1.45), ylim=(-1.3, 1.3), xticks=[], yticks=[])
        ax.set_title(f"{len(values)} values", color=color)
        ax.spines[:].set_visible(False)
        record = np.searchsorted(result.steps, result.frames[kept])
        lower.plot(result.steps[record], entropy[record], "o", color=color, markersize=8)
    lower.set(xlabel="training step", ylabel="entropy in bits", ylim=(0, None))
    return fig


def plane(axes: NDArray, results: Mapping[str, tuple[Result, Trajectory]]) -> None:
    """Draw every network's way through the information plane, blue is early, orange late.

    Dashed is the entropy of the line, dotted that of the target.
    """
    for ax, (title, (result, trajectory)) in zip(np.ravel(axes), results.items(), strict=True):
        series = result.series["entropy"], result.series["shared_with_target"]
        for entropy, shared in zip(*series, strict=True):
            ax.scatter(
                entropy, shared, c=result.steps, s=3, cmap=plots.FREQUENCY_MAP, rasterized=True
            )
        ax.axvline(trajectory.line, color=plots.GREY, linestyle="--")
        ax.axhline(trajectory.target, color=plots.GREY, linestyle=":")
        ax.set(ylabel="I(Y, T) in bits", title=title)
    np.ravel(axes)[-1].set_xlabel("I(T) in bits")


def against_time(axes: NDArray, results: Mapping[str, tuple[Result, Trajectory]]) -> None:
    """Draw the entropy of every network's output over training; lines as in `plane`."""
    for ax, (title, (result, trajectory)) in zip(np.ravel(axes), results.items(), strict=True):
        ax.plot(result.steps, result.series["entropy"].T, color=plots.BLUE, linewidth=0.8)
        ax.axhline(trajectory.line, color=plots.GREY, linestyle="--")
        ax.axhline(trajectory.target, color=plots.GREY, linestyle=":")
        ax.set(ylabel="I(T) in bits", title=title)
    np.ravel(axes)[-1].set_xlabel("training step")


def by_width(ax: Axes, steps: ArrayLike, entropies: Mapping[float, ArrayLike], most: float) -> None:
    """Draw entropies ``(F,)`` for several widths of the bins, and the most that is possible."""
    frames = validation.real_array("steps", steps)
    colors = plots.frequency_colors(range(len(entropies)))
    for (width, values), color in zip(entropies.items(), colors, strict=True):
        entropy = validation.real_array("entropies", values)
        validation.matching_points(frames, "entropies", entropy)
        ax.plot(frames, entropy, color=color)
        place = len(frames) // 6  # on the plateau, where the curves are far apart
        at = frames[place], entropy[place]
        ax.annotate(f"b = {width:g}", at, xytext=(0, 4), textcoords="offset points", color=color)
    ax.axhline(most, color=plots.GREY, linestyle="--")
    ax.set(xlabel="training step", ylabel="I(T) in bits")


def single_unit(
    ax: Axes, weights: ArrayLike, tanh: Mapping[float, ArrayLike], linear: ArrayLike
) -> None:
    """Draw the entropy of one unit against its weight, by width of the bins; dashed: linear."""
    w = validation.real_array("weights", weights)
    colors = plots.frequency_colors(range(len(tanh)))
    for (width, values), color in zip(tanh.items(), colors, strict=True):
        ax.plot(w, values, color=color, label=f"tanh, b = {width:g}")
    ax.plot(w, linear, "--", color=plots.GREY, label="linear")
    ax.set(xscale="log", xlabel="weight w", ylabel="entropy in bits")
    grids.legend_above(ax, 2)
