"""Backpropagation, written out: how `fpkit.train` computes fully connected networks on the CPU.

Autograd computes everything else, and is what the tests compare with. Written out, a step makes no
tensors, and all parameters lie in one vector, which an optimiser updates at once. Products and tanh
are NumPy's, on the memory of the tensors: they took half and, unless units are saturated, a sixth
of the time of torch's where it was measured (processors of AMD, with registers of 512 bits).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeGuard

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .networks import MLP, Ensemble, ricker

__all__ = ["Autograd", "Backpropagation", "is_written_out", "one_vector"]

aten = torch.ops.aten


class Rule(NamedTuple):
    """How an activation σ goes forward and backward.

    ``apply(z, h)`` fills h with σ(z). ``chain(slope, z, h)``, with ∂loss/∂h in ``slope``, fills h,
    which nobody needs any more, with ∂loss/∂z = ∂loss/∂h·σ'(z). Where σ' follows from σ alone, z
    and h are the same memory.
    """

    apply: Callable[[Tensor, Tensor], object]
    chain: Callable[[Tensor, Tensor, Tensor], object]
    in_place: bool = True


# From here on NumPy's tanh is too near to 1 on the whole, by some 10^-8, which is much of the slope
# 1 - tanh²: a network of saturated units would learn more slowly. Its course hangs on the last bits
# of these slopes, so they are autograd's: of saturated units alone tanh is torch's.
SATURATED = 4


def _tanh(z: Tensor, h: Tensor) -> None:
    values, out = z.numpy().ravel(), h.numpy().ravel()
    if values.min() > -SATURATED and values.max() < SATURATED:
        np.tanh(values, out=out)
    else:
        far = np.flatnonzero(np.abs(values) >= SATURATED)
        exact = torch.tanh(torch.from_numpy(values[far])).numpy()
        np.tanh(values, out=out)
        out[far] = exact


def _sin_chain(slope: Tensor, z: Tensor, h: Tensor) -> None:
    torch.cos(z, out=h).mul_(slope)


def _ricker_chain(slope: Tensor, z: Tensor, h: Tensor) -> None:
    square = z.square()
    torch.exp(-square / 2, out=h).mul_((square - 3).mul_(z)).mul_(slope)


RULES = {
    "tanh": Rule(
        _tanh,
        lambda slope, z, h: aten.tanh_backward.grad_input(slope, h, grad_input=h),
    ),
    "sigmoid": Rule(
        lambda z, h: torch.sigmoid(z, out=h),
        lambda slope, z, h: aten.sigmoid_backward.grad_input(slope, h, grad_input=h),
    ),
    "relu": Rule(
        lambda z, h: torch.clamp(z, min=0, out=h),
        lambda slope, z, h: aten.threshold_backward.grad_input(slope, h, 0, grad_input=h),
    ),
    "gelu": Rule(
        lambda z, h: aten.gelu.out(z, out=h),
        lambda slope, z, h: aten.gelu_backward.grad_input(slope, z, grad_input=h),
        in_place=False,
    ),
    "softplus": Rule(
        lambda z, h: aten.softplus.out(z, out=h),
        lambda slope, z, h: aten.softplus_backward.grad_input(slope, z, 1, 20, grad_input=h),
        in_place=False,
    ),
    "sin": Rule(lambda z, h: torch.sin(z, out=h), _sin_chain, in_place=False),
    "ricker": Rule(lambda z, h: h.copy_(ricker(z)), _ricker_chain, in_place=False),
    "linear": Rule(lambda z, h: None, lambda slope, z, h: h.copy_(slope)),
}


def is_written_out(nets: Ensemble) -> TypeGuard[MLP]:
    """Tell whether `Backpropagation` computes what autograd would compute for these networks."""
    return (
        type(nets) is MLP
        and isinstance(nets.activation, str)
        and nets.activation in RULES
        and all(p.requires_grad and p.device.type == "cpu" for p in nets.parameters())
        and not ("forward" in vars(nets) or nets._forward_hooks or nets._forward_pre_hooks)
        and not torch.is_autocast_enabled("cpu")
    )


class Backpropagation:
    """Outputs and gradients of S networks, at as many points at every step.

    Forward, from h₀ = x, and backward, from δ_L = ∂loss/∂outputs::

        zₗ = hₗ₋₁·Wₗ + bₗ        ∂loss/∂Wₗ = hₗ₋₁ᵀ·δₗ,  ∂loss/∂bₗ = Σ δₗ over the points
        hₗ = σ(zₗ)               δₗ₋₁ = (δₗ·Wₗᵀ) ⊙ σ'(zₗ₋₁)

    The last layer has no σ. What is computed lies in memory that is kept from step to step, and all
    ``parameters`` of the networks in one vector.
    """

    def __init__(self, nets: MLP, points: int) -> None:
        self.parameters = [one_vector(nets)]
        weights, biases = nets.weights, nets.biases
        self._rule = RULES[str(nets.activation)]
        self._from_copies, self._antisymmetric = nets.from_copies, nets.antisymmetric
        rows, make = len(weights[0]), biases[0].new_empty
        self._z = [make(rows, points, width) for width in nets.widths[1:]]
        hidden = self._z[:-1]
        self._h = [make(rows, points, nets.widths[0])]
        self._h += hidden if self._rule.in_place else [torch.empty_like(z) for z in hidden]
        widest = make(rows * points * max(nets.widths[:-1]))
        self._slopes = [widest[: h.numel()].view_as(h) for h in self._h]
        self._biases = [b.detach() for b in biases]
        self._of_biases = [b.grad for b in biases]
        # The same memory for NumPy. Views are made once, for that takes as long as a small product.
        self._np_weights, self._np_z = _arrays(weights), _arrays(self._z)
        self._np_h, self._np_slopes = _arrays(self._h), _arrays(self._slopes)
        self._np_of_weights = _arrays(w.grad for w in weights)
        self._np_weights_t = _arrays(w.mT for w in weights)
        self._np_h_t = _arrays(h.mT for h in self._h)

    # Who trains is told of numbers that are no longer finite, and NumPy need not warn of them.
    @np.errstate(over="ignore", invalid="ignore")
    def forward(self, x: Tensor) -> Tensor:
        """Return outputs ``(S, N, outputs)`` at points ``(N, d)``; they hold until the next."""
        self._h[0].copy_(x)
        last = len(self._z) - 1
        for layer, z in enumerate(self._z):
            _product(self._np_h[layer], self._np_weights[layer], self._np_z[layer])
            z.add_(self._biases[layer])
            if layer < last:
                self._rule.apply(z, self._h[layer + 1])
        return self._from_copies(z)

    @np.errstate(over="ignore", invalid="ignore")
    def backward(self, delta: Tensor) -> None:
        """Write into the networks' gradients what ∂loss/∂outputs ``(S, N, outputs)`` makes them."""
        if self._antisymmetric:
            delta = torch.cat([delta, -delta]) / math.sqrt(2)
        np_delta = delta.numpy()
        for layer in reversed(range(len(self._z))):
            _product(self._np_h_t[layer], np_delta, self._np_of_weights[layer])
            torch.sum(delta, 1, keepdim=True, out=self._of_biases[layer])
            if layer > 0:
                _product(np_delta, self._np_weights_t[layer], self._np_slopes[layer])
                delta, np_delta = self._h[layer], self._np_h[layer]
                self._rule.chain(self._slopes[layer], self._z[layer - 1], delta)


def _arrays(tensors: Iterable[Tensor]) -> list[NDArray]:
    """Return the same memory as arrays."""
    return [tensor.detach().numpy() for tensor in tensors]


def _product(a: NDArray, b: NDArray, out: NDArray) -> None:
    """Fill ``out`` with the matrix products a·b, one for each network."""
    if a.shape[-1] == 1:  # of a column and a row, which is slow as a product of matrices
        np.multiply(a, b, out=out)
    else:
        np.matmul(a, b, out=out)


class Autograd:
    """The same for any networks, by torch."""

    def __init__(self, nets: Ensemble) -> None:
        self._nets, self.parameters = nets, list(nets.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs ``(S, N, outputs)`` at points ``(N, d)``."""
        self._outputs = self._nets(x)
        return self._outputs.detach()

    def backward(self, delta: Tensor) -> None:
        """Write into the networks' gradients what ∂loss/∂outputs ``(S, N, outputs)`` makes them."""
        self._nets.zero_grad(set_to_none=True)
        self._outputs.backward(delta)


def one_vector(nets: nn.Module) -> nn.Parameter:
    """Lay all parameters, and their gradients, into one vector, and return it."""
    parameters = list(nets.parameters())
    vector = nn.Parameter(torch.cat([parameter.detach().flatten() for parameter in parameters]))
    vector.grad = torch.zeros_like(vector)
    sizes = [parameter.numel() for parameter in parameters]
    values, gradients = vector.detach().split(sizes), vector.grad.split(sizes)
    for parameter, value, gradient in zip(parameters, values, gradients, strict=True):
        parameter.data, parameter.grad = value.view_as(parameter), gradient.view_as(parameter)
    return vector
