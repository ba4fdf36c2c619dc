"""Claims about training with a loss in the frequency domain (rows R6, R7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import experiments
from ..convergence import convergence_step, in_order
from ..results import Result, load_or_run
from .core import Verdict, judge, order

__all__ = ["ROWS", "Stages", "after_all", "stages"]


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
    errors = np.where(result.steps[:, None] >= last[:, None, None], result.errors, np.inf)
    return convergence_step(result.steps, errors, threshold)
