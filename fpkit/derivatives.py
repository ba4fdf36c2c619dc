"""Derivatives of a periodic network with respect to its input, as something to be trained.

A network on the circle, T(x) = net(cos π(x+1), sin π(x+1)), has period 2 in x. To train its m-th
derivative to be g is the simplest loss of a physics-informed network (PINN): for m = 2 it solves
the Poisson equation T'' = g, and there are no ends at which to ask for anything more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .networks import MLP

__all__ = ["Derivative"]


class Derivative(MLP):
    """The m-th derivative of tanh networks on the circle, divided by π^m.

    A wave of mode k becomes kᵐ times as large; its relative error Δ_F is that of T itself. The
    first and second derivative of every unit are carried through the layers: with t = tanh z,
    t' = (1 - t²) z' and t'' = (1 - t²)(z'' - 2t z'²).

    Parameters
    ----------
    order
        m: 0 for T itself, 1 or 2.
    hidden
        Widths of the hidden layers.
    weight_std, seeds, dtype
        As for `MLP`.

    """

    def __init__(
        self,
        order: int,
        hidden: Sequence[int],
        *,
        weight_std: float = 0.1,
        seeds: Sequence[int] = (0,),
        dtype: torch.dtype = torch.float32,
    ) -> None:
        if isinstance(order, bool) or order not in (0, 1, 2):
            raise ValueError(f"order: expected 0, 1 or 2, got {order!r}")
        super().__init__([2, *hidden, 1], weight_std=weight_std, seeds=seeds, dtype=dtype)
        self.order = int(order)
        self.widths = [1, *self.widths[1:]]  # what comes in is x

    def forward(self, x: Tensor) -> Tensor:
        """Map points ``(N, 1)`` to the derivative there, ``(S, N, 1)``."""
        self.check_type(x)
        if x.ndim != 2 or x.shape[-1] != 1:
            raise ValueError(f"x: expected shape (N, 1), got {tuple(x.shape)}")
        turn = math.pi * (x + 1)
        h = torch.cat([turn.cos(), turn.sin()], dim=-1)
        turned = torch.cat([-turn.sin(), turn.cos()], dim=-1)
        jet = [part.expand(self.size, *h.shape) for part in (h, turned, -h)[: self.order + 1]]
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            jet = [torch.baddbmm(bias, jet[0], weight), *(part @ weight for part in jet[1:])]
            if layer < last:
                jet = _through_tanh(jet)
        return jet[self.order]

    def extra_repr(self) -> str:
        """Describe the ensemble in one line."""
        return f"derivative of order {self.order} of {super().extra_repr()}"


def _through_tanh(jet: list[Tensor]) -> list[Tensor]:
    """Return a unit's value, first and second derivative (as many as there are) after tanh."""
    value = jet[0].tanh()
    slope = 1 - value.square()
    after = [value, *(slope * part for part in jet[1:2])]
    if len(jet) == 3:
        after.append(slope * (jet[2] - 2 * value * jet[1].square()))
    return after
