"""The claims, the verdicts on them, and the measurement of order that most claims share.

Each row (R1, R2, …) is one statement. The chapter's function of that name measures it on results
and returns a `Verdict`: computed, never typed. The rule is the same for all rows, see `judge`:

- *undecided*: fewer than `FEWEST` networks were run, or runs ended before the question was;
- *reproduced*: the statement holds for every network (seed) that was run;
- *weaker*: it fails for some, but in each of them the tendency is there (for an order: a positive
  rank correlation), or part of the statement is, and the control lacks that;
- *undecided*, too, if the control shows the tendency as well: then it tells nothing. This is said
  beside another reason as well, where it is true;
- *not reproduced*: otherwise.

Each verdict names a negative control: something for which the same statement must fail, else the
measurement proves nothing. A statement that no source makes is marked `Verdict.ours`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from .. import validation
from ..convergence import convergence_step, in_order, rank_correlation, settling_step
from . import chapters
from .results import Result, load_or_run, noted

__all__ = [
    "FEWEST",
    "Order",
    "Orders",
    "Verdict",
    "counted",
    "judge",
    "order",
    "order_row",
    "orders",
    "other_limits",
    "verdict",
    "verdicts",
]

# Ours, since 2026-11-29: fewer networks than this decide nothing. If one network in three fails,
# eight show it in 96 of 100 cases, and four in 80.
FEWEST = 8
# Ours, since 2026-11-29: an interval of `counted` holds the true share in so many cases, at least.
CONFIDENCE = 0.95
# Ours, since 2026-11-30: what an order is told for besides the limit by which it is judged.
OTHER_LIMITS = (0.02, 0.05, 0.2, 0.3, 0.5)
# What "learned" can mean.
READINGS = {"first crossing": convergence_step, "settling": settling_step}


def counted(found: ArrayLike) -> str:
    """Return how many of some truths hold, with the exact binomial interval of their share.

    "6/8 (35–97%)": Clopper and Pearson's interval of 95 %, as if every network were drawn
    alone. That is too narrow where networks share a target.
    """
    holds = np.atleast_1d(np.asarray(found, dtype=bool))
    k, n = int(holds.sum()), holds.size
    if n == 0:
        return "0/0"
    low, high = scipy.stats.binomtest(k, n).proportion_ci(CONFIDENCE)
    return f"{k}/{n} ({100 * low:.0f}–{high:.0%})"


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
        text = f"strict order {counted(self.strict)}, rank correlation {spread}"
        return text + (f", {late} end before all is learned" if late else "")


@dataclass(frozen=True)
class Orders:
    """The order by both readings of "learned"; the papers do not say which they mean.

    Attributes
    ----------
    first
        By first crossing: the first record at which Δ_F is below the threshold.
    settled
        By settling: the first record from which on it stays below.

    """

    first: Order
    settled: Order

    @classmethod
    def together(cls, every: Sequence[Orders]) -> Orders:
        """Join the networks of several runs."""
        return cls(
            Order.together([o.first for o in every]), Order.together([o.settled for o in every])
        )

    @property
    def strict(self) -> NDArray[np.bool]:
        """Strict order by first crossing, or by settling if that holds for every network."""
        return self.settled.strict if self.settled.strict.all() else self.first.strict

    @property
    def finished(self) -> NDArray[np.bool]:
        """Whether a network learned all frequencies but one at some time, ``(S,)``."""
        return self.first.unlearned <= 1

    def judge(self, control: Orders, seeds: int) -> str:
        """Return the verdict on a claim of strict order; see `judge`."""
        holds, tendency = self.strict, self.first.correlation > 0
        shown = control.first.correlation >= self.first.correlation.min()
        return judge(holds, tendency, control=shown, seeds=seeds, finished=self.finished)

    def __str__(self) -> str:
        first, settled = str(self.first), str(self.settled)
        if first == settled:
            return f"by first crossing and by settling {first}"
        return f"by first crossing {first}; by settling {settled}"


@dataclass(frozen=True)
class Verdict:
    """What came out for one row.

    ``figure`` is where the claim is from, and begins with "ours" if no source makes it.
    ``seeds`` is how many networks were run, for each target if there are several; 0 for what needs
    no network. ``effect`` and ``control`` say what was measured on the run and on the
    negative control; ``control_fails`` is whether the statement fails there, as it must.
    ``trainings`` has the seconds of training behind every stored result that it rests on; it is
    empty where all was computed on the spot. ``row`` and ``chapter`` are filled in by `verdict`.
    ``ordered`` names the results of which strict order is claimed.
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

    @property
    def ours(self) -> bool:
        """Whether no source makes the claim, so that the outcome charges nobody."""
        return self.figure.startswith("ours")

    def _repr_markdown_(self) -> str:
        words = f"{self.claim} ({self.figure}): {self.effect}. Control: {self.control}."
        return f"- **{self.outcome}**: {words}"


def order(result: Result, threshold: float = 0.1) -> Order:
    """Measure the order in which the peaks of a result fall below ``threshold``."""
    return Order.of(convergence_step(result.steps, result.errors, threshold))


def orders(result: Result, threshold: float = 0.1) -> Orders:
    """Measure the order of the peaks of a result by first crossing and by settling."""
    every = (find(result.steps, result.errors, threshold) for find in READINGS.values())
    return Orders(*map(Order.of, every))


def judge(
    holds: ArrayLike,
    tendency: ArrayLike,
    *,
    control: ArrayLike,
    seeds: int,
    finished: ArrayLike = True,
) -> str:
    """Return the verdict from what was seen for each network; "undecided" has its reason.

    Parameters
    ----------
    holds
        Whether the whole statement holds, for each network. Part of a statement, the strictest of
        several measures or one odd target is no reason for it not to: those are told in the effect.
    tendency
        Whether at least the tendency is there, or part of the statement.
    control
        Whether the control shows as much of the tendency, for each of its networks. A control of
        which every network does makes "weaker" impossible: what is seen without the cause proves
        nothing for it, nor against it, so that it is undecided.
    seeds
        Networks for each target; 0 for a computation, which needs none.
    finished
        Whether the runs went on until the question was decided. One that did not leaves it open.

    """
    if np.size(holds) == 0:
        raise ValueError("holds: expected at least one network, got none")
    reasons = [f"fewer than {FEWEST} networks"] if 0 < seeds < FEWEST else []
    reasons += [] if np.all(finished) else ["not trained to the end"]
    if not reasons and np.all(holds):
        return "reproduced"
    if not reasons and not np.all(tendency):
        return "not reproduced"
    # Said beside another reason, too: of what was seen so far it is true.
    if np.all(tendency) and np.all(control) and not np.all(holds):
        reasons += ["the control shows as much"]
    return f"undecided ({', '.join(reasons)})" if reasons else "weaker"


def other_limits(names: Sequence[str]) -> str:
    """Say how many networks of some results are in order with each of `OTHER_LIMITS`.

    Of those that tell: at most one peak is missing. An order may hold by either reading, as in a
    verdict. Then the least of the mean rank correlations, by first crossing.
    """
    results, told, means = [load_or_run(name) for name in names], [], []
    for limit in OTHER_LIMITS:
        found = Orders.together([orders(result, limit) for result in results])
        tells = found.finished
        told.append(f"{limit:.0%}: {found.strict[tells].sum()}/{tells.sum()}")
        means += [found.first.correlation[tells].mean()] if tells.any() else []
    least = f" (mean rank correlation from {min(means):.2f})" if means else ""
    which = "of the networks that tell, in order by either reading"
    return f"with other limits, {which}: {', '.join(told)}{least}"


def order_row(
    claim: str, runs: Sequence[str], control: str = "staircase_large_init"
) -> Callable[[], Verdict]:
    """Return the function of a row that claims strict order in all networks of ``runs``.

    The effect tells which runs, if only some, fail by first crossing.
    """

    def measure() -> Verdict:
        each = {name: orders(load_or_run(name)) for name in runs}
        measured, failing = Orders.together([*each.values()]), orders(load_or_run(control))
        seeds = min(len(found.strict) for found in each.values())
        failures = {name: o.first.strict for name, o in each.items() if not o.first.strict.all()}
        odd = ", ".join(f"{name.replace('_', ' ')} {counted(s)}" for name, s in failures.items())
        return Verdict(
            figure=chapters.get(runs[0]).figure,
            claim=claim,
            seeds=seeds,
            effect=f"{measured}"
            + (f"; what fails by first crossing: {odd}" if 0 < len(failures) < len(each) else ""),
            control=f"{control.replace('_', ' ')}: {failing}",
            control_fails=not (failing.first.strict.all() or failing.settled.strict.all()),
            outcome=measured.judge(failing, seeds),
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
        if measured.ordered:
            effect = f"{measured.effect}; {other_limits(measured.ordered)}"
            measured = replace(measured, effect=effect)
    if not measured.control_fails:
        raise RuntimeError(f"{row}: the negative control passes ({measured.control})")
    return measured


def verdicts(chapter: str | None = None) -> list[Verdict]:
    """Return the verdicts on the rows that a chapter judges, or on all, by number."""
    return [verdict(row) for row in chapters.rows(chapter)]
