"""Figures of functions on a cube, and of networks that learn them from some corners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.parity import cube
from book.parity.experiments import CUBES, IMAGES
from fpkit import plots, validation, widgets
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result, load_or_run

__all__ = [
    "accuracies",
    "by_network",
    "cubes",
    "curves",
    "ends",
    "guesses",
    "losses",
    "name_accuracies",
    "neighbours",
    "orders",
    "power",
    "regimes",
    "speeds",
    "transforms",
]

# How the data are drawn in `regimes`: cubes by their n, images by their name.
LOOKS = {
    8: ("s-", plots.BLUE),
    10: ("o-", plots.BLUE),
    14: ("D-", plots.BLUE),
    "digits": ("^--", plots.GREY),
    "mnist": ("v--", plots.GREY),
}
# Where the corners of a cube of three bits lie on the page: to the right, upwards, to the back.
RIGHT, UP, BACK = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.5, 0.4])


def accuracies(ax: Axes, steps: ArrayLike, seen: ArrayLike, unseen: ArrayLike) -> None:
    """Draw the shares of right signs on seen (grey) and unseen cases (blue), and a coin's.

    Each is ``(R,)`` or ``(S, R)``.
    """
    for values, color, width in ((seen, plots.GREY, 0.8), (unseen, plots.BLUE, 1.2)):
        shares = np.atleast_2d(validation.real_array("shares", values, ndim=(1, 2)))
        ax.plot(steps, shares.T, color=color, linewidth=width)
    _coin(ax)
    ax.set(xlabel="training step", ylim=(0, 1.02))


def _coin(ax: Axes) -> None:
    ax.axhline(0.5, color=plots.GREY, linewidth=0.8, linestyle="--")


def guesses(results: Mapping[str, Result]) -> Figure:
    """Draw `accuracies` of all networks of each result, one panel for each, by what to call it."""
    fig, axes = plots.plt.subplots(1, len(results), squeeze=False, sharey=True, figsize=(4.84, 2.9))
    for ax, (name, result) in zip(axes[0], results.items(), strict=True):
        accuracies(ax, result.steps, result.series["seen"], result.series["unseen"])
        ax.set(title=name, xticks=result.steps[[0, -1]])
    axes[0, 0].set_ylabel("share that is right")
    names = list(results.values())
    middle = len(names) // 2
    name_accuracies(axes[0, middle], names[middle].series["unseen"], coin=axes[0, 0])
    return fig


def name_accuracies(ax: Axes, unseen: ArrayLike, *, coin: Axes | None = None) -> None:
    """Write at the lines of `accuracies` what they are; the coin's may be named in another panel.

    "seen" is right at the end, and "unseen" stands below its lines.
    """
    lowest = float(np.min(np.atleast_2d(unseen)[:, -1]))
    for panel, height, name, color, up in (
        (ax, 1.0, "seen", plots.GREY, -14),
        (ax, lowest, "unseen", plots.BLUE, -14),
        (coin or ax, 0.5, "a coin", plots.GREY, 4),
    ):
        panel.annotate(name, (panel.get_xlim()[1], height), xytext=(-2, up),
                       textcoords="offset points", ha="right", color=color)  # fmt: skip


def cubes(functions: Mapping[str, ArrayLike]) -> Figure:
    """Draw functions on the corners of a cube of three bits, by name: full 1, hollow -1.

    An edge is thick where the function changes its sign.
    """
    fig, axes = plots.plt.subplots(1, len(functions), squeeze=False, figsize=(grids.WIDTH, 2.4))
    corners = cube.cube(3)
    places = (1 - corners) / 2 @ np.stack([RIGHT, UP, BACK])
    for ax, (name, values) in zip(axes[0], functions.items(), strict=True):
        signs = validation.real_array("functions", values)
        validation.same_shape("functions", signs, (8,), "one value for each corner")
        for i in range(8):
            for j in (i ^ 1, i ^ 2, i ^ 4):
                changes = signs[i] * signs[j] < 0
                ax.plot(*places[[i, j]].T, color=plots.BLUE if changes else plots.GREY,
                        linewidth=2.5 if changes else 0.8, zorder=1)  # fmt: skip
        for chosen, face in ((signs > 0, plots.INK), (signs <= 0, "#ffffff")):
            ax.scatter(*places[chosen].T, s=110, facecolor=face, edgecolor=plots.INK, zorder=2)
        ax.set_title(name)
        ax.set_aspect("equal")
        ax.axis("off")
    return fig


def curves(names: Mapping[str, str]) -> widgets.Curves:
    """Return the accuracies over training, means over networks, with the results on a slider.

    ``names`` are the words shown for each name of a result; all must have the same steps.
    """
    results = [load_or_run(name) for name in names]
    means = [[r.series[kind].mean(axis=0) for kind in ("unseen", "seen")] for r in results]
    return _curves(results[0].steps, means, "data", list(names.values()))


def by_network(result: Result) -> widgets.Curves:
    """Return the accuracies of one network over training, with the networks on a slider."""
    each = np.stack([result.series[kind] for kind in ("unseen", "seen")], axis=1)
    return _curves(result.steps, each, "network", range(1, 1 + len(each)))


def _curves(
    steps: ArrayLike, shares: ArrayLike, parameter: str, settings: Sequence[object]
) -> widgets.Curves:
    return widgets.curves(
        steps,
        shares,
        names=["unseen", "seen"],
        colors=[plots.BLUE, plots.GREY],
        parameter=parameter,
        settings=settings,
        y_label="share of signs that are right (dashed: a coin)",
        percent=True,
        references=np.full((len(settings), 2), 0.5),
    )


def power(by_name: Mapping[str, ArrayLike]) -> Figure:
    """Draw the power at each degree ``(n + 1,)``, one panel for each function, by its name."""
    fig, axes = plots.plt.subplots(len(by_name), squeeze=False, sharex=True, figsize=(4.8, 4.4))
    for ax, (name, values) in zip(axes[:, 0], by_name.items(), strict=True):
        sizes = validation.real_array("by_name", values)
        ax.bar(range(len(sizes)), sizes, color=plots.frequency_colors(sizes))
        ax.set(title=name, ylabel="power", ylim=(0, 1))
    axes[-1, 0].set_xlabel("degree")
    return fig


def transforms(cycles: ArrayLike, sizes: Mapping[str, ArrayLike], formula: ArrayLike) -> Figure:
    """Draw sizes of Fourier transforms over ξ, by name; dotted in the last: ``formula``."""
    fig, axes = plots.plt.subplots(len(sizes), squeeze=False, sharex=True, figsize=(4.8, 3.8))
    for ax, (name, size) in zip(axes[:, 0], sizes.items(), strict=True):
        ax.plot(cycles, size, color=plots.BLUE)
        ax.set(title=name, ylabel="|F|")
    axes[-1, 0].plot(cycles, formula, ":", color=plots.GREY)
    axes[-1, 0].set_xlabel("ξ, in cycles per unit of length")
    return fig


def regimes(measures: Mapping[str, Callable[[Result], NDArray]]) -> Figure:
    """Draw measures of all results, by what to call them, against the number of cases seen.

    One mark for each network, one line through the means for each kind of data.
    """
    fig, axes = plots.plt.subplots(len(measures), squeeze=False, sharex=True, figsize=(4.8, 5.6))
    for ax, (title, measure) in zip(axes[:, 0], measures.items(), strict=True):
        _regimes(ax, measure)
        ax.set_ylabel(f"unseen cases right, {title}")
    axes[-1, 0].set_xlabel("cases seen")
    grids.legend_above(axes[0, 0], 3, columnspacing=1)
    return fig


def _regimes(ax: Axes, measure: Callable[[Result], NDArray]) -> None:
    data = {**CUBES, **IMAGES}
    for kind, (look, color) in LOOKS.items():
        names = [name for name, (of, _) in data.items() if of == kind]
        counts = [data[name][1] for name in names]
        values = [measure(load_or_run(name)) for name in names]
        for count, each in zip(counts, values, strict=True):
            ax.plot(np.full(len(each), count), each, look[0], color=color, markersize=3, alpha=0.4)
        label = {"mnist": "MNIST"}.get(kind, kind) if isinstance(kind, str) else f"n = {kind}"
        means = [each.mean() for each in values]
        ax.plot(counts, means, look, color=color, markersize=5, label=label)
    _coin(ax)
    ax.set(ylim=(0, 1.02))


def neighbours(ax: Axes, agree: Mapping[str, float], early: Mapping[str, float]) -> None:
    """Draw how often networks are right early, over how often near corners agree, by the result."""
    for name, share in agree.items():
        n, seen = CUBES[name]
        ax.plot(share, early[name], "o", color=plots.BLUE)
        ax.annotate(f"{n}: {seen / 2**n:.0%}", (share, early[name]), xytext=(6, -8),
                    textcoords="offset points")  # fmt: skip
    _coin(ax)
    ax.set(xlabel="nearest neighbours agree", ylabel="networks are right, early", ylim=(0.18, 0.54))


def speeds(ax: Axes, by_degree: ArrayLike, average: float) -> None:
    """Draw how soon waves of each degree ``(n + 1,)`` are learned, and the average over waves."""
    values = validation.real_array("by_degree", by_degree)
    ax.bar(range(len(values)), values, color=plots.frequency_colors(values))
    ax.axhline(average, color=plots.GREY, linestyle="--")
    ax.annotate("average over all waves", (len(values) - 0.5, average), xytext=(0, 4),
                textcoords="offset points", ha="right")  # fmt: skip
    ax.set(yscale="log", xlabel="degree", ylabel="rate of learning")


def orders(results: Mapping[str, Result]) -> Figure:
    """Draw when the waves of each degree are learned, one panel for each result, by its name."""
    fig, axes = plots.plt.subplots(1, len(results), squeeze=False, figsize=(4.84, 2.6))
    for ax, (name, result) in zip(axes[0], results.items(), strict=True):
        learned = convergence_step(result.steps, result.errors)
        plots.order(ax, learned, result.settings["sizes"])
        ax.set(title=name, xlabel="degree")
    return fig


def ends(ax: Axes, accuracy: Mapping[str, ArrayLike]) -> None:
    """Draw the accuracy of every network ``(S,)``, one column for each setting, by its name."""
    for place, values in enumerate(accuracy.values()):
        shares = validation.real_array("accuracy", values)
        ax.plot(np.full(len(shares), place), shares, "o", color=plots.BLUE, alpha=0.5)
    _coin(ax)
    ax.set_xticks(range(len(accuracy)), list(accuracy))
    ax.set(ylabel="right on unseen corners", ylim=(0, 1.02))


def losses(pairs: Mapping[str, Sequence[Result]], names: Sequence[str]) -> Figure:
    """Draw training losses: a panel for each set of results, by name, a look for each of them."""
    fig, axes = plots.plt.subplots(len(pairs), squeeze=False, sharex=True, figsize=(4.8, 4.4))
    for ax, (title, results) in zip(axes[:, 0], pairs.items(), strict=True):
        for result, color, name in zip(results, (plots.BLUE, plots.GREY), names, strict=True):
            lines = ax.plot(result.steps, result.losses.T, color=color, linewidth=0.8)
            lines[0].set_label(name)
        ax.set(title=title, yscale="log", ylim=(1e-4, 3), ylabel="training loss")
    axes[0, 0].legend(loc="lower left")
    axes[-1, 0].set_xlabel("training step")
    return fig
