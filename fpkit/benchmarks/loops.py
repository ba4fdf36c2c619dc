"""What is timed: fpkit's training, the loops to compare it with, and the direct Fourier sum.

Every loop trains the papers' network (tanh, 200-200-200-100, full batch, Adam, lr 2e-5) for a
given number of steps on the same samples of sin 3x + sin 5x.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import fpkit as fp

Transform = Callable[..., NDArray[np.complex128]]

WIDTHS = [1, 200, 200, 200, 100, 1]
LR = 2e-5
MATRIX = torch.ones(2048, 2048)


def samples(n: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return n points on [-π, π] and the values there."""
    x = np.linspace(-np.pi, np.pi, n, dtype=np.float32)
    return x, np.sin(3 * x) + np.sin(5 * x)


def ensemble(n: int, steps: int, *, members: int, record_every: int = 20) -> fp.Run:
    """Train with fpkit, all members in one program."""
    return fp.train(
        _nets(members),
        *samples(n),
        steps=steps,
        lr=LR,
        record_every=record_every,
        progress=False,
    )


# Networks are made once and trained on, for it is the steps that are timed.
@cache
def _nets(members: int) -> fp.MLP:
    return fp.MLP(WIDTHS, weight_std=0.1, seeds=range(members))


@cache
def _sequential() -> nn.Sequential:
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(WIDTHS):
        layers += [nn.Linear(fan_in, fan_out), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def plain(n: int, steps: int) -> list[NDArray[np.float32]]:
    """Train one network as a user of PyTorch would, and keep its output at every step."""
    return _user_loop(n, steps, extra=[])


def notebook(n: int, steps: int) -> list[NDArray[np.float32]]:
    """Train as a typical public notebook does.

    At every step it runs the network once more on the training points and once on 1,000 test
    points, and keeps all outputs.
    """
    x, test_x = samples(n)[0], samples(1000)[0]
    return _user_loop(
        n, steps, extra=[torch.from_numpy(x[:, None]), torch.from_numpy(test_x[:, None])]
    )


def _user_loop(n: int, steps: int, extra: list[Tensor]) -> list[NDArray[np.float32]]:
    net = _sequential()
    x, y = (torch.from_numpy(values[:, None]) for values in samples(n))
    optimizer = torch.optim.Adam(net.parameters(), lr=LR)
    loss_function = nn.MSELoss()
    records = []
    for _ in range(steps):
        output = net(x)
        loss = loss_function(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        records.append(output.detach().numpy())
        records += [net(points).detach().numpy() for points in extra]
    return records


def matrix_product() -> Tensor:
    """Multiply two 2048 x 2048 matrices in single precision."""
    return MATRIX @ MATRIX


def step_flops(n: int) -> int:
    """Operations of a network's matrix products in one step: forward and two gradients.

    Each is 2·N·P for P weights, but the first layer needs no gradient with respect to its input.
    """
    weights = sum(a * b for a, b in itertools.pairwise(WIDTHS))
    return 2 * n * (3 * weights - WIDTHS[0] * WIDTHS[1])


def scattered() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return values at 1,000 random points of [0, 1], the points, and 1,000 modes."""
    generator = np.random.default_rng(0)
    x = np.concatenate([[0.0, 1.0], generator.random(998)])
    return generator.standard_normal(1000), x, np.arange(-500, 500)


def direct_sum(
    values: NDArray[np.float64], x: NDArray[np.float64], modes: NDArray[np.int64]
) -> NDArray[np.complex128]:
    """Compute what `fpkit.spectra.nudft` does for points on [0, 1], term by term."""
    return np.exp(-2j * np.pi * np.outer(modes, x)) @ values / len(x)


def recorded_run() -> NDArray[np.float32]:
    """Return outputs as large as those of a run: 8 members, 1,000 records, 600 points."""
    return np.random.default_rng(0).standard_normal((8, 1000, 600), dtype=np.float32)
