"""Figures of encodings: three scales, and what the ruler says beside what training does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.encodings.experiments import power_law
from fpkit import plots
from fpkit.reproduce import Result

__all__ = ["against_training", "bands", "beside", "errors_over_scales", "three_scales"]

NEVER = 1.6  # times the last step: where waves that were never learned are drawn


def three_scales(result: Result, scales: Sequence[float], part: float = 0.25) -> Figure:
    """Draw the first seed's first signal, a part of it, as networks of some scales end.

    ``result`` is `book.encodings.experiments.feature_scales`. Dots are the points trained on. The
    last panel has the errors at the end over the scale, of all seeds.
    """
    every, power = result.settings["scales"], result.settings["powers"][0]
    count = len(result.eval_x)
    truth, shown = power_law(count, power, result.settings["seeds"][0]), slice(int(part * count))
    fig, axes = plots.plt.subplots(
        len(scales) + 1, figsize=(4.8, 1.1 * len(scales) + 2.6),
        height_ratios=[1] * len(scales) + [2],
    )  # fmt: skip
    for ax, scale, word in zip(axes, scales, ("too small", "right", "too large"), strict=False):
        output = result.outputs[every.index(scale), -1].astype(np.float64)
        x = result.eval_x[shown]
        grids.compare(ax, x, truth[shown], output[shown], plots.BLUE)
        ax.plot(x[::2], truth[shown][::2], ".", color=plots.INK, markersize=4)
        ax.set_title(f"σ = {scale:g}, {word}")
        ax.set_ylim(truth[shown].min() - 0.2, truth[shown].max() + 0.2)
    errors_over_scales(axes[-1], result)
    return fig


def errors_over_scales(ax: Axes, result: Result, power: int = 0) -> None:
    """Draw the errors at the end at the points and between them, one thin line for each seed."""
    scales, powers = result.settings["scales"], result.settings["powers"]
    looks = {"training": (plots.GREY, "at the points"), "test": (plots.BLUE, "between them")}
    for name, (color, label) in looks.items():
        ends = result.series[name][:, -1].reshape(-1, len(powers), len(scales))[:, power]
        ax.loglog(scales, ends.T, color=color, linewidth=0.5, alpha=0.6)
        ax.loglog(scales, np.median(ends, axis=0), "o-", color=color, markersize=4, label=label)
    ax.set(xlabel="scale σ of the features", ylabel="error", ylim=(1e-5, None))
    ax.set_xticks(scales[::2], [f"{scale:g}" for scale in scales[::2]])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.legend(loc="lower left")


def bands(ax: Axes, modes: ArrayLike, found: Mapping[str, NDArray], limit: float) -> None:
    """Draw rates ``(K,)`` by name, each relative to its largest, and a line at ``limit``."""
    k = np.asarray(modes)
    for color, (name, rates) in zip(plots.frequency_colors(range(len(found))), found.items(),
                                    strict=True):  # fmt: skip
        ax.plot(k, rates / rates.max(), color=color, label=name)
    ax.axvline(limit, color=plots.GREY, linestyle="--", linewidth=1)
    ax.annotate("what the points see", (limit, 1.02), ha="right", xytext=(-3, 0),
                textcoords="offset points", color=plots.INK, fontsize=9)  # fmt: skip
    ax.set(xlabel="frequency k of a wave", ylabel="rate, relative", ylim=(0, 1.15))
    grids.legend_above(ax, 3, fontsize=10)


def against_training(
    found: Mapping[str, tuple[NDArray, NDArray]], modes: ArrayLike, last: float
) -> Figure:
    """Draw for every encoding when each wave is learned against what the ruler says of it.

    ``found`` has rates and steps ``(S, K)`` by name. What is never learned, with the step ∞, is
    drawn above the ``last`` step.
    """
    columns, colors = 3, plots.frequency_colors(np.asarray(modes))
    rows = -(-len(found) // columns)
    fig, axes = plots.plt.subplots(rows, columns, figsize=(4.84, 1.35 * rows), sharey=True)
    for i, (ax, (name, (rates, steps))) in enumerate(zip(axes.flat, found.items(), strict=False)):
        relative = rates / rates.max(axis=1, keepdims=True)
        drawn = np.where(np.isfinite(steps), steps, NEVER * last)
        for wave, color in enumerate(colors):
            ax.loglog(relative[:, wave], drawn[:, wave], "o", color=color, markersize=3, alpha=0.8)
        ax.set(xlim=(1.6, 4e-4), ylim=(8, 2.2 * last))
        ax.set_title(name, fontsize=10)
        ax.set_xticks([1, 0.1, 0.01, 0.001], ["1", "", "", ".001"])
        ax.set_yticks([10, 100, NEVER * last], ["10", "100", "never"])
        ax.minorticks_off()
        ax.set_ylabel("" if i % columns else "step")
        if i >= len(found) - columns:
            ax.set_xlabel("rate")
    for ax in list(axes.flat)[len(found) :]:
        ax.remove()
    return fig


def beside(ax: Axes, x: Mapping[str, float], y: Mapping[str, float], what: str) -> None:
    """Draw what was found over the ruler's ratio, numbered as in the page's table."""
    for number, name in enumerate(x, start=1):
        ax.plot(x[name], y[name], "o", color=plots.BLUE, markersize=5)
        ax.annotate(str(number), (x[name], y[name]), xytext=(4, 3), textcoords="offset points")
    ax.set(xscale="log", xlabel="ruler's ratio", ylabel=what)
