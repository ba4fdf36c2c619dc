"""Training with fpkit, the loops to compare it with, and what bounds its speed.

Every loop trains the papers' network (tanh, 200-200-200-100, full batch, Adam, lr 2e-5) for a
given number of steps on the same samples of sin 3x + sin 5x.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache, partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import fpkit as fp
from fpkit.backpropagation import Backpropagation
from fpkit.training import OPTIMIZERS

WIDTHS = (1, 200, 200, 200, 100, 1)
LR = 2e-5


def samples(n: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return n points on [-π, π] and the values there."""
    x = np.linspace(-np.pi, np.pi, n, dtype=np.float32)
    return x, np.sin(3 * x) + np.sin(5 * x)


def ensemble(
    n: int,
    steps: int,
    *,
    members: int,
    widths: tuple[int, ...] = WIDTHS,
    record_every: int | Sequence[int] = 20,
) -> fp.Run:
    """Train with fpkit, all members in one program."""
    return fp.train(
        _nets(members, widths),
        *samples(n),
        steps=steps,
        lr=LR,
        record_every=record_every,
        progress=False,
    )


# Networks are made once and trained on, for it is the steps that are timed.
@cache
def _nets(members: int, widths: tuple[int, ...]) -> fp.MLP:
    return fp.MLP(widths, weight_std=0.1, seeds=range(members))


@cache
def _sequential() -> nn.Sequential:
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(WIDTHS):
        layers += [nn.Linear(fan_in, fan_out), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def prepare() -> None:
    """Load what torch loads when the first training begins."""
    ensemble(2, 1, members=1, widths=(1, 1), record_every=1)


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


def gradients(n: int, steps: int, *, members: int) -> None:
    """Do only the forward and the backward pass of so many steps."""
    passes, (x, y) = _passes(n, members), (torch.from_numpy(v[:, None]) for v in samples(n))
    for _ in range(steps):
        passes.backward((passes.forward(x) - y) * (2 / n))


@cache
def _passes(n: int, members: int) -> Backpropagation:
    return Backpropagation(fp.MLP(WIDTHS, weight_std=0.1, seeds=range(members)), n)


def products(n: int, steps: int, *, members: int) -> None:
    """Do only the matrix products of these passes."""
    for _ in range(steps):
        for points, weights, slopes in _factors(n, members):
            np.matmul(points, weights, out=slopes)
            np.matmul(points.swapaxes(1, 2), slopes, out=weights)
            if points.shape[-1] > WIDTHS[0]:
                np.matmul(slopes, weights.swapaxes(1, 2), out=points)


@cache
def _factors(n: int, members: int) -> list[tuple[NDArray, NDArray, NDArray]]:
    make = partial(np.zeros, dtype=np.float32)
    return [
        (make((members, n, a)), make((members, a, b)), make((members, n, b)))
        for a, b in itertools.pairwise(WIDTHS)
    ]


def updates(steps: int, *, members: int) -> None:
    """Do only the updates of so many steps."""
    optimizer = _optimizer(members)
    for _ in range(steps):
        optimizer.step()


# Networks of their own, whose gradients nobody takes away.
@cache
def _optimizer(members: int) -> torch.optim.Optimizer:
    nets = fp.MLP(WIDTHS, seeds=range(members))
    for parameter in nets.parameters():
        parameter.grad = torch.ones_like(parameter)
    return OPTIMIZERS["adam"](nets.parameters(), lr=LR)


# Numbers moved per parameter. Adam reads a parameter, its gradient and two averages, and writes
# all but the gradient; an addition in place reads two and writes one of them.
UPDATE_TRAFFIC, ADDITION_TRAFFIC = 7, 3


def additions(steps: int, *, members: int) -> None:
    """Add one vector to another so many times; both are as long as all parameters."""
    total, summand = _vectors(members)
    for _ in range(steps):
        total += summand


@cache
def _vectors(members: int) -> Tensor:
    count = sum(parameter.numel() for parameter in _nets(members, WIDTHS).parameters())
    return torch.ones(2, count)


PRODUCT_ROWS = 2048


def matrix_product() -> NDArray:
    """Multiply two matrices of `PRODUCT_ROWS` rows in single precision, as fpkit does."""
    return _matrix().numpy() @ _matrix().numpy()


def torch_product() -> Tensor:
    """Multiply the same as torch does."""
    return _matrix() @ _matrix()


@cache
def _matrix() -> Tensor:
    return torch.ones(PRODUCT_ROWS, PRODUCT_ROWS)


PRODUCT_FLOPS = 2 * PRODUCT_ROWS**3


def step_flops(n: int) -> int:
    """Operations of a network's matrix products in one step: forward and two gradients.

    Each is 2·N·P for P weights, but the first layer needs no gradient with respect to its input.
    """
    weights = sum(a * b for a, b in itertools.pairwise(WIDTHS))
    return 2 * n * (3 * weights - WIDTHS[0] * WIDTHS[1])
