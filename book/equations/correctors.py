"""What a corrector is trained on, what it is told, and what is noted about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from book.equations import iterating
from fpkit import losses
from fpkit.networks import Ensemble

__all__ = ["LOSSES", "TO", "bends", "look", "residuals_and_errors"]

# Ours, since 2026-11-29: solved is an error of a millionth of the start.
TO = 1e-6


def residuals_and_errors(n: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return random residuals with all waves alike, and the errors that left them: ``(count, n)``.

    Residuals have root mean square 1, and errors are in units of 1/λ₁.
    """
    r = np.random.default_rng(0).standard_normal((count, n))
    r /= np.sqrt(np.square(r).mean(axis=-1, keepdims=True))
    waves, values = iterating.sines(n), iterating.eigenvalues(n)
    return r, (r @ waves * 2 / (n + 1)) / values @ waves * values[0]


def bends(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean square error of second differences per member, ends 0: a loss ``(S,)``."""
    wrong = torch.nn.functional.pad(outputs - targets, (1, 1))
    second = wrong[..., :-2] - 2 * wrong[..., 1:-1] + wrong[..., 2:]
    return second.square().mean(dim=(1, 2))


LOSSES = {"errors": losses.mse, "bends": bends}  # by what a corrector is told


def look(n: int, every: Sequence[int], most: int, nets: Ensemble) -> dict[str, Tensor]:
    """Return what networks leave of each wave, and how many steps they need: ``(S,)`` each.

    "left k" is the size of what one correction leaves of an error that is the wave k alone,
    relative to it. "steps m" is how many steps bring an error with all waves alike to `TO` of its
    size when every m-th is the network's and the others are sweeps; ``most`` + 1 if more than
    ``most`` are needed.
    """
    waves = iterating.sines(n)
    left = np.linalg.norm(iterating.corrected(nets, waves), axis=-1)
    found = {f"left {k + 1}": column for k, column in enumerate((left / np.sqrt((n + 1) / 2)).T)}
    start = np.broadcast_to(iterating.all_waves(n), (nets.size, 1, n))
    for m in every:
        step = partial(iterating.corrected, nets)
        count = iterating.iterations(start, m, step, to=TO, most=most)[:, 0]
        found[f"steps {m}"] = np.minimum(count, most + 1)
    return {name: torch.as_tensor(values) for name, values in found.items()}
