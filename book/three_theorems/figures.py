"""Figures of two frequencies that pull at the same weights, and of one that wins too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from book import grids
from book.gradient_theory.runs_claims import Knocks
from fpkit import plots, spectra, validation
from fpkit.reproduce import Result

__all__ = ["equal_pulls", "knocks", "share_of_draws", "turned_over", "waves_apart"]


def waves_apart(
    result: Result, modes: Mapping[str, int], steps: Sequence[int], *, periods: int = 4
) -> Figure:
    """Draw single waves of the first network at the kept steps nearest ``steps``.

    One row for each frequency index of ``modes``, by what to call it. Grey: the target's wave.
    Coloured: the network's, and how far it is off. Each row has a vertical axis of its own, and
    shows the whole interval or so many ``periods``, whichever is less. Below each panel stands the
    relative error of its wave. ``result`` needs outputs at its training points, which are even.
    """
    kept = [result.frame_near(step) for step in steps]
    k = np.array(list(modes.values()))
    turns = np.linspace(0, np.minimum(1, periods / k), 200, axis=-1)
    outputs = result.outputs[0, kept].astype(np.float64)
    wanted, found = grids.waves(result.y[0], k, turns), grids.waves(outputs, k, turns)
    errors = spectra.relative_error(spectra.dft(outputs)[:, k], spectra.dft(result.y[0])[k])
    fig, axes = plots.plt.subplots(
        len(k), len(kept), sharey="row", squeeze=False, figsize=(4.84, 1.45 * len(k))
    )
    for column, outputs in enumerate(found):
        looks = zip(axes[:, column], turns, wanted, outputs, plots.frequency_colors(k), strict=True)
        for ax, x, target, output, color in looks:
            grids.compare(ax, x, target, output, color)
            ax.fill_between(x, target, output, color=color, alpha=0.25, linewidth=0)
        for ax, error in zip(axes[:, column], errors[column], strict=True):
            ax.set_xlabel(f"{error:.0%}")
    grids.name_grid(axes, result.frames[kept], modes)
    return fig


def turned_over(ax: Axes, result: Result) -> None:
    """Draw the spectra of the line x (dashed) and of a result's target."""
    plots.spectrum(ax, spectra.dft(result.x), linestyle="--", label="line x")
    plots.spectrum(ax, spectra.dft(result.y[0]), color=plots.BLUE, label="turned over")
    grids.legend_above(ax, 2)


def knocks(found: Mapping[str, Knocks], modes: ArrayLike, parts: Mapping[str, str]) -> Figure:
    """Draw parts of `Knocks`, by name, against the frequency index: a panel for each part.

    ``parts`` says what to write on the axis of each.
    """
    k = validation.whole_array("modes", modes, least=0)
    fig, axes = plots.plt.subplots(2, -(-len(parts) // 2), sharex=True, figsize=(4.84, 4.4))
    for (name, measured), color in zip(found.items(), (plots.BLUE, plots.ORANGE), strict=True):
        for ax, (part, label) in zip(axes.flat, parts.items(), strict=True):
            values = np.asarray(getattr(measured, part), dtype=float)
            values = np.where(np.isfinite(values), values, np.nan)
            ax.plot(k, values.T, ".", color=color, markersize=4)
            ax.plot([], [], ".", color=color, label=name)
            ax.set_title(label)
    for ax in axes[-1]:
        ax.set_xlabel("frequency index k")
    axes[0, 0].legend(loc="lower left", bbox_to_anchor=(0, 1.25), ncols=2, borderaxespad=0)
    return fig


def share_of_draws(ax: Axes, radii: ArrayLike, share: ArrayLike) -> None:
    """Draw the share of draws that the low frequency wins, ``(nets, R)``, over the radius."""
    ax.semilogx(radii, np.transpose(share), ".-", color=plots.BLUE, linewidth=1)
    ax.axhline(1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="radius δ of the ball of weights", ylabel="share won by ω = 1", ylim=(0, 1.05))


def equal_pulls(ax: Axes, weights: ArrayLike, errors: Mapping[str, ArrayLike]) -> None:
    """Draw Δ_F at equal pull ``(W, …)`` over the weight, by the name of A(ω₂).

    Lines: medians. Bands: 5 % to 95 %. NaN is left out.
    """
    size = validation.real_array("weights", weights, ndim=(1,))
    colors = plots.frequency_colors(range(len(errors)))
    for (name, values), color in zip(errors.items(), colors, strict=True):
        samples = np.reshape(values, (len(size), -1))
        low, middle, high = np.nanquantile(samples, [0.05, 0.5, 0.95], 1)
        ax.loglog(size, middle, color=color, label=name)
        ax.fill_between(size, low, high, color=color, alpha=0.2)
    ax.axhline(0.1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="weight |w|", ylabel="Δ_F(ω₁) at equal pull", ylim=(1e-8, 1e7))
    grids.legend_above(ax, 3)
