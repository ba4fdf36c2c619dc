"""Figures of wide networks: their kernel, the training it foretells, and how far it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike, NDArray

from book import grids
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["against_width", "around_the_circle", "eigenvectors", "foretold", "rates"]

TRAINED = 20  # crosses along each line
LEAST = 0.03  # smaller errors are not drawn


def foretold(ax: Axes, result: Result, predicted: NDArray, *, member: int = 0) -> None:
    """Draw predicted errors of a network ``(networks, records, modes)`` as lines, its own as x."""
    validation.same_shape("predicted", predicted, result.errors.shape, "as the result's errors")
    every = max(1, len(result.steps) // TRAINED)
    end = result.steps[-1]
    for i, color in enumerate(plots.frequency_colors(result.peaks)):
        line, crosses = predicted[member, :, i], result.errors[member, ::every, i]
        ax.semilogy(result.steps, line, color=color)
        ax.semilogy(result.steps[::every], crosses, "x", color=color, markersize=4)
        gone = np.flatnonzero(line < LEAST)  # named where it leaves the panel, below or right
        last, up = (gone[0], 6) if len(gone) else (-1, -3)
        ax.annotate(
            f"k = {result.peaks[i]}",
            (result.steps[last], max(line[last], LEAST)),
            xytext=(5, up),
            textcoords="offset points",
            color=color,
            annotation_clip=False,
            path_effects=[plots.HALO],
        )
    ax.set(xlabel="training step", ylabel="relative error", xlim=(0, end), ylim=(LEAST, 1.2))
    ax.set_yticks([0.1, 1], ["10%", "100%"])
    ax.yaxis.set_minor_locator(NullLocator())


def around_the_circle(ax: Axes, kernels: NDArray, color: str, label: str) -> None:
    """Draw the kernel of each network ``(S, N, N)`` between one point of a circle and all."""
    n = kernels.shape[-1]
    turned = np.roll(kernels[:, 0], n // 2, axis=-1)
    closed = np.append(turned, turned[:, :1], axis=1)
    names = [label] + [None] * (len(kernels) - 1)
    ax.plot(np.linspace(-180, 180, n + 1), closed.T, color=color, linewidth=0.7, label=names)
    ax.set(xlabel="angle between two points", ylabel="K", xticks=[-180, 0, 180])
    ax.set_xticklabels(["-180°", "0°", "180°"])


def rates(ax: Axes, values: NDArray) -> None:
    """Draw the rates of the modes 0, 1, … ``(S, K)``, one dot for each network."""
    modes = np.arange(values.shape[-1])
    for mode, color in zip(modes, plots.frequency_colors(modes), strict=True):
        ax.semilogy(np.full(len(values), mode), values[:, mode], ".", color=color)
    ax.set(xlabel="frequency index k", ylabel="speed")


def eigenvectors(ax: Axes, kernel: NDArray, numbers: Sequence[int]) -> None:
    """Draw eigenvectors of one kernel on a circle; number 1 has the largest eigenvalue."""
    _, vectors = np.linalg.eigh(kernel)
    angle = np.arange(len(kernel)) * 360 / len(kernel)
    for number, color in zip(numbers, plots.frequency_colors(numbers), strict=True):
        ax.plot(angle, vectors[:, -number], color=color, label=f"{number}.")
    ax.set(xlabel="angle (degrees)", ylabel="eigenvector")
    grids.legend_above(ax, len(numbers), fontsize=9)


def against_width(ax: Axes, widths: Sequence[int], found: Mapping[str, ArrayLike]) -> None:
    """Draw values ``(S, widths)`` by what to call them, on two logarithmic axes."""
    for (name, values), marker in zip(found.items(), "ox", strict=False):
        ax.loglog(widths, np.transpose(values), marker, color=plots.INK, markersize=4)
        ax.plot([], [], marker, color=plots.INK, markersize=4, label=name)
    ax.set_xticks(widths, [str(width) for width in widths])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="width (units in a layer)")
    if len(found) > 1:
        grids.legend_above(ax, len(found))
