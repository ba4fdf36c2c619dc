"""Claims about early stopping on noisy labels (rows R8, R31)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from book.early_stopping import stopping
from book.early_stopping.experiments import LEVELS, noisy_labels
from fpkit import spectra, targets
from fpkit.reproduce import Result, Verdict, chapters, counted, judge, load_or_run

__all__ = ["Rules", "disagreement", "label_spectra", "rules"]

# Ours: modes around the dominant peak, and the upper half of what 300 points can hold.
LOW, HIGH = slice(1, 6), slice(75, 150)
# Ours: spectra of training and test labels agree if they differ by less than the first, and differ
# if by more than the second.
AGREE, DIFFER = 0.1, 0.5
# The limit of Section 3.2, as Fig. 6 names none: a frequency is learned if its relative error is
# below this.
LEARNED = 0.1
# Ours: a test loss above the best by less than this counts as having stopped in time.
NEAR = 0.1
# Ours: a minimum is inside if the loss rises by more than this again before the run ends.
RISES = 0.02


def label_spectra(
    noise: float, seeds: NDArray | list[int], n: int = 300, n_test: int = 6000
) -> tuple[NDArray, NDArray]:
    """Return |F| of the training and of the test labels of `noisy_sine`, ``(S, n//2 + 1)`` each."""
    both = []
    for part, count in enumerate((n, n_test)):
        _, clean = targets.sample(np.sin, n=count, interval=(-10, 10), height=0.5)
        both.append(np.abs(spectra.dft(noisy_labels(clean, noise, list(seeds), part))))
    return both[0], both[1][:, : both[0].shape[1]]


def disagreement(train: NDArray, test: NDArray, band: slice) -> NDArray[np.float64]:
    """Return Σ ||F_train| - |F_test|| / Σ |F_test| over a band of modes, ``(S, K)`` to ``(S,)``."""
    difference = np.abs(train[:, band] - test[:, band]).sum(axis=1)
    return difference / test[:, band].sum(axis=1)


@dataclass(frozen=True)
class Rules:
    """How well each rule of stopping does on runs with one noise level.

    Each is an array with one number per network; ``held_out`` may have fewer of them.

    ``oracle`` holds the smallest test loss. The others hold how far the test loss at the step
    that the rule chooses is above it, relative to it: for the noise estimated between neighbours
    and in the spectrum, for the held-out points, and for training to the end.
    """

    oracle: NDArray
    neighbours: NDArray
    spectrum: NDArray
    held_out: NDArray
    to_the_end: NDArray


def rules(name: str) -> Rules:
    """Measure the rules of stopping on the result ``name``, a key of `LEVELS`.

    The held-out rule trains on four fifths of the points, so its networks are others. It is
    measured, as the rest, against the smallest test loss of training on all points: what it loses
    by having fewer points counts.
    """
    result, held = load_or_run(name), load_or_run(f"{name}_held_out")
    # The same training time for all noise levels and rules.
    time = slice(len(held.steps))
    steps, test, losses = (
        result.steps[time],
        result.series["test_loss"][:, time],
        result.losses[:, time],
    )
    estimates = {
        "neighbours": stopping.neighbour_noise(result.y),
        "spectrum": stopping.spectral_noise(result.y),
    }
    reached = {
        rule: stopping.excess(steps, test, stopping.first_reached(steps, losses, sigma**2))
        for rule, sigma in estimates.items()
    }
    best = held.series["held_out_loss"].argmin(axis=1)
    chosen = np.take_along_axis(held.series["test_loss"], best[:, None], axis=1)[:, 0]
    oracle = test.min(axis=1)
    return Rules(
        oracle=oracle,
        held_out=chosen / oracle[: len(chosen)] - 1,  # the same seeds, perhaps fewer
        to_the_end=stopping.excess(steps, test, np.full(len(test), steps[-1])),
        **reached,
    )


def dominant_at_best(result: Result) -> NDArray[np.float64]:
    """Return Δ_F of the dominant peak at the step with the smallest test loss, ``(S,)``."""
    best = result.series["test_loss"].argmin(axis=1)
    return result.errors[np.arange(len(best)), best, 0]


def R8() -> Verdict:
    result, clean = load_or_run("noisy_sine"), load_or_run("noisy_sine_0")
    test, control = (
        stopping.plateau(run.steps, run.series["test_loss"], RISES) for run in (result, clean)
    )
    dominant = dominant_at_best(result)
    settings = result.settings
    labels = label_spectra(settings["noise"], settings["seeds"], settings["n"], settings["n_test"])
    low, high = disagreement(*labels, LOW), disagreement(*labels, HIGH)
    without = label_spectra(0.0, settings["seeds"], settings["n"], settings["n_test"])
    calm = disagreement(*without, HIGH)
    spectra_agree = (low < AGREE) & (high > DIFFER)
    rise = result.series["test_loss"][:, -1] / result.series["test_loss"].min(axis=1) - 1
    return Verdict(
        figure=chapters.get("noisy_sine").figure,
        claim="with noisy labels the test loss has an interior minimum; there the dominant peak is "
        "learned, and training and test spectra agree only at low frequency",
        seeds=len(dominant),
        effect=f"interior minimum {counted(test.interior)} by the {RISES:.0%} rule (ours), at step "
        f"{test.best.min():,.0f} to {test.best.max():,.0f}, test loss at the end "
        f"{rise.min():.0%} to {rise.max():.0%} above it; error of the dominant peak there at most "
        f"{dominant.max():.1%}; training and test spectra differ by {low.mean():.0%} at "
        f"k ≤ 5 and by {high.mean():.0%} at k ≥ 75",
        control=f"labels without noise: interior minimum {counted(control.interior)} (their "
        f"spectra differ by {calm.mean():.0%} at k ≥ 75, too)",
        control_fails=not control.interior.all(),
        outcome=judge(
            test.interior & (dominant < LEARNED) & spectra_agree,
            test.interior,
            control=control.interior,
            seeds=len(dominant),
        ),
    )


def R31() -> Verdict:
    each = {level: rules(name) for name, level in LEVELS.items()}
    seeds = min(len(r.neighbours) for r in each.values())
    chosen = np.concatenate([r.neighbours for r in each.values()])
    ended = np.concatenate([r.to_the_end for r in each.values()])
    better = chosen < ended
    text = "; ".join(
        f"σ = {level}: {np.median(r.neighbours):.1%} (to the end: {np.median(r.to_the_end):.1%})"
        for level, r in each.items()
    )
    strongest = each[max(each)]
    close = strongest.to_the_end < NEAR
    return Verdict(
        figure="ours, after Breiman's question on the slides of Zhang and Luo",
        claim="one can tell when to stop without a test set: when the training loss has come down "
        "to the noise of the labels",
        seeds=seeds,
        effect=f"test loss above the best, median: {text}; within {NEAR:.0%} in "
        f"{counted(chosen < NEAR)}, better than training to the end in {counted(better)}",
        control=f"σ = {max(each)}, trained to the end: within {NEAR:.0%} in {counted(close)}",
        control_fails=not close.all(),
        outcome=judge(chosen < NEAR, better, control=close, seeds=seeds),
    )
