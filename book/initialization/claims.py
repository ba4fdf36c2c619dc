"""Claims about the initial weights (rows R26, R39, R40)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from book.initialization import aliasing
from book.initialization.experiments import AMPLITUDES, SCALES, STDS
from fpkit import spectra, validation
from fpkit.convergence import rank_correlation
from fpkit.reproduce import Result, Verdict, chapters, counted, judge, load_or_run

__all__ = ["Unseen", "fluctuation", "per_seed", "unseen"]

# Ours: a training loss below this is fitted; the targets' mean square is 0.5 to 1.2.
FITTED = 1e-3
# Ours: so many times more energy is decided by the initialization, and less than so many times is
# the same.
FACTOR, SAME = 100.0, 2.0
# Ours: inherited is what correlates by more than this, and of which more than this is gone without.
INHERITED = 0.5
# Ours: leaving a wave of amplitude a out costs so many times a²; a network that errs by more cannot
# generalise.
LEFT_OUT = 0.5
# Ours: so many times as sharp is clearly sharper.
CLEARLY = 3.0
# Ours: the last part of a run in which the loss may fluctuate.
LATE = 0.25


@dataclass(frozen=True)
class Unseen:
    """What a large initialization does above the Nyquist frequency, for each of S seeds.

    Attributes
    ----------
    train
        Training loss at the end, large initialization.
    times
        Energy above the Nyquist frequency at the end, relative to small initialization.
    kept
        The same energy relative to that of the network's own initial output.
    removed
        Share of it that is not there if the initial output is zero (antisymmetric).
    overlap
        Correlation of the components above the Nyquist frequency at the end with the initial ones.
    seen
        Energy of the output at the training points alone, relative to small initialization.

    """

    train: NDArray
    times: NDArray
    kept: NDArray
    removed: NDArray
    overlap: NDArray
    seen: NDArray


def unseen(large: Result, small: Result, without: Result) -> Unseen:
    """Compare large with small initialization, and with large ones ``without`` initial output."""
    above, rest = large.series["above"], without.series["above"][:, -1]
    return Unseen(
        train=large.losses[:, -1],
        times=above[:, -1] / small.series["above"][:, -1],
        kept=above[:, -1] / above[:, 0],
        removed=1 - rest / above[:, -1],
        overlap=large.series["overlap"][:, -1],
        seen=_seen(large) / _seen(small),
    )


def _seen(result: Result) -> NDArray[np.float64]:
    """Return the energy of the last output at the training points, without the repeated end."""
    n = result.settings["n"]
    output = spectra.dft(result.outputs[:, -1, :: result.settings["fine"]][:, :n].astype(float))
    return aliasing.energy(output, n, above=False)


def _beyond() -> tuple[Unseen, NDArray[np.bool], NDArray[np.bool]]:
    """Return what is beyond the effective range, who fitted the points, and who got it at first."""
    small = load_or_run("beyond_nyquist")
    large, without = (load_or_run(f"beyond_nyquist_std_1{kind}") for kind in ("", "_antisymmetric"))
    measured = unseen(large, small, without)
    fitted = (measured.train < FITTED) & (small.losses[:, -1] < FITTED)
    return measured, fitted, (measured.times > FACTOR) & (measured.removed > INHERITED)


def _inherits(
    found: tuple[Unseen, NDArray[np.bool], NDArray[np.bool]],
    holds: NDArray[np.bool],
    *,
    figure: str,
    claim: str,
    effect: str,
) -> Verdict:
    """Return the verdict on what `_beyond` found; that so much is inherited is the tendency."""
    measured, fitted, amount = found
    return Verdict(
        figure=figure,
        claim=claim,
        seeds=len(amount),
        effect=effect,
        control="what the training points see: "
        f"{measured.seen.min():.3f} to {measured.seen.max():.3f} times the energy",
        control_fails=bool((measured.seen < SAME).all()),
        outcome=judge(
            holds, amount, control=measured.seen > FACTOR, seeds=len(amount), finished=fitted
        ),
    )


def R26() -> Verdict:
    measured, _, amount = found = _beyond()
    return _inherits(
        found,
        amount,
        figure="Xu, Zhang, Xiao (2018), Section 5",
        claim="beyond the effective frequency range the trained output of large first weights "
        '"tends to inherit these high-frequency components from the initial output" (said as an '
        "intuition, of an image; the curve is ours, and so is row R67, whether they look alike)",
        effect=f"init std 1 against 0.1, both fitted: {measured.times.min():,.0f} to "
        f"{measured.times.max():,.0f} times the energy; {measured.removed.min():.0%} to "
        f"{measured.removed.max():.0%} of it is gone without the initial output",
    )


def R67() -> Verdict:
    measured, _, amount = found = _beyond()
    return _inherits(
        found,
        amount & (measured.overlap > INHERITED),
        figure="ours, beside Xu, Zhang, Xiao (2018), Section 5",
        claim="what the trained output of R26 has beyond the effective frequency range looks like "
        f"what the initial output has there (a correlation above {INHERITED:g})",
        effect=f"correlation {measured.overlap.min():.2f} to {measured.overlap.max():.2f}, though "
        f"{measured.removed.min():.0%} to {measured.removed.max():.0%} of the energy is gone "
        "without the initial output",
    )


def per_seed(values: NDArray) -> NDArray:
    """Arrange the members of a run with five settings for each seed as ``(seeds, 5)``."""
    members = validation.real_array("values", values)
    if len(members) % len(AMPLITUDES):
        raise ValueError(f"values: expected five members for each seed, got {len(members)}")
    return members.reshape(-1, len(AMPLITUDES))


def R39() -> Verdict:
    hidden, control = (load_or_run(f"hidden_wave{kind}") for kind in ("", "_in_range"))
    size = np.array(AMPLITUDES)
    test, in_range = (per_seed(run.series["test_loss"][:, -1]) for run in (hidden, control))
    fitted = np.all(per_seed(hidden.losses[:, -1]) < FITTED, axis=1)
    ratio = test[:, 1:] / size[1:] ** 2
    inside = in_range[:, 1:] / size[1:] ** 2
    return Verdict(
        figure=chapters.get("hidden_wave").figure,
        claim='with a strong peak above the effective range the network "cannot generalize well": '
        "a wave of amplitude a costs more than leaving it out, a²/2 (ours)",
        seeds=len(fitted),
        effect=f"{counted(fitted)} fitted for every a; test error "
        f"{ratio.min():.3f} to {ratio.max():.3f} times a²",
        control=f"wave in the effective range: {inside.min():.3f} to {inside.max():.3f} times a²",
        control_fails=bool((inside < LEFT_OUT).all()),
        outcome=judge(
            fitted & (ratio > LEFT_OUT).all(axis=1),
            fitted & (np.diff(test, axis=1) > 0).all(axis=1),
            control=(inside > LEFT_OUT).all(axis=1),
            seeds=len(fitted),
        ),
    )


def fluctuation(losses: NDArray, share: float = LATE) -> NDArray[np.float64]:
    """Return how much a training loss goes up late in training, ``(S, R)`` to ``(S,)``.

    The mean over the last ``share`` of the records of max(0, ln L(next) - ln L(now)). A loss that
    only falls has 0, however fast it falls.
    """
    values = validation.real_array("losses", losses, ndim=(2,))
    if not 0 < share <= 1:
        raise ValueError(f"share: expected a number above 0 and up to 1, got {share!r}")
    late = values[:, -max(2, round(share * values.shape[1])) :].astype(np.float64)
    return np.maximum(np.diff(np.log(late), axis=1), 0).mean(axis=1)


def R40() -> Verdict:
    run, control = (load_or_run(f"sharp_minima{kind}") for kind in ("", "_biases"))
    sharp, biases = (per_seed(r.series["sharpness"][:, -1]) for r in (run, control))
    rise, of_biases = sharp[:, -1] / sharp[:, 0], biases[:, -1] / biases[:, 0]
    clearly = (rise > CLEARLY) & (rank_correlation(sharp) > 0)
    swing = per_seed(fluctuation(run.losses))
    restless = swing[:, -1] > swing[:, 0]
    deep = [load_or_run(STDS[std]) for std in (0.1, 1.0)]
    calm, wild = (fluctuation(each.losses) for each in deep)
    at = " and ".join(f"{np.median(each.losses[:, -1]):.0e}" for each in deep)
    return Verdict(
        figure=chapters.get("sharp_minima").figure,
        claim="larger weights at a minimum (here those that started larger, our reading) go with a "
        'sharper one; from a large start the loss of several layers "fluctuates significantly when '
        'it is small" (more than from a small start: ours)',
        seeds=len(rise),
        effect=f"two layers, init std {SCALES[0]} to {SCALES[-1]}: sharpness grows "
        f"{rise.min():.0f} to {rise.max():.0f} times, the loss fluctuates more in "
        f"{counted(restless)}; four layers, std 0.1 to 1: it fluctuates more in "
        f"{counted(wild > calm)}, at losses of {at} (no control for this part)",
        control=f"biases alone from {SCALES[0]} to {SCALES[-1]}: {of_biases.min():.1f} to "
        f"{of_biases.max():.1f} times as sharp",
        control_fails=bool((of_biases < CLEARLY).all()),
        outcome=judge(
            clearly & (wild > calm).all(),
            clearly,
            control=of_biases > CLEARLY,
            seeds=len(rise),
        ),
    )
