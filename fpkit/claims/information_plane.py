"""Claims about the information plane (rows R12-R14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import experiments, information, targets
from ..results import Result, load_or_run
from .core import Verdict, judge

__all__ = ["ROWS", "Course", "course", "entropies", "input_gap"]


BOTH = ("line", "staircase")
# Bits that we call a small difference; the staircase falls by ten times as much.
SMALL = 0.3


@dataclass(frozen=True)
class Course:
    """The way of the output's entropy I(T) through training, in bits.

    Attributes
    ----------
    line, target
        Entropy of the straight line, I(f₀), and of the target, I(Y), with the same bins.
    highest, last
        The largest I(T) of a run and the last, ``(S,)``.

    """

    line: float
    target: float
    highest: NDArray[np.float64]
    last: NDArray[np.float64]

    @property
    def fall(self) -> NDArray[np.float64]:
        """How far I(T) falls from its maximum to the end, ``(S,)``: the compression."""
        return self.highest - self.last


def course(result: Result) -> Course:
    """Measure the way of I(T) through a run of `information_plane`."""
    width, settings = result.settings["bin_width"], result.settings
    line, target = (
        float(information.entropy(information.bins(values, width)))
        for values in (targets.staircase(settings["n"], 0.0)[1], result.y[0])
    )
    entropy = result.series["entropy"].astype(np.float64)
    return Course(line, target, entropy.max(axis=1), entropy[:, -1])


def entropies(result: Result, width: float) -> NDArray[np.float64]:
    """Return I(T) at the stored frames, ``(S, F)``, with bins of another width.

    Outputs are stored as 16-bit numbers, whose spacing near 1 is 0.001, so the width must be at
    least 0.004.
    """
    if not width >= 0.004:
        raise ValueError(f"width: stored outputs are too coarse for bins below 0.004, got {width}")
    return information.entropy(information.bins(result.outputs.astype(np.float64), width))


def input_gap(
    result: Result, width: float, *, shuffled: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return I(T) and I(X, T) at the stored frames, ``(S, F)`` each, all binned alike.

    ``shuffled=True`` pairs the outputs with points in random order, the negative control.
    """
    x = result.record_x
    if shuffled:
        x = np.random.default_rng(0).permutation(x)
    output = information.bins(result.outputs.astype(np.float64), width)
    shared = information.mutual_information(information.bins(x, width), output)
    return entropies(result, width), shared


def _line() -> Verdict:
    line, staircase = (course(load_or_run(f"information_{name}")) for name in BOTH)
    rises = np.abs(line.last - line.target) < SMALL
    kept = line.fall < SMALL
    return Verdict(
        "R12",
        experiments.get("information_line").figure,
        "information_plane",
        "for the line there is no compression: I(T) rises to I(Y)",
        len(kept),
        f"I(T) ends at {line.last.min():.2f} to {line.last.max():.2f} bits, I(Y) is "
        f"{line.target:.2f}; it falls from its maximum by at most {line.fall.max():.2f}",
        f"staircase: it falls by {staircase.fall.min():.2f} to {staircase.fall.max():.2f}",
        judge(rises & kept, kept),
    )


def _staircase() -> Verdict:
    line, staircase = (course(load_or_run(f"information_{name}")) for name in BOTH)
    rises = np.abs(staircase.highest - staircase.line) < SMALL
    falls = staircase.fall > 1
    arrives = staircase.last - staircase.target < 0.5
    return Verdict(
        "R13",
        experiments.get("information_staircase").figure,
        "information_plane",
        "for the staircase I(T) first rises to about I(f₀), then falls to I(Y)",
        len(falls),
        f"I(T) rises to {staircase.highest.min():.2f}–{staircase.highest.max():.2f} bits, above "
        f"I(f₀) = {staircase.line:.2f}, and ends at {staircase.last.min():.2f}–"
        f"{staircase.last.max():.2f}; I(Y) = {staircase.target:.2f}",
        f"line: falls by at most {line.fall.max():.2f} bits",
        judge(rises & falls & arrives, falls),
    )


def _bins() -> Verdict:
    result = load_or_run("information_staircase")
    own, shared = input_gap(result, 0.05)
    gap = (own - shared).max(axis=1)
    alike = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(own, shared, strict=True)])
    fine, fine_shared = input_gap(result, 0.004)
    fall = {width: entropies(result, width) for width in (0.05, 0.004)}
    free, unrelated = input_gap(result, 0.05, shuffled=True)
    drop = {width: (e.max(axis=1) - e[:, -1]).mean() for width, e in fall.items()}
    return Verdict(
        "R14",
        "Xu, Zhang, Xiao (2018), Section 6.4",
        "information_plane",
        "binned with b = 0.05, I(X, T) and I(T) behave almost the same; a small bin approximates",
        len(gap),
        f"at b = 0.05 they differ by up to {gap.max():.2f} bits, correlation over training at "
        f"least {alike.min():.2f}; at b = 0.004 by up to {(fine - fine_shared).max():.2f}, but "
        f"there the fall has shrunk from {drop[0.05]:.2f} to {drop[0.004]:.2f} bits",
        f"points shuffled: they differ by up to {(free - unrelated).max():.2f} bits",
        judge((gap < SMALL) & (alike > 0.95), alike > 0.5),
    )


ROWS: dict[str, Callable[[], Verdict]] = {"R12": _line, "R13": _staircase, "R14": _bins}
