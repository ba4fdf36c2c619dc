"""Figures of what bends the order: other losses, units, densities and optimisers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from fpkit import plots, validation
from fpkit.convergence import settling_step
from fpkit.reproduce import Result

__all__ = ["every_network", "halves", "later", "orders", "rates", "relapses", "two_lessons"]

TURNS = np.arange(96) / 96  # where waves are drawn


def two_lessons(result: Result, steps: Sequence[int], *, member: int = 0) -> Figure:
    """Draw the slowest and the fastest wave of a curve, as two networks have them at some steps.

    ``result`` is `book.limits.experiments.derivative_losses` with the derivatives 0, 1 and 2. The
    first two rows are a network that learns values, the others one that learns the second
    derivative. Grey: the wave. Coloured: the network's, with the derivatives undone.
    """
    kept = [result.frame_near(step) for step in steps]
    ends = np.asarray(result.peaks)[[0, -1]]
    colors = plots.frequency_colors(ends)
    fig, axes = plots.plt.subplots(
        5, len(kept), figsize=(4.84, 3.6), sharex=True, sharey=True, height_ratios=[1, 1, 0.3, 1, 1]
    )
    for ax in axes[2]:
        ax.remove()  # a gap between the two networks
    axes = axes[[0, 1, 3, 4]]
    for order, rows in ((0, axes[:2]), (2, axes[2:])):
        place = 3 * member + order
        outputs = result.outputs[place, kept].astype(np.float64)
        wanted = grids.waves(result.y[place], ends, TURNS, undone=order)
        for column, output in enumerate(outputs):
            found = grids.waves(output, ends, TURNS, undone=order)
            for ax, grey, curve, color in zip(rows[:, column], wanted, found, colors, strict=True):
                grids.compare(ax, np.arange(len(grey)), grey, curve, color)
    told = [f"{what}:\n{wave} wave" for what in ("heights", "bends") for wave in ("slow", "fast")]
    grids.name_grid(axes, result.frames[kept], told)
    return fig


def orders(result: Result, names: Sequence[str]) -> Figure:
    """Draw when waves are learned for good, one panel for each cell, members seed by seed."""
    fig, axes = plots.plt.subplots(1, len(names), sharey=True, squeeze=False, figsize=(4.84, 2.5))
    settled = settling_step(result.steps, result.errors)
    for i, (ax, name) in enumerate(zip(axes[0], names, strict=True)):
        plots.order(ax, settled[i :: len(names)], result.peaks)
        ax.set(title=name, xlabel="k", ylabel="" if i else "step of learning")
    return fig


def rates(ax: Axes, modes: ArrayLike, found: Mapping[str, ArrayLike]) -> None:
    """Draw the rate of each mode ``(K,)``, relative to the first, by the unit's name."""
    k = validation.real_array("modes", modes)
    for i, (name, values) in enumerate(found.items()):
        rate = validation.real_array("found", values)
        validation.same_shape("found", rate, k.shape, "one for each mode")
        ax.semilogy(k, rate / rate[0], color=plots.BLUE, linewidth=0.8 + 0.5 * i)
        grids.name_end(ax, name, (k[-1], rate[-1] / rate[0]))
    ax.set(xlabel="frequency index k", ylabel="rate, relative to k = 1")


def halves(result: Result) -> Figure:
    """Draw the error in the dense half (solid) and in the sparse one, a panel for each pair."""
    pairs = result.settings["points"]
    fig, axes = plots.plt.subplots(len(pairs), squeeze=False, sharex=True, figsize=(4.8, 4.4))
    for i, (ax, pair) in enumerate(zip(axes[:, 0], pairs, strict=True)):
        for name, style, count in zip(("dense", "sparse"), ("-", "--"), pair, strict=True):
            lines = ax.semilogy(result.steps, result.series[name][i :: len(pairs)].T, style,
                                color=plots.BLUE, linewidth=0.7)  # fmt: skip
            lines[0].set_label(f"{count} points")
        ax.axhline(0.1, color=plots.GREY, linewidth=0.8, linestyle=":")
        ax.set_ylabel("error, relative")
        grids.legend_above(ax, 2)
    axes[-1, 0].set_xlabel("training step")
    return fig


def later(ax: Axes, modes: ArrayLike, steps: Mapping[str, NDArray]) -> None:
    """Draw the step of learning ``(S, K)``, over that of the second mode, by what to call it.

    The median over networks.
    """
    k = validation.real_array("modes", modes)
    for (name, found), style in zip(steps.items(), ("-o", "--o", ":"), strict=False):
        ratio = np.median(found / found[:, 1:2], axis=0)
        ax.semilogy(k, ratio, style, color=plots.BLUE, markersize=4, label=name)
    ax.set(xlabel="frequency index k", ylabel="step of learning, k = 2 is 1")
    grids.legend_above(ax, 3, columnspacing=1)


def relapses(ax: Axes, shares: Mapping[str, ArrayLike]) -> None:
    """Draw the share of learned peaks that each network ``(S,)`` loses again, by the run."""
    for place, values in enumerate(shares.values()):
        share = validation.real_array("shares", values, finite=False)
        around = place + np.linspace(-0.2, 0.2, len(share))
        ax.plot(share, around, ".", color=plots.BLUE)
    ax.set_yticks(range(len(shares)), shares)
    ax.invert_yaxis()
    ax.set(xlabel="share of learned peaks that are lost again", xlim=(-0.05, 1.05))


def every_network(ax: Axes, correlation: ArrayLike) -> None:
    """Draw how many networks have which rank correlation of frequency and step of learning."""
    values = validation.real_array("correlation", correlation)
    ax.hist(values, bins=np.linspace(-1, 1, 41).tolist(), color=plots.BLUE)
    ax.axvline(0, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="order of learning", ylabel="networks")
    ax.set_xticks([-1, 0, 1], ["high to low", "none", "low to high"])
