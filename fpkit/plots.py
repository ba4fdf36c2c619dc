"""One look for every figure of the book. A figure is a function of arrays.

Frequency is always coloured low → high by the same map, from blue through purple to orange. Its
lightness is nearly constant, so every colour is readable on a light page and on a dark one, and
its blue-yellow contrast is seen with any common colour-blindness. Curves are also labelled
directly: colour is never the only signal. Targets are thick and grey, networks thin and dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import validation
from .convergence import convergence_step
from .extras import needed_from

with needed_from("plots"):
    import matplotlib.pyplot as plt
    from matplotlib import colors, patheffects
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.ticker import FuncFormatter, MaxNLocator

__all__ = [
    "BLUE",
    "FREQUENCY_MAP",
    "GREY",
    "INK",
    "ORANGE",
    "TARGET",
    "convergence",
    "frequency_colors",
    "functions",
    "order",
    "spectrum",
    "thousands",
    "use_style",
]

FREQUENCY_MAP = colors.LinearSegmentedColormap.from_list(
    "frequency", ["#2f6fd6", "#7d5fd3", "#b8479f", "#d1495b", "#c06a00"]
)
# Learned → not learned, for maps of the relative error.
ERROR_MAP = colors.LinearSegmentedColormap.from_list("error", ["#2f6fd6", "#efe3cf", "#c06a00"])
GREY, BLUE, ORANGE = "#808080", "#2f6fd6", "#c06a00"
INK = "#404040"
TARGET: dict[str, Any] = {"color": GREY, "linewidth": 3, "alpha": 0.5}  # how it is drawn
# Behind a name that lies on curves. On a dark page it is exchanged for the page's own dark.
HALO = patheffects.withStroke(linewidth=3, foreground="#ffffff")
STYLE = {
    "figure.figsize": (7.2, 3.0),
    "figure.dpi": 120,
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "savefig.transparent": True,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "font.size": 10,
    "legend.frameon": False,
    "lines.linewidth": 1.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "fpkit",
}


def use_style() -> None:
    """Use the book's style for all figures that follow."""
    plt.style.use(STYLE)
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:
        return
    set_matplotlib_formats("svg")


def frequency_colors(modes: Sequence[int] | NDArray) -> list[str]:
    """Return one colour per mode, spread over the map from the lowest to the highest."""
    place = np.linspace(0, 1, max(2, len(modes)))[: len(modes)]
    return [colors.to_hex(FREQUENCY_MAP(p)) for p in place]


def thousands(axis: Axis) -> None:
    """Write the steps on an axis, if it is linear, as a text does: 10,000."""
    if axis.get_scale() == "linear":
        axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,g}"))


def functions(
    ax: Axes,
    x: ArrayLike,
    target: ArrayLike,
    outputs: ArrayLike | None = None,
    labels: Sequence[str] = (),
) -> None:
    """Draw a target (thick) and a network's output, or several ``(curves, M)``, over it."""
    points = validation.real_array("x", x)
    wanted = validation.real_array("target", target, finite=False)
    validation.matching_points(points, "target", wanted)
    curves = np.empty((0, len(points)))
    if outputs is not None:
        curves = np.atleast_2d(validation.real_array("outputs", outputs, ndim=(1, 2), finite=False))
        validation.matching_points(points, "outputs", curves)
    ax.plot(points, wanted, **TARGET, label="target")
    for output, label in zip_longest(curves, labels[: len(curves)]):
        ax.plot(points, output, color=INK, linewidth=1, label=label)
    ax.set(xlabel="x", ylabel="f(x)")


def spectrum(
    ax: Axes,
    coefficients: ArrayLike,
    *,
    modes: int = 41,
    peaks: Sequence[int] | NDArray = (),
    label: str | None = None,
    color: str = GREY,
    floor: float = 1e-4,
    **line: Any,
) -> None:
    """Draw |F[k]| for 1 ≤ k < ``modes``; values under ``floor`` (zero valleys) sit on it.

    Peaks get a coloured dot with their frequency index.
    """
    values = np.abs(validation.number_array("coefficients", coefficients))
    least = validation.positive("floor", floor)
    magnitude = np.maximum(values[: validation.positive_int("modes", modes)], least)
    k = np.arange(len(magnitude))
    ax.plot(k[1:], magnitude[1:], color=color, label=label, **line)
    marked = validation.whole_array("peaks", peaks, least=0) if len(peaks) else np.empty(0, int)
    marked = marked[marked < len(magnitude)]
    for peak, shade in zip(marked, frequency_colors(marked), strict=True):
        ax.plot(peak, magnitude[peak], "o", color=shade)
        ax.annotate(
            str(peak),
            (peak, magnitude[peak]),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
        )
    ax.set(yscale="log", xlabel="frequency index k", ylabel="|F[k]|")


def convergence(
    ax: Axes,
    steps: ArrayLike,
    error: ArrayLike,
    modes: ArrayLike,
    *,
    threshold: float = 0.1,
    shades: Sequence[str] = (),
) -> None:
    """Draw Δ_F ``(R, K)`` of each mode over training, in ``shades`` or by `frequency_colors`.

    A dot with the frequency index marks the step at which the mode is learned.
    """
    recorded, marked = validation.real_array("steps", steps), np.atleast_1d(np.asarray(modes))
    validation.increasing("steps", recorded)
    delta = validation.real_array("error", error, ndim=(2,), finite=False)
    wanted = (len(recorded), len(marked))
    validation.same_shape("error", delta, wanted, "a row for each step and a column for each mode")
    learned = convergence_step(recorded, delta, threshold)
    shades = shades or frequency_colors(marked)
    for column, shade in zip(delta.T, shades, strict=True):
        ax.plot(recorded, column, color=shade)
    ax.axhline(threshold, color=GREY, linewidth=0.8, linestyle="--")
    ax.set(
        yscale="log",
        ylim=(threshold / 10, 2),
        xlabel="training step",
        ylabel=r"relative error $\Delta_F$",
    )
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0%}"))
    if ax.get_xscale() == "linear":
        ax.xaxis.set_major_locator(MaxNLocator(6))
    thousands(ax.xaxis)
    _mark_learned(ax, learned, threshold, marked, shades)


def _mark_learned(
    ax: Axes, learned: NDArray, threshold: float, modes: NDArray, shades: Sequence[str]
) -> None:
    """Put a dot and a number where each mode is learned.

    Numbers that would touch stand beside one another in their order, each with a line to its dot.
    """
    order = np.argsort(learned, kind="stable")[: np.isfinite(learned).sum()]
    places = [(learned[i], threshold) for i in order]
    moved, end = np.zeros(len(order)), -np.inf  # to the right, in points
    for j, (i, place) in enumerate(zip(order, places, strict=True)):
        left = ax.transData.transform(place)[0] * 72 / ax.figure.dpi
        moved[j] = max(0, end - left)
        end = left + moved[j] + 4 + 6 * len(str(modes[i]))
    pushed = np.append(moved, 0) > 0  # a number that is, and the one that it would touch
    raised = pushed[:-1] | pushed[1:]
    for i, place, right, up in zip(order, places, moved, raised, strict=True):
        ax.plot(*place, "o", color=shades[i], clip_on=False)
        line = {"arrowstyle": "-", "color": shades[i], "linewidth": 0.8, "shrinkA": 0}
        ax.annotate(
            str(modes[i]),
            place,
            xytext=(2 + right, 16 if up else 4),
            textcoords="offset points",
            fontsize=9,
            color=shades[i],
            fontweight="bold",
            arrowprops=line if up else None,
            path_effects=[HALO],
        )


def order(ax: Axes, converged: ArrayLike, modes: ArrayLike) -> None:
    """Draw the convergence step of each mode ``(S, K)``, one line per network.

    A rising line is the F-Principle; modes that never converge are left out.
    """
    found = validation.real_array("converged", converged, ndim=(1, 2), finite=False)
    steps, marked = np.atleast_2d(found), np.atleast_1d(np.asarray(modes))
    wanted = (len(steps), len(marked))
    validation.same_shape(
        "converged", steps, wanted, "a row for each network, a column for each mode"
    )
    place = np.arange(len(marked))
    ax.plot(place, np.where(np.isfinite(steps), steps, np.nan).T, color=GREY, linewidth=0.8)
    for row in steps:
        ax.scatter(place, row, c=frequency_colors(marked), s=22, zorder=2)
    ax.set_xticks(place, [str(mode) for mode in marked])
    ax.set(xlabel="frequency index k", ylabel="step of learning", xlim=(-0.3, len(marked) - 0.7))
    thousands(ax.yaxis)
