"""Figures of solutions, of what their loss sees, and of who removes which wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.equations import poisson
from fpkit import plots

__all__ = ["differences", "leftovers", "seen", "solutions"]

LEAST = 1e-4  # what is smaller is drawn there


def solutions(axes: Sequence[Axes], x: NDArray, found: Mapping[str, NDArray]) -> None:
    """Draw the solution, grey, and what each network makes of it ``(M,)``, by its features."""
    for ax, (name, u) in zip(axes, found.items(), strict=True):
        grids.compare(ax, x, poisson.height(x), u, plots.BLUE)
        ax.set_title(name, loc="center", fontsize=11)


def seen(axes: Sequence[Axes]) -> None:
    """Draw each wave of u, and each wave of u″, the slow one in its colour and the fast one."""
    x = np.linspace(0, 1, 1_001)
    for ax, order, title in zip(axes, (0, 2), ("heights: u", "bends: u″"), strict=True):
        parts = zip(poisson.HALF_WAVES, poisson.AMPLITUDES, (grids.SLOW, grids.FAST), strict=True)
        for k, size, color in sorted(parts, reverse=order == 2):
            wave = size * (k * np.pi) ** order * np.sin(k * np.pi * x)
            ax.plot(x, wave, color=color, linewidth=1.5 if k == poisson.HALF_WAVES[0] else 0.9)
        ax.set_title(title, loc="center", fontsize=11)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)


def differences(ax: Axes, points: ArrayLike, errors: ArrayLike, networks: Mapping[str, NDArray],
                batch: int) -> None:  # fmt: skip
    """Draw the error of finite differences against points, and of networks, by their features."""
    ax.loglog(points, errors, "-o", color=plots.INK, markersize=4, label="finite differences")
    for marker, (name, values) in zip("xv^o", networks.items(), strict=False):
        color = plots.BLUE if name == "1 and 10" else plots.GREY
        label = "plain" if name == "none" else f"σ = {name}"
        ax.loglog([batch] * len(values), values, marker, color=color, markersize=5,
                  fillstyle="none", label=label)  # fmt: skip
    ticks = [32, 128, 512, 2_048]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="points (networks: at each step)", ylabel="relative L² error of u")
    grids.legend_above(ax, 2, fontsize=9)


def leftovers(ax: Axes, found: Mapping[str, NDArray], others: NDArray | None = None) -> None:
    """Draw which part of each wave k = 1, 2, … is left, by the method; ``others`` in grey."""
    styles = ((plots.ORANGE, "-"), (plots.BLUE, "-"), (plots.INK, ":"))
    for (color, style), (name, left) in zip(styles, found.items(), strict=False):
        k = np.arange(1, len(left) + 1)
        ax.loglog(k, np.maximum(left, LEAST), style, color=color, label=name)
    if others is not None:
        k = np.arange(1, len(others) + 1)
        ax.loglog(k, np.maximum(others, LEAST), "--", color=plots.GREY, label="told bends")
    ax.axhline(1, color=plots.GREY, linewidth=0.8, linestyle=":")
    ticks = [1, 2, 4, 8, 16, 32, 63]
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel="wave k", ylabel="left of the wave", ylim=(LEAST * 0.8, None))
    ax.set_yticks([1e-4, 1e-2, 1, 100], ["0", "1%", "100%", "×100"])
    grids.legend_above(ax, 2, fontsize=9)
