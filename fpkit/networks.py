"""Fully connected networks with an ensemble axis.

Eight networks of one shape are one tensor program: every weight matrix carries a leading axis
of length S, so that one batched product moves all S members. A member depends on its own seed,
initial standard deviation and target only; it never sees the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real

import torch
from torch import Tensor, nn

from . import checks

__all__ = ["ACTIVATIONS", "MLP", "Ensemble"]


def ricker(z: Tensor) -> Tensor:
    """Return (1 - z²)·exp(-z²/2), an activation whose spectrum peaks away from zero."""
    return (1 - z.square()) * torch.exp(-z.square() / 2)


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "sin": torch.sin,
    "gelu": nn.functional.gelu,
    "softplus": nn.functional.softplus,
    "ricker": ricker,
    "linear": lambda z: z,
}


class Ensemble(nn.Module):
    """S independent networks that are trained as one program: all that `fpkit.train` needs.

    Attributes
    ----------
    widths
        Layer sizes; the first is the number of inputs, the last that of outputs.
    seeds
        One integer per member.
    antisymmetric
        Whether a member is the difference of two copies that start equal.

    """

    widths: list[int]
    seeds: list[int]
    antisymmetric: bool

    @property
    def size(self) -> int:
        """Number of members S."""
        return len(self.seeds)

    @property
    def dtype(self) -> torch.dtype:
        """Type of the parameters."""
        return next(self.parameters()).dtype


class MLP(Ensemble):
    """S independent fully connected networks of one shape.

    Layer l maps h to σ(h·Wₗ + bₗ); the last layer has no activation. Weights and biases are
    drawn from N(0, weight_std²) and N(0, bias_std²).

    Parameters
    ----------
    widths
        Layer sizes from input to output, such as ``[1, 200, 200, 200, 100, 1]``.
    activation
        One of `ACTIVATIONS`.
    weight_std, bias_std
        Standard deviation of the initial weights and biases: one number, or one per member.
        ``bias_std=None`` takes that of the weights, as the papers do.
    seeds
        One integer per member. A member is the same whatever ensemble it is part of.
    antisymmetric
        If true, a member is (f(x; θ₁) - f(x; θ₂))/√2 with two copies of the *whole* network
        that start equal, so the initial output is zero while the gradients are not.

    """

    def __init__(
        self,
        widths: Sequence[int],
        *,
        activation: str = "tanh",
        weight_std: float | Sequence[float] = 0.1,
        bias_std: float | Sequence[float] | None = None,
        seeds: Sequence[int] = (0,),
        antisymmetric: bool = False,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if not isinstance(widths, Iterable):
            raise ValueError(f"widths: expected a list of layer sizes, got {widths!r}")
        self.widths = [checks.positive_int("widths", width) for width in widths]
        if len(self.widths) < 2:
            raise ValueError(f"widths: expected an input and an output size, got {list(widths)}")
        self.seeds = _seeds(seeds)
        self.activation = checks.known("activation", activation, ACTIVATIONS)
        self.antisymmetric = antisymmetric

        weight_stds = self._one_per_member("weight_std", weight_std)
        bias_stds = weight_stds if bias_std is None else self._one_per_member("bias_std", bias_std)
        members = [
            self._draw(*start, dtype)
            for start in zip(self.seeds, weight_stds, bias_stds, strict=True)
        ]
        if antisymmetric:
            members = members + members
        layers = [
            [torch.stack(tensors) for tensors in zip(*kind, strict=True)]
            for kind in zip(*members, strict=True)
        ]
        self.weights, self.biases = map(nn.ParameterList, layers)

    def _one_per_member(self, name: str, value: float | Sequence[float]) -> list[float]:
        if not isinstance(value, (Real, Iterable)):
            raise ValueError(f"{name}: expected one number, or one per seed, got {value!r}")
        values = [value] * self.size if isinstance(value, Real) else list(value)
        if len(values) != self.size:
            raise ValueError(
                f"{name}: expected one number, or one per seed ({self.size}), got {len(values)}"
            )
        for std in values:
            if not (math.isfinite(std) and std >= 0):
                raise ValueError(f"{name}: expected finite numbers of at least 0, got {std!r}")
        return [float(std) for std in values]

    def _draw(
        self, seed: int, weight_std: float, bias_std: float, dtype: torch.dtype
    ) -> tuple[list[Tensor], list[Tensor]]:
        generator = torch.Generator().manual_seed(seed)
        weights, biases = [], []
        for fan_in, fan_out in zip(self.widths[:-1], self.widths[1:], strict=True):
            weights.append(weight_std * torch.randn(fan_in, fan_out, generator=generator))
            biases.append(bias_std * torch.randn(1, fan_out, generator=generator))
        return [w.to(dtype) for w in weights], [b.to(dtype) for b in biases]

    def forward(self, x: Tensor) -> Tensor:
        """Map inputs of shape (N, d), or (S, N, d) for own inputs, to outputs (S, N, outputs)."""
        act = ACTIVATIONS[self.activation]
        copies = len(self.weights[0])
        if x.shape[-1] != self.widths[0] or x.shape[:-2] not in ((), (1,), (self.size,)):
            raise ValueError(
                f"x: expected shape (N, {self.widths[0]}) or ({self.size}, N, {self.widths[0]}), "
                f"got {tuple(x.shape)}"
            )
        if x.ndim == 3 and len(x) == self.size and self.antisymmetric:
            x = x.repeat(2, 1, 1)
        h = x.expand(copies, *x.shape[-2:])
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            h = torch.baddbmm(bias, h, weight)
            if layer < last:
                h = act(h)
        if self.antisymmetric:
            first, second = h.chunk(2)
            return (first - second) / math.sqrt(2)
        return h

    def extra_repr(self) -> str:
        """Describe the ensemble in one line."""
        return f"{self.size} x {'-'.join(map(str, self.widths))}, {self.activation}"


def _seeds(seeds: Sequence[int]) -> list[int]:
    """Return the seeds as plain integers."""
    if isinstance(seeds, Integral) or not all(isinstance(seed, Integral) for seed in seeds):
        raise ValueError(f"seeds: expected a list of integers, such as range(8), got {seeds!r}")
    if not len(seeds):
        raise ValueError("seeds: expected at least one seed, got none")
    return [int(seed) for seed in seeds]
