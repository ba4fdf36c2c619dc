"""One ruler for all encodings: how fast an untrained network would begin to learn a wave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

import fpkit as fp
from book.encodings.networks import make
from fpkit.networks import Ensemble

__all__ = ["rates", "reading"]


def rates(nets: Ensemble, x: ArrayLike, modes: Sequence[int]) -> NDArray[np.float64]:
    """Return ‖Jᵀv‖²/‖v‖² of every network for waves v with k cycles on [-1, 1]: ``(S, K)``.

    J are the derivatives of the outputs at the points ``(N,)`` with respect to the parameters, and
    v is the wave with any phase: the mean over a cosine and a sine. N/2 times as much as
    `fpkit.theory.mode_rates`, which needs the whole kernel; here it is two backward passes a wave.
    """
    points = torch.as_tensor(x, dtype=nets.dtype)
    weights = [p for p in nets.parameters() if p.requires_grad]
    turn = torch.pi * torch.outer(torch.as_tensor(modes, dtype=nets.dtype), points + 1)
    with torch.enable_grad():
        outputs, pulls = nets(points[:, None])[..., 0], []
        for wave in torch.cat([turn.cos(), turn.sin()]):
            slopes = torch.autograd.grad((outputs * wave).sum(), weights, retain_graph=True)
            each = [slope.square().flatten(1).sum(dim=1) for slope in slopes]
            pulls.append(torch.stack(each).sum(dim=0))
    both = torch.stack(pulls).double().numpy().reshape(2, len(modes), -1)
    return both.sum(axis=0).T / len(points)


@cache
def reading(
    encoding: str, scale: float, seeds: tuple[int, ...], n: int, modes: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return the rates of untrained networks at ``n`` even points: ``(S, K)``."""
    nets = fp.wrap(partial(make, encoding, scale), seeds=seeds)
    return rates(nets, np.linspace(-1, 1, n, endpoint=False), modes)
