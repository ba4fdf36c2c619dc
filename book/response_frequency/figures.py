"""Figures of image frequency and response frequency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.grids import FAST, SLOW
from book.response_frequency.experiments import KINDS, SIDE, patterns
from fpkit import plots, validation
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result

__all__ = ["along_lines", "four_answers", "four_errors", "pictures", "through_points"]


def _picture(
    ax: Axes, image: NDArray, side: int, shades: tuple[float, float] | None = None
) -> None:
    low, high = shades or (None, None)
    ax.imshow(np.reshape(image, (-1, side)), cmap="gray_r", vmin=low, vmax=high)
    ax.set_axis_off()


def four_answers(result: Result) -> Figure:
    """Draw both patterns, a slow and a fast answer to each, and when it is learned (medians)."""
    settings, reading = result.settings, np.linspace(-3, 3, 301)
    learned = np.median(convergence_step(result.steps, result.errors), axis=0)
    steps = dict(zip(KINDS, learned, strict=True))
    fig, axes = plots.plt.subplots(2, 3, figsize=(grids.WIDTH, 2.6), width_ratios=(1, 2.2, 2.2))
    for row, pattern, seen in zip(axes, patterns(), ("even", "checkerboard"), strict=True):
        # Plain grey is to be seen as grey, not as black.
        _picture(row[0], pattern, SIDE, (-0.3, 0.3))
        for ax, speed, color in zip(row[1:], ("slow", "fast"), (SLOW, FAST), strict=True):
            ax.plot(reading, np.sin(settings[speed] * reading), color=color)
            ax.set(xticks=[], yticks=[], ylim=(-1.2, 1.2))
            ax.set_xlabel(f"learned at step {steps[f'{speed}, {seen}']:.0f}", color=color)
    for ax, title in zip(axes[0], ("looks at", "slow answer", "fast answer"), strict=True):
        ax.set_title(title, loc="center")
    return fig


def four_errors(ax: Axes, result: Result) -> None:
    """Draw how wrong the first network's part of each of `KINDS` is, over training."""
    for kind, error in zip(KINDS, result.errors[0].T, strict=True):
        color = SLOW if kind.startswith("slow") else FAST
        ax.plot(result.steps, error, "--" if "checker" in kind else "-", color=color, label=kind)
    ax.axhline(0.1, color=plots.GREY, linewidth=0.8, linestyle=":")
    ax.set(xlabel="training step", ylabel="relative error")
    grids.legend_above(ax, 2, fontsize=9)


def pictures(rows: Sequence[ArrayLike], side: int, titles: Sequence[str] = ()) -> Figure:
    """Draw rows of images ``(images, pixels)``, with a title above each of the first row."""
    columns = len(np.asarray(rows[0]))
    fig, axes = plots.plt.subplots(
        len(rows), columns, figsize=(1.2 * columns, 1.3 * len(rows)), squeeze=False
    )
    for row, images in zip(axes, rows, strict=True):
        for ax, image in zip(row, np.asarray(images), strict=True):
            _picture(ax, image, side)
    for ax, title in zip(axes[0], titles, strict=False):
        ax.set_title(title, loc="center")
    return fig


def along_lines(at: NDArray, found: Mapping[str, NDArray], member: int) -> Figure:
    """Draw margins ``(images, positions)`` along lines: one image's, and the median spectrum.

    The spectrum is that of the response under a window which is zero at both ends.
    """
    fig, (left, right) = plots.plt.subplots(1, 2, figsize=(grids.WIDTH, 2.6))
    for (name, margin), style in zip(found.items(), ("-", "--"), strict=True):
        validation.same_shape(name, margin, (len(margin), len(at)), "a row for each image")
        left.plot(at, margin[member], style, color=plots.INK, label=name)
        window = np.hanning(len(at)) * (margin - margin.mean(axis=1, keepdims=True))
        power = np.median(np.abs(np.fft.rfft(window, axis=1)) ** 2, axis=0)[:20]
        cycles = np.fft.rfftfreq(len(at), at[1] - at[0])[:20]
        right.plot(cycles, power, style, color=plots.INK)
    left.axhline(0, color=plots.GREY, linewidth=0.8, linestyle=":")
    left.set(xlabel="distance", ylabel="margin")
    right.set(yscale="log", xlabel="cycles per unit of length", ylabel="power")
    fig.legend(loc="outside upper center", ncols=2)
    return fig


def through_points(
    ax: Axes, x: ArrayLike, y: ArrayLike, fine: ArrayLike, calm: NDArray, wild: NDArray
) -> None:
    """Draw points ``x, y``, calm curves ``(S, N)`` through them, and a wild one ``(N,)``."""
    ax.plot(fine, calm.T, color=SLOW, linewidth=1)
    ax.plot(fine, wild, "--", color=FAST, linewidth=1)
    ax.plot(x, y, "o", color=plots.GREY)
    ax.set(xlabel="x", ylabel="answer")
