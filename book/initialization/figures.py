"""Figures of what the size of the first weights decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.initialization import digits_claims
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["functions", "growing", "magnitudes", "orders", "readings", "restless", "sharpness"]

WIDTH = 5.4  # inches, of grids whose panels stand below one another on a phone
SMALLEST = 0.001  # error that is written as a number


def growing(result: Result, names: Sequence[str], steps: Sequence[int]) -> Figure:
    """Draw all networks of a result at the kept steps nearest ``steps``.

    One row for each network, by what to call it; one column for each step. Grey: the target, a line
    through its training points. On the right the mean square errors at the last of the steps: at
    the points seen, and, from the series "new", on new ones.
    """
    kept = [result.frame_near(step) for step in steps]
    record = np.searchsorted(result.steps, result.frames[kept[-1]])
    errors = {"seen": result.losses[:, record], "new": result.series["new"][:, record]}
    fig, axes = plots.plt.subplots(
        len(names), len(kept), squeeze=False, figsize=(WIDTH, 1.15 * len(names))
    )
    wanted = np.broadcast_to(result.y, (len(names), len(result.x)))
    for member, row in enumerate(axes):
        target = np.interp(result.eval_x, result.x, wanted[member])
        size = np.abs(target).max()
        for ax, frame in zip(row, kept, strict=True):
            grids.compare(ax, result.eval_x, target, result.outputs[member, frame], plots.BLUE)
            ax.set_ylim(-1.6 * size, 1.6 * size)
    grids.name_grid(axes, result.frames[kept], names)
    for place, (points, values) in zip((1.5, 2.55), errors.items(), strict=True):
        _beside(axes[0, -1], (place, 1.0), f"error,\n{points}", va="bottom")
        for ax, value in zip(axes[:, -1], values, strict=True):
            _beside(ax, (place, 0.5), _short(value), va="center")
    return fig


def _beside(ax: Axes, at: tuple[float, float], words: str, va: str) -> None:
    """Write words beside a panel, at a place in units of its width and height."""
    ax.annotate(words, at, xycoords="axes fraction", ha="center", va=va, fontsize=12,
                annotation_clip=False)  # fmt: skip


def _short(value: float) -> str:
    """Return a number with one digit, or that it is smaller than one can show."""
    return f"{value:.1g}" if value >= SMALLEST else f"<{SMALLEST:g}"


def functions(x: ArrayLike, outputs: Mapping[str, ArrayLike]) -> Figure:
    """Draw functions, by name, each in a panel with a vertical axis of its own."""
    fig, panels = _panels(len(outputs))
    for ax, (title, output) in zip(panels, outputs.items(), strict=True):
        ax.plot(x, output, color=plots.BLUE)
        ax.set(title=title, xticks=[-1, 0, 1])
    return fig


def orders(results: Mapping[str, Result], *, columns: int = 1, log: bool = False) -> Figure:
    """Draw when each network of each result learns each peak, one panel for each, by its name.

    All panels have the same vertical axis; with ``log`` it is logarithmic.
    """
    width = WIDTH if columns > 1 else grids.WIDTH
    fig, panels = _panels(len(results), columns, width=width, height=2.1, sharey=True)
    panels[0].set_yscale("log" if log else "linear")
    grids.orders(panels, results)
    return fig


def readings(columns: Mapping[str, Mapping[str, Result]], linear: float) -> Figure:
    """Draw the share of images read against the epoch: a column for each set of runs.

    The sets have runs of the same names, one row for each. Grey: training images. Blue: test
    images. Dotted: ``linear``, what a linear classifier reads of the test images.
    """
    names = list(next(iter(columns.values())))
    fig, axes = plots.plt.subplots(
        len(names), len(columns), squeeze=False, sharey=True, sharex="col",
        figsize=(WIDTH, 1.8 * len(names)),
    )  # fmt: skip
    for column, (title, results) in zip(axes.T, columns.items(), strict=True):
        for ax, name in zip(column, names, strict=True):
            result = results[name]
            for part, color in (("train", plots.GREY), ("test", plots.BLUE)):
                shares = result.series[f"{part} accuracy"].T
                epochs = digits_claims.epochs(result)
                ax.plot(epochs, shares, color=color, linewidth=0.8)
            ax.axhline(linear, color=plots.GREY, linestyle=":")
            ax.set(ylim=(0, 1.02), title=name)
        column[0].set_title(f"{title}\n{names[0]}")
        column[-1].set_xlabel("epoch")
    # At their ends in a panel of the middle, where the two may differ most.
    row = len(names) // 2
    last = list(columns.values())[-1][names[row]]
    for part, word, color in (("train", "seen", plots.GREY), ("test", "new", plots.BLUE)):
        end = digits_claims.epochs(last)[-1], last.series[f"{part} accuracy"][:, -1].mean()
        grids.name_end(axes[row, -1], word, end, color)
    axes[0, 0].annotate("linear", (axes[0, 0].get_xlim()[1], linear), xytext=(-2, -12), ha="right",
                        textcoords="offset points", color=plots.GREY)  # fmt: skip
    for row in axes:
        row[0].set_ylabel("read")
    return fig


def magnitudes(results: Mapping[str, Result]) -> Figure:
    """Draw the mean size of weights (blue) and biases (orange) of each first network.

    Dashed: one standard deviation away.
    """
    fig, panels = _panels(len(results))
    for ax, (title, result) in zip(panels, results.items(), strict=True):
        epochs = digits_claims.epochs(result)
        for kind, color in (("weight", plots.BLUE), ("bias", plots.ORANGE)):
            middle, spread = result.series[kind][0], result.series[f"{kind} spread"][0]
            ax.plot(epochs, middle, color=color)
            for edge in (middle - spread, middle + spread):
                ax.plot(epochs, edge, "--", color=color, linewidth=0.6)
        ax.set(title=title, xlabel="epoch", ylim=(0, None))
    return fig


def _panels(
    count: int, columns: int = 2, *, width: float = WIDTH, height: float = 1.9, sharey: bool = False
) -> tuple[Figure, NDArray]:
    """Return a figure and its panels ``(count,)``, row by row."""
    rows = -(-count // columns)
    fig, axes = plots.plt.subplots(
        rows, columns, squeeze=False, sharey=sharey, figsize=(width, height * rows)
    )
    for ax in axes.flat[count:]:
        ax.remove()
    return fig, axes.flat[:count]


def sharpness(ax: Axes, scales: ArrayLike, sharp: NDArray, control: NDArray) -> None:
    """Draw sharpness ``(S, A)`` over the first std (solid), and that of a control (dotted)."""
    size = validation.real_array("scales", scales, ndim=(1,))
    for values, style in ((sharp, "-"), (control, ":")):
        ax.loglog(size, np.transpose(values), style, color=plots.BLUE, linewidth=1)
    ax.set(xlabel="first std", ylabel="sharpness")


def restless(axes: Sequence[Axes], scales: ArrayLike, swing: NDArray, sharp: NDArray,
             tests: NDArray) -> None:  # fmt: skip
    """Draw the loss's rise over the first std, and test error over sharpness; all ``(S, A)``."""
    size = validation.real_array("scales", scales, ndim=(1,))
    left, right = axes
    left.semilogx(size, np.transpose(swing), color=plots.BLUE, linewidth=1)
    left.set(xlabel="first std", ylabel="mean rise of ln loss")
    colors = plots.frequency_colors(size) * len(sharp)
    right.scatter(np.ravel(sharp), np.ravel(tests), c=colors, s=14)
    right.set(xscale="log", yscale="log", xlabel="sharpness", ylabel="test error")
    right.minorticks_off()
