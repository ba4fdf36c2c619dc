"""What training minimises.

A loss maps outputs and targets of shape ``(S, N, outputs)`` to one number per member, ``(S,)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from . import validation

__all__ = [
    "WeightedFourier",
    "cross_entropy",
    "error_power",
    "gradient",
    "half_sse",
    "log_cosh",
    "mae",
    "mse",
    "multiplicity",
]


def mse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return (1/N) Σ (T - f)² per member, the papers' loss (Xu, Zhang, Xiao 2018, Eq. 3)."""
    return (outputs - targets).square().mean(dim=(1, 2))


def mae(outputs: Tensor, targets: Tensor) -> Tensor:
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


def half_sse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return ½ Σ (T - f)² per member, the loss of gradient flow in a fixed kernel."""
    return 0.5 * (outputs - targets).square().sum(dim=(1, 2))


class WeightedFourier(nn.Module):
    """Weighted loss in the frequency domain, L_wf = Σ_k w(k) |F[f](k) - F[T](k)|².

    The sum runs over all N modes of evenly spaced points, with w(N - k) = w(k), and F carries 1/N.
    With w ≡ 1 it equals `mse` by Parseval's theorem (Xu, Zhang, Xiao 2018, Eq. 4, where
    a constant factor is left out).

    Parameters
    ----------
    weights
        w(k) for k = 0 … N//2, of at least 0: ``(N//2 + 1,)``, or one row per member.

    """

    weights: Tensor

    def __init__(self, weights: ArrayLike) -> None:
        super().__init__()
        w = validation.real_array("weights", weights, ndim=(1, 2))
        if (w < 0).any():
            raise ValueError(f"weights: expected numbers of at least 0, got {w.min():g}")
        self.register_buffer("weights", torch.from_numpy(np.atleast_2d(w).astype(np.float32)))

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each member, ``(S,)``."""
        power, weights = error_power(outputs, targets), self.weights.to(outputs.dtype)
        if len(weights) not in (1, len(outputs)):
            raise ValueError(
                f"weights: expected one row for all or for each of {len(outputs)} members, got "
                f"{len(weights)}"
            )
        if weights.shape[1] != power.shape[1]:
            raise ValueError(
                f"weights: {outputs.shape[1]} points have {power.shape[1]} modes from 0 to "
                f"N//2, got {weights.shape[1]} weights"
            )
        return (weights * multiplicity(outputs.shape[1], outputs) * power).sum(dim=1)


def error_power(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return |F[f](k) - F[T](k)|² of one output on even points, k = 0 … N//2: ``(S, N//2 + 1)``."""
    if outputs.shape[2] != 1:
        raise ValueError(f"loss: a Fourier loss is for one output, got {outputs.shape[2]}")
    difference = torch.fft.rfft((outputs - targets)[..., 0], norm="forward")
    return difference.real.square() + difference.imag.square()


def multiplicity(points: int, like: Tensor) -> Tensor:
    """Return how often each mode 0 … N//2 occurs among all N: once for 0 and N/2, else twice."""
    count = torch.full((points // 2 + 1,), 2.0, dtype=like.dtype, device=like.device)
    count[0] = 1.0
    if points % 2 == 0:
        count[-1] = 1.0
    return count


Gradient = Callable[[Tensor, Tensor], Tensor]

# What autograd would find, in fewer passes, for the losses that are used most.
GRADIENTS: dict[object, Gradient] = {
    mse: lambda outputs, targets: (outputs - targets).mul_(2 / outputs[0].numel()),
    mae: lambda outputs, targets: (outputs - targets).sign_().div_(outputs[0].numel()),
    half_sse: torch.sub,
}


def gradient(loss: object, members: range) -> Gradient | None:
    """Return a function of outputs and targets of some members: ∂loss/∂outputs ``(S, N, outputs)``.

    None if it is not written out here, so that only autograd knows it.
    """
    if type(loss) is WeightedFourier:
        alike = len(loss.weights) == 1
        return partial(_fourier_gradient, loss.weights if alike else loss.weights[members])
    return next((written for known, written in GRADIENTS.items() if known is loss), None)


def _fourier_gradient(weights: Tensor, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return ∂L_wf/∂T(x) = 2/N Σ_k w(k) (F[T](k) - F[f](k)) e^{2πikx}, over all N modes."""
    points = outputs.shape[1]
    spectrum = weights[..., None] * torch.fft.rfft(outputs - targets, dim=1, norm="forward")
    return torch.fft.irfft(spectrum, points, dim=1, norm="forward").mul_(2 / points)
