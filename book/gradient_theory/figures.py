"""Figures of one unit's spectrum, of how hard frequencies pull, and of what else could matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.gradient_theory import unit_spectra
from fpkit import plots, spectra, validation
from fpkit.reproduce import Result

__all__ = ["falls", "norms", "on_an_interval", "pulls", "units"]

# The foot of the axis on which units on an interval are drawn.
LOWEST = 1e-5


def units(weights: Sequence[float]) -> Figure:
    """Draw units tanh(wx), and below them the size of their transforms on the whole line."""
    x, k = np.linspace(-5, 5, 201), np.linspace(0.1, 6, 100)
    fig, (upper, lower) = plots.plt.subplots(2, figsize=(grids.WIDTH, 4.4))
    for w, color in zip(weights, plots.frequency_colors(np.asarray(weights)), strict=True):
        upper.plot(x, np.tanh(w * x), color=color, label=f"w = {w:g}")
        lower.semilogy(k, np.abs(unit_spectra.unit_spectrum(k, w)), color=color)
    upper.set(xlabel="x", ylabel="tanh(wx)")
    grids.legend_above(upper, len(weights))
    lower.set(xlabel="angular frequency ω", ylabel="size of the transform")
    return fig


def pulls(k: ArrayLike, weights: ArrayLike, by_name: Mapping[str, NDArray]) -> Figure:
    """Draw derivatives ``(K, units)``, by what they are by, and the decay of each unit (dashed)."""
    modes, w = validation.real_array("k", k), validation.real_array("weights", weights)
    fig, axes = plots.plt.subplots(
        len(by_name), sharex=True, figsize=(grids.WIDTH, 2.3 * len(by_name))
    )
    for ax, (name, values) in zip(axes, by_name.items(), strict=True):
        for j, color in enumerate(plots.frequency_colors(w)):
            ax.semilogy(modes, np.abs(values[:, j]), color=color, label=f"w = {w[j]:g}")
            decay = np.exp(-np.pi * modes / 2 / w[j]) * 2 * np.pi / w[j]
            ax.semilogy(modes, decay, "--", color=color, linewidth=0.8)
        ax.set(ylabel=f"derivative by {name}", ylim=(1e-12, 1e2))
    grids.legend_above(axes[0], len(w))
    axes[-1].set_xlabel("angular frequency ω")
    return fig


def falls(ax: Axes, k: ArrayLike, speeds: Mapping[str, ArrayLike]) -> None:
    """Draw speeds ``(K,)`` by name, each relative to the first; every second one dashed."""
    for (name, speed), style in zip(speeds.items(), ("--", "-"), strict=True):
        relative = np.asarray(speed) / np.asarray(speed)[0]
        ax.semilogy(k, relative, style, color=plots.GREY, label=name)
    ax.set(xlabel="angular frequency ω", ylabel="speed relative to ω = 1")
    ax.legend(loc="lower left")


def on_an_interval(
    modes: ArrayLike, weights: Sequence[float], pull_of: Mapping[float, NDArray]
) -> Figure:
    """Draw units' discrete spectra on [-1, 1] and, dashed, the theory of the whole line.

    Below: the pull ``(S, K)`` on deep networks, by the standard deviation of their first weights.
    """
    k = validation.whole_array("modes", modes, least=1)
    fig, (upper, lower) = plots.plt.subplots(2, figsize=(grids.WIDTH, 5.2))
    for w, color in zip(weights, plots.frequency_colors(np.asarray(weights)), strict=True):
        unit = np.tanh(w * np.linspace(-1, 1, 200))
        upper.loglog(k, np.abs(spectra.dft(unit))[k], color=color)
        whole_line = np.abs(unit_spectra.unit_spectrum(np.pi * k, w)) / 2
        upper.loglog(k, whole_line, "--", color=color)
        foot = k[np.argmax(whole_line < LOWEST)]
        upper.annotate(f"w = {w:g},\nwhole line", (foot, 1.3 * LOWEST), color=color)
    upper.annotate("on the interval, like 1/k", (k[-1], 3 / k[-1]), ha="right", color=plots.INK)
    for (std, pull), color in zip(pull_of.items(), (plots.GREY, plots.INK), strict=True):
        lower.loglog(k, pull.T, color=color, linewidth=1)
        lower.annotate(f"first weights {std:g}", (k[0], 1.3 * pull[:, 0].max()), color=color)
    upper.set(ylabel="|F[k]| of one unit", ylim=(LOWEST, 2))
    lower.set(xlabel="frequency index k", ylabel="pull on a network")
    return fig


def norms(results: Mapping[str, Result]) -> Figure:
    """Draw the peaks' errors of the first result, then every result's norms, relative to the start.

    Of the first network of each; its series are the spectral norms of its layers.
    """
    fig, (first, *others) = plots.plt.subplots(
        1 + len(results), figsize=(grids.WIDTH, 2.1 * (1 + len(results)))
    )
    name, result = next(iter(results.items()))
    plots.convergence(first, result.steps, result.errors[0], result.peaks)
    first.set(title=name, xlabel="")
    for ax, (title, run) in zip(others, results.items(), strict=True):
        for values in run.series.values():
            ax.plot(run.steps, values[0] / values[0, 0], color=plots.GREY, linewidth=1)
        ax.set(ylim=(0, None), title=title, ylabel="norm / its start")
    others[-1].set_xlabel("training step")
    return fig
