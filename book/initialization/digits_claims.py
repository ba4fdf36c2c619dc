"""Claims about the initial weights of networks that read digits (rows R19, R20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from book.initialization.digits import FIG_1, FIG_4, QUICK, SMALL
from fpkit import validation
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result, Verdict, chapters, counted, judge, load_or_run

__all__ = ["Reading", "epochs", "half_read", "magnitude_ratio", "reading"]

# Ours: a mean magnitude that changes by less than this share changes slightly.
SLIGHT = 0.1
# Ours: the "high accuracy for the training data" of the paper is that this share is read correctly,
# at some record: with a constant rate and small batches it goes up and down from epoch to epoch.
FITTED = 0.99
# Ours: so much higher an accuracy on test images is clearly better.
CLEARLY = 0.05
# What magnitudes are of.
KINDS = ("weight", "bias")
# The paper's standard deviations of weights and of biases in the runs with small and with large
# weights.
TINY, LARGE = (0.01, 0.01), (0.3, 0.01)


def epochs(result: Result) -> NDArray[np.float64]:
    """Return how often a run has gone through its training images at each record, ``(R,)``."""
    return result.steps * result.settings["batch_size"] / result.settings["n"]


def half_read(result: Result) -> NDArray[np.float64]:
    """Return the first recorded epoch with half of the test images read, ``(S,)``."""
    unread = 1 - result.series["test accuracy"][..., None]
    return convergence_step(epochs(result), unread, 0.5)[:, 0]


def magnitude_ratio(
    result: Result, kind: str = "weight", layer: int | None = None, *, steps: int | None = None
) -> NDArray:
    """Return the mean of |weight|, or |bias|, at the end of a run relative to its start, ``(S,)``.

    Of all layers, or of one, counted from 1. With ``steps``, at the last record up to there.
    """
    name = validation.known("kind", kind, KINDS) + ("" if layer is None else f" {layer}")
    series = result.series[validation.known("series", name, result.series)].astype(np.float64)
    return series[:, _record(result, steps)] / series[:, 0]


def _record(result: Result, steps: int | None = None) -> int:
    """Return the number of the last record, or of the last one up to ``steps``."""
    return int((result.steps <= (result.steps[-1] if steps is None else steps)).sum()) - 1


class Reading:
    """Accuracies in three runs: small first weights, large ones, and large biases.

    Attributes
    ----------
    train
        Largest share of training images that were read correctly at a record, ``(3, S)``.
    test
        Share of test images that are read correctly at the end, ``(3, S)``.
    fitted
        Whether a network learned its training images, ``(3, S)``.
    gap
        Test accuracy with small first weights minus that with large ones, ``(S,)``.
    bias_gap
        Test accuracy with small first biases minus that with large ones, ``(S,)``.

    """

    def __init__(self, runs: Sequence[Result]) -> None:
        train, test = (
            [run.series[f"{part} accuracy"].astype(np.float64) for run in runs]
            for part in ("train", "test")
        )
        self.train = np.stack([values.max(axis=1) for values in train])
        self.test = np.stack([values[:, -1] for values in test])
        self.fitted = self.train > FITTED
        self.gap, self.bias_gap = self.test[0] - self.test[1:]

    @property
    def holds(self) -> NDArray[np.bool]:
        """Whether all three fit, and only the first weights matter for new images, ``(S,)``."""
        clear = (self.gap > CLEARLY) & (np.abs(self.bias_gap) < CLEARLY)
        return self.fitted.all(axis=0) & clear

    @property
    def fitted_bias_gap(self) -> NDArray[np.float64]:
        """``bias_gap`` of the seeds that fitted with small biases and with large ones."""
        return self.bias_gap[self.fitted[0] & self.fitted[2]]

    def __str__(self) -> str:
        fitted = ", ".join(map(counted, self.fitted))
        train = ", ".join(f"{values.min():.3f} to {values.max():.3f}" for values in self.train)
        test = ", ".join(f"{values.mean():.3f}" for values in self.test)
        return (
            f"fitted {fitted}, training accuracy {train}, test accuracy {test}, small weights "
            f"better than large by {self.gap.min():.3f} to {self.gap.max():.3f}"
        )


def reading(names: Mapping[tuple[float, float], str] = QUICK) -> Reading:
    """Return the accuracies of the runs of Fig. 4, at our faster rate or with `FIG_4`."""
    return Reading([load_or_run(name) for name in names.values()])


def _change(result: Result) -> NDArray[np.float64]:
    """Return the larger change of the two mean magnitudes, relative to the start, ``(S,)``."""
    return np.max([np.abs(magnitude_ratio(result, kind) - 1) for kind in KINDS], axis=0)


def _read(result: Result, steps: int | None = None) -> NDArray[np.float64]:
    """Return the share of training images read at the end, or up to ``steps``, ``(S,)``."""
    return result.series["train accuracy"][:, _record(result, steps)].astype(np.float64)


def _fitted_once(name: str) -> bool:
    """Tell whether a network of a run read its training images: before, weights may yet move."""
    return bool(load_or_run(name).series["train accuracy"].max() > FITTED)


def _large_told(runs: Mapping[float, Result]) -> str:
    """Say by how much magnitudes changed in large networks, by the std of their first weights."""
    return ", ".join(
        f"{std}: by {_change(run).max():.1%} at most ({_read(run).mean():.0%} of the training "
        "images read)"
        for std, run in runs.items()
    )


def _small_told(run: Result, steps: int) -> str:
    """Say by how much weights changed in the small network, after ``steps`` and at the end."""
    early, late = magnitude_ratio(run, steps=steps), magnitude_ratio(run)
    return (
        f"|weight| x {early.mean():.2f} ({_read(run, steps).mean():.0%} read), after "
        f"{run.steps[-1]:,} steps x {late.mean():.2f} ({_read(run).mean():.0%} read)"
    )


def R19() -> Verdict:
    runs, control = {std: load_or_run(name) for std, name in FIG_1.items()}, load_or_run(SMALL)
    steps = int(runs[0.06].steps[-1])
    changes = [_change(run) for run in runs.values()]
    small, as_long = magnitude_ratio(control), magnitude_ratio(control, steps=steps)
    # Fig. 4 has a large network with a smaller std than those of Fig. 1.
    tiny, fitted = (magnitude_ratio(load_or_run(QUICK[stds])) for stds in (TINY, LARGE))
    part = np.append(np.concatenate(changes) < SLIGHT, small > 1 + SLIGHT)
    seeds = min(map(len, changes))
    return Verdict(
        figure=f"{chapters.get(FIG_1[0.06]).figure}, Section 4 and Discussion",
        claim="the mean |weight| and |bias| change only slightly while a large network trains, "
        "and can grow in a small one",
        seeds=seeds,
        effect=f"after {steps:,} steps, large network, first std {_large_told(runs)}; small "
        f"network, std 0.06: {_small_told(control, steps)}; large network fitted at a "
        f"faster rate, std {LARGE[0]}: |weight| x {fitted.mean():.3f}, but std {TINY[0]}: "
        f"x {tiny.mean():.2f} (ours, told and not judged)",
        control=f"small network: |weight| x {as_long.min():.2f} to {as_long.max():.2f} after as "
        f"many steps, x {small.min():.2f} to {small.max():.2f} in the end",
        control_fails=bool((small > 1 + SLIGHT).all()),
        outcome=judge(
            part,
            part,
            control=np.abs(small - 1) < SLIGHT,
            seeds=seeds,
            finished=[_fitted_once(name) for name in FIG_1.values()],
        ),
    )


def R20() -> Verdict:
    paper, quick = reading(FIG_4), reading()
    bias_gap = np.concatenate([paper.fitted_bias_gap, quick.fitted_bias_gap])
    gap = np.concatenate([paper.gap, quick.gap])
    return Verdict(
        figure=chapters.get(FIG_4[TINY]).figure,
        claim='small and large first weights both have "high accuracy for the training data" (we '
        f"ask for {FITTED:.0%}), small ones read new images clearly better; large first biases "
        f'have "a bit lower prediction accuracy" (by less than {100 * CLEARLY:.0f} points: ours)',
        seeds=paper.gap.size,
        effect=f"small weights, large ones, large biases: paper's rate: {paper}; "
        f"10,000 images, faster: {quick}",
        control=f"than large biases, where both fit, by {bias_gap.min():.3f} to "
        f"{bias_gap.max():.3f}",
        control_fails=bool((bias_gap < CLEARLY).all()),
        outcome=judge(
            np.concatenate([paper.holds, quick.holds]),
            gap > 0,
            control=bias_gap > CLEARLY,
            seeds=paper.gap.size,
            finished=paper.fitted,
        ),
    )
