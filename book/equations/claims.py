"""Claims about networks that solve equations (rows R48, R50 and R63)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from book.advice import Advice
from book.equations import costs, iterating, poisson
from book.equations.correctors import LOSSES, TO, residuals_and_errors
from book.equations.experiments import BRANCHES
from book.sensitivity import by_limit
from fpkit.reproduce import Order, Result, Verdict, judge, load_or_run
from fpkit.reproduce.judgement import READINGS

__all__ = ["NTH", "SOLVED", "advice", "alone", "difference_errors", "distances", "left", "spread"]
__all__ += [
    "humps",
    "in_both_waves",
    "longer",
    "others",
    "steps_needed",
    "told_in_words",
    "told_orders",
]
__all__ += ["other_choices", "unlearned", "whole", "with_grid"]

# Ours, since 2026-11-29: fixed before the networks were trained. Every so many steps is the
# network's, as in the table of the page, and help is worth the name if it needs so many times fewer
# steps.
NTH, FASTER = 16, 10
# Ours, since 2026-11-29: a wave is learned below this relative error, as in the whole book.
LEARNED = 0.1

# Ours, since 2026-11-30: larger limits, of which the page tells that they change the row on losses.
HIGHER = (0.2, 0.3, 0.5)

# Ours, since 2026-11-29: fixed before the runs that are stored. An equation is solved if u is so
# near, in relative L².
SOLVED = 0.1

# --- R48: two scales --------------------------------------------------------------------------


def distances() -> dict[str, NDArray[np.float64]]:
    """Return the relative L² error of every network at the end, by its features: ``(S,)`` each."""
    plain, found = load_or_run("two_scales_plain"), load_or_run("two_scales")
    cells = found.series["distance"][:, -1].reshape(-1, len(BRANCHES))
    return {"none": plain.series["distance"][:, -1]} | {
        name: cells[:, i] for i, name in enumerate(("1 and 1", "10 and 10", "1 and 10"))
    }


def others() -> dict[str, NDArray[np.float64]]:
    """Return the same of networks with other scales, of `book.equations.experiments.OTHERS`."""
    return _by_scales("two_scales_others")


def longer() -> dict[str, NDArray[np.float64]]:
    """Return the same after more steps, with a rate that falls as slowly as the authors' own."""
    return _by_scales("two_scales_long")


def _by_scales(name: str) -> dict[str, NDArray[np.float64]]:
    result = load_or_run(name)
    scales = result.settings["scales"]
    cells = result.series["distance"][:, -1].reshape(-1, len(scales))
    return {f"{a:g} and {b:g}": cells[:, i] for i, (a, b) in enumerate(scales)}


def in_both_waves() -> dict[str, NDArray[np.float64]]:
    """Return which part of the squared error of u is in its own two waves: ``(S,)`` each.

    By the features of a network, as `distances`. The rest is in waves that u does not have.
    """
    plain, found = load_or_run("two_scales_plain"), load_or_run("two_scales")
    errors = [plain.errors[:, -1], *(found.errors[i :: len(BRANCHES), -1] for i in range(3))]
    power = np.square(poisson.AMPLITUDES)
    return {
        name: np.square(wrong) @ power / (np.square(distance) * power.sum())
        for wrong, (name, distance) in zip(errors, distances().items(), strict=True)
    }


def humps() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the amplitude of sin πx in the plain networks, of which u has none: ``(S,)``.

    And its part of their squared error.
    """
    plain = load_or_run("two_scales_plain")
    wrong = poisson.sine_transform(plain.outputs[:, -1] - poisson.height(plain.x))
    return np.abs(wrong[:, 1]), np.square(wrong[:, 1]) / np.square(wrong).sum(axis=1)


def difference_errors() -> NDArray[np.float64]:
    """Return the relative L² error of u by finite differences, for each of `costs.POINTS`."""
    found = []
    for n in costs.POINTS:
        x, u = poisson.differences(n)
        right = poisson.height(x)
        found.append(np.linalg.norm(u - right) / np.linalg.norm(right))
    return np.array(found)


def spread(values: NDArray) -> str:
    """Return the least and the largest of some relative errors in words."""
    return f"{values.min():.1%} to {values.max():.1%}"


def whole(values: NDArray) -> str:
    """Return the least and the largest of some counts in words."""
    ends = [f"{v:,.0f}" if np.isfinite(v) else "more" for v in (values.min(), values.max())]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def R48() -> Verdict:
    found = distances()
    both = found.pop("1 and 10")
    steps = load_or_run("two_scales").settings["steps"]
    rest = np.stack([*found.values()])
    single = {each: values for each, values in others().items() if len({*each.split(" and ")}) < 2}
    named, tried = (
        "; ".join(f"σ = {each}: {spread(values)}" for each, values in cells.items()
                  if each != "none") for cells in (found, single)
    )  # fmt: skip
    late = longer()
    solved = ", ".join(
        f"{each} in {(late[each] < SOLVED).sum()} of {len(late[each])}"
        for each in ("5 and 5", "10 and 10")
    )
    return Verdict(
        figure="ours, after Wang, Wang, Perdikaris (2021)",
        claim=f"in {steps:,} steps a network with Fourier features of several scales solves a "
        "Poisson equation with two scales, and a plain network and features of one scale do not",
        seeds=len(both),
        effect=f"relative L² error of u with σ = 1 and 10 {spread(both)}, of plain networks "
        f"{spread(found['none'])}",
        control=f"networks of the same size whose features have one scale, {named}; only these two "
        f"are judged. Others in as many steps: {tried}. In more steps, with a rate that falls more "
        f"slowly, one scale is below {SOLVED:.0%}, too: σ = {solved}",
        control_fails=not (rest < SOLVED).any(),
        outcome=judge(
            (both < SOLVED) & (rest > SOLVED).all(axis=0),
            both < rest.min(axis=0),
            control=rest.min(axis=0) <= both.max(),
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
    """Return how many steps each network needs at every record, ``(S, R)``; ∞ if too many."""
    found = result.series[f"steps {every}"].astype(np.float64)
    return np.where(found > result.settings["most"], np.inf, found)


def with_grid(n: int, every: int) -> float:
    """Return how many steps are needed with a grid of half the points every so many steps."""
    start = iterating.all_waves(n)
    return float(iterating.iterations(start, every, iterating.two_level, to=TO, most=5_000))


def left(result: Result) -> NDArray[np.float64]:
    """Return what a correction leaves of each wave alone, at the end: ``(S, N)``."""
    names = (f"left {k + 1}" for k in range(result.settings["n"]))
    return np.stack([result.series[name][:, -1] for name in names], axis=-1)


def unlearned(result: Result) -> NDArray[np.float64]:
    """Return the loss of each network at the end, over that of an answer of zero: ``(S,)``."""
    wanted = torch.as_tensor(residuals_and_errors(result.settings["n"], 512)[1])[None]
    loss = LOSSES[result.settings["told"]]
    return result.losses[:, -1] / float(loss(torch.zeros_like(wanted), wanted)[0])


def R50() -> Verdict:
    result, control = load_or_run("corrector"), load_or_run("corrector_bends")
    steps, others = (steps_needed(each, NTH)[:, -1] for each in (result, control))
    sweeps = alone(result.settings["n"])
    slow, fast = (np.median(left(result)[:, part]) for part in (slice(0, 4), slice(31, None)))
    return Verdict(
        figure="ours, after Zhang et al. (2024)",
        claim="damped Jacobi removes fast waves and a trained network slow ones: together they "
        f"need less than one in {FASTER} of the steps",
        seeds=len(steps),
        effect=f"{whole(steps)} steps to {TO:g} with the network every "
        f"{NTH}th, {sweeps:,} sweeps without; a correction leaves {slow:.0%} of the waves 1 to 4 "
        f"and {fast:.0%} of the waves from 32 on, each alone (medians)",
        control=f"the same networks told second derivatives: {np.isfinite(others).sum()} of "
        f"{len(others)} within {control.settings['most']:,} steps, the fastest after "
        f"{others.min():,.0f}, though {spread(unlearned(control))} of their own loss is left",
        control_fails=not (others * FASTER < sweeps).any(),
        outcome=judge(
            steps * FASTER < sweeps, steps < sweeps, control=others < sweeps, seeds=len(steps)
        ),
    )


# --- R63: what the loss asks for --------------------------------------------------------------


def told_orders(
    result: Result, reading: str = "settling", limit: float = LEARNED
) -> dict[str, tuple[Order, Order]]:
    """Return the order from slow to fast, and that from fast to slow, by what networks are told.

    ``result`` is `book.limits.experiments.derivative_losses`. Learned is what stays below the
    limit, or with the reading "first crossing" what comes below it.
    """
    steps = READINGS[reading](result.steps, result.errors, limit)
    kinds = {"heights": steps[0::3], "slopes": steps[1::3], "bends": steps[2::3]}
    return {kind: (Order.of(each), Order.of(each[:, ::-1])) for kind, each in kinds.items()}


def R63() -> Verdict:
    # Ours, since 2026-11-29. The page on limits told the result before it was made a row.
    result = load_or_run("derivative_losses")
    orders, at_first = told_orders(result), told_orders(result, "first crossing")
    up, down = orders["heights"][0], orders["bends"][1]
    control, least = orders["slopes"][1], np.minimum(up.correlation, down.correlation)
    return Verdict(
        figure="ours",
        claim="told heights, networks learn equal waves from slow to fast; told second "
        "derivatives, the same networks learn them from fast to slow",
        seeds=len(up.strict),
        effect=f"for good: told heights, slow first: {up}; told second derivatives, fast first: "
        f"{down}; by the first time: {at_first['heights'][0]}; {at_first['bends'][1]}",
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


def told_in_words() -> str:
    """Return how far correctors that are told bends come, and what orders losses lead to."""
    misled, told = load_or_run("corrector_bends"), load_or_run("derivative_losses")
    lost = steps_needed(misled, NTH)[:, -1]
    found, at_first = told_orders(told), told_orders(told, "first crossing")
    up, down, first = found["heights"][0], found["bends"][1], at_first["bends"][1]
    high = [told_orders(told, "first crossing", limit) for limit in HIGHER]
    bends, heights = (
        min(each[kind][way].correlation.min() for each in high)
        for kind, way in (("bends", 1), ("heights", 0))
    )
    return (
        f"The corrector: told second derivatives, the networks have {spread(unlearned(misled))} of "
        f"their own loss left. Still, with one step in {NTH} of theirs, {np.isinf(lost).sum()} of "
        f"{len(lost)} hybrids are not there after {misled.settings['most']:,} steps, and the "
        f"fastest needs {lost.min():,.0f}. The circle: told heights, {up.strict.sum()} of "
        f"{len(up.strict)} networks are in strict order from slow to fast. Told bends, "
        f"{down.strict.sum()} are in strict order from fast to slow for good (least rank "
        f"correlation {down.correlation.min():.2f}), and {first.strict.sum()} by the first time "
        f"(least {first.correlation.min():.2f}). With limits of {HIGHER[0]:.0%} and more the order "
        f"of bends is lost by the first time (least {bends:.2f}); that of heights is not (least "
        f"{heights:.2f})."
    )


# --- Advice -----------------------------------------------------------------------------------


def advice() -> Advice:
    """Return when to use features, what a network beside an iteration does, and when neither."""
    found, helper = distances(), load_or_run("corrector")
    both, fast = (np.median(found[name]) for name in ("1 and 10", "10 and 10"))
    errors, measured = difference_errors(), costs.read()
    enough = int(np.argmax(errors < both))
    steps = load_or_run("two_scales").settings["steps"]
    seconds = measured["step"] * steps / 1000
    needed, n = steps_needed(helper, NTH)[:, -1], helper.settings["n"]
    late, more = longer(), load_or_run("two_scales_long").settings["steps"]
    middle, slow = (np.median(late[name]) for name in ("5 and 5", "10 and 10"))
    gradients = iterating.conjugate_gradients(iterating.all_waves(n), to=TO)
    price = measured["differences"][enough]
    return Advice(
        subject="features of several scales",
        use="you need a network for the equation anyway and know its scales: give it sines of each "
        f"(error {both:.1%} after {steps:,} steps; with one scale in the middle {middle:.1%} after "
        f"{more:,} of a rate that falls more slowly; medians). If you need none, solve without: "
        f"finite differences, or, to a millionth on {n} points, conjugate gradients ({gradients} "
        f"steps) or a coarser grid beside Jacobi ({with_grid(n, NTH):.0f}; with a trained network "
        f"{whole(needed)}; Jacobi alone {alone(n):,})",
        costs=f"{steps:,} training steps ({seconds:.0f} s) for one right-hand side, against "
        f"{costs.POINTS[enough]:,} points of finite differences in {price:.2g} ms, which come as "
        "near; a corrector is trained anew for every equation and grid",
        fails="steps are few and a scale is missing among the features (the fast one alone: "
        f"{fast:.0%} after {steps:,} steps, {slow:.0%} after {more:,} of a rate that falls more "
        "slowly), or when the network beside "
        "the iteration has learned to remove fast errors, which the iteration does already (all "
        "measured on a line)",
        short=(
            "you need a network anyway and know its scales",
            f"{seconds:.0f} s of training, where finite differences take {price:.1g} ms",
            "a scale is missing and steps are few",
        ),
    )


def other_choices() -> str:
    """Return what the rows would say by other choices, in words and a table."""
    result, helper = load_or_run("derivative_losses"), load_or_run("corrector")
    found = distances()
    both = found.pop("1 and 10")
    least = min(values.min() for values in found.values())
    worst = max(steps_needed(helper, m)[:, -1].max() for m in helper.settings["every"])

    def told(kind: str, way: int) -> Callable[[float, str], str]:
        def count(limit: float, reading: str) -> str:
            order = told_orders(result, reading, limit)[kind][way]
            return f"{order.strict.sum()} of {len(order.strict)} ({order.correlation.min():.2f})"

        return count

    return (
        f"R48: the same with any limit above {both.max():.2%} and up to {least:.1%}. "
        f"R50: with any of the {len(helper.settings['every'])} spacings, the network needs at most "
        f"one in {alone(helper.settings['n']) // worst:.0f} of the steps of Jacobi alone. R63, "
        "networks in strict order (least rank correlation), heights from slow to fast, bends from "
        "fast to slow:\n\n" + by_limit({"heights": told("heights", 0), "bends": told("bends", 1)})
    )
