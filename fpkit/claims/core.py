"""What a verdict is, and the measurement of order that most claims share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import experiments
from ..convergence import convergence_step, in_order, rank_correlation
from ..results import Result, load_or_run

__all__ = ["Order", "Verdict", "judge", "order", "order_row"]


@dataclass(frozen=True)
class Order:
    """Whether frequencies were learned in order, for each of S networks.

    Attributes
    ----------
    strict
        Whether the convergence steps strictly increase with frequency, ``(S,)``.
    correlation
        Rank correlation between frequency and convergence step, ``(S,)``.

    """

    strict: NDArray[np.bool_]
    correlation: NDArray[np.float64]

    def __str__(self) -> str:
        r = self.correlation
        spread = f"{r.min():.2f}" if np.ptp(r) < 0.005 else f"{r.min():.2f} to {r.max():.2f}"
        return f"strict order {self.strict.sum()}/{len(self.strict)}, rank correlation {spread}"


@dataclass(frozen=True)
class Verdict:
    """What came out for one row of the papers."""

    row: str
    figure: str
    chapter: str
    claim: str
    seeds: int
    effect: str
    control: str
    outcome: str


def order(result: Result, threshold: float = 0.1) -> Order:
    """Measure the order in which the peaks of a result fall below ``threshold``."""
    converged = convergence_step(result.steps, result.errors, threshold)
    return Order(in_order(converged), rank_correlation(converged))


def judge(holds: ArrayLike, tendency: ArrayLike) -> str:
    """Return the verdict from what was seen for each network (see the module's rule)."""
    if np.all(holds):
        return "reproduced"
    return "weaker" if np.all(tendency) else "not reproduced"


def _ordered(runs: Sequence[str], control: str = "staircase_large_init") -> tuple[Order, str]:
    """Measure the order over several runs together, and describe the control."""
    each = [order(load_or_run(name)) for name in runs]
    together = Order(
        np.concatenate([o.strict for o in each]), np.concatenate([o.correlation for o in each])
    )
    return together, f"{control}: {order(load_or_run(control))}"


def order_row(
    row: str, claim: str, runs: Sequence[str], control: str = "staircase_large_init"
) -> Callable[[], Verdict]:
    """Return the function of a row that claims strict order."""

    def measure() -> Verdict:
        measured, control_text = _ordered(runs, control)
        return Verdict(
            row,
            experiments.get(runs[0]).figure,
            "one_dimension",
            claim,
            len(measured.strict) // len(runs),
            str(measured),
            control_text,
            judge(measured.strict, measured.correlation > 0),
        )

    return measure
