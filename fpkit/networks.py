"""Fully connected networks with an ensemble axis.

Eight networks of one shape are one tensor program: every weight matrix carries a leading axis
of length S, so that one batched product moves all S members. A member depends on its own seed,
initial standard deviation and target only; it never sees the others.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from numbers import Integral, Real
from typing import Self

import torch
from torch import Tensor, nn

from . import validation

__all__ = ["ACTIVATIONS", "MLP", "Activation", "Ensemble"]

Activation = Callable[[Tensor], Tensor]


def ricker(z: Tensor) -> Tensor:
    """Return (1 - z²)·exp(-z²/2), an activation whose spectrum peaks away from zero."""
    return (1 - z.square()) * torch.exp(-z.square() / 2)


ACTIVATIONS: dict[str, Activation] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "sin": torch.sin,
    "gelu": nn.functional.gelu,
    "softplus": nn.functional.softplus,
    "ricker": ricker,
    "linear": lambda z: z,
}


def checked_activation(activation: str | Activation) -> str | Activation:
    """Return the activation.

    ValueError if there is no such name, or if it has parameters: no member has them for itself.
    """
    if isinstance(activation, str):
        return validation.known("activation", activation, ACTIVATIONS)
    validation.function("activation", activation, "a name or a function of a tensor")
    if isinstance(activation, nn.Module) and any(True for _ in activation.parameters()):
        raise ValueError(f"activation: expected no parameters of its own, got {activation}")
    return activation


class Ensemble(nn.Module):
    """S independent networks that are trained as one program: all that `fpkit.train` needs.

    Every parameter and buffer has a row for each member; in an antisymmetric ensemble first one
    for the first copy of each, then one for the second.

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
    activation: str | Activation

    @property
    def act(self) -> Activation:
        """The activation as a function."""
        known = self.activation
        return ACTIVATIONS[known] if isinstance(known, str) else known

    @property
    def size(self) -> int:
        """Number of members S."""
        return len(self.seeds)

    @property
    def dtype(self) -> torch.dtype:
        """Type of the parameters."""
        return next(self.parameters()).dtype

    def rows(self, members: range) -> Tensor:
        """Return the indices ``(S,)`` or, if antisymmetric, ``(2S,)`` of some members' rows."""
        copies = 2 if self.antisymmetric else 1
        return torch.tensor(
            [copy * self.size + member for copy in range(copies) for member in members],
            device="cpu",
        )

    def part(self, members: range) -> Self:
        """Return an ensemble of some of the members, which shares nothing with this one."""
        part, rows = copy.deepcopy(self), self.rows(members)
        part.seeds = [self.seeds[member] for member in members]
        for tensor in part.tensors():
            tensor.data, tensor.grad = tensor.data[rows], None
        return part

    def take_back(self, part: Self, members: range) -> None:
        """Take over the parameters and buffers of what `part` returned for these members."""
        rows = self.rows(members)
        for own, others in zip(self.tensors(), part.tensors(), strict=True):
            own.data[rows] = others.data

    def tensors(self) -> Iterable[Tensor]:
        """Return all parameters and buffers."""
        return chain(self.parameters(), self.buffers())

    def from_copies(self, outputs: Tensor) -> Tensor:
        """Return outputs of members, (f₁ - f₂)/√2 if antisymmetric, for those of all copies."""
        if not self.antisymmetric:
            return outputs
        first, second = outputs.chunk(2)
        return (first - second) / math.sqrt(2)

    def check_type(self, x: Tensor) -> None:
        """Raise ValueError unless ``x`` is a tensor of the parameters' type."""
        if not isinstance(x, Tensor) or x.dtype != self.dtype:
            got = x.dtype if isinstance(x, Tensor) else type(x).__name__
            raise ValueError(f"x: expected a tensor of {self.dtype}, got {got}")


class MLP(Ensemble):
    """S independent fully connected networks of one shape.

    Layer l maps h to σ(h·Wₗ + bₗ); the last layer has no activation. Weights and biases are
    drawn from N(0, weight_std²) and N(0, bias_std²).

    Parameters
    ----------
    widths
        Layer sizes from input to output, such as ``[1, 200, 200, 200, 100, 1]``.
    activation
        One of `ACTIVATIONS`, or a function of a tensor, such as ``torch.atan``.
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
        activation: str | Activation = "tanh",
        weight_std: float | Sequence[float] = 0.1,
        bias_std: float | Sequence[float] | None = None,
        seeds: Sequence[int] = (0,),
        antisymmetric: bool = False,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.widths = layer_sizes("widths", widths)
        if len(self.widths) < 2:
            raise ValueError(f"widths: expected an input and an output size, got {self.widths}")
        if dtype not in (torch.float32, torch.float64):
            raise ValueError(f"dtype: expected torch.float32 or torch.float64, got {dtype!r}")
        self.seeds = member_seeds(seeds)
        self.activation = checked_activation(activation)
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
        values = [value] * self.size if isinstance(value, Real) else _list(value)
        if values is None or len(values) != self.size:
            got = repr(value) if values is None else len(values)
            wanted = f"one number, or one per seed ({self.size})"
            raise ValueError(f"{name}: expected {wanted}, got {got}")
        for std in values:
            if not (isinstance(std, Real) and math.isfinite(std) and not std < 0):
                raise ValueError(f"{name}: expected finite numbers of at least 0, got {std!r}")
        return [float(std) for std in values]

    def _draw(
        self, seed: int, weight_std: float, bias_std: float, dtype: torch.dtype
    ) -> tuple[list[Tensor], list[Tensor]]:
        draw = normal(seed)
        weights, biases = [], []
        for fan_in, fan_out in zip(self.widths[:-1], self.widths[1:], strict=True):
            weights.append(weight_std * draw(fan_in, fan_out))
            biases.append(bias_std * draw(1, fan_out))
        return [w.to(dtype) for w in weights], [b.to(dtype) for b in biases]

    def forward(self, x: Tensor) -> Tensor:
        """Map inputs of shape (N, d), or (S, N, d) for own inputs, to outputs (S, N, outputs)."""
        act, h = self.act, self.for_each_copy(x)
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            h = torch.baddbmm(bias, h, weight)
            if layer < last:
                h = act(h)
        return self.from_copies(h)

    def for_each_copy(self, x: Tensor) -> Tensor:
        """Return inputs as ``(S, N, d)``, or ``(2S, N, d)`` if antisymmetric."""
        self.check_type(x)
        for_each = x.shape[:-2] in ((), (1,), (self.size,))
        if x.ndim < 2 or x.shape[-1] != self.widths[0] or not for_each:
            raise ValueError(
                f"x: expected shape (N, {self.widths[0]}) or ({self.size}, N, {self.widths[0]}), "
                f"got {tuple(x.shape)}"
            )
        if x.ndim == 3 and len(x) == self.size and self.antisymmetric:
            x = x.repeat(2, 1, 1)
        return x.expand(len(self.weights[0]), *x.shape[-2:])

    def extra_repr(self) -> str:
        """Describe the ensemble in one line."""
        name = getattr(self.activation, "__name__", self.activation)
        return f"{self.size} x {'-'.join(map(str, self.widths))}, {name}"


def layer_sizes(name: str, sizes: Sequence[int]) -> list[int]:
    """Return sizes as plain integers; ValueError unless all are at least 1."""
    if (values := _list(sizes)) is None:
        raise ValueError(f"{name}: expected a list of layer sizes, got {sizes!r}")
    return [validation.positive_int(name, size) for size in values]


def member_seeds(seeds: Sequence[int]) -> list[int]:
    """Return the seeds as plain integers; ValueError if they are none or there are none."""
    values = _list(seeds)
    if values is None or not all(isinstance(seed, Integral) for seed in values):
        raise ValueError(f"seeds: expected a list of integers, such as range(8), got {seeds!r}")
    if not values:
        raise ValueError("seeds: expected at least one seed, got none")
    return [validation.seed("seeds", seed) for seed in values]


def normal(seed: int) -> Callable[..., Tensor]:
    """Return a function from a shape to numbers drawn from N(0, 1): the next ones of a seed.

    They are the same whatever type and device torch takes when none is named.
    """
    source = torch.Generator("cpu").manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=source, dtype=torch.float32, device="cpu")


def _list(values: object) -> list | None:
    """Return the items of a list, array or other iterable; None if it is none."""
    if not isinstance(values, Iterable) or getattr(values, "ndim", 1) == 0:
        return None
    return list(values)
