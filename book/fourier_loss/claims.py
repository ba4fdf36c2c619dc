"""Claims about training with a loss in the frequency domain (rows R6, R7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from fpkit.convergence import convergence_step, in_order
from fpkit.networks import MLP
from fpkit.reproduce import Result, Verdict, chapters, counted, judge, load_or_run, orders

__all__ = ["PATIENCE", "Stages", "after_all", "learned", "pull", "stages", "timed_out"]

# Ours: the first three stages from high to low, the last three from low to high.
HIGH_PEAKS = 3
# Ours: so many updates may a stage last. The paper has as many recording steps, of unknown length.
PATIENCE = 5_000


@dataclass(frozen=True)
class Stages:
    """What happened in each stage of a curriculum; S networks, K stages in their order.

    Attributes
    ----------
    peaks
        The peak that each stage is about, ``(K,)``.
    entered
        First recorded step in the stage, ``(S, K)``; infinity if it was never reached.
    lowest
        Smallest relative error of that peak while the stage lasted, ``(S, K)``; infinity if it
        was never reached.

    """

    peaks: NDArray[np.int64]
    entered: NDArray[np.float64]
    lowest: NDArray[np.float64]


def stages(result: Result) -> Stages:
    """Take the stages of a curriculum from the series "stage" and the errors of a result."""
    stage = result.series["stage"].astype(int)
    rising = result.settings["direction"] == "low to high"
    count = len(result.peaks)
    numbers = np.arange(count)
    reached = stage[..., None] >= numbers
    entered = convergence_step(result.steps, np.where(reached, 0.0, 1.0), 0.5)
    own = result.errors if rising else result.errors[..., ::-1]
    # A stage ends with the record that shows the next one: its error is what ended it.
    before = np.concatenate([reached[:, :1], reached[:, :-1]], axis=1)
    inside = reached & ~np.append(before[..., 1:], np.zeros_like(before[..., :1]), axis=-1)
    lowest = np.where(inside, own, np.inf).min(axis=1)
    return Stages(result.peaks if rising else result.peaks[::-1], entered, lowest)


def after_all(result: Result, threshold: float = 0.1) -> NDArray[np.float64]:
    """Return when each peak is learned once the last stage has begun, ``(S, K)``.

    For "high to low" the last stage is the one in which every k ≥ 1 is in the loss. Infinity
    where a peak is not learned any more.
    """
    last = stages(result).entered[:, -1]
    errors = np.where(result.steps[:, None] >= last[:, None, None], result.errors, 1.0)
    return convergence_step(result.steps, errors, threshold)


def timed_out(result: Result) -> NDArray[np.bool]:
    """Tell for each stage but the last whether it ended by patience alone, ``(S, K - 1)``.

    Then the stage's own peak was never learned while the stage lasted. A stage that the run did
    not reach or finish counts as not timed out.
    """
    found, patience = stages(result), result.settings["patience"]
    if patience is None:
        return np.zeros(found.entered[:, :-1].shape, dtype=bool)
    with np.errstate(invalid="ignore"):  # infinity minus infinity: stages that were not reached
        lasted = np.diff(found.entered, axis=1)
    every = result.steps[1] - result.steps[0]
    # Recorded steps know the length of a stage only to one record on either side.
    return (np.abs(lasted - patience) <= every) & (found.lowest[:, :-1] >= 0.1)


def pull(nets: MLP, modes: ArrayLike, points: int) -> NDArray[np.float64]:
    """Return how strongly the parameters of networks can move each Fourier coefficient, ``(K,)``.

    The length of the gradient of |F[T·h](k)| with respect to all parameters, as a root of the sum
    of squares over the networks. T is the output at even points of [-1, 1], and the window h
    (Hann's) falls to zero at both ends, so that their jump does not leak into every mode.
    """
    x = torch.linspace(-1, 1, points, dtype=nets.dtype)[:, None]
    window = torch.as_tensor(np.hanning(points), dtype=nets.dtype)
    sizes = torch.fft.rfft(nets(x)[..., 0] * window, norm="forward").abs().sum(dim=0)
    lengths = []
    for k in np.asarray(modes):
        gradients = torch.autograd.grad(sizes[k], list(nets.parameters()), retain_graph=True)
        lengths.append(sum(float(g.square().sum()) for g in gradients) ** 0.5)
    return np.array(lengths)


def learned(result: Result, threshold: float = 0.1) -> NDArray[np.bool]:
    """Tell for each stage whether its own peak was learned while it lasted, ``(S, K)``.

    A stage that ended, and not by patience, ended because the peak was learned.
    """
    found = stages(result)
    ended = np.isfinite(found.entered[:, 1:]) & ~timed_out(result)
    return np.append(ended, found.lowest[:, -1:] < threshold, axis=1)


def R6() -> Verdict:
    measured, failing = (
        orders(load_or_run(f"fourier_low_to_high{kind}")) for kind in ("", "_large_init")
    )
    return Verdict(
        figure=chapters.get("fourier_low_to_high").figure,
        claim="with frequencies let into the loss from low to high, the peaks converge in order, "
        "as without",
        seeds=len(measured.strict),
        effect=str(measured),
        control=f"the same with large initial weights: {failing}",
        control_fails=not failing.strict.all(),
        outcome=measured.judge(failing, len(measured.strict)),
        ordered=["fourier_low_to_high"],
    )


def R7() -> Verdict:
    result, other = load_or_run("fourier_high_to_low"), load_or_run("fourier_low_to_high")
    peaks = ", ".join(map(str, stages(result).peaks[:HIGH_PEAKS]))
    resisted = np.all(timed_out(result)[:, :HIGH_PEAKS], axis=1)
    # The stages of k = 36 to 12 may all end by time-out; these four have the order left to show.
    after = after_all(result)
    ordered = in_order(after[:, 2:]) & np.isfinite(after).all(axis=1)
    begun = stages(result).entered[:, -1]
    led = learned(other)[:, -HIGH_PEAKS:]
    return Verdict(
        figure=chapters.get("fourier_high_to_low").figure,
        claim=f"high peaks do not converge alone in their time ({PATIENCE:,} updates, ours); all "
        "do once every k ≥ 1 is in the loss (and 12 to 36 in order, which is ours)",
        seeds=len(resisted),
        effect=f"the stages of k = {peaks} all end by time-out in "
        f"{counted(resisted)}; every k ≥ 1 is in the loss from step "
        f"{np.median(begun):,.0f} (median), after which all peaks are learned, 12 to 36 in order, "
        f"in {counted(ordered)}",
        control=f"low to high: {led.sum()} of {led.size} stages of these peaks end learned",
        control_fails=bool(led.any(axis=1).all()),
        outcome=judge(resisted & ordered, resisted, control=~led.any(axis=1), seeds=len(resisted)),
    )
