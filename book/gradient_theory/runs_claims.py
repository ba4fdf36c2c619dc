"""Claims about gradients that need a training (rows R24, R25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import validation
from fpkit.convergence import convergence_step, rank_correlation
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run, orders

__all__ = ["Knocks", "knocks", "norm_change"]

# Ours: norms that change by less than this share barely move.
BARELY = 0.1
# Ours, as Xu (2018) names none: a frequency is learned, and back, if its relative error is below
# this. It is the limit of Xu, Zhang, Xiao (2018), Section 3.2.
LEARNED = 0.1
# Ours: a learned frequency was knocked away if its relative error goes above this.
KNOCKED = 0.2
# Ours: low modes are those up to this share of the highest.
LOW_PART = 0.5


def norm_change(result: Result) -> NDArray[np.float64]:
    """Return per network the largest relative change of any layer's spectral norm."""
    norms = np.stack([result.series[name] for name in sorted(result.series)], axis=1)
    return np.abs(norms / norms[..., :1] - 1).max(axis=(1, 2))


def R24() -> Verdict:
    large, small = (load_or_run(f"spectral_norms{kind}") for kind in ("", "_small_net"))
    measured, change, control = orders(large), norm_change(large), norm_change(small)
    return Verdict(
        figure=chapters.get("spectral_norms").figure,
        claim="in a large network the order holds while the spectral norms barely move (by the "
        "limit of 10 %: smaller ones are told; the target is ours)",
        seeds=len(change),
        effect=f"{measured}; norms change by at most {change.max():.1%}",
        control=f"small network, rate {small.settings['lr']:g} instead of "
        f"{large.settings['lr']:g}: norms change by {control.min():.0%} to {control.max():.0%}",
        control_fails=bool((control >= BARELY).all()),
        ordered=["spectral_norms"],
        outcome=judge(
            measured.strict & (change < BARELY),
            (measured.first.correlation > 0) & (change < BARELY),
            control=control < BARELY,
            seeds=len(change),
            finished=measured.finished,
        ),
    )


@dataclass(frozen=True)
class Knocks:
    """What happens to a frequency after it was learned; S networks, K modes.

    Attributes
    ----------
    learned
        Step at which the relative error first falls below the threshold ``(S, K)``.
    worst
        Largest relative error afterwards ``(S, K)``; NaN for modes never learned.
    times
        How often it left again ``(S, K)``: records below the threshold followed by one above.
    final
        Relative error at the last record ``(S, K)``.

    """

    learned: NDArray[np.float64]
    worst: NDArray[np.float64]
    times: NDArray[np.int64]
    final: NDArray[np.float64]

    def trend(self, part: str, modes: ArrayLike) -> NDArray[np.float64]:
        """Return the rank correlation of "learned", "worst", "times" or "final" with frequency.

        One number for each network; modes that were never learned are left out of "worst".
        """
        validation.known("part", part, [each.name for each in fields(self)])
        values, k = np.asarray(getattr(self, part), dtype=np.float64), np.asarray(modes)
        known = ~np.isnan(values)
        return np.array(
            [
                rank_correlation(row[keep], k[keep]) if keep.any() else 0.0
                for row, keep in zip(values, known, strict=True)
            ]
        )


def knocks(result: Result, threshold: float = LEARNED) -> Knocks:
    """Measure how often, and how far, each mode of a result was knocked away once learned."""
    learned = convergence_step(result.steps, result.errors, threshold)
    after = result.steps[:, None] >= learned[:, None, :]
    worst = np.where(after, result.errors, -np.inf).max(axis=1)
    below = result.errors < threshold
    return Knocks(
        learned,
        np.where(np.isfinite(worst), worst, np.nan),
        (below[:, :-1] & ~below[:, 1:]).sum(axis=1),
        result.errors[:, -1],
    )


def _together(every: Sequence[Knocks]) -> Knocks:
    """Join the networks of several results."""
    parts = ([getattr(each, part.name) for each in every] for part in fields(Knocks))
    return Knocks(*map(np.concatenate, parts))


def _low(found: Knocks, modes: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return of the modes up to `LOW_PART` of the highest the worst errors, and how many are back.

    ``(S, K/2)``, 0 for modes that were never learned, and ``(S,)``.
    """
    low = modes <= LOW_PART * modes.max()
    learned = np.isfinite(found.learned[:, low])
    back = learned & (found.final[:, low] < LEARNED)
    return np.where(learned, found.worst[:, low], 0.0), back.mean(axis=1)


def R25() -> Verdict:
    names = [f"high_frequency_dominant{kind}" for kind in ("", "_index")]
    runs = [load_or_run(name) for name in names]
    modes, found = runs[0].peaks, _together([knocks(run) for run in runs])
    first, often, least = (found.trend(part, modes) for part in ("learned", "times", "worst"))
    worst, back = _low(found, modes)
    held = knocks(load_or_run("sine_sum")).worst[:, 0]
    tendency = (first > 0) & (worst.max(axis=1) > KNOCKED)
    return Verdict(
        figure=f"{chapters.get(names[0]).figure}, and Appendix B of the earlier version",
        claim="for a high-frequency-dominant target low frequencies are learned first, knocked "
        "away and return, the lowest most often and by the least",
        seeds=len(runs[0].losses),
        effect=f"order of learning: rank correlation {_span(first)}; low modes are then wrong at "
        f"worst by {np.median(worst):.2f} in the median over both targets and by {worst.max():.2f} "
        "at most; at the end "
        f"{back.min():.0%} to {back.max():.0%} of them are back below 10 %; rank correlation of "
        f"frequency with the number of departures {_span(often)}, with their size {_span(least)}",
        control=f"sine_sum, lowest peak: wrong by at most {held.max():.2f} once learned",
        control_fails=bool(held.max() <= KNOCKED),
        outcome=judge(
            tendency & (back == 1) & (often < 0) & (least > 0),
            tendency,
            control=held > KNOCKED,
            seeds=len(runs[0].losses),
            # Who has not learned all modes once may yet bring them back.
            finished=np.isfinite(found.learned).sum(axis=1) >= len(modes) - 1,
        ),
    )


def _span(values: NDArray) -> str:
    return f"{values.min():.2f} to {values.max():.2f}"
