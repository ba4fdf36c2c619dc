"""The networks of the first figure as `fpkit.diagnose` takes them: one module each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

import fpkit as fp
from book.is_it_bias.experiments import (
    DETAIL,
    HEIGHTS,
    UNCERTAIN,
    curve,
    grid,
    measured,
    missed_slow,
    networks,
    places,
)
from fpkit.networks import Ensemble

__all__ = ["EARLY", "Member", "held_out", "undone", "verdicts_on"]

# Steps of the first row of the figure; the experiments go on to ten times as many.
EARLY = 150
HELD_OUT = 150


class Member(nn.Module):
    """One network of an ensemble, from points ``(N, d)`` to outputs ``(N, outputs)``."""

    def __init__(self, nets: Ensemble, number: int) -> None:
        super().__init__()
        self.alone = nets.part(range(number, number + 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the member's outputs."""
        return self.alone(x)[0]


def held_out(cause: str, seed: int) -> tuple[NDArray, NDArray]:
    """Return points that no network is trained at, and what is measured there, as in training."""
    rng = np.random.default_rng([53, seed])
    x = rng.random(HELD_OUT)
    off = UNCERTAIN * rng.standard_normal(HELD_OUT)
    return x, measured(cause, x, off)


def verdicts_on(cause: str, seeds: Sequence[int]) -> list[fp.Diagnosis]:
    """Train the networks of one cause for the first steps, and return what is said of each."""
    how = missed_slow.settings
    nets = networks(1, how["width"], seeds, how["gain"])
    data = [places(cause, seed) for seed in seeds]
    x, y = data[0][0], np.stack([values for _, values in data])
    batch = 128 if len(x) > 256 else None
    fp.train(nets, x, y, steps=EARLY, lr=how["lr"], batch_size=batch, progress=False)
    return [
        fp.diagnose(Member(nets, i), x[:, None], values, held_out=_column(held_out(cause, seed)))
        for i, (seed, values) in enumerate(zip(seeds, y, strict=True))
    ]


def _column(data: tuple[NDArray, NDArray]) -> tuple[NDArray, NDArray]:
    return data[0][:, None], data[1]


def undone(spread: float, count: int, draws: int = 8) -> tuple[float, float]:
    """Return how wrong the detail is at places with a known spread, as fitted and after division.

    The fit is least squares: the amplitude a of wave k at ``count`` even points of which each value
    was measured off its place. In the mean it is e^(-2(πks)²) times the true one, and division by
    this factor undoes it. Medians of the relative error over some draws.
    """
    x = grid(count)
    kept = np.exp(-2 * (np.pi * DETAIL * spread) ** 2)
    right = HEIGHTS[1] / 2j
    found = []
    for draw in range(draws):
        off = spread * np.random.default_rng([59, draw]).standard_normal(count)
        found.append((curve(x + off) * np.exp(-2j * np.pi * DETAIL * x)).mean())
    fitted = np.array(found)
    before, after = (np.median(np.abs(a / right - 1)) for a in (fitted, fitted / kept))
    return float(before), float(after)
