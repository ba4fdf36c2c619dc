"""Claims about the initial weights of networks that read digits (rows R19, R20)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .. import checks, experiments
from ..experiments.initialization_mnist import EPOCH, FIG_1, FIG_4, SMALL
from ..results import Result, load_or_run
from .core import Verdict, judge

__all__ = ["ROWS", "Reading", "magnitude_ratio", "reading"]

CHAPTER = "initialization"
# What we call a slight change of a mean magnitude: less than this share of it.
SLIGHT = 0.1
# What we call fitted: the share of the training images that are read correctly.
FITTED = 0.99
# What we call clearly better: so much higher accuracy on test images.
CLEARLY = 0.05
KINDS = ("weight", "bias")


def magnitude_ratio(result: Result, kind: str = "weight", layer: int | None = None) -> NDArray:
    """Return the mean of |weight|, or |bias|, at the end of a run relative to its start, ``(S,)``.

    Of all layers, or of one, counted from 1.
    """
    name = checks.known("kind", kind, KINDS) + ("" if layer is None else f" {layer}")
    series = result.series[checks.known("series", name, result.series)].astype(np.float64)
    return series[:, -1] / series[:, 0]


class Reading:
    """Accuracies at the end of three runs: small first weights, large ones, and large biases.

    Attributes
    ----------
    train, test
        Share of training and of test images that are read correctly, ``(3, S)``.
    gap
        Test accuracy with small first weights minus that with large ones, ``(S,)``.
    bias_gap
        Test accuracy with small first biases minus that with large ones, ``(S,)``.

    """

    def __init__(self, runs: Sequence[Result]) -> None:
        self.train, self.test = (
            np.stack([run.series[f"{part} accuracy"][:, -1] for run in runs]).astype(np.float64)
            for part in ("train", "test")
        )
        self.gap, self.bias_gap = self.test[0] - self.test[1:]

    @property
    def holds(self) -> NDArray[np.bool_]:
        """Whether all three fit, and only the first weights matter for new images, ``(S,)``."""
        fitted = (self.train > FITTED).all(axis=0)
        return fitted & (self.gap > CLEARLY) & (np.abs(self.bias_gap) < CLEARLY)

    def __str__(self) -> str:
        names = ("small", "large weights", "large biases")
        pairs = zip(names, self.train, self.test, strict=True)
        return ", ".join(f"{n} {t.mean():.3f}/{new.mean():.3f}" for n, t, new in pairs)


def reading(kind: str = "") -> Reading:
    """Return the accuracies of the runs of Fig. 4, or, with ``"_quick"``, at our faster rate."""
    return Reading([load_or_run(name + kind) for name in FIG_4.values()])


def _magnitudes() -> Verdict:
    large = {std: load_or_run(name) for std, name in FIG_1.items()}
    small = {std: load_or_run(name) for std, name in SMALL.items()}
    change = {
        key: np.stack([np.abs(magnitude_ratio(run, kind) - 1) for kind in KINDS]).max(axis=0)
        for group, runs in (("large", large), ("small", small))
        for key, run in (((group, std), run) for std, run in runs.items())
    }
    constant = np.concatenate([change["large", std] < SLIGHT for std in large])
    grows = np.concatenate([magnitude_ratio(run) > 1 + SLIGHT for run in small.values()])
    tiny = magnitude_ratio(load_or_run(FIG_4[0.01, 0.01]))
    ratios = {std: magnitude_ratio(run) for std, run in small.items()}
    return Verdict(
        row="R19",
        figure=experiments.get(FIG_1[0.06]).figure,
        chapter=CHAPTER,
        claim="the mean |weight| and |bias| change only slightly while a large network trains, "
        "and grow in a small one",
        seeds=len(change["large", 0.06]),
        effect="800-400-200-100, "
        + ", ".join(f"std {std}: {change['large', std].max():.1%} at most" for std in large)
        + f"; |weight| of 20-20-20-20, std 0.6: x {ratios[0.6].mean():.2f}; "
        f"of 800-400-200-100, std 0.01: x {tiny.mean():.2f}",
        control=f"20-20-20-20, std 0.06: |weight| x {ratios[0.06].min():.2f} to "
        f"{ratios[0.06].max():.2f}",
        control_fails=bool((change["small", 0.06] >= SLIGHT).all()),
        outcome=judge(np.concatenate([constant, grows]), constant),
    )


def _accuracy() -> Verdict:
    quick, slow = reading("_quick"), reading()
    epochs = [load_or_run(name).steps[-1] // EPOCH for name in FIG_4.values()]
    return Verdict(
        row="R20",
        figure=experiments.get(FIG_4[0.01, 0.01]).figure,
        chapter=CHAPTER,
        claim="small and large first weights both fit the training images, small ones read new "
        "images clearly better; the first biases matter little",
        seeds=quick.gap.size,
        effect=f"train/test accuracy at our rate: {quick}; "
        f"gap {quick.gap.min():.3f} to {quick.gap.max():.3f}; at the paper's rate "
        f"(2 seeds, {', '.join(map(str, epochs))} epochs): {slow}",
        control=f"large biases for large weights: gap {quick.bias_gap.min():.3f} to "
        f"{quick.bias_gap.max():.3f}",
        control_fails=bool((quick.bias_gap < CLEARLY).all()),
        outcome=judge(
            np.concatenate([quick.holds, slow.holds]), np.concatenate([quick.gap, slow.gap]) > 0
        ),
    )


ROWS: dict[str, Callable[[], Verdict]] = {"R19": _magnitudes, "R20": _accuracy}
