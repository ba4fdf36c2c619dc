"""What the figures of several chapters share: a curve beside its target, grids of them, legends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from fpkit import plots, spectra
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result

__all__ = [
    "FAST",
    "SLOW",
    "WIDTH",
    "compare",
    "legend_above",
    "name_end",
    "name_grid",
    "name_winners",
    "orders",
    "waves",
]

# Inches: text of 10 points is readable on a phone, which shows 4.8 inches on the width of 3.6.
WIDTH = 4.8
# Where there are two frequencies only.
SLOW, FAST = plots.frequency_colors([0, 1])


def waves(values: NDArray, k: NDArray, turns: NDArray, *, undone: int = 0) -> NDArray[np.float64]:
    """Return the waves with indices ``k`` in curves ``(…, N)``, at ``turns`` of the circle.

    ``turns`` are ``(M,)``, or ``(K, M)`` for each wave its own; the result is ``(…, K, M)``.
    With ``undone`` derivatives the curves are derivatives of this order, and the waves those of the
    functions, divided by πᵒʳᵈᵉʳ for an interval of length 2.
    """
    coefficients = spectra.dft(values)[..., k, None] / (1j * k[:, None]) ** undone
    return 2 * np.real(coefficients * np.exp(2j * np.pi * k[:, None] * turns))


def compare(ax: Axes, x: ArrayLike, target: ArrayLike, output: ArrayLike, color: str) -> None:
    """Draw a target, grey and thick, and over it what a network makes of it; no axes."""
    ax.plot(x, target, **plots.TARGET)
    ax.plot(x, output, color=color, linewidth=1.5)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def name_end(ax: Axes, name: str, at: tuple[float, float], color: str | None = None) -> None:
    """Write the name of a curve to the right of its end, in its colour."""
    ax.annotate(
        name,
        at,
        xytext=(4, 0),
        va="center",
        textcoords="offset points",
        annotation_clip=False,
        color=color,
    )


def name_grid(axes: NDArray, steps: Iterable[int], names: Iterable[str]) -> None:
    """Write the step above each column of a grid of panels, and a name before each row."""
    for column, (ax, step) in enumerate(zip(axes[0], steps, strict=True)):
        ax.set_title(f"{'' if column else 'step '}{step:,}", fontsize=12, loc="center")
    for ax, name in zip(axes[:, 0], names, strict=True):
        ax.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=12)


def orders(axes: NDArray, results: Mapping[str, Result]) -> None:
    """Draw the step of learning of each result's peaks, one panel for each, by what to call it.

    The panels are the first of a grid; only those at its edges have labels.
    """
    panels = np.ravel(axes)
    if len(panels) != len(results):
        raise ValueError(
            f"axes, results: expected as many of each, got {len(panels)}, {len(results)}"
        )
    for i, (ax, (title, result)) in enumerate(zip(panels, results.items(), strict=True)):
        plots.order(ax, convergence_step(result.steps, result.errors), result.peaks)
        ax.set_xlim(-0.25, len(result.peaks) - 0.75)  # as wide whatever is learned
        ax.set_title(title)
        columns = ax.get_subplotspec().get_gridspec().ncols
        if i % columns:
            ax.set_ylabel("")
        if i + columns < len(panels):
            ax.set_xlabel("")


def name_winners(ax: Axes, **others: str) -> None:
    """Say above a map what its discs mean: the colours of the wave that comes first, in a list.

    Words side by side above a map would be read as heads of its columns. ``others`` are further
    entries, what is meant by the colour of a ring.
    """
    discs = {"slow wave first": (SLOW, SLOW), "fast wave first": (FAST, FAST)}
    discs |= {meaning: (color, "none") for meaning, color in others.items()}
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=8, color=edge, markerfacecolor=face,
               label=name)
        for name, (edge, face) in discs.items()
    ]  # fmt: skip
    legend_above(ax, 1, handles=handles, handletextpad=0.4)


def legend_above(ax: Axes, columns: int, **look: Any) -> None:
    """Put the legend above a panel, off the data, in so many columns."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0, **look)
