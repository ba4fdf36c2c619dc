"""Claims about one-dimensional targets (rows R1-R5, R9-R11, R28)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import experiments, spectra, targets
from ..convergence import convergence_step, in_order, rank_correlation
from ..results import Result, load_or_run
from .core import Order, Verdict, judge, order_row

__all__ = ["ROWS", "SECTION_3_1", "component_order", "outside", "turning_points"]


def turning_points(values: ArrayLike) -> NDArray[np.int64]:
    """Count along the last axis how often a sampled curve changes between rising and falling."""
    direction = np.sign(np.diff(np.asarray(values, dtype=np.float64), axis=-1))
    return (direction[..., 1:] * direction[..., :-1] < 0).sum(axis=-1)


def same_dominant_peak(n: int, step: float) -> bool:
    """Tell whether the staircase and the line x have their largest component at the same k."""
    both = (targets.staircase(n, step)[1], targets.staircase(n, 0)[1])
    first, second = (np.abs(spectra.dft(values))[1:].argmax() for values in both)
    return bool(first == second)


def valleys(n: int, step: float) -> NDArray[np.float64]:
    """Return |F[k]| at k = 8, 16, 24, 32, 40, relative to the largest component."""
    magnitude = np.abs(spectra.dft(targets.staircase(n, step)[1]))
    return magnitude[8:41:8] / magnitude.max()


def _staircase_spectrum() -> Verdict:
    same, zero = same_dominant_peak(200, 0.5), bool((valleys(200, 0.5) < 1e-12).all())
    deepest = valleys(200, 0).min()
    peaks = spectra.peaks(spectra.dft(targets.staircase(200, 0.5)[1]), 6)
    return Verdict(
        "R1",
        experiments.get("staircase").figure + "a",
        "one_dimension",
        "the discretized line keeps the dominant low-frequency peak; its valleys are zero",
        0,
        f"peaks {', '.join(map(str, peaks))}; valleys below 1e-12 of the maximum: {zero}",
        f"the line itself: lowest value there {deepest:.2g} of the maximum",
        judge(same and zero, same),
    )


def component_order(result: Result, modes: int = 41) -> tuple[Order, Order]:
    """Return the order of all components below ``modes`` with power, and of the peaks alone.

    Both are measured on the stored frames, so that they can be compared.
    """
    target = spectra.dft(result.y)
    k = np.arange(1, modes)
    k = k[np.abs(target[0, k]) > 1e-9 * np.abs(target[0]).max()]
    output = spectra.dft(result.outputs.astype(np.float32))
    orders = []
    for chosen in (k, result.peaks):
        error = spectra.relative_error(output[..., chosen], target[:, None, chosen])
        converged = convergence_step(result.frames, error)
        orders.append(Order(in_order(converged), rank_correlation(converged)))
    return orders[0], orders[1]


def _all_components() -> Verdict:
    components, peaks = component_order(load_or_run("staircase"))
    holds = ~components.strict & (components.correlation < peaks.correlation)
    return Verdict(
        "R2",
        experiments.get("staircase").figure + "b",
        "one_dimension",
        "taken together, the first 40 components show no clear order; the peaks do",
        len(holds),
        f"all components: {components}",
        f"the six peaks alone: {peaks}",
        judge(holds, ~components.strict),
    )


def outside(result: Result) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return per network the turning points outside the data, and |output| at the far ends."""
    last = result.outputs[:, -1].astype(np.float64)
    left, right = result.record_x < result.x.min(), result.record_x > result.x.max()
    turns = turning_points(last[:, left]) + turning_points(last[:, right])
    return turns, np.abs(last[:, [0, -1]]).max(axis=1)


def _extrapolation() -> Verdict:
    turns, ends = outside(load_or_run("outside_the_data"))
    control, _ = outside(load_or_run("outside_the_data_sine_units"))
    # One bend on each side, where the network leaves the data, is no oscillation.
    calm, flat = turns <= 2, ends < 0.5
    return Verdict(
        "R11",
        experiments.get("outside_the_data").figure,
        "one_dimension",
        "outside the data the output does not oscillate and is flat, close to 0",
        len(turns),
        f"turning points outside: at most {turns.max()}; "
        f"|output| at the far ends {ends.min():.1f} to {ends.max():.1f}",
        f"sine units: {control.min()} to {control.max()} turning points",
        judge(calm & flat, calm),
    )


SECTION_3_1 = [
    f"{curve}_{steps}"
    for curve in ("absolute_value", "square", "sine")
    for steps in ("coarse", "fine")
]

ROWS: dict[str, Callable[[], Verdict]] = {
    "R1": _staircase_spectrum,
    "R2": _all_components,
    "R3": order_row("R3", "the six peaks converge strictly from low to high", ["staircase"]),
    "R4": order_row(
        "R4",
        "four peaks converge in order though amplitude does not fall with frequency",
        ["sine_sum"],
    ),
    "R5": order_row("R5", "the order holds for |x|, x² and sin x with several α", SECTION_3_1),
    "R9": order_row("R9", "the order holds with ReLU", ["staircase_relu"]),
    "R10": order_row(
        "R10", "the order holds for points drawn at random", ["staircase_random_points"]
    ),
    "R11": _extrapolation,
    "R28": order_row("R28", "with equal amplitudes the order still holds", ["equal_amplitudes"]),
}
