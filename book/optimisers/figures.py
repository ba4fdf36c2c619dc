"""Figures of what the optimiser does to the order of learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from numpy.typing import NDArray

from book import grids
from book.optimisers.second_order import damped
from fpkit import plots
from fpkit.reproduce import Result

__all__ = ["curvature", "factors", "from_truth", "steps_of_waves"]

COLORS = (plots.BLUE, plots.GREY, plots.ORANGE)


def steps_of_waves(ax: Axes, modes: NDArray, steps: Mapping[str, NDArray]) -> None:
    """Draw when each wave is learned, ``(S, K)`` by the optimiser's name; a line is a network."""
    for (name, found), color in zip(steps.items(), COLORS, strict=False):
        ax.semilogy(modes, found.T, "o-", color=color, linewidth=0.8, markersize=3)
        grids.name_end(ax, name, (modes[-1], float(np.median(found[:, -1]))), color)
    ax.set(xlabel="wave k", ylabel="step from which on it is right", xticks=modes)


def factors(ax: Axes, dampings: Sequence[float], rates: NDArray, modes: NDArray) -> None:
    """Draw by which part of its error a step shrinks a direction, against how strongly it pulls.

    One line for each damping; ``rates`` ``(K,)`` are those of the waves, relative to the largest.
    """
    pull = np.logspace(-5, 0, 200)
    for c, color in zip(dampings, plots.frequency_colors(range(len(dampings))), strict=True):
        part = pull * damped(torch.from_numpy(pull), c).numpy()
        ax.loglog(pull, part, color=color, linewidth=2)
        grids.name_end(ax, f"c = {c:g}", (pull[0], part[0]))
    for rate, k in zip(rates, modes, strict=True):
        ax.axvline(rate, color=plots.GREY, linewidth=0.8, linestyle=":")
        ax.annotate(str(k), (rate, 1.4), ha="center", fontsize=10, annotation_clip=False)
    ax.invert_xaxis()
    ax.set(xlabel="pull of a direction, the strongest is 1", ylabel="part of its error that goes")


def from_truth(ax: Axes, result: Result, members: Mapping[str, slice]) -> None:
    """Draw how far networks on noisy labels are from the waves; a colour for each optimiser."""
    wrong = np.sqrt(result.series["true loss"])
    for (name, own), color in zip(members.items(), COLORS[::2], strict=False):
        ax.plot(result.steps, wrong[own].T, color=color, linewidth=0.8)
        ax.plot([], [], color=color, label=name)
    ax.set(xlabel="training step", ylabel="distance to the truth", ylim=(0, 1))
    ax.set(xscale="log", xlim=(10, result.steps[-1]))
    grids.legend_above(ax, len(members))


def curvature(ax: Axes, runs: Mapping[str, Result], limits: Sequence[float]) -> None:
    """Draw how near to instability trainings are (1 is the edge), over steps times rate."""
    for (name, result), limit, color in zip(runs.items(), limits, COLORS, strict=False):
        time, near = result.steps * result.settings["lr"], result.series["sharpness"] / limit
        scale = 10 if result.settings["optimizer"] == "momentum" else 1
        ax.plot(time * scale, near.T, color=color, linewidth=0.7)
        ax.plot([], [], color=color, label=name)
    ax.axhline(1, color=plots.GREY, linestyle="--", linewidth=1)
    ax.set(xlabel="steps × rate", ylabel="curvature, the edge is 1", yscale="log")
    grids.legend_above(ax, 1)
