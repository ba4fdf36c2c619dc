"""Figures of what a learner says between its points, and of what the FP-norm promises of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.generalization import fp_norm
from book.generalization.claims import TOP, WEIGHT, Draw
from book.generalization.experiments import sine
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = [
    "against_points",
    "guesses",
    "in_the_panel",
    "norm_and_error",
    "part_by_part",
    "three_splines",
    "two_learners",
]

TURNS = np.arange(256) / 256  # where the outputs of the experiment are recorded
FINE = np.arange(1024) / 1024


def _places(result: Result) -> NDArray[np.float64]:
    """Return where the training points are in x, from their places on the circle."""
    return np.arctan2(*result.x.T[::-1]) / (2 * np.pi) % 1


def _guess(ax: Axes, result: Result, member: int, color: str) -> None:
    """Draw a sine, what one network makes of it, and the points that it was given."""
    settings = result.settings
    modes, seeds = settings["modes"], settings["seeds"]
    target = sine(TURNS, modes[member % len(modes)], seeds[member])
    grids.compare(ax, TURNS, target, result.outputs[member, -1], color)
    ax.plot(_places(result), result.y[member], "o", color=plots.GREY, markersize=4)


def guesses(result: Result, modes: Sequence[int]) -> Figure:
    """Draw the first network's guess for each sine, one row for each; slow ones on top."""
    known = list(result.settings["modes"])
    fig, axes = plots.plt.subplots(
        len(modes), squeeze=False, sharex=True, figsize=(grids.WIDTH, 1.3 * len(modes))
    )
    for ax, mode, color in zip(axes.flat, modes, plots.frequency_colors(modes), strict=True):
        _guess(ax, result, known.index(mode), color)
        ax.set_title(f"k = {mode}", color=color)
    return fig


def in_the_panel(result: Result) -> Figure:
    """Draw the guess of the first network of a panel."""
    fig, ax = plots.plt.subplots(figsize=(grids.WIDTH, 2.6))
    _guess(ax, result, 0, plots.BLUE)
    return fig


def two_learners(
    x: ArrayLike, target: fp_norm.Periodic, learners: Mapping[str, fp_norm.Weight]
) -> Figure:
    """Draw the curves that learners put through the same points, by what they prefer."""
    points = validation.real_array("x", x)
    fig, axes = plots.plt.subplots(
        len(learners), squeeze=False, sharex=True, figsize=(grids.WIDTH, 1.8 * len(learners))
    )
    colors = plots.frequency_colors(range(len(learners)))
    for ax, (name, weight), color in zip(axes.flat, learners.items(), colors, strict=True):
        curve = fp_norm.minimal_interpolant(points, target(points), weight, top=TOP)
        ax.plot(FINE, curve(FINE), color=color, linewidth=1)
        ax.plot(points, target(points), "o", color=plots.GREY, markersize=6)
        ax.set_title(name, color=color)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return fig


def norm_and_error(groups: Sequence[Sequence[Draw]], norms: ArrayLike, errors: ArrayLike) -> Figure:
    """Draw error against FP-norm: minimal interpolants above, trained networks below.

    ``norms`` ``(K,)`` are those of the sines, low frequencies first, ``errors`` ``(S, K)``.
    """
    costs = validation.real_array("norms", norms)
    missed = validation.real_array("errors", errors, ndim=(2,))
    validation.same_shape("errors", missed, (len(missed), len(costs)), "one for each norm")
    fig, (above, below) = plots.plt.subplots(2, sharex=True, figsize=(grids.WIDTH, 5))
    for group in groups:
        above.semilogy([d.norm for d in group], [d.absolute for d in group], ".", color=plots.GREY)
    colors = plots.frequency_colors(costs)
    below.semilogy(costs, missed.T, color=plots.GREY, linewidth=0.7)
    for cost, column, color in zip(costs, missed.T, colors, strict=True):
        below.semilogy(np.full(len(column), cost), column, "o", color=color, markersize=4)
    above.set(title="curves of the smallest norm", ylabel="mean error")
    below.set(title="trained networks", ylabel="mean error", xlabel="FP-norm of the target")
    return fig


def against_points(ax: Axes, sizes: ArrayLike, draws: Sequence[Sequence[Draw]]) -> None:
    """Draw error and bound against the number of points ``(P,)``; draws of one target ``(P, D)``.

    A dashed line is the error of always answering 0.
    """
    n = validation.whole_array("sizes", sizes, least=1)
    errors = np.array([[d.absolute for d in row] for row in draws])
    validation.same_shape("draws", errors, (len(n), errors.shape[1]), "a row for each size")
    bound, middle = [row[0].bound for row in draws], np.median(errors, axis=1)
    trivial = draws[0][0].trivial
    ax.loglog(n, bound, "o-", color=plots.GREY, markersize=4)
    ax.axhline(trivial, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.loglog(n, errors, ".", color=plots.BLUE)
    ax.loglog(n, middle, color=plots.BLUE)
    for name, height, color in (
        ("the bound", bound[0], plots.GREY),
        ("always answer 0", trivial, plots.GREY),
        ("measured", middle[len(n) // 2], plots.BLUE),
    ):
        at = n[len(n) // 2] if name == "measured" else n[0]
        ax.annotate(name, (at, height), xytext=(6, 6), textcoords="offset points", color=color)
    ax.set_xticks(n, [str(count) for count in n])
    ax.minorticks_off()
    ax.set(xlabel="number of points", ylabel="mean error")


def part_by_part(ax: Axes, coefficients: Mapping[str, NDArray]) -> None:
    """Draw how the norm of functions grows with the number of their modes ``(K,)``, from 1 on."""
    for style, (name, c) in zip(cycle(("-", "--", ":")), coefficients.items(), strict=False):
        modes = np.arange(1, len(c) + 1)
        counts = np.unique(np.geomspace(1, len(c), 40).astype(int))
        parts = [fp_norm.fp_norm(fp_norm.Periodic(modes[:i], c[:i]), WEIGHT) for i in counts]
        ax.loglog(counts, parts, style, color=plots.BLUE)
        grids.name_end(ax, name, (counts[-1], parts[-1]))
    ax.set(xlabel="modes counted", ylabel="norm of these modes")


def three_splines(
    ax: Axes, x: ArrayLike, y: ArrayLike, curves: Mapping[str, fp_norm.Periodic]
) -> None:
    """Draw periodic curves through points, by the term of γ² that they belong to."""
    for style, (name, curve) in zip(cycle(("-", ":", "--")), curves.items(), strict=False):
        ax.plot(FINE, curve(FINE), style, color=plots.BLUE, label=name)
    ax.plot(x, y, "o", color=plots.GREY)
    ax.set(xlabel="x", ylabel="h(x)")
    grids.legend_above(ax, len(curves))
