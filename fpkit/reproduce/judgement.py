"""The papers' claims and the verdicts on them; the measurement of order that most claims share.

Each row (R1, R2, …) is one statement of a paper. The chapter's function of that name measures it on
results and returns a `Verdict`: computed, never typed. The rule is the same for all rows:

- *reproduced*: the statement holds for every network (seed) that was run;
- *weaker*: it fails for some, but in each of them the tendency is there (for an order: a positive
  rank correlation), or part of the statement holds for every network;
- *not reproduced*: otherwise;
- *undecided*: a run ended before an order could be seen (two or more frequencies not learned).

Each verdict names a negative control: something for which the same statement must fail, else the
measurement proves nothing. A control may still show the tendency.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import validation
from ..convergence import convergence_step, in_order, rank_correlation
from . import chapters
from .results import Result, load_or_run, noted

__all__ = ["Order", "Verdict", "judge", "order", "order_row", "verdict", "verdicts"]


@dataclass(frozen=True)
class Order:
    """Whether frequencies were learned in order, for each of S networks.

    Attributes
    ----------
    strict
        Whether the convergence steps strictly increase with frequency, ``(S,)``.
    correlation
        Rank correlation between frequency and convergence step, ``(S,)``.
    unlearned
        Number of frequencies not learned when the run ended, ``(S,)``. One, the highest, leaves
        the order strict; with two it is unknown, and not counted as strict.

    """

    strict: NDArray[np.bool]
    correlation: NDArray[np.float64]
    unlearned: NDArray[np.int64]

    @classmethod
    def of(cls, converged: ArrayLike) -> Order:
        """Measure the order of convergence steps ``(S, K)``."""
        steps = np.asarray(converged)
        return cls(in_order(steps), rank_correlation(steps), np.isinf(steps).sum(axis=-1))

    @classmethod
    def together(cls, orders: Sequence[Order]) -> Order:
        """Join the networks of several runs."""
        fields = ("strict", "correlation", "unlearned")
        return cls(*(np.concatenate([getattr(o, field) for o in orders]) for field in fields))

    def __str__(self) -> str:
        r, late = self.correlation, (self.unlearned > 0).sum()
        spread = f"{r.min():.2f}" if np.ptp(r) < 0.005 else f"{r.min():.2f} to {r.max():.2f}"
        text = f"strict order {self.strict.sum()}/{len(self.strict)}, rank correlation {spread}"
        return text + (f", {late} end before all is learned" if late else "")


@dataclass(frozen=True)
class Verdict:
    """What came out for one row of the papers.

    ``effect`` and ``control`` say what was measured on the run and on the negative control;
    ``control_fails`` is whether the statement fails there, as it must. ``trainings`` has the
    seconds of training behind every stored result that it rests on; it is empty where all was
    computed on the spot. ``row`` and ``chapter`` are filled in by `verdict`. ``ordered`` names the
    results of which strict order is claimed, for `fpkit.sensitivity`.
    """

    figure: str
    claim: str
    seeds: int
    effect: str
    control: str
    control_fails: bool
    outcome: str
    row: str = ""
    chapter: str = ""
    trainings: Mapping[str, float] = field(default_factory=dict)
    ordered: Sequence[str] = ()


def order(result: Result, threshold: float = 0.1) -> Order:
    """Measure the order in which the peaks of a result fall below ``threshold``."""
    return Order.of(convergence_step(result.steps, result.errors, threshold))


def judge(holds: ArrayLike, tendency: ArrayLike) -> str:
    """Return the verdict from what was seen for each network (see the package's rule)."""
    if np.size(holds) == 0:
        raise ValueError("holds: expected at least one network, got none")
    if np.all(holds):
        return "reproduced"
    return "weaker" if np.all(tendency) else "not reproduced"


def order_row(
    claim: str,
    runs: Sequence[str],
    control: str = "staircase_large_init",
) -> Callable[[], Verdict]:
    """Return the function of a row that claims strict order in all networks of ``runs``."""

    def measure() -> Verdict:
        measured = Order.together([order(load_or_run(name)) for name in runs])
        failing = order(load_or_run(control))
        return Verdict(
            figure=chapters.get(runs[0]).figure,
            claim=claim,
            seeds=len(measured.strict) // len(runs),
            effect=str(measured),
            control=f"{control.replace('_', ' ')}: "
            f"strict order {failing.strict.sum()}/{len(failing.strict)}",
            control_fails=not failing.strict.all(),
            outcome="undecided"
            if (measured.unlearned > 1).any()
            else judge(measured.strict, measured.correlation > 0),
            ordered=runs,
        )

    return measure


def verdict(row: str) -> Verdict:
    """Return the verdict on one row, such as ``"R3"``; RuntimeError if its control passes."""
    found = chapters.rows()
    place = found[validation.known("row", row, found)]
    measure = chapters.load(place)
    with noted() as trainings:
        measured = replace(measure(), row=row, chapter=place.chapter, trainings=trainings)
    if not measured.control_fails:
        raise RuntimeError(f"{row}: the negative control passes ({measured.control})")
    return measured


def verdicts(chapter: str | None = None) -> list[Verdict]:
    """Return the verdicts on the rows that a chapter judges, or on all, by number."""
    return [verdict(row) for row in chapters.rows(chapter)]
