"""Claims about networks that solve equations (rows R48, R50 and R63)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from book.equations import iterating
from book.equations.correctors import TO
from book.equations.experiments import BRANCHES
from fpkit.convergence import settling_step
from fpkit.reproduce import Order, Result, Verdict, judge, load_or_run

__all__ = ["NTH", "SOLVED", "alone", "distances", "left", "steps_needed", "told_orders"]

# Ours, since 2026-11-29, before the networks were trained: every so many steps is the network's,
# as in the table of the page, and help is worth the name if it needs so many times fewer steps.
NTH, FASTER = 16, 10

# Ours, since 2026-11-29, before the runs that are stored: an equation is solved if u is so near,
# in relative L².
SOLVED = 0.1

# --- R48: two scales --------------------------------------------------------------------------


def distances() -> dict[str, NDArray[np.float64]]:
    """Return the relative L² error of every network at the end, by its features: ``(S,)`` each."""
    plain, found = load_or_run("two_scales_plain"), load_or_run("two_scales")
    cells = found.series["distance"][:, -1].reshape(-1, len(BRANCHES))
    return {"none": plain.series["distance"][:, -1]} | {
        name: cells[:, i] for i, name in enumerate(("1 and 1", "10 and 10", "1 and 10"))
    }


def spread(values: NDArray) -> str:
    """Return the least and the largest of some relative errors in words."""
    return f"{values.min():.1%} to {values.max():.1%}"


def R48() -> Verdict:
    found = distances()
    both = found.pop("1 and 10")
    others = np.stack([*found.values()])
    named = "; ".join(f"σ = {name}: {spread(values)}" for name, values in found.items()
                      if name != "none")  # fmt: skip
    return Verdict(
        figure="Wang, Wang, Perdikaris (2020)",
        claim="a network with Fourier features of several scales solves a Poisson equation with "
        "two scales, where a plain network and features of one scale fail",
        seeds=len(both),
        effect=f"relative L² error of u with σ = 1 and 10 {spread(both)}, of plain networks "
        f"{spread(found['none'])}",
        control=f"networks of the same size whose features have one scale, {named}",
        control_fails=not (others < SOLVED).any(),
        outcome=judge(
            (both < SOLVED) & (others > SOLVED).all(axis=0),
            both < others.min(axis=0),
            control=others.min(axis=0) <= both.max(),
            seeds=len(both),
        ),
    )


# --- R50: a division of labour ----------------------------------------------------------------


def alone(n: int) -> int:
    """Return after how many sweeps of Jacobi alone an error with all waves alike is `TO`."""
    factors, sweeps = np.square(iterating.jacobi_factors(n)), 0
    sizes = np.ones(n)
    while sizes.mean() > TO**2:
        sizes *= factors
        sweeps += 1
    return sweeps


def steps_needed(result: Result, every: int) -> NDArray[np.float64]:
    """Return how many steps each network needs with Jacobi, at every record ``(S, R)``; ∞ if more
    than were tried."""
    found = result.series[f"steps {every}"].astype(np.float64)
    return np.where(found > result.settings["most"], np.inf, found)


def left(result: Result) -> NDArray[np.float64]:
    """Return what a correction leaves of each wave alone, at the end: ``(S, N)``."""
    names = (f"left {k + 1}" for k in range(result.settings["n"]))
    return np.stack([result.series[name][:, -1] for name in names], axis=-1)


def R50() -> Verdict:
    result, control = load_or_run("corrector"), load_or_run("corrector_bends")
    steps, others = (steps_needed(each, NTH)[:, -1] for each in (result, control))
    sweeps = alone(result.settings["n"])
    slow, fast = (np.median(left(result)[:, part]) for part in (slice(0, 4), slice(31, None)))
    spread = f"{others.min():,.0f} to {others.max():,.0f}" if np.isfinite(others).all() else (
        f"{np.isinf(others).sum()} of {len(others)} do not get there in "
        f"{control.settings['most']:,}")  # fmt: skip
    return Verdict(
        figure="ours, after Zhang et al. (2024)",
        claim="damped Jacobi removes fast waves and a trained network slow ones: together they "
        f"need less than one in {FASTER} of the steps",
        seeds=len(steps),
        effect=f"{steps.min():,.0f} to {steps.max():,.0f} steps to {TO:g} with the network every "
        f"{NTH}th, {sweeps:,} sweeps without; a correction leaves {slow:.0%} of the waves 1 to 4 "
        f"and {fast:.0%} of the waves from 32 on (medians)",
        control=f"the same networks told second derivatives: {spread}",
        control_fails=not (others * FASTER < sweeps).any(),
        outcome=judge(
            steps * FASTER < sweeps, steps < sweeps, control=others < sweeps, seeds=len(steps)
        ),
    )


# --- R63: what the loss asks for --------------------------------------------------------------


def told_orders(result: Result) -> dict[str, tuple[Order, Order]]:
    """Return the order from slow to fast, and that from fast to slow, by what networks are told.

    ``result`` is `book.limits.experiments.derivative_losses`. Learned is what stays below 10 %.
    """
    settled = settling_step(result.steps, result.errors)
    kinds = {"heights": settled[0::3], "slopes": settled[1::3], "bends": settled[2::3]}
    return {kind: (Order.of(each), Order.of(each[:, ::-1])) for kind, each in kinds.items()}


def R63() -> Verdict:
    # Ours, since 2026-11-29. The page on limits told the result before it was made a row.
    orders = told_orders(load_or_run("derivative_losses"))
    up, down = orders["heights"][0], orders["bends"][1]
    control, least = orders["slopes"][1], np.minimum(up.correlation, down.correlation)
    return Verdict(
        figure="ours",
        claim="told heights, networks learn equal waves from slow to fast; told second "
        "derivatives, the same networks learn them from fast to slow",
        seeds=len(up.strict),
        effect=f"told heights, slow first: {up}; told second derivatives, fast first: {down}",
        control=f"told first derivatives, fast first: {control}",
        control_fails=not control.strict.all(),
        outcome=judge(
            up.strict & down.strict,
            least > 0,
            control=control.correlation >= least.min(),
            seeds=len(up.strict),
            finished=(up.unlearned <= 1) & (down.unlearned <= 1),
        ),
    )
