"""Claims about a natural image (rows R16-R18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import experiments, pixels
from ..convergence import convergence_step
from ..experiments.natural_image import row_spectrum, target_image
from ..results import Result, load_or_run
from .core import Order, Verdict, judge, order

__all__ = [
    "ROWS",
    "RowOrder",
    "UnseenPixels",
    "amplitude_shares",
    "dot_when_fitted",
    "loss_ratio",
    "row_order",
    "unseen_pixels",
    "without_initial_output",
]

CHAPTER = "natural_image"
# What we call "test loss follows training loss": at most so many times as large (ours).
FOLLOWS = 2.0
# What we call fitted: training loss relative to the image's variance (ours).
FITTED = 0.05
# What we call in order: so many of the rows, besides the followed one (ours).
MOST = 0.9
# What we call coming from the initial output: so much is gone without it (ours).
INHERITED = 0.5
# The dot is late if it has less than half its contrast when the training loss has fallen to a
# tenth of the image's variance; high frequencies are small below half their amplitude (ours).
TENTH, HALF = 0.1, 0.5
# What we call "no order": mean rank correlation over the rows below this, as in row R2 (ours).
NO_ORDER = 0.3


@dataclass(frozen=True)
class RowOrder:
    """In which order rows were learned by the end, for each of S networks.

    Attributes
    ----------
    followed
        The order of the followed row's peaks.
    strict
        Share of all rows (with four peaks) that were learned in strict order, ``(S,)``.
    known
        Share of them in which at most one peak was missing at the end, ``(S,)``.
    correlation
        Mean rank correlation over these rows, ``(S,)``.

    """

    followed: Order
    strict: NDArray
    known: NDArray
    correlation: NDArray

    def __str__(self) -> str:
        marked = self.followed.strict
        return (
            f"marked row in {marked.sum()}/{len(marked)} networks, {_range(self.strict, '.0%')} of "
            f"all rows, mean rank correlation {_range(self.correlation, '.2f')}"
        )


def row_order(result: Result) -> RowOrder:
    """Return in which order the rows of a run were learned."""
    last = (result.series[name][:, -1] for name in ("strict", "known", "correlation"))
    return RowOrder(order(result), *last)


def loss_ratio(result: Result) -> NDArray[np.float64]:
    """Return test loss over training loss at the end, ``(S,)``."""
    return result.series["test_loss"][:, -1] / result.losses[:, -1]


@dataclass(frozen=True)
class UnseenPixels:
    """What large initial weights do between the training columns, for each of S networks.

    Attributes
    ----------
    fitted
        Training loss at the end over the variance of the image.
    test
        Test loss at the end over the variance of the image: 1 for the constant predictor.
    times
        Energy above the training pixels' Nyquist frequency at the end over the photograph's own.
    kept
        That energy over the initial output's.
    overlap
        Correlation of what lies there at the end with what lay there at the start.

    """

    fitted: NDArray
    test: NDArray
    times: NDArray
    kept: NDArray
    overlap: NDArray


def unseen_pixels(result: Result) -> UnseenPixels:
    """Measure the end of a run between the training columns."""
    image, above = target_image(result.settings), result.series["above"]
    return UnseenPixels(
        fitted=result.losses[:, -1] / image.var(),
        test=result.series["test_loss"][:, -1] / image.var(),
        times=above[:, -1] / pixels.above_nyquist(image),
        kept=above[:, -1] / above[:, 0],
        overlap=result.series["overlap"][:, -1],
    )


def amplitude_shares(result: Result) -> tuple[int, NDArray[np.float64]]:
    """Return the kept step after the first peak is learned, and |F[T]|/|F[f]| at all peaks there.

    For the first network and the followed row. ValueError if it never learns its first peak.
    """
    first = convergence_step(result.steps, result.errors)[0, 0]
    later = np.flatnonzero(result.frames >= first)
    if not len(later):
        raise ValueError(f"result: {result.name} never learns its first peak")
    place = {key: result.settings[key] for key in ("row", "size")}
    output = row_spectrum(result.outputs[0, later[0]].astype(np.float64), **place)
    target = row_spectrum(target_image(result.settings).ravel(), **place)
    shares = np.abs(output[result.peaks]) / np.abs(target[result.peaks])
    return int(result.frames[later[0]]), shares


def dot_when_fitted(result: Result, share: float = TENTH) -> NDArray[np.float64]:
    """Return the dot's contrast when the training loss has fallen to ``share`` of the variance.

    Relative to the target's contrast, for each network ``(S,)``. ValueError if one never gets
    there.
    """
    fitted = result.losses <= share * target_image(result.settings).var()
    if not fitted.any(axis=1).all():
        raise ValueError(f"result: not every network of {result.name} gets to {share:.0%}")
    return result.series["dot"][np.arange(len(fitted)), fitted.argmax(axis=1)]


def _coarse_to_fine() -> Verdict:
    run, control = load_or_run("image_eye"), load_or_run("image_eye_large_init")
    measured, large = row_order(run), row_order(control)
    follows, early_dot, late_dot = (
        loss_ratio(run),
        dot_when_fitted(run),
        run.series["dot"][:, -1],
    )
    fine = (follows < FOLLOWS) & (early_dot < HALF) & (early_dot < late_dot)
    coarse_first = measured.followed.strict & (measured.strict >= MOST)
    fails = ~(large.followed.strict & (large.strict >= MOST) & (loss_ratio(control) < FOLLOWS))
    return Verdict(
        row="R16",
        figure=experiments.get("image_eye").figure,
        chapter=CHAPTER,
        claim="a natural image is learned from coarse to fine, a white dot late; the test loss "
        "follows the training loss",
        seeds=len(follows),
        effect=f"strict order: {measured}; test loss {_range(follows, '.1f')} times the training "
        f"loss; the dot has {_range(early_dot, '.0%')} of its contrast at a tenth of the variance, "
        f"{_range(late_dot, '.0%')} at the end",
        control=f"large initial weights: strict order in {_range(large.strict, '.0%')} of the "
        f"rows, test loss {_range(loss_ratio(control), ',.0f')} times the training loss",
        control_fails=bool(fails.all()),
        outcome=judge(coarse_first & fine, (measured.correlation > 0) & fine),
    )


def _large_init() -> Verdict:
    names = ("image_eye_large_init", "image_eye_large_weights", "image_camera_large_init")
    parts = [unseen_pixels(load_or_run(name)) for name in names]
    fitted, test, times, overlap = (
        np.concatenate([getattr(part, key) for part in parts])
        for key in ("fitted", "test", "times", "overlap")
    )
    correlation = np.concatenate([row_order(load_or_run(name)).correlation for name in names])
    removed = without_initial_output()
    bad = (fitted < FITTED) & (test > 1) & bool((removed > INHERITED).all())
    small = unseen_pixels(load_or_run("image_eye"))
    return Verdict(
        row="R17",
        figure=experiments.get(names[0]).figure + f"; {experiments.get(names[1]).figure}",
        chapter=CHAPTER,
        claim="with large initial weights there is no order, the training pixels fit, the test is "
        "bad, and the extra high frequencies come from the initial output",
        seeds=len(fitted),
        effect=f"training loss {_range(fitted, '.1%')} of the variance, test loss "
        f"{_range(test, '.0f')} times the variance; above the Nyquist frequency "
        f"{_range(times, '.0f')} times the photograph's energy, {_range(removed, '.0%')} of it "
        f"gone with a zero start, correlation with the initial one {_range(overlap, '.2f')}; mean "
        f"rank correlation over rows {_range(correlation, '.2f')}",
        control=f"small initial weights: test loss {_range(small.test, '.2f')} times the variance",
        control_fails=bool((small.test < 1).all()),
        outcome=judge(bad & (correlation < NO_ORDER), bad),
    )


def without_initial_output() -> NDArray[np.float64]:
    """Return how much of the energy above the Nyquist frequency is not there with a zero start."""
    large, zero = (load_or_run(f"image_eye_{kind}") for kind in ("large_init", "zero_start"))
    rest = zero.series["above"][:, -1]
    return 1 - rest / large.series["above"][: len(rest), -1]


def _two_images() -> Verdict:
    runs = [load_or_run(name) for name in ("image_eye", "image_camera")]
    parts = [row_order(run) for run in runs]
    large = [row_order(load_or_run(f"image_{name}_large_init")) for name in ("eye", "camera")]
    strict, followed, correlation = (
        np.concatenate(values)
        for values in (
            [part.strict for part in parts],
            [part.followed.strict for part in parts],
            [part.correlation for part in parts],
        )
    )
    shares = [amplitude_shares(run)[1][1:].max() for run in runs]
    small = bool(max(shares) < HALF)
    of_large = np.concatenate([part.strict for part in large])
    return Verdict(
        row="R18",
        figure="; ".join(experiments.get(run.name).figure for run in runs),
        chapter=CHAPTER,
        claim="with std 0.08, the first four peaks of an image's row are learned in order, on two "
        "images; while the first is learned the others stay small",
        seeds=len(strict) // len(runs),
        effect=f"eye: {parts[0]}; camera: {parts[1]}"
        f"; amplitude of the others when the first is learned: at most {max(shares):.0%}",
        control=f"large initial weights: strict order in {_range(of_large, '.0%')} of the rows",
        control_fails=bool((of_large < MOST).all()),
        outcome=judge(followed & (strict >= MOST) & small, correlation > 0),
    )


def _range(values: NDArray, form: str) -> str:
    """Return the smallest and the largest value in words."""
    low, high = (format(value, form) for value in (np.min(values), np.max(values)))
    return low if low == high else f"{low} to {high}"


ROWS: dict[str, Callable[[], Verdict]] = {
    "R16": _coarse_to_fine,
    "R17": _large_init,
    "R18": _two_images,
}
