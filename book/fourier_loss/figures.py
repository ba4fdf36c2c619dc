"""Figures of losses in which some frequencies count, and of what is learned with them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book import grids
from book.fourier_loss.claims import stages
from fpkit import plots, validation
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result

__all__ = ["asked_and_learned", "outputs_at", "pulls", "with_stages"]


def asked_and_learned(results: Mapping[str, Result]) -> Figure:
    """Draw from when on each peak counts (bar), and when it is learned (dot): the first network.

    One panel for each result of a curriculum, by what to call it; low frequencies at the bottom.
    """
    fig, axes = plots.plt.subplots(
        len(results), squeeze=False, sharex=True, figsize=(grids.WIDTH, 2.4 * len(results))
    )
    last = max(result.steps[-1] for result in results.values())
    for ax, (title, result) in zip(axes.flat, results.items(), strict=True):
        found, end = stages(result), result.steps[-1]
        entered = dict(zip(found.peaks, found.entered[0], strict=True))
        learned = convergence_step(result.steps, result.errors)[0]
        colors = plots.frequency_colors(result.peaks)
        for row, (peak, color) in enumerate(zip(result.peaks, colors, strict=True)):
            begin = min(entered[peak], end)
            ax.barh(row, end - begin, left=begin, color=color, alpha=0.25, height=0.8)
            ax.plot(learned[row], row, "o", color=color, markersize=8)
        ax.set_yticks(range(len(result.peaks)), [f"k = {peak}" for peak in result.peaks])
        ax.tick_params(axis="y", length=0)
        ax.set(title=title, xlim=(-0.02 * last, 1.02 * last))
    axes[-1, 0].set_xlabel("training step")
    return fig


def with_stages(ax: Axes, result: Result) -> None:
    """Draw the relative errors of the first network, and a line where each stage begins."""
    plots.convergence(ax, result.steps, result.errors[0], result.peaks)
    found = stages(result)
    for peak, step in zip(found.peaks, found.entered[0], strict=True):
        ax.axvline(step, color=plots.GREY, linewidth=0.8)
        side = "left" if peak == found.peaks[-1] else "right"  # the last two are close together
        ax.annotate(
            f"k ≥ {peak}", (step, 2.2), rotation=90, va="bottom", ha=side, annotation_clip=False
        )


def pulls(ax: Axes, modes: ArrayLike, lengths: Mapping[str, ArrayLike]) -> None:
    """Draw how strongly parameters can move each coefficient ``(K,)``, by what to call it."""
    k = validation.real_array("modes", modes)
    for style, (name, values) in zip(cycle(("-", "--", ":")), lengths.items(), strict=False):
        length = validation.real_array("lengths", values)
        validation.same_shape("lengths", length, k.shape, "one for each mode")
        ax.plot(k, length, style, color=plots.BLUE)
        middle = len(k) // 2
        ax.annotate(name, (k[middle], length[middle]), xytext=(0, 8), textcoords="offset points")
    ax.set(yscale="log", xlabel="frequency index k", ylabel="pull on the parameters")


def outputs_at(ax: Axes, result: Result, frame: int) -> None:
    """Draw the target and every network's output at a kept frame."""
    plots.functions(ax, result.x, result.y[0])
    outputs = result.outputs[:, frame].astype(np.float64)
    ax.plot(result.x, outputs.T, color=plots.INK, linewidth=1)
