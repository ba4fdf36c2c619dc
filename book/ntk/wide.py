"""Networks in the parametrisation in which the tangent kernel has a limit.

A layer with n inputs maps h to σ(gain·h·W/√n + bias·b), with all W and b drawn from N(0, 1) and the
factors in front not trained (Jacot, Gabriel, Hongler 2018). The last layer has no activation. With
n → ∞ the kernel of such a network tends to a fixed function and stays there in training.

If the output is divided by √m once more, m units in the last hidden layer, and the learning rate is
multiplied by m, the same time brings the same first change of the output. But now every unit has to
move by as much as itself, however many there are: the *mean-field* scaling, which is not lazy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from fpkit import validation
from fpkit.networks import MLP

__all__ = ["WideMLP"]

SCALINGS = ("lazy", "mean field")


class WideMLP(MLP):
    """S independent networks whose weights are N(0, 1) and divided by √n in the forward pass.

    Parameters
    ----------
    widths
        Layer sizes from input to output.
    gain, bias
        Factors of the weighted sums and of the biases.
    scaling
        "lazy", or "mean field": the output is divided by the root of the last hidden width once
        more.
    activation, seeds, antisymmetric, dtype
        As for `MLP`.

    Attributes
    ----------
    factors
        Of each layer, what stands in front of h·W and of b.

    """

    def __init__(
        self,
        widths: Sequence[int],
        *,
        gain: float = 2**0.5,
        bias: float = 1.0,
        scaling: str = "lazy",
        activation: str = "relu",
        seeds: Sequence[int] = (0,),
        antisymmetric: bool = True,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(
            widths,
            activation=activation,
            weight_std=1.0,
            seeds=seeds,
            antisymmetric=antisymmetric,
            dtype=dtype,
        )
        gain, bias = validation.positive("gain", gain), validation.positive("bias", bias)
        self.scaling = validation.known("scaling", scaling, SCALINGS)
        self.factors = [(gain / math.sqrt(n), bias) for n in self.widths[:-1]]
        if scaling == "mean field":
            last = math.sqrt(self.widths[-2])
            self.factors[-1] = (gain / last**2, bias / last)

    def forward(self, x: Tensor) -> Tensor:
        """Map inputs ``(N, d)`` or ``(S, N, d)`` to outputs ``(S, N, outputs)``."""
        act, h = self.act, self.for_each_copy(x)
        last = len(self.factors) - 1
        for layer, (slope, offset) in enumerate(self.factors):
            bias, weight = self.biases[layer], self.weights[layer]
            h = torch.baddbmm(bias, h, weight, beta=offset, alpha=slope)
            if layer < last:
                h = act(h)
        return self.from_copies(h)
