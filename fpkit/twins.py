"""Rounding twins: how far a run's numbers depend on how sums are rounded.

Another processor, or another number of threads, rounds sums differently, and training amplifies
such differences at a rate of its own. A *twin* of a run starts one unit in the last place away from
it. How far apart the two are at a record says how far rounding alone can move it.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from . import validation

__all__ = ["move"]


@torch.no_grad()
def move(nets: nn.Module, seed: int) -> None:
    """Move every parameter by one unit in the last place, up or down as drawn from ``seed``."""
    drawn = np.random.default_rng(validation.seed("twin", seed))
    for parameter in nets.parameters():
        towards = np.where(drawn.integers(2, size=tuple(parameter.shape)), np.inf, -np.inf)
        goal = torch.as_tensor(towards, dtype=parameter.dtype, device=parameter.device)
        parameter.copy_(torch.nextafter(parameter, goal))
