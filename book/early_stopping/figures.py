"""Figures of networks that learn noisy labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book import grids
from fpkit import plots, spectra, validation
from fpkit.reproduce import Result

__all__ = ["above_best", "label_spectra", "losses", "signal_and_noise", "three_moments"]

DARK = "#404040"


def three_moments(result: Result, early: int, *, member: int = 0) -> Figure:
    """Draw a network too early, at the best step, and at the end; below, its losses.

    The best step is the kept one nearest the smallest test loss; ``early`` is a step before it.
    """
    test = result.series["test_loss"][member]
    steps = [early, int(result.steps[test.argmin()]), int(result.steps[-1])]
    fig = plots.plt.figure(figsize=(grids.WIDTH, 4.0))
    grid = fig.add_gridspec(2, 3, height_ratios=[1, 1.5])
    lower = fig.add_subplot(grid[1, :])
    lower.plot(result.steps, result.losses[member], ":", color=DARK, label="training loss")
    lower.plot(result.steps, test, color=DARK, label="test loss")
    moments = zip(
        ("early", "best", "late"), steps, (plots.GREY, plots.BLUE, plots.ORANGE), strict=True
    )
    for place, (name, step, color) in enumerate(moments):
        kept = result.frame_near(step)
        ax = fig.add_subplot(grid[0, place])
        ax.plot(result.x, result.y[member], ".", color=plots.GREY, markersize=2, alpha=0.6)
        ax.plot(result.eval_x, result.outputs[member, kept], color=color)
        ax.set(xticks=[], yticks=[])
        ax.set_title(name, color=color)
        ax.spines[:].set_visible(False)
        record = np.searchsorted(result.steps, result.frames[kept])
        lower.plot(result.steps[record], test[record], "o", color=color, markersize=8)
    shown = result.steps > 0
    span = result.steps[shown][0], result.steps[-1]
    top = 1.2 * test[shown].max()
    lower.set(xscale="log", xlim=(span[0], 1.1 * span[1]), ylim=(0, top))
    lower.set(xlabel="training step", ylabel="mean squared error")
    grids.legend_above(lower, 2)
    return fig


def signal_and_noise(ax: Axes, clean: ArrayLike, sigma: float) -> None:
    """Draw the spectrum of labels without noise, and the mean size of noise σ in every mode."""
    values = validation.real_array("clean", clean)
    modes = len(values) // 2
    plots.spectrum(ax, spectra.dft(values), modes=modes, color=plots.BLUE, label="curve")
    level = validation.positive("sigma", sigma) / len(values) ** 0.5
    ax.axhline(level, color=plots.ORANGE, label="noise")
    grids.legend_above(ax, 2)


def losses(ax: Axes, result: Result, best: ArrayLike, floor: float) -> None:
    """Draw both losses of all networks, their best steps ``(S,)``, and the noise floor."""
    test = result.series["test_loss"]
    for name, values, color in (
        ("training", result.losses, plots.GREY),
        ("test", test, plots.BLUE),
    ):
        lines = ax.plot(result.steps, values.T, color=color, linewidth=0.8)
        lines[0].set_label(name)
    at = validation.real_array("best", best)
    ax.plot(at, test.min(axis=1), "o", color=plots.ORANGE, markersize=4, label="best")
    ax.axhline(floor, color=plots.GREY, linestyle="--", label="noise floor")
    ax.set(xlabel="training step", ylabel="mean squared error", yscale="log", ylim=(1e-3, 0.1))
    grids.legend_above(ax, 4, columnspacing=1)


def label_spectra(ax: Axes, sizes: Mapping[str, ArrayLike], modes: int) -> None:
    """Draw up to three spectra ``(K,)``, by what to call them."""
    looks = [plots.GREY, plots.ORANGE, plots.BLUE]
    for (name, coefficients), color in zip(sizes.items(), looks, strict=False):
        plots.spectrum(ax, coefficients, modes=modes, label=name, color=color, linewidth=0.8)
    grids.legend_above(ax, 3, columnspacing=1)


def above_best(
    ax: Axes, excess: Mapping[str, Sequence[ArrayLike]], levels: Sequence[float]
) -> None:
    """Draw how far the test loss is above the best: for each way to stop, one array a level."""
    for i, (way, by_level) in enumerate(excess.items()):
        color = plots.frequency_colors(range(len(excess)))[i]
        for j, values in enumerate(by_level):
            above = validation.real_array("excess", values)
            place = np.full(len(above), j + (i - (len(excess) - 1) / 2) / 6)
            ax.plot(place, above, ".", color=color, label=None if j else way)
    ax.set_xticks(range(len(levels)), [f"{level:g}" for level in levels])
    ax.set(xlabel="noise σ", ylabel="test loss above the best")
    ax.set_yscale("symlog", linthresh=0.1)
    ax.set_yticks([0, 0.05, 0.1, 0.3, 1], ["0", "5 %", "10 %", "30 %", "100 %"])
    grids.legend_above(ax, 2)
