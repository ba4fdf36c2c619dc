"""Claims about the information plane (rows R12-R14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from book.information_plane import information
from fpkit import targets
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run

__all__ = ["Trajectory", "entropies", "input_gap", "trajectory"]


# Ours: bits that we call a small difference; the staircase falls by ten times as much.
SMALL = 0.3
# Ours: bits by which an entropy falls if it clearly does.
FALLS = 1.0
# Ours, since 2026-11-29: an entropy that moves by more bits than the first in this last part of a
# run is on its way.
STILL, LAST_PART = 0.05, 0.1
# The paper's bins of Section 6.4, and the finest that the stored outputs allow.
WIDTH, FINEST = 0.05, 0.004
# Ours: two curves behave alike if they correlate by more than the first over training, and tend to
# by more than the second.
ALIKE, TEND = 0.95, 0.5


@dataclass(frozen=True)
class Trajectory:
    """The way of the output's entropy I(T) through training, in bits.

    Attributes
    ----------
    line, target
        Entropy of the straight line, I(f₀), and of the target, I(Y), with the same bins.
    highest, last
        The largest I(T) of a run and the last, ``(S,)``.
    late
        How far I(T) moves between the begin of the `LAST_PART` and the end, ``(S,)``.

    """

    line: float
    target: float
    highest: NDArray[np.float64]
    last: NDArray[np.float64]
    late: NDArray[np.float64]

    @property
    def fall(self) -> NDArray[np.float64]:
        """How far I(T) falls from its maximum to the end, ``(S,)``: the compression."""
        return self.highest - self.last


def trajectory(result: Result) -> Trajectory:
    """Measure the way of I(T) through a run of `information_plane`."""
    width, settings = result.settings["bin_width"], result.settings
    line, target = (
        float(information.entropy(information.bins(values, width)))
        for values in (targets.staircase(settings["n"], 0.0)[1], result.y[0])
    )
    entropy = result.series["entropy"].astype(np.float64)
    late = np.abs(entropy[:, -1] - entropy[:, -int(LAST_PART * entropy.shape[1]) - 1])
    return Trajectory(line, target, entropy.max(axis=1), entropy[:, -1], late)


def entropies(result: Result, width: float) -> NDArray[np.float64]:
    """Return I(T) at the stored frames, ``(S, F)``, with bins of another width.

    Outputs are stored as 16-bit numbers, whose spacing near 1 is 0.001, so the width must be at
    least 0.004.
    """
    if not width >= FINEST:
        raise ValueError(
            f"width: stored outputs are too coarse for bins below {FINEST}, got {width}"
        )
    return information.entropy(information.bins(result.outputs.astype(np.float64), width))


def input_gap(
    result: Result, width: float, *, shuffled: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return I(T) and I(X, T) at the stored frames, ``(S, F)`` each, all binned alike.

    ``shuffled=True`` pairs the outputs with points in random order, the negative control.
    """
    x = result.eval_x
    if shuffled:
        x = np.random.default_rng(0).permutation(x)
    output = information.bins(result.outputs.astype(np.float64), width)
    shared = information.mutual_information(information.bins(x, width), output)
    return entropies(result, width), shared


def _both() -> tuple[Trajectory, Trajectory]:
    """Return the trajectories of the line and of the staircase."""
    return trajectory(load_or_run("information_line")), trajectory(
        load_or_run("information_staircase")
    )


def R12() -> Verdict:
    line, staircase = _both()
    kept = line.fall < SMALL
    return Verdict(
        figure=chapters.get("information_line").figure,
        claim="for the line there is no compression: I(T) rises to I(Y)",
        seeds=len(kept),
        effect=f"I(T) ends at {line.last.min():.2f} to {line.last.max():.2f} bits, I(Y) is "
        f"{line.target:.2f}; it falls from its maximum by at most {line.fall.max():.2f}",
        control=f"staircase: it falls by {staircase.fall.min():.2f} to {staircase.fall.max():.2f}",
        control_fails=bool((staircase.fall >= SMALL).all()),
        outcome=judge(
            (np.abs(line.last - line.target) < SMALL) & kept,
            kept,
            control=staircase.fall < SMALL,
            seeds=len(kept),
        ),
    )


def R13() -> Verdict:
    line, staircase = _both()
    rises = np.abs(staircase.highest - staircase.line) < SMALL
    falls = staircase.fall > FALLS
    arrives, still = np.abs(staircase.last - staircase.target) < SMALL, staircase.late < STILL
    return Verdict(
        figure=chapters.get("information_staircase").figure,
        claim="for the staircase I(T) first rises to about I(f₀), then falls to I(Y)",
        seeds=len(falls),
        effect=f"I(T) rises to {staircase.highest.min():.2f} to {staircase.highest.max():.2f} "
        f"bits, I(f₀) is {staircase.line:.2f}; it ends at {staircase.last.min():.2f} to "
        f"{staircase.last.max():.2f}, I(Y) is {staircase.target:.2f}, and moved by "
        f"{staircase.late.min():.2f} to {staircase.late.max():.2f} in the last {LAST_PART:.0%} "
        f"({still.sum()} of {len(still)} no longer move)",
        control=f"line: it falls by at most {line.fall.max():.2f} bits",
        control_fails=bool((line.fall <= FALLS).all()),
        outcome=judge(
            rises & falls & arrives,
            falls,
            control=line.fall > FALLS,
            seeds=len(falls),
            finished=arrives | still,
        ),
    )


def _alike(own: NDArray, shared: NDArray) -> tuple[NDArray, NDArray]:
    """Return the largest difference of two curves and their correlation, ``(S, F)`` to ``(S,)``."""
    correlation = [np.corrcoef(a, b)[0, 1] for a, b in zip(own, shared, strict=True)]
    return np.abs(own - shared).max(axis=1), np.array(correlation)


def R14() -> Verdict:
    result = load_or_run("information_staircase")
    gap, correlation = _alike(*input_gap(result, WIDTH))
    apart, unlike = _alike(*input_gap(result, WIDTH, shuffled=True))
    fine, _ = _alike(*input_gap(result, FINEST))
    return Verdict(
        figure="Xu, Zhang, Xiao (2018), Section 6.4",
        claim="binned with b = 0.05, I(X, T) and I(T) behave almost the same (within "
        f"{SMALL:g} bits, on 300 points: ours)",
        seeds=len(gap),
        effect=f"they differ by up to {gap.max():.2f} bits (at b = {FINEST} by {fine.max():.2f}); "
        f"correlation over training {correlation.min():.3f} to {correlation.max():.3f}",
        control=f"points shuffled: they differ by up to {apart.max():.2f} bits, correlation "
        f"{unlike.min():.3f} to {unlike.max():.3f}",
        control_fails=bool((apart >= SMALL).all()),
        outcome=judge(
            (gap < SMALL) & (correlation > ALIKE),
            correlation > TEND,
            control=unlike > TEND,
            seeds=len(gap),
        ),
    )
