"""Claims about what looks like spectral bias and is none (rows R43 and R51)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from book.advice import Advice
from book.is_it_bias.experiments import DETAIL, HALVES
from book.own_network import diagnoses
from book.sensitivity import by_limit
from fpkit.convergence import rank_correlation
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run
from fpkit.reproduce.judgement import READINGS

__all__ = [
    "advice",
    "amplitudes",
    "expected",
    "from_ends",
    "half_waves",
    "inward",
    "learned",
    "mended",
    "order_in_space",
    "other_choices",
]

# Ours, since 2026-11-29: the amplitude of a wave is that of the formula if it is so near to it, and
# training longer changes nothing if no amplitude moves more between the middle and the end of a
# run. A forecast is blurred if its fastest wave has less than SHARP of its amplitude.
NEAR, SAME, SHARP = 0.05, 0.02, 0.9
# Ours, since 2026-11-29: a half wave is learned at the first record at which the root mean square
# error on it is below this part of its own. A fit grows from the ends if the rank correlation of
# that step with the distance to the nearer end is above CLEAR; above 0 is the tendency. A network
# was trained long enough if it learned at least ENOUGH of its half waves.
LEARNED, CLEAR, ENOUGH = 0.3, 0.5, 0.5
# Ours, since 2026-11-29: a wave is right if no more of it is wrong, as in the whole book.
RIGHT = 0.1


# --- R43: blur --------------------------------------------------------------------------------


def amplitudes(result: Result) -> NDArray[np.float64]:
    """Return the amplitude of each wave at each record, ``(S, shifts, R, K)``."""
    waves = [result.series[str(k)] for k in range(1, result.settings["modes"] + 1)]
    found = np.stack(waves, axis=-1)
    return found.reshape(-1, len(result.settings["shifts"]), *found.shape[1:])


def expected(result: Result) -> NDArray[np.float64]:
    """Return exp(-k²s²/2) for each spread of the shifts and each wave, ``(shifts, K)``."""
    k = np.arange(1, result.settings["modes"] + 1)
    return np.exp(-np.square(np.outer(result.settings["shifts"], k)) / 2)


def R43() -> Verdict:
    result = load_or_run("blur")
    found, formula = amplitudes(result), expected(result)
    shifts = result.settings["shifts"]
    some, none = np.array(shifts) > 0, np.array(shifts) == 0
    end, middle = found[:, :, -1], found[:, :, found.shape[2] // 2]
    off, moved = np.abs(end - formula)[:, some], np.abs(end - middle)[:, some]
    blurred = (end[:, some, -1] < SHARP).all(axis=1)
    sharp = end[:, none]
    told = "; ".join(
        f"s = {s:g}: {', '.join(f'{v:.2f}' for v in end[:, i].mean(axis=0))}"
        for i, s in enumerate(shifts) if s
    )  # fmt: skip
    control = (sharp[..., -1] < SHARP).any(axis=1)
    return Verdict(
        figure=chapters.get("blur").figure,
        claim="a mean squared error under uncertain position removes small scales: wave k is left "
        "with the amplitude exp(-k²s²/2), and training a network longer that cannot memorise its "
        "pairs changes nothing (one linear layer: a check of arithmetic, which no first weights "
        "could fail)",
        seeds=len(found),
        effect=f"amplitude of k = 1 to {end.shape[-1]}: {told}; at most {off.max():.3f} off the "
        f"formula, and at most {moved.max():.3f} changed over the second half of the training",
        control=f"s = 0, no uncertainty: at least {sharp.min():.2f} of every wave",
        control_fails=not control.any(),
        outcome=judge(
            (off < NEAR).all(axis=(1, 2)) & (moved < SAME).all(axis=(1, 2)) & blurred,
            blurred,
            control=control,
            seeds=len(found),
        ),
    )


# --- R51: ends --------------------------------------------------------------------------------


def half_waves(result: Result) -> NDArray[np.float64]:
    """Return the relative error on each half wave at each record, ``(S, R, H)``."""
    count = result.settings["halves"]
    return np.stack([result.series[f"half {i + 1}"] for i in range(count)], axis=-1)


def learned(
    result: Result, reading: str = "first crossing", limit: float = LEARNED
) -> NDArray[np.float64]:
    """Return the step at which each half wave is learned, ``(S, H)``; ∞ if it is not."""
    return READINGS[reading](result.steps, half_waves(result), limit)


def from_ends(
    result: Result, reading: str = "first crossing", limit: float = LEARNED
) -> NDArray[np.float64]:
    """Return the rank correlation of the distance to the nearer end with the step, ``(S,)``.

    On a circle the "end" is where it would be cut.
    """
    place = np.arange(result.settings["halves"])
    return rank_correlation(learned(result, reading, limit), np.minimum(place, place[::-1]))


def inward(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of neighbours learned from the ends inward, up to the best place to meet.

    Of steps ``(S, H)``, ``(S,)``: of all neighbouring half waves, those of which the one nearer to
    the end that their side began at is learned earlier. Those learned at one step are not. The
    place where both sides meet is free. Pairs that are not learned at all do not count; NaN if
    there are no others.
    """
    with np.errstate(invalid="ignore"):
        later = np.diff(steps, axis=1)  # NaN where neither is learned
    left, right = (later > 0).astype(int), (later < 0).astype(int)
    before = np.pad(np.cumsum(left, axis=1), ((0, 0), (1, 0)))
    after = np.pad(np.cumsum(right[:, ::-1], axis=1)[:, ::-1], ((0, 0), (0, 1)))
    count = (~np.isnan(later)).sum(axis=1)
    return (before + after).max(axis=1) / np.where(count, count, np.nan)


def order_in_space() -> str:
    """Return what the row on ends leaves out: where fits begin, and other limits."""
    by_place = {name: load_or_run(f"ends_{name}") for name in ("interval", "arc", "circle")}
    steps = {name: learned(result) for name, result in by_place.items()}
    order = {name: from_ends(result) for name, result in by_place.items()}
    inner = {name: np.nanmean(inward(each)) for name, each in steps.items()}
    shuffled = np.random.default_rng(0).permuted(np.tile(np.arange(26.0), (2_000, 1)), axis=1)
    begun = steps["interval"].argmin(axis=1) + 1
    sides = [side.min(axis=1) for side in np.split(steps["interval"], 2, axis=1)]
    behind = sides[1] - sides[0]
    centred = learned(load_or_run("ends_centred")).argmin(axis=1)
    left = (centred < HALVES / 2).sum()
    both = steps["arc"]
    alike = both[:, :2].min(axis=1) == both[:, -2:].min(axis=1)
    nothing = ~np.isfinite(steps["circle"]).any(axis=1)
    circled, when = order["circle"][~nothing], {n: np.median(s) for n, s in steps.items()}
    return (
        f"On the interval every network begins at the left end (at half wave {begun.min()} or "
        f"{begun.max()}; by the limit of {LEARNED:.0%}), {behind.min():,.0f} to "
        f"{behind.max():,.0f} steps later at the right. That is because x = 0 lies there: on an "
        f"interval from −½ to ½, {left} of {len(centred)} begin at the left and "
        f"{len(centred) - left} at the right. On the arc both ends begin at the same record in "
        f"{alike.sum()} of {len(alike)}. The two sides meet off the middle: the rank correlation "
        "of the distance to the nearer end with the step is "
        f"{order['interval'].min():.2f} to {order['interval'].max():.2f}, on the arc "
        f"{order['arc'].min():.2f} to {order['arc'].max():.2f}, on the circle {circled.min():.2f} "
        f"to {circled.max():.2f} ({len(circled)} networks; {nothing.sum()} learns nothing). If the "
        f"place where they meet is left free, {inner['interval']:.0%} of all neighbours come in "
        f"the order inward (arc {inner['arc']:.0%}, circle {inner['circle']:.0%}, a random order "
        f"{inward(shuffled).mean():.0%}). Ends may help: an arc, with ends and a quarter less to "
        f"fit, has its median half wave at step {when['arc']:,.0f}, and the circle at "
        f"{when['circle']:,.0f}; the two were not parted."
    )


def R51() -> Verdict:
    results = {name: load_or_run(f"ends_{name}") for name in ("interval", "arc", "circle")}
    by_place = {name: from_ends(result) for name, result in results.items()}
    known = {name: np.isfinite(learned(r)).mean(axis=1) for name, r in results.items()}
    turns = {name: inward(learned(result)) for name, result in results.items()}
    told = {
        name: f"{found.min():.2f} to {found.max():.2f} "
        f"({known[name].mean():.0%} of the half waves learned; neighbours inward, with the place "
        f"where both sides meet left free: {np.nanmin(turns[name]):.0%} to "
        f"{np.nanmax(turns[name]):.0%})"
        for name, found in by_place.items()
    }
    found = np.concatenate([by_place["interval"], by_place["arc"]])
    settled = [from_ends(results[name], "settling") for name in ("interval", "arc")]
    kept = [f"{each.min():.2f} to {each.max():.2f}" for each in settled]
    finished = np.concatenate([known["interval"], known["arc"]]) >= ENOUGH
    control = by_place["circle"]
    return Verdict(
        figure="ours, after Rowan, Murphy-Blanchard (2026)",
        claim="one fast wave is fitted from the ends inward: in every network the rank correlation "
        f"of the distance to the nearer end with the step is above {CLEAR:g}, on an interval and "
        "on an arc",
        seeds=len(control),
        effect="rank correlation of the distance to the nearer end with the step at which a half "
        f"wave is learned: interval {told['interval']}, arc of a circle {told['arc']}; with the "
        f"step from which on it stays learned: interval {kept[0]}, arc {kept[1]}",
        control="the whole circle, same embedding and wave length, distance to where the arc is "
        f"cut: {told['circle']}",
        control_fails=not (control > CLEAR).all(),
        outcome=judge(
            found > CLEAR,
            found > 0,
            control=control >= found.min(),
            seeds=len(control),
            finished=finished,
        ),
    )


# --- the three causes, and advice -------------------------------------------------------------


def mended(result: Result) -> NDArray[np.bool]:
    """Tell for each network whether the detail is right at the end, ``(S,)``."""
    return result.series[f"wrong {DETAIL}"][:, -1] < RIGHT


def advice() -> Advice:
    """Return when to look for another cause than slowness, what that costs, and when it fails."""
    found = diagnoses.counts("judge")
    slowly, unseen, noisy, unsure = (
        {true: n for (true, said), n in found.items() if said == name}
        for name in diagnoses.VERDICTS
    )
    called, cases = sum(slowly.values()), sum(found.values())
    named = sum(unseen.values()) + sum(noisy.values())
    right = unseen["unseen"] + noisy["unpredictable"]
    points = [kind.points for kind in diagnoses.KINDS]
    taken = 1 - np.array(diagnoses.unmended("judge"))
    return Advice(
        subject="`fp.diagnose`",
        use="a network misses detail and you are about to train it longer. Of "
        f"{called} networks that it called *slow* {slowly['slow']} were mended by longer training; "
        f"of {named} that it called *unseen* or *unpredictable* "
        f"{'each' if right == named else right} was what it said (functions of one variable)",
        costs=f"some points held out of the training ({diagnoses.HELD_OUT} here, beside "
        f"{min(points)} to {max(points)} points of training), and one backward pass for each band "
        "of frequency and one more",
        fails="few points are near each other: then it says *cannot tell* (in "
        f"{sum(unsure.values())} of {cases} counted cases), until you measure again near some of "
        f"the places. Of the error of the {len(taken)} networks called *slow* that were not "
        f"mended, {diagnoses.LONGER} times as many steps took {taken.min():.0%} to "
        f"{taken.max():.0%} away: what is so slow needs another remedy, such as an encoding",
        short=(
            "a network misses detail and you are about to train longer",
            "some points held out, and a second",
            "no points are near each other: it *cannot tell*",
        ),
    )


def other_choices() -> str:
    """Return the least rank correlation of the row on ends by other limits, as a table."""

    def least(place: str) -> Callable[[float, str], str]:
        result = load_or_run(f"ends_{place}")
        return lambda limit, reading: f"{from_ends(result, reading, limit).min():.2f}"

    return by_limit({place: least(place) for place in ("interval", "arc")})
