"""What is recorded while networks train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import validation
from .networks import Ensemble

__all__ = ["DivergenceError", "Records", "Run", "recorded_steps"]


class DivergenceError(ArithmeticError):
    """The loss of a member stopped being a finite number."""


@dataclass(frozen=True)
class Run:
    """What was recorded while S networks trained.

    Attributes
    ----------
    x, y
        Training points ``(N,)`` or ``(N, d)`` and the targets there, one row for each member or
        one for all: ``(S or 1, N)``, or ``(S or 1, N, outputs)`` with several outputs.
    eval_x
        Points ``(M,)`` or ``(M, d)`` where outputs were recorded; by default those of training.
    steps
        The R steps at which a record was made: 0 (before training), then every so many.
    losses
        Training loss, ``(S, R)``.
    outputs
        Outputs at ``eval_x``, ``(S, R, M)``, or ``(S, R, M, outputs)`` if there are several.
    observed
        What the ``observe`` function of `fpkit.train` returned, ``(S, R)`` for each name. Like
        losses and outputs it has the precision of the networks, single or double.
    seeds
        Seed of each member.
    completed
        False if training was stopped by hand; the records then end where it stopped.

    """

    x: NDArray
    y: NDArray
    eval_x: NDArray
    steps: NDArray[np.int64]
    losses: NDArray[np.floating]
    outputs: NDArray[np.floating]
    observed: Mapping[str, NDArray[np.floating]]
    seeds: tuple[int, ...]
    completed: bool = True


def recorded_steps(steps: int, every: int | Sequence[int]) -> NDArray[np.int64]:
    """Return the steps of the records: one in ``every`` or those it names, and the last."""
    every = every.tolist() if isinstance(every, np.ndarray) else every
    if not isinstance(every, Sequence) or isinstance(every, str):
        stride = validation.positive_int("record_every", every)
        if stride > steps:
            raise ValueError(f"record_every: expected at most steps={steps}, got {every}")
        return np.append(np.arange(0, steps, stride), steps)
    named = [0, *(validation.positive_int("record_every", step) for step in every[1:])]
    if list(every[:1]) != [0] or (np.diff(named) <= 0).any():
        raise ValueError(f"record_every: expected increasing steps from 0 on, got {list(every)}")
    return np.append([step for step in named if step < steps], steps)


class Records:
    """The arrays that fill up while a run goes on."""

    def __init__(self, nets: Ensemble, steps: int, every: int | Sequence[int], points: int) -> None:
        self.steps = recorded_steps(steps, every)
        self.seeds = tuple(nets.seeds)
        self.count = 0
        precision = np.float64 if nets.dtype == torch.float64 else np.float32
        self.losses = np.empty((nets.size, len(self.steps)), precision)
        self.outputs = np.empty((nets.size, len(self.steps), points, nets.widths[-1]), precision)
        self.observed: dict[str, NDArray[np.floating]] = {}

    @property
    def next(self) -> int:
        """The step of the next record."""
        return int(self.steps[self.count])

    def due(self, step: int) -> bool:
        """Tell whether a record is wanted at ``step``."""
        return self.count < len(self.steps) and step == self.next

    def add(
        self, step: int, outputs: Tensor, losses: Tensor, observed: Mapping[str, Tensor]
    ) -> None:
        """Keep what there is at a step.

        Outputs are ``(S, M, outputs)``, losses and each of ``observed`` ``(S,)``. DivergenceError
        if a loss is not finite; ValueError if what is observed has another shape than ``(S,)``, or
        other names than before.
        """
        with np.errstate(over="ignore"):  # what overflows is infinite, and found below
            losses_now = losses.numpy(force=True).astype(self.losses.dtype)
        if not np.isfinite(losses_now).all():
            member = int(np.argmin(np.isfinite(losses_now)))
            raise DivergenceError(
                f"the loss of member {member} (seed {self.seeds[member]}) is "
                f"{losses_now[member]} at step {step}; try a smaller lr"
            )
        self.losses[:, self.count] = losses_now
        self.outputs[:, self.count] = outputs.numpy(force=True)
        if self.count == 0:
            self.observed = {name: np.empty_like(self.losses) for name in observed}
        if observed.keys() != self.observed.keys():
            raise ValueError(
                f"observe: expected {sorted(self.observed)} at every record, as at the first, "
                f"got {sorted(observed)} at step {step}"
            )
        for name, values in observed.items():
            self.observed[name][:, self.count] = self._one_per_member(name, values)
        self.count += 1

    def _one_per_member(self, name: str, values: Tensor) -> NDArray:
        array = values.numpy(force=True) if isinstance(values, Tensor) else np.asarray(values)
        if array.shape != (len(self.seeds),):
            raise ValueError(
                f"observe: expected one number per member for {name!r}, shape "
                f"({len(self.seeds)},), got {array.shape}"
            )
        return array

    def state(self) -> dict[str, Any]:
        """Return the records so far."""
        so_far = slice(self.count)
        return {
            "losses": torch.from_numpy(self.losses[:, so_far]),
            "outputs": torch.from_numpy(self.outputs[:, so_far]),
            "observed": {n: torch.from_numpy(s[:, so_far]) for n, s in self.observed.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take back what `state` returned."""
        self.count = state["losses"].shape[1]
        self.observed = {name: np.empty_like(self.losses) for name in state["observed"]}
        self.losses[:, : self.count] = state["losses"].numpy()
        self.outputs[:, : self.count] = state["outputs"].numpy()
        for name, series in state["observed"].items():
            self.observed[name][:, : self.count] = series.numpy()

    def run(self, x: NDArray, y: NDArray, eval_x: NDArray, completed: bool) -> Run:
        """Return what was recorded so far."""
        outputs = self.outputs[:, : self.count]
        if outputs.shape[-1] == 1:
            y, outputs = y[..., 0], outputs[..., 0]
        return Run(
            x=x[:, 0] if x.shape[1] == 1 else x,
            y=y,
            eval_x=eval_x[:, 0] if eval_x.shape[1] == 1 else eval_x,
            steps=self.steps[: self.count],
            losses=self.losses[:, : self.count],
            outputs=outputs,
            observed={name: series[:, : self.count] for name, series in self.observed.items()},
            seeds=self.seeds,
            completed=completed,
        )
