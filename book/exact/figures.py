"""Figures of what can be computed exactly, with trainings beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike, NDArray

from book import grids
from fpkit import plots
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result

__all__ = [
    "curves_from",
    "left_by_norm",
    "name_pictures",
    "on_curves",
    "over_points",
    "rates",
    "times",
]

FLOOR = 2e-4  # where rates of zero are drawn


def rates(ax: Axes, found: Mapping[str, tuple[NDArray, Result]]) -> None:
    """Draw rates λ(k) by name of the network: rings computed, crosses from trainings.

    ``found`` has for each name the rates ``(modes,)`` of the modes 0, 1, … and a result. A cross is
    ln 10 over twice the time in which a wave fell to a tenth; what never fell has none.
    """
    for color, (name, (values, result)) in zip((plots.BLUE, plots.ORANGE), found.items(),
                                               strict=False):  # fmt: skip
        k = result.peaks
        ax.plot(k, np.maximum(values[k], FLOOR), "o", color=color, markersize=9, fillstyle="none",
                label=name)  # fmt: skip
        steps = convergence_step(result.steps, result.errors)
        for row in np.log(10) / (2 * result.settings["lr"] * steps):
            ax.plot(k[row > 0], row[row > 0], "x", color=color, markersize=4)
    ax.axhline(FLOOR, color=plots.GREY, linewidth=0.8, linestyle=":")
    ax.set(yscale="log", xlabel="frequency index k", ylabel="rate λ", xticks=k)
    ax.set_yticks([FLOOR, 1e-3, 1e-2, 1e-1, 1], ["0", "0.001", "0.01", "0.1", "1"])
    ax.yaxis.set_minor_locator(NullLocator())
    grids.legend_above(ax, 2)


def curves_from(axes: Sequence[Axes], curves: NDArray, target: NDArray, counts: Sequence[int],
                points: NDArray) -> None:  # fmt: skip
    """Draw what each number of points leads to, ``(C, M)``, beside the target ``(M,)``."""
    turns = np.arange(len(target)) / len(target)
    for ax, curve, count in zip(axes, curves, counts, strict=True):
        grids.compare(ax, turns, target, curve, plots.BLUE)
        at = points[:count] / (2 * np.pi) % 1
        ax.plot(at, np.interp(at, turns, target, period=1), ".", color=plots.INK, markersize=5)
        ax.set_title(f"{count} points", loc="center")
        ax.set_ylim(-6, 6)


def over_points(ax: Axes, counts: ArrayLike, errors: NDArray, modes: Sequence[int]) -> None:
    """Draw the squared error of each wave ``(C, K)`` against the number of points."""
    for column, k, color in zip(errors.T, modes, plots.frequency_colors(modes), strict=True):
        ax.semilogx(counts, column, color=color, label=f"k = {k}")
    ticks = [4, 16, 64, 256]
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="random points", ylabel="squared error", ylim=(0, 2.2))
    ax.set_yticks([0, 1, 2], ["0%", "100%", "200%"])


def times(ax: Axes, variances: NDArray, found: Mapping[str, NDArray]) -> None:
    """Draw the steps to learn each eigenvector ``(S, V)`` against its variance, by name."""
    for marker, color, (name, steps) in zip("ox", (plots.BLUE, plots.GREY), found.items(),
                                            strict=False):  # fmt: skip
        ax.loglog(variances, steps.T, marker, color=color, markersize=3, alpha=0.6)
        ax.plot([], [], marker, color=color, label=name)
    first = next(iter(found.values()))
    middle = np.exp(np.mean(np.log(first * variances)))
    ax.plot(variances, middle / variances, color=plots.INK, linewidth=1, label="like 1/λ")
    ax.set(xlabel="variance λ along the eigenvector", ylabel="steps until half is learned")
    grids.legend_above(ax, 3, handlelength=1, columnspacing=1)


def name_pictures(axes: NDArray, times: Sequence[str], names: Sequence[str]) -> None:
    """Write the time above each column of pictures, and a name before each row; no axes."""
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    for column, (ax, time) in enumerate(zip(axes[0], times, strict=True)):
        ax.set_title(time if column else f"time {time}", loc="center")
    for ax, name in zip(axes[:, 0], names, strict=True):
        ax.set_ylabel(name)


def left_by_norm(
    ax: Axes, norms: Sequence[float], left: NDArray, modes: ArrayLike, *, named: bool = True
) -> None:
    """Draw what is left of each wave ``(S, norms, K)`` against the norm of the shaking."""
    marked = np.asarray(modes)
    for i, color in enumerate(plots.frequency_colors(marked)):
        mean = np.append(1, left[..., i].mean(axis=0))
        ax.plot([0, *norms], mean, color=color)
        if named:
            grids.name_end(ax, f"k = {marked[i]}", (norms[-1], mean[-1]), color)
    ax.set(xlabel="how far all weights are moved", ylim=(0, 1.5), xlim=(0, norms[-1]))
    ax.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])


def on_curves(axes: Sequence[Axes], points: Sequence[NDArray], values: NDArray) -> None:
    """Draw curves ``(N, 2)`` in the plane, coloured by the value at each point."""
    for ax, curve in zip(axes, points, strict=True):
        ax.scatter(curve[:, 0], curve[:, 1], c=values, cmap=plots.FREQUENCY_MAP, s=1)
        ax.set_aspect("equal")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
