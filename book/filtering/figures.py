"""Figures of low and high frequencies of labels, seen by averaging over near images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.filtering.claims import informative, of_filter
from book.filtering.parts import BandErrors
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["LOW", "REST", "both_errors", "by_data", "errors", "in_the_panel", "line", "one_image"]

TOGETHER = 12  # points: a phone shows the panels of such a figure together, and not one by one
LOW, REST = grids.SLOW, grids.FAST
BANDS = (("low", "low part", LOW), ("high", "rest", REST))


def one_image(
    image: ArrayLike, wanted: tuple[NDArray, NDArray], found: Mapping[int, tuple[NDArray, NDArray]]
) -> Figure:
    """Draw an image, and its label's low part and rest (grey) beside those of outputs, by step.

    ``wanted`` and each of ``found`` are two rows ``(classes,)``: the low part and the rest.
    """
    picture = validation.real_array("image", image, ndim=(2,))
    fig = plots.plt.figure(figsize=(4.84, 3.2))
    grid = fig.add_gridspec(2, 1 + len(found), width_ratios=(0.9, *[1.5] * len(found)))
    shown = fig.add_subplot(grid[0, 0])
    shown.imshow(picture, cmap="gray_r")
    shown.set_axis_off()
    axes = np.array(
        [[fig.add_subplot(grid[row, 1 + i]) for i in range(len(found))] for row in range(2)]
    )
    for row in axes:
        for ax in row[1:]:
            ax.sharey(row[0])
    for column, (step, parts) in zip(axes.T, found.items(), strict=True):
        column[0].set_title(f"{'step ' if not step else ''}{step:,}", fontsize=TOGETHER)
        for ax, target, part, (_, name, color) in zip(column, wanted, parts, BANDS, strict=True):
            place = np.arange(len(target))
            ax.bar(place, target, width=0.9, color=plots.GREY, alpha=0.45)
            ax.bar(place, part, width=0.45, color=color)
            ax.set(xticks=[], yticks=[])
            ax.tick_params(length=0)
            ax.spines[:].set_visible(False)
            if ax in axes[:, 0]:
                ax.set_ylabel(name, color=color, fontsize=TOGETHER)
    # What a bar is: its digit below it, in one panel, and the name of the tallest.
    tallest = int(np.argmax(wanted[1]))
    axes[1, 0].set_xticks(range(len(wanted[1])))
    axes[1, 0].set_xlabel("digit")
    axes[1, 0].annotate(f"answer “{tallest}”", (tallest, wanted[1][tallest]), xytext=(6, -6),
                        textcoords="offset points")  # fmt: skip
    return fig


def line(axes: NDArray, x: ArrayLike, curve: ArrayLike, low: ArrayLike) -> None:
    """Draw a curve in the first panel, and its low part and the rest in the second."""
    values, part = validation.real_array("curve", curve), validation.real_array("low", low)
    validation.same_shape("low", part, values.shape, "as the curve")
    axes[0].plot(x, values, color=plots.GREY)
    for (_, name, color), y in zip(BANDS, (part, values - part), strict=True):
        axes[1].plot(x, y, color=color, label=name)
    axes[1].set_xlabel("x")
    grids.legend_above(axes[1], 2)


def errors(
    ax: Axes, steps: ArrayLike, low: ArrayLike, high: ArrayLike, *, top: float = 1.2
) -> None:
    """Draw the errors of the low part and of the rest, ``(R,)`` or ``(R, S)``, and name them.

    Whatever is above ``top`` is cut off.
    """
    for (_, name, color), values in zip(BANDS, (low, high), strict=True):
        curves = validation.real_array("errors", values, ndim=(1, 2))
        curves = curves.reshape(len(curves), -1)
        ax.plot(steps, curves, color=color, linewidth=1.5 if curves.shape[1] == 1 else 0.8)
        end = np.asarray(steps)[-1], min(np.median(curves[-1]), top)
        grids.name_end(ax, name, end, color)
    ax.set_ylim(0, top)


def both_errors(axes: NDArray, found: Mapping[str, tuple[ArrayLike, BandErrors]]) -> None:
    """Draw steps and errors of one network for each panel, by what to call it."""
    for ax, (name, (steps, each)) in zip(np.ravel(axes), found.items(), strict=True):
        errors(ax, steps, each.low[0], each.high[0])
        ax.set(title=name, ylabel="relative error")
    np.ravel(axes)[-1].set_xlabel("training step")


def _bands(ax: Axes, result: Result, delta: float) -> None:
    """Draw both errors of every network of a result, and of the best linear predictor."""
    low, high = (of_filter(result, band, delta) for band, *_ in BANDS)
    errors(ax, result.steps, low.T, high.T)
    for band, _, color in BANDS:
        level = of_filter(result, f"linear_{band}", delta)[0, 0]
        ax.axhline(level, color=color, linestyle="--", linewidth=0.8)


def by_data(results: Mapping[str, Result], deltas: Sequence[float] = ()) -> Figure:
    """Draw both errors, one panel for each result; the width is given, or the first informative."""
    widths = deltas or [informative(result)[0] for result in results.values()]
    rows = (len(results) + 1) // 2
    fig, axes = plots.plt.subplots(
        rows, 2, squeeze=False, figsize=(grids.WIDTH, 2.5 * rows), sharey=True
    )
    for ax, (name, result), delta in zip(axes.flat, results.items(), widths, strict=False):
        _bands(ax, result, delta)
        ax.set_title(name)
    for ax in axes[:, 0]:
        ax.set_ylabel("relative error")
    for ax in axes[-1]:
        ax.set_xlabel("training step")
    return fig


def in_the_panel(result: Result) -> Figure:
    """Draw both errors of a panel's networks, for the middle one of its widths."""
    deltas = result.settings["deltas"]
    fig, ax = plots.plt.subplots(figsize=(grids.WIDTH, 2.8))
    delta = deltas[len(deltas) // 2]
    _bands(ax, result, delta)
    ax.set(xlabel="training step", ylabel="relative error", title=f"δ = {delta:.2g}")
    return fig
