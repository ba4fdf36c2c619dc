"""Figures of networks that learn noisy labels.

A colour means the same in all of them: grey is what a network is trained on, dark the curve and
what a network is tested on, orange the noise, and blue a network at a moment, with a filled dot for
the best one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book import grids
from fpkit import plots, spectra, validation
from fpkit.reproduce import Result

__all__ = ["above_best", "differences", "losses", "signal_and_noise", "three_moments"]

DARK = "#202020"  # darker than `plots.INK`: it lies among grey lines


def three_moments(result: Result, early: int, *, member: int = 0) -> Figure:
    """Draw a network too early, at the best step, and at the end; below, its losses.

    The best step is the kept one nearest the smallest test loss; ``early`` is a step before it.
    """
    test = result.series["test_loss"][member]
    steps = [early, int(result.steps[test.argmin()]), int(result.steps[-1])]
    fig = plots.plt.figure(figsize=(grids.WIDTH, 4.0))
    grid = fig.add_gridspec(2, 3, height_ratios=[1, 1.5])
    lower = fig.add_subplot(grid[1, :])
    lower.plot(result.steps, result.losses[member], color=plots.GREY)
    lower.plot(result.steps, test, color=DARK)
    for place, (name, step) in enumerate(zip(("early", "best", "late"), steps, strict=True)):
        kept = result.frame_near(step)
        ax = fig.add_subplot(grid[0, place])
        ax.plot(result.x, result.y[member], ".", color=plots.GREY, markersize=2, alpha=0.6)
        ax.plot(result.eval_x, result.outputs[member, kept], color=plots.BLUE)
        ax.set(xticks=[], yticks=[])
        ax.set_title(name, color=plots.BLUE)
        ax.spines[:].set_visible(False)
        record = np.searchsorted(result.steps, result.frames[kept])
        (dot,) = lower.plot(result.steps[record], test[record], "o", color=plots.BLUE, markersize=8)
        if name != "best":
            dot.set(markerfacecolor="none", markeredgewidth=2)
    shown = result.steps > 0
    span = result.steps[shown][0], result.steps[-1]
    top = 1.2 * test[shown].max()
    lower.set(xscale="log", xlim=(span[0], 1.1 * span[1]), ylim=(0, top))
    lower.set(xlabel="training step", ylabel="mean squared error")
    middle = (span[0] * span[1]) ** 0.5
    for name, loss, color, side, ha in (
        ("training loss", result.losses[member], plots.GREY, -1, "right"),
        ("test loss", test, DARK, 1, "left"),
    ):
        lower.annotate(
            name,
            (middle, np.interp(middle, result.steps, loss)),
            xytext=(0, 12 * side),
            textcoords="offset points",
            ha=ha,
            va="center",
            color=color,
        )
    return fig


def signal_and_noise(ax: Axes, clean: ArrayLike, sigma: float) -> None:
    """Draw the spectrum of labels without noise, and the mean size of noise σ in every mode."""
    values = validation.real_array("clean", clean)
    modes = len(values) // 2
    coefficients = spectra.dft(values)
    plots.spectrum(ax, coefficients, modes=modes, color=DARK)
    level = validation.positive("sigma", sigma) / len(values) ** 0.5
    ax.axhline(level, color=plots.ORANGE)
    grids.name_end(ax, "noise,\naverage", (modes, level), plots.ORANGE)
    highest = int(np.abs(coefficients[1:modes]).argmax()) + 1
    grids.name_end(ax, "curve", (highest, np.abs(coefficients[highest])), DARK)
    ax.set_xlim(0, modes)


def losses(ax: Axes, result: Result, best: ArrayLike, floor: float) -> None:
    """Draw both losses of all networks, their best steps ``(S,)``, and the noise floor."""
    test = result.series["test_loss"]
    for name, values, color in (
        ("training", result.losses, plots.GREY),
        ("test", test, DARK),
    ):
        lines = ax.plot(result.steps, values.T, color=color, linewidth=0.8)
        lines[0].set_label(name)
    at = validation.real_array("best", best)
    ax.plot(at, test.min(axis=1), "o", color=plots.BLUE, markersize=6, zorder=3, label="best")
    ax.axhline(floor, color=plots.ORANGE, label="noise floor")
    ax.set(xlabel="training step", ylabel="mean squared error", yscale="log", ylim=(1e-3, 0.1))
    grids.legend_above(ax, 4, columnspacing=1)


def differences(bands: Sequence[slice], shares: Mapping[str, ArrayLike]) -> Figure:
    """Draw how much spectra differ in bands of modes: a panel of bars for each pair, by its name.

    ``shares`` are relative to one of the two spectra, one number for each band.
    """
    fig, axes = plots.plt.subplots(
        len(shares), figsize=(grids.WIDTH, 1.9 * len(shares)), sharex=True, sharey=True
    )
    colors = [plots.GREY, plots.BLUE]
    for ax, (name, share), color in zip(np.ravel(axes), shares.items(), colors, strict=False):
        heights = validation.real_array(name, share)
        bars = ax.bar(range(len(bands)), heights, color=color)
        ax.bar_label(bars, [f"{height:.0%}" for height in heights], padding=2)
        ax.set_title(name)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
    ax.set_xticks(range(len(bands)), [f"{band.start}–{band.stop - 1}" for band in bands])
    ax.set_xlabel("frequency index k")
    return fig


def above_best(
    ax: Axes, excess: Mapping[str, Sequence[ArrayLike]], levels: Sequence[float]
) -> None:
    """Draw how far the test loss is above the best: for each way to stop, one array a level.

    The last way, to which the others are compared, has hollow dots.
    """
    for i, (way, by_level) in enumerate(excess.items()):
        face = "none" if i == len(excess) - 1 else DARK
        for j, values in enumerate(by_level):
            above = validation.real_array("excess", values)
            place = np.full(len(above), j + (i - (len(excess) - 1) / 2) / 6)
            (marks,) = ax.plot(place, above, "osD^v"[i], color=DARK, label=None if j else way)
            marks.set(markerfacecolor=face, markersize=4)
    ax.set_xticks(range(len(levels)), [f"{level:g}" for level in levels])
    ax.set(xlabel="noise σ", ylabel="test loss above the best")
    ax.set_yscale("symlog", linthresh=0.1)
    ax.set_yticks([0, 0.05, 0.1, 0.3, 1], ["0", "5 %", "10 %", "30 %", "100 %"])
    grids.legend_above(ax, 2)
