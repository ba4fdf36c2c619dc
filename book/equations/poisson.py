"""A boundary-value problem with two scales, and the ways to solve it without an iteration.

u″ = f on [0, 1] with u(0) = u(1) = 0 and the solution u = sin 2πx + 0.1 sin 50πx (Wang, Wang,
Perdikaris 2021).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dst
from scipy.linalg import solve_banded
from torch import Tensor, nn

from fpkit import validation
from fpkit.networks import Ensemble, member_seeds, normal

__all__ = ["AMPLITUDES", "HALF_WAVES", "Solver", "bend", "differences", "height", "sine_transform"]

# u is the sum of a·sin(kπx): 1 and 25 waves between the ends are 2 and 50 half waves.
HALF_WAVES, AMPLITUDES = (2, 50), (1.0, 0.1)
# Points are shifted and scaled to mean 0 and variance 1, as in the authors' code.
MIDDLE, SPREAD = 0.5, math.sqrt(1 / 12)


def height(x: ArrayLike) -> NDArray[np.float64]:
    """Return the solution u at points of any shape."""
    return _waves(x, 0)


def bend(x: ArrayLike) -> NDArray[np.float64]:
    """Return the right-hand side f = u″ at points of any shape."""
    return -_waves(x, 2)


def _waves(x: ArrayLike, order: int) -> NDArray[np.float64]:
    """Return Σ a (kπ)^order sin kπx."""
    t = validation.real_array("x", x, ndim=validation.ANY)
    k, a = np.array(HALF_WAVES) * np.pi, np.array(AMPLITUDES)
    return np.sin(t[..., None] * k) @ (a * k**order)


def sine_transform(values: ArrayLike) -> NDArray[np.float64]:
    """Return the amplitudes of sin kπx, k = 0 … M, of values ``(…, M)`` at inner even points."""
    v = validation.real_array("values", values, ndim=validation.ANY)
    inner = dst(v, type=1, axis=-1) / (v.shape[-1] + 1)
    return np.concatenate([np.zeros((*v.shape[:-1], 1)), inner], axis=-1)


def differences(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Solve u″ = f by finite differences on ``n`` even inner points: return these and u there."""
    x = np.arange(1, validation.positive_int("n", n) + 1) / (n + 1)
    bands = np.ones((3, n)) * [[1], [-2], [1]]
    return x, solve_banded((1, 1), bands, bend(x) / (n + 1) ** 2)


class Solver(Ensemble):
    """Networks u(x) = 4x(1 - x)·net(x) of tanh units, and their second derivative.

    So u is 0 at both ends, whatever the weights are, and the loss need not ask for that.

    With Fourier features x becomes sin ωx and cos ωx for random ω. A network has a branch for
    each of its scales σ: the ω are drawn from N(0, σ²), for points of variance 1. All branches go
    through the *same* hidden layers, and the last layer takes what they become together (Wang,
    Wang, Perdikaris 2021; without scales, a plain network). Weights are drawn as in their code:
    N(0, 2/(inputs + outputs)), biases N(0, 1).

    The output has two columns: u(x) and u″(x). First and second derivatives are carried through
    the layers, as in `book.limits.derivatives`.

    ``hidden`` are the widths of the hidden layers, ``scales`` the σ of each branch for each member
    (none anywhere for plain networks), ``features`` the number of ω of a branch. Members of one
    seed have the same weights, and the same ω/σ.

    """

    omegas: Tensor

    def __init__(
        self,
        hidden: Sequence[int],
        scales: Sequence[Sequence[float]],
        *,
        features: int = 20,
        seeds: Sequence[int] = (0,),
    ) -> None:
        super().__init__()
        self.seeds, self.antisymmetric, self.activation = member_seeds(seeds), False, "tanh"
        if len(scales) != self.size or len({len(each) for each in scales}) > 1:
            raise ValueError(f"scales: expected as many for each of {self.size}, got {scales!r}")
        self.encoded, self.branches = bool(scales[0]), max(1, len(scales[0]))
        self.widths = [1, *hidden, 2]
        sizes = [2 * features if self.encoded else 1, *hidden]
        shapes = [*pairwise(sizes), (self.branches * sizes[-1], 1)]
        draws = [normal(seed) for seed in self.seeds]
        units = [draw(self.branches, features) for draw in draws]
        sigmas = torch.tensor([each or (0.0,) for each in scales])[..., None]
        self.register_buffer("omegas", sigmas / SPREAD * torch.stack(units))
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for shape in shapes:
            std = math.sqrt(2 / sum(shape))
            self.weights.append(torch.stack([std * draw(*shape) for draw in draws]))
            self.biases.append(torch.stack([draw(1, shape[1]) for draw in draws]))

    def forward(self, x: Tensor) -> Tensor:
        """Map points ``(N, 1)`` to u(x), u″(x): ``(S, N, 2)``."""
        self.check_type(x)
        jet = self._encoded(x - MIDDLE)
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if layer == last:  # (S, B·N, H) to (S, N, B·H)
                apart = (part.unflatten(1, (self.branches, -1)) for part in jet)
                jet = [part.transpose(1, 2).flatten(2, 3) for part in apart]
            count = jet[0].shape[1]
            value, slope, bent = (torch.cat(jet, dim=1) @ weight).split(count, dim=1)
            jet = [value + bias, slope, bent]
            if layer < last:
                jet = _through_tanh(*jet)
        value, slope, bent = jet
        hill, tilt = 4 * x * (1 - x), 4 - 8 * x  # of which the second derivative is -8
        return torch.cat([hill * value, hill * bent + 2 * tilt * slope - 8 * value], dim=-1)

    def _encoded(self, points: Tensor) -> list[Tensor]:
        """Return the first layer's inputs and their two derivatives, ``(S, B·N, inputs)`` each."""
        if not self.encoded:
            line = (points / SPREAD).expand(self.size, -1, -1)
            return [line, torch.full_like(line, 1 / SPREAD), torch.zeros_like(line)]
        omega = self.omegas[:, :, None, :]  # (S, B, 1, features)
        sine, cosine = (omega * points).sin(), (omega * points).cos()
        pairs = (sine, cosine), (omega * cosine, -omega * sine)
        value, slope = (torch.cat(pair, dim=-1).flatten(1, 2) for pair in pairs)
        bent = torch.cat([-omega.square() * sine, -omega.square() * cosine], dim=-1).flatten(1, 2)
        return [value, slope, bent]


def _through_tanh(value: Tensor, slope: Tensor, bent: Tensor) -> list[Tensor]:
    after = value.tanh()
    rate = 1 - after.square()
    return [after, rate * slope, rate * (bent - 2 * after * slope.square())]
