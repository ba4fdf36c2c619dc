"""Figures of very wide two-layer networks beside what is known of them in advance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.linear_theory import lfp_splines, wide_limit
from book.linear_theory.claims import closed_form, predicted_trajectory
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = [
    "beside_law",
    "gaps_in_the_plane",
    "known_in_advance",
    "lost",
    "one_pull",
    "rates",
    "while_it_trains",
    "widths",
]

# Below the prediction, above it; the middle is seen on a light page and on a dark one.
GAP_MAP = LinearSegmentedColormap.from_list("gap", ["#1b9e77", "#c8c8c8", "#7d5fd3"])


def _law(result: Result) -> lfp_splines.KinkedSpline:
    """Return the curve at which a network with this result's first weights should end."""
    law = closed_form(result)[0]
    return lfp_splines.kinked_spline(result.x, result.y[0], cubic=law.cubic, linear=law.linear)


def _between(result: Result) -> NDArray[np.float64]:
    """Return places for a curve from the first point to the last, ``(181,)``."""
    return np.linspace(result.x[0], result.x[-1], 181)


def _limits(ax: Axes, result: Result) -> None:
    """Draw the two limits of the law: dotted the cubic spline, dashed the straight lines."""
    fine = _between(result)
    for style, cubic, linear in ((":", 1.0, 0.0), ("--", 0.0, 1.0)):
        curve = lfp_splines.kinked_spline(result.x, result.y[0], cubic=cubic, linear=linear)
        ax.plot(fine, curve(fine), style, color=plots.GREY, linewidth=1)


def _points(ax: Axes, result: Result) -> None:
    ax.plot(result.x, result.y[0], "o", color=plots.GREY, markersize=7)


def _networks(ax: Axes, result: Result, record: int = -1) -> None:
    """Draw the outputs of all networks at one record as crosses."""
    ax.plot(result.eval_x, result.outputs[:, record].T, "x", color=plots.BLUE, markersize=4)


def known_in_advance(results: Mapping[str, Result]) -> Figure:
    """Draw computed curves and, as crosses, trained networks; one panel for each, by its name."""
    fig, axes = plots.plt.subplots(
        len(results), squeeze=False, sharex=True, figsize=(grids.WIDTH, 2.1 * len(results))
    )
    for ax, (name, result) in zip(axes.flat, results.items(), strict=True):
        fine = _between(result)
        ax.plot(fine, _law(result)(fine), color=plots.GREY, linewidth=1.5)
        _networks(ax, result)
        _points(ax, result)
        ax.set_title(name)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return fig


def one_pull(x: ArrayLike, kernels: Mapping[str, ArrayLike], at: float) -> Figure:
    """Draw how much a pull at one place moves the output at ``x``; one panel for each kernel."""
    places = validation.real_array("x", x)
    fig, axes = plots.plt.subplots(
        1, len(kernels), squeeze=False, figsize=(grids.WIDTH, 2), sharex=True
    )
    for ax, (name, values) in zip(axes.flat, kernels.items(), strict=True):
        moved = validation.real_array("kernels", values)
        validation.matching_points(places, "kernels", moved)
        ax.plot(places, moved, color=plots.BLUE)
        ax.plot(at, np.interp(at, places, moved), "o", color=plots.GREY, markersize=7)
        ax.set_title(name)
        ax.set(xticks=[], yticks=[], xlabel="x")
    axes[0, 0].set_ylabel("how far T(x) moves")
    return fig


def rates(ax: Axes, laws: Mapping[str, wide_limit.Coefficients]) -> None:
    """Draw the rate of each frequency, relative to the slowest, and a dot at each crossover."""
    xi = np.geomspace(0.02, 20, 200)
    for style, (name, law) in zip(("-", "--", ":"), laws.items(), strict=False):
        rate = law.cubic / xi**4 + 4 * np.pi**2 * law.linear / xi**2
        ax.loglog(xi, rate / rate[0], style, color=plots.BLUE)
        ax.plot(law.crossover, np.interp(law.crossover, xi, rate / rate[0]), "o", color=plots.BLUE)
        grids.name_end(ax, name, (xi[-1], rate[-1] / rate[0]))
    ax.set(xlabel="frequency ξ, cycles per unit of x", ylabel="rate, relative")


def while_it_trains(result: Result, records: ArrayLike) -> Figure:
    """Draw the predicted output and one trained network at four kept records."""
    chosen = validation.whole_array("records", records, least=0)
    predicted = predicted_trajectory(result)
    fig, axes = plots.plt.subplots(2, 2, figsize=(grids.WIDTH, 3.6), sharex=True, sharey=True)
    for ax, record in zip(axes.flat, chosen, strict=True):
        ax.plot(result.eval_x, predicted[record], color=plots.GREY, linewidth=1.5)
        ax.plot(result.eval_x, result.outputs[0, record], "x", color=plots.BLUE, markersize=4)
        _points(ax, result)
        ax.set_title(f"step {result.frames[record]:,}", fontsize=12)  # together on a phone
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return fig


def beside_law(result: Result) -> Figure:
    """Draw what a panel has trained, the curve that the law predicts, and the law's two limits."""
    fig, ax = plots.plt.subplots(figsize=(grids.WIDTH, 2.8))
    _limits(ax, result)
    fine = _between(result)
    ax.plot(fine, _law(result)(fine), color=plots.GREY)
    _networks(ax, result)
    ax.set(xlabel="x", ylabel="T(x)")
    return fig


def lost(ax: Axes, result: Result) -> None:
    """Draw the law's two limits, and networks that come to neither."""
    _limits(ax, result)
    ax.plot(result.eval_x, result.outputs[:, -1].T, color=plots.BLUE, linewidth=0.8)
    _points(ax, result)
    ax.set(xlabel="x", ylabel="T(x)")


def gaps_in_the_plane(results: Mapping[str, Result]) -> Figure:
    """Draw the first network minus the law's prediction on the square, by what to call it."""
    fig, axes = plots.plt.subplots(
        len(results), squeeze=False, figsize=(grids.WIDTH, 2.3 * len(results)), sharex=True
    )
    for ax, (name, result) in zip(axes.flat, results.items(), strict=True):
        side = round(len(result.eval_x) ** 0.5)
        gap = (result.outputs[0, -1] - _law(result)(result.eval_x)).reshape(side, side).T
        image = ax.imshow(
            gap, origin="lower", extent=(-1, 1, -1, 1), vmin=-0.3, vmax=0.3, cmap=GAP_MAP
        )
        ax.plot(*result.x.T, "o", color="black", markeredgecolor="white", clip_on=False)
        ax.set_title(name)
        ax.set(xticks=[], yticks=[])
    fig.colorbar(image, ax=axes, label="network − prediction", shrink=0.6)
    return fig


def widths(ax: Axes, counts: ArrayLike, off: ArrayLike) -> None:
    """Draw how far kernels ``(W, S)`` are from their mean, and 1/√m through the first width."""
    units = validation.whole_array("counts", counts, least=1)
    distance = validation.real_array("off", off, ndim=(2,))
    validation.same_shape("off", distance, (len(units), distance.shape[1]), "a row for each width")
    ax.loglog(units, distance, ".", color=plots.BLUE)
    law = distance[0].mean() * np.sqrt(units[0] / units)
    ax.loglog(units, law, "--", color=plots.GREY)
    ax.annotate("like 1/√m", (units[-2], law[-2]), xytext=(6, 10), textcoords="offset points",
                color=plots.GREY)  # fmt: skip
    ax.set(xlabel="units m", ylabel="relative distance of kernels")
