"""Sweeps of settings in one figure: the order in every cell, and where a sign flips."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from fpkit import plots, validation
from fpkit.reproduce import Order

__all__ = ["cells", "flip_map", "order_by_cell", "plain"]

WORDS = {  # for what the settings call otherwise
    "sgd": "gradient descent",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "relu": "ReLU",
    "gelu": "GELU",
    "sin": "sine",
    "ricker": "Ricker",
}


def plain(name: str) -> str:
    """Return the name of a cell in words: "sgd, batch size 10" is gradient descent, 10 points."""
    for code, words in ((r"batch size (\d+)", r"\1 points"), (r"\bsize (\d+)", r"weights × \1")):
        name = re.sub(code, words, name)
    name = re.sub(r"\d{4,}", lambda number: f"{int(number[0]):,}", name)
    return re.sub(r"\w+", lambda word: WORDS.get(word[0], word[0]), name)


def order_by_cell(
    ax: Axes, names: Sequence[str], correlation: ArrayLike, strict: ArrayLike, enough: ArrayLike
) -> None:
    """Draw the rank correlation of every network ``(C, S)``, one line for each of C cells.

    Full dots: strict order; rings: no strict order; crosses: learned too little to tell.
    """
    r, in_order, known = (np.asarray(values) for values in (correlation, strict, enough))
    wanted = (len(names), r.shape[-1] if r.ndim else 0)
    for name, table in (("correlation", r), ("strict", in_order), ("enough", known)):
        validation.same_shape(name, table, wanted, "a row for each name, a column for each network")
    seeds = r.shape[1]
    place = np.arange(len(names))[:, None] + 0.5 * (np.arange(seeds) - (seeds - 1) / 2) / seeds
    full, ring = known & in_order, known & ~in_order
    ax.scatter(r[~known], place[~known], marker="x", color=plots.GREY, s=16, linewidth=0.8)
    ax.scatter(r[ring], place[ring], facecolor="none", edgecolor=plots.ORANGE, s=20)
    ax.scatter(r[full], place[full], color=plots.BLUE, s=16)
    ax.axvline(0, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set_yticks(np.arange(len(names)), names)
    ax.set_xticks([-1, 0, 1], ["fast first", "no order", "slow first"])
    ax.set(xlim=(-1.1, 1.1), ylim=(len(names) - 0.5, -0.5))


def cells(ax: Axes, orders: Mapping[str, Order]) -> None:
    """Draw the rank correlation of every network as `order_by_cell`, by the cells' names."""
    most = max(len(order.strict) for order in orders.values())

    def table(values: Iterable[NDArray]) -> NDArray[np.float64]:
        """Fill up cells with fewer networks; what is not a number is not drawn."""
        rows = [np.pad(v.astype(float), (0, most - len(v)), constant_values=np.nan) for v in values]
        return np.array(rows)

    correlation = table(o.correlation for o in orders.values())
    strict = table(o.strict for o in orders.values()) == 1
    enough = table(o.unlearned <= 1 for o in orders.values()) == 1
    order_by_cell(ax, [plain(name) for name in orders], correlation, strict, enough)


def flip_map(
    ax: Axes, values: ArrayLike, rows: Sequence[object], columns: Sequence[object]
) -> None:
    """Draw numbers ``(rows, columns)`` as a map, from -1 (orange) to 1 (blue), each written in.

    Where a neighbour in the next row has the other sign, a line separates the two.
    """
    table = validation.real_array("values", values, ndim=(2,), finite=False)
    validation.same_shape("values", table, (len(rows), len(columns)), "rows and columns")
    ax.pcolormesh(table, cmap=plots.ERROR_MAP.reversed(), vmin=-1, vmax=1, rasterized=True)
    for (row, column), value in np.ndenumerate(table):
        ax.text(column + 0.5, row + 0.5, f"{value:+.2f}", ha="center", va="center", color="#111111")
        if row and value * table[row - 1, column] < 0:
            ax.plot([column, column + 1], [row, row], color="#111111", linewidth=3)
    ax.set_yticks(np.arange(len(rows)) + 0.5, [str(row) for row in rows])
    ax.set_xticks(np.arange(len(columns)) + 0.5, [str(column) for column in columns])
