"""Figures of curves in one dimension: their waves, the order, and what breaks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike, NDArray

from book import grids
from fpkit import plots, spectra, validation
from fpkit.reproduce import Result

__all__ = [
    "error_map",
    "outside",
    "sizes_only",
    "unit_spectrum",
    "units",
    "wave_by_wave",
    "with_spectra",
]


def wave_by_wave(result: Result, steps: Sequence[int], *, member: int = 0) -> Figure:
    """Draw a curve, and each of its waves alone, as far as a network has them at some steps.

    One column for each of the kept steps nearest ``steps``; the first row is the curve, each other
    row one of ``result.peaks``. Grey: the target. Coloured: the network. ``result`` needs outputs
    at its training points.
    """
    kept = [result.frame_near(step) for step in steps]
    target = result.y[min(member, len(result.y) - 1)]
    outputs = result.outputs[member, kept].astype(np.float64)
    k = np.asarray(result.peaks)
    turns = np.arange(len(target)) / len(target)
    wanted, found = grids.waves(target, k, turns), grids.waves(outputs, k, turns)
    fig, axes = plots.plt.subplots(
        1 + len(k),
        len(kept),
        sharex=True,
        sharey="row",
        figsize=(4.84, 0.66 * (1 + len(k))),
        squeeze=False,
    )
    colors = [plots.INK, *plots.frequency_colors(k)]
    for column, output in enumerate(outputs):
        curves = [(target, output), *zip(wanted, found[column], strict=True)]
        for ax, (grey, curve), color in zip(axes[:, column], curves, colors, strict=True):
            grids.compare(ax, result.x, grey, curve, color)
    grids.name_grid(axes, result.frames[kept], ["curve", *(f"k = {mode}" for mode in k)])
    return fig


def unit_spectrum(w: float, k: ArrayLike) -> NDArray[np.float64]:
    """Return the size of the wave with index ``k`` in tanh(wx), ``(K,)``, relative to k = 1.

    Of its Fourier transform on the whole line, (π/w) / sinh(πξ/2w), at ξ = πk: waves of the
    interval [-1, 1].
    """
    weight, modes = validation.positive("w", w), validation.real_array("k", k)
    scale = np.pi**2 / (2 * weight)
    return np.sinh(scale) / np.sinh(scale * modes)


def units(weights: Sequence[float], k: Sequence[int]) -> Figure:
    """Draw units tanh(wx), one row for each weight, and the sizes of their waves ``k``."""
    x = np.linspace(-1, 1, 301)
    fig, axes = plots.plt.subplots(len(weights), 2, figsize=(grids.WIDTH, 1.3 * len(weights)))
    for (unit, bars), w in zip(axes, weights, strict=True):
        unit.plot(x, np.tanh(w * x), color=plots.INK)
        unit.set(xticks=[], yticks=[], ylim=(-1.2, 1.2), title=f"weight {w:g}")
        bars.bar(range(len(k)), unit_spectrum(w, k), color=plots.frequency_colors(k), width=0.6)
        bars.set_xticks(range(len(k)), [str(mode) for mode in k])
        bars.set(yticks=[], ylim=(0, 1.05))
    axes[0, 1].set_title("its waves")
    axes[-1, 0].set_xlabel("x")
    axes[-1, 1].set_xlabel("frequency index k")
    return fig


def with_spectra(
    x: ArrayLike,
    curves: Mapping[str, ArrayLike],
    peaks: Sequence[int] | NDArray,
    *,
    modes: int = 41,
) -> Figure:
    """Draw two curves at even points ``x``, by name, and below them their spectra.

    The first is thin and dashed, the second thick; in it ``peaks``, frequency indices below
    ``modes``, are marked.
    """
    if len(curves) != 2:
        raise ValueError(f"curves: expected two, got {len(curves)}")
    (plain, smooth), (name, curve) = curves.items()
    fig, (upper, lower) = plots.plt.subplots(2, figsize=(grids.WIDTH, 4.8))
    thin: dict[str, Any] = {"color": plots.INK, "linewidth": 1, "linestyle": "--"}
    upper.plot(x, curve, label=name, **plots.TARGET)
    upper.plot(x, smooth, label=plain, **thin)
    upper.set(xlabel="x", ylabel="f(x)")
    grids.legend_above(upper, 2)
    plots.spectrum(lower, spectra.dft(curve), modes=modes, peaks=peaks, **plots.TARGET)
    plots.spectrum(lower, spectra.dft(smooth), modes=modes, **thin)
    return fig


def outside(ax: Axes, result: Result) -> None:
    """Draw every network's last output, also where there were no data, and sin x."""
    ax.axvspan(result.x.min(), result.x.max(), color=plots.GREY, alpha=0.15, linewidth=0)
    ax.plot(result.eval_x, np.sin(result.eval_x), **plots.TARGET)
    ax.plot(result.eval_x, result.outputs[:, -1].T, color=plots.INK, linewidth=1)
    top = ax.get_ylim()[1]
    ax.annotate("data", (0, top), ha="center", va="bottom", annotation_clip=False)
    ax.set(xlabel="x", ylabel="output")


def sizes_only(ax: Axes, by_error: ArrayLike, by_size: ArrayLike, k: Sequence[int]) -> None:
    """Draw each wave's step of learning by the complex error and by sizes only, ``(S, K)``."""
    whole = validation.real_array("by_error", by_error, ndim=(2,), finite=False)
    size = validation.real_array("by_size", by_size, ndim=(2,), finite=False)
    validation.same_shape("by_size", size, whole.shape, "as by_error")
    ax.axline((0, 0), slope=1, color=plots.GREY, linewidth=0.8)
    ax.scatter(whole, size, c=plots.frequency_colors(k) * len(whole), s=22)
    ax.set(xlabel="step of learning, complex error", ylabel="by sizes only")


def error_map(
    ax: Axes,
    steps: ArrayLike,
    error: ArrayLike,
    modes: ArrayLike,
    *,
    limits: tuple[float, float] = (0.05, 0.2),
) -> None:
    """Draw Δ_F ``(R, K)`` as a map: below ``limits[0]`` learned, above ``limits[1]`` not."""
    recorded, rows = validation.real_array("steps", steps), np.atleast_1d(np.asarray(modes))
    delta = validation.real_array("error", error, ndim=(2,), finite=False)
    wanted = (len(recorded), len(rows))
    validation.same_shape("error", delta, wanted, "a row for each step and a column for each mode")
    mesh = ax.pcolormesh(
        recorded,
        np.arange(len(rows)),
        delta.T,
        cmap=plots.ERROR_MAP,
        vmin=limits[0],
        vmax=limits[1],
        shading="nearest",
        rasterized=True,
    )
    shown = np.arange(0, len(rows), max(1, len(rows) // 8))
    ax.set_yticks(shown, [str(rows[i]) for i in shown])
    ax.set(xlabel="training step", ylabel="frequency index k")
    plots.thousands(ax.xaxis)
    bar = ax.figure.colorbar(mesh, ax=ax, extend="both", label=r"relative error $\Delta_F$")
    bar.set_ticks([*limits, float(np.mean(limits))])
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.1%}".replace(".0", "")))
