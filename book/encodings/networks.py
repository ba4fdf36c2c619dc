"""Encodings of a coordinate, each in front of, or as, a small network of plain torch modules.

Coordinates lie in [-1, 1]. Every encoding has one number that a user has to choose, its *scale*:
ω₀ of sine units, σ of Fourier features, the finest grid, the largest factor of the input, or the
gain of the first weights. All weights begin as torch has them, but where a paper says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fpkit import validation

__all__ = ["ENCODINGS", "Features", "Gabor", "Grid", "Hat", "Scaled", "Sine", "Spline", "make"]

WIDTH, LAYERS = 64, 2
COARSEST, PER_NODE = 4, 2  # cells of the coarsest grid, numbers at each node of every grid
TABLE = 1e-4  # a grid's first numbers lie within ± this (Müller et al. 2022)
HIDDEN_OMEGA = 30.0  # of all layers but the first, in the code of SIREN and FINER
ENVELOPE = 10.0  # s₀, the default of WIRE's code


class Hat(nn.Module):
    """The linear B-spline: 1 - |z - 1| where that is positive (Hong et al. 2022)."""

    def forward(self, z: Tensor) -> Tensor:
        """Apply it to every element."""
        return F.relu(1 - (z - 1).abs())


class Spline(nn.Module):
    """The quadratic B-spline on [0, 3] of MscaleDNN (Liu, Cai, Xu 2020)."""

    def forward(self, z: Tensor) -> Tensor:
        """Apply it to every element."""
        parts = zip((1, -3, 3, -1), range(4), strict=True)
        return torch.stack([c * F.relu(z - knot).square() for c, knot in parts]).sum(dim=0)


class Sine(nn.Module):
    """sin z, or with a ``period`` ω FINER's sin((|z|/ω + 1) z), whose |z| is not differentiated."""

    def __init__(self, period: float | None = None) -> None:
        super().__init__()
        self.period = period

    def forward(self, z: Tensor) -> Tensor:
        """Apply it to every element."""
        return torch.sin(z if self.period is None else (z.detach().abs() / self.period + 1) * z)


class Gabor(nn.Module):
    """The real Gabor layer in WIRE's code: cos(ω₀ z) exp(-(s₀ z')²), z and z' both linear."""

    def __init__(self, inputs: int, width: int, omega: float) -> None:
        super().__init__()
        self.wave, self.envelope = nn.Linear(inputs, width), nn.Linear(inputs, width)
        self.omega = omega

    def forward(self, x: Tensor) -> Tensor:
        """Return the units at points ``(N, inputs)``."""
        return (
            torch.cos(self.omega * self.wave(x)) * (-(ENVELOPE * self.envelope(x)).square()).exp()
        )


class Scaled(nn.Module):
    """A first layer in parts that see the input 1, 2, 4, … ``largest`` times as large."""

    def __init__(self, inputs: int, width: int, largest: float) -> None:
        super().__init__()
        self.line, count = nn.Linear(inputs, width), round(math.log2(largest)) + 1
        self.register_buffer("factors", 2.0 ** (torch.arange(width) * count // width))

    def forward(self, x: Tensor) -> Tensor:
        """Return a(Wx + b) with the factor a of each unit."""
        return self.get_buffer("factors") * self.line(x)


class Encoding(nn.Module):
    """What stands before a network, and makes so many ``outputs`` of a point."""

    outputs: int


class Features(Encoding):
    """Sines and cosines of random frequencies N(0, σ²), in cycles on [-1, 1]; not trained."""

    def __init__(self, inputs: int, scale: float, count: int = 16) -> None:
        super().__init__()
        self.register_buffer("frequencies", scale * torch.randn(inputs, count))
        self.outputs = 2 * count

    def forward(self, x: Tensor) -> Tensor:
        """Return the waves at points ``(N, inputs)``, side by side; together they have norm 1."""
        turn = math.pi * (x + 1) @ self.get_buffer("frequencies")
        return torch.cat([turn.cos(), turn.sin()], dim=-1) / math.sqrt(self.outputs / 2)


class Grid(Encoding):
    """Numbers at the nodes of grids with 4, 8, … ``finest`` cells, linear between the nodes.

    The hash grid of Müller et al. (2022) without the hash: every node has numbers of its own.
    """

    def __init__(self, inputs: int, finest: float) -> None:
        super().__init__()
        count = round(math.log2(finest / COARSEST)) + 1
        self.cells = [COARSEST * 2**level for level in range(count)]
        self.tables = nn.ParameterList(
            TABLE * (2 * torch.rand((cells + 1) ** inputs, PER_NODE) - 1) for cells in self.cells
        )
        self.corners = list(product((0, 1), repeat=inputs))
        self.outputs = PER_NODE * count

    def forward(self, x: Tensor) -> Tensor:
        """Return what all grids say at points ``(N, inputs)``, side by side."""
        levels = zip(self.tables, self.cells, strict=True)
        return torch.cat([self._look_up(x, *level) for level in levels], dim=-1)

    def _look_up(self, x: Tensor, table: Tensor, cells: int) -> Tensor:
        place = (x + 1) * (cells / 2)
        left = place.floor().clamp(0, cells - 1)
        right, total = place - left, 0 * x[:, :1]
        for corner in self.corners:
            share, node = torch.ones_like(x[:, 0]), torch.zeros_like(x[:, 0], dtype=torch.long)
            for axis, bit in enumerate(corner):
                share = share * (right[:, axis] if bit else 1 - right[:, axis])
                node = node * (cells + 1) + left[:, axis].long() + bit
            total = total + share[:, None] * table[node]
        return total


def _hidden(into: int, act: Callable[[], nn.Module], layers: int) -> list[nn.Module]:
    """Return hidden layers and the output layer."""
    made: list[nn.Module] = []
    for number in range(layers):
        made += [nn.Linear(WIDTH if number else into, WIDTH), act()]
    return [*made, nn.Linear(WIDTH, 1)]


@torch.no_grad()
def _gained(act: Callable[[], nn.Module], inputs: int, scale: float, layers: int) -> nn.Module:
    net = nn.Sequential(*_hidden(inputs, act, layers))
    for parameter in net[0].parameters():
        parameter.mul_(scale)
    return net


@torch.no_grad()
def _periodic(inputs: int, scale: float, layers: int, *, finer: bool = False) -> nn.Module:
    """SIREN (Sitzmann et al. 2020) or FINER (Liu et al. 2024), with ω₀ inside the weights.

    Their units are sin(ω₀(Wx + b)) with |W| ≤ √(6/n)/ω₀ from the second layer on.
    """
    first, later = (Sine(omega if finer else None) for omega in (scale, HIDDEN_OMEGA))
    made = _hidden(inputs, lambda: later, layers)
    made[1] = first
    start, *hidden, end = (layer for layer in made if isinstance(layer, nn.Linear))
    nn.init.uniform_(start.weight, -scale / inputs, scale / inputs)
    start.bias.mul_(scale)
    bound = math.sqrt(6 / WIDTH)
    for line in hidden:
        nn.init.uniform_(line.weight, -bound, bound)
        line.bias.mul_(HIDDEN_OMEGA)
    nn.init.uniform_(end.weight, -bound / HIDDEN_OMEGA, bound / HIDDEN_OMEGA)
    return nn.Sequential(*made)


def _gabor(inputs: int, scale: float, layers: int) -> nn.Module:
    units = [Gabor(WIDTH if number else inputs, WIDTH, scale) for number in range(layers)]
    return nn.Sequential(*units, nn.Linear(WIDTH, 1))


def _multiscale(inputs: int, scale: float, layers: int) -> nn.Module:
    first = Scaled(inputs, WIDTH, scale)
    return nn.Sequential(first, Spline(), *_hidden(WIDTH, Spline, layers - 1))


def _before(
    encoding: Callable[[int, float], Encoding], inputs: int, scale: float, layers: int
) -> nn.Module:
    first = encoding(inputs, scale)
    return nn.Sequential(first, *_hidden(first.outputs, nn.ReLU, layers))


# Functions of inputs, scale and hidden layers.
ENCODINGS: dict[str, Callable[[int, float, int], nn.Module]] = {
    "relu": partial(_gained, nn.ReLU),
    "hat": partial(_gained, Hat),
    "siren": _periodic,
    "finer": partial(_periodic, finer=True),
    "wire": _gabor,
    "mscale": _multiscale,
    "features": partial(_before, Features),
    "grid": partial(_before, Grid),
}


def make(encoding: str, scale: float, *, inputs: int = 1, layers: int = LAYERS) -> nn.Module:
    """Return a network of points ``(N, inputs)`` in [-1, 1] with outputs ``(N, 1)``."""
    return ENCODINGS[validation.known("encoding", encoding, ENCODINGS)](inputs, scale, layers)
