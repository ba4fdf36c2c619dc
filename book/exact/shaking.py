"""What is left of each wave of a network's output when its weights are moved at random."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import pairwise

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

    "error j k" is, for neighbours j and k and for the first and the last mode, the standard error
    of by how much more of j is left than of k in size: each direction has one such difference, its
    mean over the norms, and they are independent.
    """
    turns = torch.arange(len(points), dtype=torch.float64) / len(points)
    waves = torch.exp(-2j * torch.pi * torch.tensor(modes)[:, None] * turns).to(torch.complex64)
    before = _coefficients(nets, points, waves)
    ratios = torch.stack([
        torch.stack([_coefficients(moved, points, waves) for moved in _moved(nets, norms, way)])
        for way in range(directions)
    ]) / before  # fmt: skip  # (directions, norms, S, K)
    measures = {
        "left": ratios.mean(dim=0).real,
        "size": ratios.abs().mean(dim=0),
        "off": (ratios - 1).abs().mean(dim=0),
    }
    found = {
        f"{name} {k} {norm:g}": values[j, :, i]
        for name, values in measures.items()
        for j, norm in enumerate(norms)
        for i, k in enumerate(modes)
    }
    sizes = dict(zip(modes, ratios.abs().mean(dim=1).unbind(dim=-1), strict=True))
    for j, k in (*pairwise(modes), (modes[0], modes[-1])):
        found[f"error {j} {k}"] = (sizes[j] - sizes[k]).std(dim=0) / directions**0.5
    return found


def _coefficients(nets: MLP, points: Tensor, waves: Tensor) -> Tensor:
    """Return F at each mode, times N: ``(S, K)``."""
    return nets(points)[..., 0].to(waves.dtype) @ waves.T


def _moved(nets: MLP, norms: Sequence[float], way: int) -> Iterator[MLP]:
    """Yield the networks, each moved by every norm in its own direction number ``way``."""
    ways = [torch.empty_like(tensor) for tensor in nets.parameters()]
    for member, seed in enumerate(nets.seeds):
        draw = normal(1_000 * seed + way)  # a network has its own, whatever ensemble it is part of
        drawn = [draw(*tensor.shape[1:]) for tensor in ways]
        length = torch.stack([each.square().sum() for each in drawn]).sum().sqrt()
        for tensor, each in zip(ways, drawn, strict=True):
            tensor[member] = each / length
    for norm in norms:
        moved = copy.deepcopy(nets)
        for tensor, each in zip(moved.parameters(), ways, strict=True):
            tensor.data += norm * each
        yield moved
