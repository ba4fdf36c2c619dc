"""What is recorded while networks train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import checks
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
    record_x
        Points ``(M,)`` or ``(M, d)`` where outputs were recorded; by default those of training.
    steps
        The R steps at which a record was made: 0 (before training), then every so many.
    losses
        Training loss, ``(S, R)``.
    outputs
        Outputs at ``record_x``, ``(S, R, M)``, or ``(S, R, M, outputs)`` if there are several.
    observed
        What the ``observe`` function of `fpkit.train` returned, ``(S, R)`` for each name.
    seeds
        Seed of each member.
    completed
        False if training was stopped by hand; the records then end where it stopped.

    """

    x: NDArray
    y: NDArray
    record_x: NDArray
    steps: NDArray[np.int64]
    losses: NDArray[np.float32]
    outputs: NDArray[np.float32]
    observed: Mapping[str, NDArray[np.float32]]
    seeds: tuple[int, ...]
    completed: bool = True


def recorded_steps(steps: int, every: int | Sequence[int]) -> NDArray[np.int64]:
    """Return the steps of the records: one in ``every`` or those it names, and the last."""
    if not isinstance(every, Sequence):
        if checks.positive_int("record_every", every) > steps:
            raise ValueError(f"record_every: expected at most steps={steps}, got {every}")
        return np.append(np.arange(0, steps, every), steps)
    named = [0, *(checks.positive_int("record_every", step) for step in every[1:])]
    if list(every[:1]) != [0] or (np.diff(named) <= 0).any():
        raise ValueError(f"record_every: expected increasing steps from 0 on, got {list(every)}")
    return np.append([step for step in named if step < steps], steps)


class Records:
    """The arrays that fill up while a run goes on."""

    def __init__(self, nets: Ensemble, steps: int, every: int | Sequence[int], points: int) -> None:
        self.steps = recorded_steps(steps, every)
        self.seeds = tuple(nets.seeds)
        self.count = 0
        self.losses = np.empty((nets.size, len(self.steps)), np.float32)
        self.outputs = np.empty((nets.size, len(self.steps), points, nets.widths[-1]), np.float32)
        self.observed: dict[str, NDArray[np.float32]] = {}

    def due(self, step: int) -> bool:
        """Tell whether a record is wanted at ``step``."""
        return self.count < len(self.steps) and step == self.steps[self.count]

    def add(
        self, step: int, outputs: Tensor, losses: Tensor, observed: Mapping[str, Tensor]
    ) -> None:
        """Keep outputs ``(S, M, outputs)`` and losses ``(S,)``; DivergenceError if not finite."""
        if losses.shape != (len(self.seeds),):
            raise ValueError(
                f"loss: expected one number per member, shape ({len(self.seeds)},), "
                f"got {tuple(losses.shape)}"
            )
        with np.errstate(over="ignore"):  # what overflows is infinite, and found below
            losses_now = losses.numpy(force=True).astype(np.float32)
        if not np.isfinite(losses_now).all():
            member = int(np.argmin(np.isfinite(losses_now)))
            raise DivergenceError(
                f"the loss of member {member} (seed {self.seeds[member]}) is "
                f"{losses_now[member]} at step {step}; try a smaller lr"
            )
        self.losses[:, self.count] = losses_now
        self.outputs[:, self.count] = outputs.numpy(force=True)
        for name, values in observed.items():
            series = self.observed.setdefault(name, np.empty_like(self.losses))
            series[:, self.count] = values.numpy(force=True)
        self.count += 1

    def state(self) -> dict[str, Tensor]:
        """Return all but the newest record, whose step a resumed run does again."""
        return {
            name: torch.from_numpy(a[:, : self.count - 1]) for name, a in self._arrays().items()
        }

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state` returned."""
        self.count = state["losses"].shape[1]
        for name in state:
            if name not in ("losses", "outputs"):
                self.observed[name] = np.empty_like(self.losses)
        for name, array in self._arrays().items():
            array[:, : self.count] = state[name].numpy()

    def _arrays(self) -> dict[str, NDArray]:
        return {"losses": self.losses, "outputs": self.outputs, **self.observed}

    def run(self, x: NDArray, y: NDArray, record_x: NDArray, completed: bool) -> Run:
        """Return what was recorded so far."""
        outputs = self.outputs[:, : self.count]
        if outputs.shape[-1] == 1:
            y, outputs = y[..., 0], outputs[..., 0]
        return Run(
            x=x[:, 0] if x.shape[1] == 1 else x,
            y=y,
            record_x=record_x[:, 0] if record_x.shape[1] == 1 else record_x,
            steps=self.steps[: self.count],
            losses=self.losses[:, : self.count],
            outputs=outputs,
            observed={name: series[:, : self.count] for name, series in self.observed.items()},
            seeds=self.seeds,
            completed=completed,
        )
