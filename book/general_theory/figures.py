"""Figures of where the loss changes: by bands, above a frequency, and over training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.general_theory import claims
from book.general_theory.experiments import ETAS
from fpkit import plots
from fpkit.reproduce import Result

__all__ = ["above", "by_band", "cut_off", "density", "over_training", "rates", "stages"]

EDGES = (4, 16, 32)  # of the bands: the slow wave, the target's other waves, and beyond
BANDS = ("k up to 4", "5 to 16", "17 to 32", "above 32")
STYLES = ("-", "--", ":")  # of the stages


def by_band(results: Mapping[str, Result]) -> Figure:
    """Draw how the change of the loss is shared out among bands, for each result and stage.

    Medians over networks of Σ|dL(k)/dt| in the band, relative to that over all k.
    """
    fig, axes = plots.plt.subplots(len(results), 1, sharex=True, figsize=(4.84, 3.8), squeeze=False)
    where = [ETAS.index(edge) for edge in EDGES]
    for ax, (name, result) in zip(axes[:, 0], results.items(), strict=True):
        share = np.median(claims.shares(result)[..., where], axis=0)
        ends = np.concatenate([np.ones((3, 1)), share, np.zeros((3, 1))], axis=1)
        parts, start = -np.diff(ends, axis=1), np.zeros(3)
        for part, color, label in zip(
            parts.T, plots.frequency_colors(range(len(BANDS))), BANDS, strict=True
        ):
            ax.barh(claims.STAGES, part, left=start, color=color, label=label, height=0.7)
            start = start + part
        ax.invert_yaxis()
        ax.set_title(name)
        ax.set(xlim=(0, 1))
    axes[-1, 0].set_xticks([0, 0.5, 1], ["0", "half", "all"])
    axes[-1, 0].set_xlabel("change of the loss")
    named = axes[0, 0].get_legend_handles_labels()
    fig.legend(*named, loc="outside upper center", ncols=4, handlelength=1, columnspacing=1)
    return fig


def rates(ax: Axes, found: NDArray, *, top: int = 24) -> None:
    """Draw dL(k)/dt up to ``top`` for each network ``(S, K)``, relative to the sum of sizes."""
    k = np.arange(top + 1)
    for member, row in enumerate(found):
        place = k + 0.8 * (member - (len(found) - 1) / 2) / len(found)
        ax.bar(place, row[: top + 1] / np.abs(row).sum(), 0.8 / len(found), color=plots.INK)
    ax.axhline(0, color=plots.GREY, linewidth=0.8)
    ax.set(xlabel="frequency index k", ylabel="dL/dt, scaled")


def above(ax: Axes, shares: NDArray) -> None:
    """Draw the share above each frequency ``(S, 3, E)``: networks thin, medians with dots."""
    for stage, style, name in zip(shares.transpose(1, 0, 2), STYLES, claims.STAGES, strict=True):
        ax.loglog(ETAS, stage.T, style, color=plots.GREY, linewidth=0.5)
        ax.loglog(ETAS, np.median(stage, axis=0), style, marker="o", color=plots.INK, label=name)
    ax.axhline(claims.FLOOR, color=plots.GREY, linewidth=0.8, linestyle="-.")
    ax.set_xticks([2, 8, 32, 128], ["2", "8", "32", "128"])
    ax.set(xlabel="frequency η", ylabel="share above η", ylim=(1e-26, 2))


def over_training(ax: Axes, result: Result, etas: Iterable[int] = (4, 8, 16)) -> None:
    """Draw the share above some frequencies against the step, one line for each network."""
    chosen = list(etas)
    for eta, color in zip(chosen, plots.frequency_colors(chosen), strict=True):
        ax.semilogy(result.steps, result.series[f"above {eta}"].T, color=color, linewidth=0.7)
        ax.plot([], [], color=color, label=f"above {eta}")
    ax.set(xlabel="training step", ylabel="share", ylim=(1e-8, 2))


def density(ax: Axes, x: ArrayLike, values: NDArray) -> None:
    """Draw a density of the data and its root, each relative to its maximum."""
    for drawn, style, name in ((values, "-", "density ρ"), (values**0.5, "--", "√ρ")):
        ax.plot(x, drawn / drawn.max(), style, color=plots.INK, label=name)
    ax.set(xlabel="x", yticks=[0, 1])
    grids.legend_above(ax, 2)


def stages(ax: Axes, result: Result, *, member: int = 1) -> None:
    """Draw the target and a network's output at the three stages."""
    plots.functions(ax, result.x, result.y[0])
    for at, name, style in zip(
        claims.stage_records(result)[member], claims.STAGES, STYLES, strict=True
    ):
        frame = result.frame_near(result.steps[at])
        ax.plot(result.x, result.outputs[member, frame], style, color=plots.INK, label=name)
    grids.legend_above(ax, 4, fontsize=9)


def cut_off(ax: Axes, found: Mapping[float, NDArray]) -> None:
    """Draw the share above each frequency for densities of several widths, medians ``(E,)``."""
    for (width, share), style in zip(found.items(), STYLES, strict=False):
        ax.loglog(ETAS, share, style, color=plots.INK, label=f"σ = {width:g}")
    ax.set(xlabel="frequency η", ylabel="share above η")
    ax.legend(fontsize=9)
