"""A loss that learns one peak after the other, from low to high frequencies or the other way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from fpkit import validation
from fpkit.losses import error_power, multiplicity
from fpkit.spectra import dft

__all__ = ["Curriculum"]


class Curriculum(nn.Module):
    """Weighted Fourier loss whose band widens stage by stage, for each member on its own.

    Stage i concerns the i-th of the ``peaks`` in the given direction and has w = 1 on one side of
    it, including it, and w = 0 on the other: below it for "low to high", above it for "high to
    low". A member enters the next stage when its relative error at that peak falls below
    ``threshold``, or after ``patience`` updates in one stage (Xu, Zhang, Xiao 2018, Fig. 5). In
    the last stage it stays, so a curriculum serves one training. In evaluation mode
    (``curriculum.eval()``) nobody moves on.

    Parameters
    ----------
    target
        The target on evenly spaced points, ``(N,)``.
    peaks
        Frequency indices, increasing.
    members
        Number of members S.
    direction
        "low to high" or "high to low".
    threshold
        Relative error Δ_F below which a peak counts as learned.
    patience
        Updates after which a stage ends in any case; None means never.

    """

    bands: Tensor
    order: Tensor
    size: Tensor
    stage: Tensor
    age: Tensor

    def __init__(
        self,
        target: ArrayLike,
        peaks: Sequence[int] | NDArray[np.signedinteger],
        *,
        members: int,
        direction: str,
        threshold: float = 0.1,
        patience: int | None = None,
    ) -> None:
        super().__init__()
        order = np.asarray(peaks)
        whole = order.dtype.kind in "iu" and order.ndim == 1 and len(order) > 0
        if not whole or (np.diff(order) <= 0).any():
            raise ValueError(f"peaks: expected increasing frequency indices, got {list(peaks)}")
        validation.known("direction", direction, ("low to high", "high to low"))
        spectrum = dft(target)
        k = np.arange(len(spectrum))
        if order[-1] >= len(k) or order[0] < 0:
            raise ValueError(f"peaks: expected indices from 0 to {len(k) - 1}, got {list(peaks)}")
        size = np.abs(spectrum[order])
        if (size <= 1e-12 * np.abs(spectrum).max()).any():
            raise ValueError(f"peaks: the target has no power at {order[size.argmin()]}")
        rising = direction == "low to high"
        order = order if rising else order[::-1]
        bands = (k <= order[:, None]) if rising else (k >= order[:, None])
        self.threshold = validation.positive("threshold", threshold)
        self.patience = (
            np.inf if patience is None else validation.positive_int("patience", patience)
        )
        count = validation.positive_int("members", members)
        self.points = np.shape(target)[0]
        self.register_buffer("bands", torch.from_numpy(bands.astype(np.float32)))
        self.register_buffer("order", torch.from_numpy(order.astype(np.int64)))
        self.register_buffer("size", torch.from_numpy(np.abs(spectrum[order]).astype(np.float32)))
        self.register_buffer("stage", torch.from_numpy(np.zeros(count, np.int64)))
        self.register_buffer("age", torch.from_numpy(np.zeros(count, np.int64)))

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each member, ``(S,)``, and move on those whose stage is over."""
        members, points = outputs.shape[:2]
        if members != len(self.stage):
            raise ValueError(
                f"members: expected {members}, as in the ensemble, got {len(self.stage)}"
            )
        if points != self.points:
            raise ValueError(f"target: expected one value per point ({points}), got {self.points}")
        power = error_power(outputs, targets)
        weights = self.bands[self.stage] * multiplicity(points, outputs)
        if self.training:
            self._move_on(power.detach())
        return (weights * power).sum(dim=1)

    def extra_repr(self) -> str:
        """Describe the rule by which stages end."""
        return f"threshold={self.threshold}, patience={self.patience}"

    def _move_on(self, power: Tensor) -> None:
        peak = self.order[self.stage]
        error = power.gather(1, peak[:, None])[:, 0].sqrt() / self.size[self.stage]
        self.age += 1
        over = (error < self.threshold) | (self.age >= self.patience)
        over &= self.stage < len(self.order) - 1
        self.stage += over
        self.age[over] = 0
