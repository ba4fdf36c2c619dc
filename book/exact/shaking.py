"""What is left of each wave of a network's output when its weights are moved at random."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor

from fpkit.networks import MLP, normal

__all__ = ["left_of_waves"]


def left_of_waves(
    points: Tensor,
    modes: Sequence[int],
    norms: Sequence[float],
    directions: int,
    nets: MLP,
) -> dict[str, Tensor]:
    """Return for each mode and norm what is left of the wave, and how far it is off: ``(S,)`` each.

    All weights and biases together are moved by ``norm`` in random directions. "size k norm" is the
    mean of |F_moved|/|F|, as Rahaman et al. (2019) measure it. "left k norm" is the part of the
    wave k that all directions have in common, Re of the mean of F_moved/F; noise averages out of
    it. "off k norm" is the mean of |F_moved - F|/|F|.
    """
    turns = torch.arange(len(points), dtype=torch.float64) / len(points)
    waves = torch.exp(-2j * torch.pi * torch.tensor(modes)[:, None] * turns).to(torch.complex64)
    before = _coefficients(nets, points, waves)
    found: dict[str, Tensor] = {}
    for norm in norms:
        ratios = torch.stack(
            [
                _coefficients(_moved(nets, norm, way), points, waves) / before
                for way in range(directions)
            ]
        )
        measures = {
            "left": ratios.mean(dim=0).real, "size": ratios.abs().mean(dim=0),
            "off": (ratios - 1).abs().mean(dim=0),
        }  # fmt: skip
        for name, values in measures.items():
            found |= {f"{name} {k} {norm:g}": values[:, i] for i, k in enumerate(modes)}
    return found


def _coefficients(nets: MLP, points: Tensor, waves: Tensor) -> Tensor:
    """Return F at each mode, times N: ``(S, K)``."""
    return nets(points)[..., 0].to(waves.dtype) @ waves.T


def _moved(nets: MLP, norm: float, way: int) -> MLP:
    """Return the networks, each moved by ``norm`` in its own direction number ``way``."""
    moved = copy.deepcopy(nets)
    tensors = [*moved.parameters()]
    for member, seed in enumerate(nets.seeds):
        draw = normal(1_000 * seed + way)  # a network has its own, whatever ensemble it is part of
        ways = [draw(*tensor.shape[1:]) for tensor in tensors]
        length = torch.stack([each.square().sum() for each in ways]).sum().sqrt()
        for tensor, each in zip(tensors, ways, strict=True):
            tensor.data[member] += norm * each / length
    return moved
