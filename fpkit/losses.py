"""What training minimises.

A loss maps outputs and targets of shape ``(S, N, outputs)`` to one number per member, ``(S,)``.
"""

from __future__ import annotations

from torch import Tensor

__all__ = ["mean_absolute", "mean_square"]


def mean_square(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return (1/N) Σ (T - f)² per member, the papers' loss (Xu, Zhang, Xiao 2018, Eq. 3)."""
    return (outputs - targets).square().mean(dim=(1, 2))


def mean_absolute(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return (1/N) Σ |T - f| per member."""
    return (outputs - targets).abs().mean(dim=(1, 2))
