"""Figures of what even points see of a curve, and of what lies between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.initialization import aliasing
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["alias_pair", "costs", "energies", "lost_wave", "starts_and_ends"]


def lost_wave(ax: Axes, result: Result, curve: ArrayLike, *, member: int = 0) -> None:
    """Draw a ``curve`` at ``result.eval_x``, its values at the points, and a network's output."""
    true = validation.real_array("curve", curve, ndim=(1,))
    ax.plot(result.eval_x, true, color=plots.GREY, linewidth=1, label="the curve")
    ax.plot(result.eval_x, result.outputs[member, -1], color=plots.BLUE, linewidth=2,
            label="the network")  # fmt: skip
    ax.plot(result.x, result.y[member], "o", color=plots.INK, markersize=5, label="its points")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    grids.legend_above(ax, 3)


def alias_pair(ax: Axes, modes: tuple[int, int], n: int) -> None:
    """Draw two cosines with ``modes`` periods on [-1, 1], and the first at ``n`` even points."""
    fine, points = np.linspace(-1, 1, 1000), np.linspace(-1, 1, n, endpoint=False)
    for mode, color in zip(modes, plots.frequency_colors(modes), strict=True):
        wave = np.cos(np.pi * mode * (fine + 1))
        ax.plot(fine, wave, color=color, linewidth=1, label=f"k = {mode}")
    ax.plot(points, np.cos(np.pi * modes[0] * (points + 1)), "o", color=plots.INK, markersize=5)
    ax.set(xlabel="x", yticks=[])
    grids.legend_above(ax, 2)


def costs(ax: Axes, amplitudes: ArrayLike, errors: Mapping[str, NDArray]) -> None:
    """Draw test errors ``(S, A)`` over the amplitude, by the name of their wave, and a²."""
    size = validation.real_array("amplitudes", amplitudes, ndim=(1,))
    ax.plot(size, size**2, "--", color=plots.GREY, label="a²")
    for (name, values), color in zip(errors.items(), (plots.ORANGE, plots.BLUE), strict=True):
        for i, row in enumerate(values):
            ax.plot(size, row, ".", color=color, label=None if i else name)
    ax.set(xlabel="amplitude a of the wave", ylabel="test error")
    ax.legend(loc="upper left")


def starts_and_ends(results: Mapping[str, Result], *, modes: int = 60) -> Figure:
    """Draw the first network of each result: its end between the points, and its spectra.

    Dotted: the spectrum at the start. Solid: at the end. A line marks the Nyquist frequency of
    ``result.settings["n"]`` points.
    """
    rows = len(results)
    fig, axes = plots.plt.subplots(rows, 2, sharex="col", figsize=(4.84, 1.9 * rows))
    for (left, right), (title, result) in zip(axes, results.items(), strict=True):
        begin, end = result.outputs[0, [0, -1]].astype(float)
        left.plot(result.eval_x, end, color=plots.BLUE, linewidth=0.8)
        left.plot(result.x, result.y[0], ".", color=plots.INK, markersize=5)
        left.set(title=title, ylim=(-6, 6), ylabel="output")
        for curve, style in ((begin, ":"), (end, "-")):
            coefficients = aliasing.closed_spectrum(curve)
            plots.spectrum(right, coefficients, modes=modes, color=plots.BLUE, floor=1e-5,
                           linestyle=style)  # fmt: skip
        right.axvline(result.settings["n"] / 2, color=plots.GREY, linestyle="--")
        right.set(ylim=(1e-5, 20), xlabel="")
    axes[-1, 0].set_xlabel("x")
    axes[-1, 1].set_xlabel("frequency index k")
    return fig


def energies(ax: Axes, above: Mapping[str, Sequence[NDArray] | NDArray]) -> None:
    """Draw energies above Nyquist ``(S, R)``, by name: at the start (rings), at the end (dots).

    A start without such energy has no ring.
    """
    for place, values in enumerate(above.values()):
        energy = validation.real_array("above", values, ndim=(2,))
        seeds = len(energy)
        if (energy[:, 0] > 0).all():
            start = [place - 0.1] * seeds
            ax.plot(start, energy[:, 0], "o", color=plots.GREY, fillstyle="none")
        ax.plot([place + 0.1] * seeds, energy[:, -1], "o", color=plots.BLUE)
    ax.set_xticks(range(len(above)), list(above))
    ax.set(yscale="log", xlabel="standard deviation of the first weights")
    ax.set_ylabel("energy above Nyquist")
