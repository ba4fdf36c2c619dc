"""What training minimises.

A loss maps outputs and targets of shape ``(S, N, outputs)`` to one number per member, ``(S,)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from . import checks, filtering
from .spectra import dft

__all__ = [
    "Curriculum",
    "HighFirst",
    "WeightedFourier",
    "cross_entropy",
    "half_squares",
    "log_cosh",
    "mean_absolute",
    "mean_square",
]


def mean_square(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return (1/N) Σ (T - f)² per member, the papers' loss (Xu, Zhang, Xiao 2018, Eq. 3)."""
    return (outputs - targets).square().mean(dim=(1, 2))


def mean_absolute(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return (1/N) Σ |T - f| per member."""
    return (outputs - targets).abs().mean(dim=(1, 2))


def log_cosh(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return (1/N) Σ ln cosh(T - f) per member: r²/2 for small errors r, |r| - ln 2 for large."""
    error = outputs - targets
    return (torch.logaddexp(error, -error) - math.log(2)).mean(dim=(1, 2))


def cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return -(1/N) Σ f·ln softmax(T) per member, for targets f that are probabilities."""
    if outputs.shape[2] < 2:
        raise ValueError("loss: cross_entropy needs an output for each class, got one: it is 0")
    return -(targets * outputs.log_softmax(dim=2)).sum(dim=2).mean(dim=1)


def half_squares(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return ½ Σ (T - f)² per member, the loss of gradient flow in a fixed kernel."""
    return 0.5 * (outputs - targets).square().sum(dim=(1, 2))


class WeightedFourier(nn.Module):
    """Weighted loss in the frequency domain, L_wf = Σ_k w(k) |F[f](k) - F[T](k)|².

    The sum runs over all N modes of evenly spaced points, with w(N - k) = w(k), and F carries 1/N.
    With w ≡ 1 it equals `mean_square` by Parseval's theorem (Xu, Zhang, Xiao 2018, Eq. 4, where
    a constant factor is left out).

    Parameters
    ----------
    weights
        w(k) for k = 0 … N//2, of at least 0: ``(N//2 + 1,)``, or one row per member.

    """

    def __init__(self, weights: ArrayLike) -> None:
        super().__init__()
        w = checks.real_array("weights", weights, ndim=(1, 2))
        if (w < 0).any():
            raise ValueError(f"weights: expected numbers of at least 0, got {w.min():g}")
        self.register_buffer("weights", torch.from_numpy(np.atleast_2d(w).astype(np.float32)))

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each member, ``(S,)``."""
        difference = _spectrum(outputs - targets)
        weights = self.weights.to(outputs.dtype)
        if len(weights) not in (1, len(outputs)):
            raise ValueError(
                f"weights: expected one row for all or for each of {len(outputs)} members, got "
                f"{len(weights)}"
            )
        if weights.shape[1] != difference.shape[1]:
            raise ValueError(
                f"weights: {outputs.shape[1]} points have {difference.shape[1]} modes from 0 to "
                f"N//2, got {weights.shape[1]} weights"
            )
        power = difference.real.square() + difference.imag.square()
        return (weights * _multiplicity(outputs.shape[1], outputs) * power).sum(dim=1)


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

    def __init__(
        self,
        target: ArrayLike,
        peaks: Sequence[int],
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
        checks.known("direction", direction, ("low to high", "high to low"))
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
        self.threshold = checks.positive("threshold", threshold)
        self.patience = np.inf if patience is None else checks.positive_int("patience", patience)
        count = checks.positive_int("members", members)
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
        difference = _spectrum(outputs - targets)
        power = difference.real.square() + difference.imag.square()
        weights = self.bands[self.stage] * _multiplicity(outputs.shape[1], outputs)
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


class HighFirst(nn.Module):
    """Squared error whose low-frequency part counts little: (1/N)(|r_high|² + w |r_low|²).

    r = f - T is split by the filter of `fpkit.filtering`. For full batches only.

    Parameters
    ----------
    points
        Training points, ``(N, d)``; a matrix of N x N is kept.
    delta
        Variance of the filter.
    low_weight
        w, the weight of the low-frequency part.

    """

    def __init__(self, points: ArrayLike, delta: float, low_weight: float) -> None:
        super().__init__()
        self.delta, self.low_weight = delta, checks.positive("low_weight", low_weight)
        matrix = filtering.low_pass(points, np.eye(len(points)), [delta])[0]
        self.register_buffer("matrix", torch.as_tensor(matrix))

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each member, ``(S,)``."""
        rest = outputs - targets
        if rest.shape[1] != len(self.matrix):
            wanted, got = rest.shape[1], len(self.matrix)
            raise ValueError(f"points: expected those of the full batch ({wanted}), got {got}")
        low = self.matrix.to(rest.dtype) @ rest
        return ((rest - low).square() + self.low_weight * low.square()).mean(dim=(1, 2))

    def extra_repr(self) -> str:
        """Name the two numbers."""
        return f"delta={self.delta}, low_weight={self.low_weight}"


def _spectrum(errors: Tensor) -> Tensor:
    """Return the modes 0 … N//2 of errors ``(S, N, 1)``."""
    if errors.shape[2] != 1:
        raise ValueError(f"loss: a Fourier loss is for one output, got {errors.shape[2]}")
    return torch.fft.rfft(errors[..., 0], norm="forward")


def _multiplicity(points: int, like: Tensor) -> Tensor:
    """Return how often each mode 0 … N//2 occurs among all N: once for 0 and N/2, else twice."""
    count = torch.full((points // 2 + 1,), 2.0, dtype=like.dtype, device=like.device)
    count[0] = 1.0
    if points % 2 == 0:
        count[-1] = 1.0
    return count
