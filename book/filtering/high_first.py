"""A loss that asks for high frequencies first."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from fpkit import filtering, validation

__all__ = ["HighFirst"]


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

    matrix: Tensor

    def __init__(self, points: ArrayLike, delta: float, low_weight: float) -> None:
        super().__init__()
        self.delta, self.low_weight = delta, validation.positive("low_weight", low_weight)
        matrix = filtering.low_pass(points, np.eye(np.shape(points)[0]), [delta])[0]
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
