"""An ensemble in parts that are trained side by side, each in a thread of its own.

Which members make a part follows from the ensemble and its points, never from the number of
threads. A part does the same whichever thread it is in: its numbers are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Self

import torch
from torch import Tensor

from .arguments import Factory, make_optimizer
from .networks import Ensemble
from .threads import one_here

__all__ = ["Parts", "members_of_parts"]

# Products of a parameter and a point that a part should have to do in a pass. With half of that,
# the calls of torch alone, about 0.4 ms for each part and step, are a fifth of its time.
WORK = 1 << 24


def members_of_parts(nets: Ensemble, points: int) -> list[range]:
    """Return the members of each part of an ensemble that is trained on so many points at once.

    There are 1, 2, 4, … parts, so that they can be shared out evenly, of almost equal size. An
    ensemble is one part if it is small, if it is not on the CPU, or if not all of its parameters
    have a row for each member.
    """
    tensors = list(nets.tensors())
    rows = len(nets.rows(range(nets.size)))
    if any(t.ndim == 0 or len(t) != rows or t.device.type != "cpu" for t in tensors):
        return [range(nets.size)]
    work = points * sum(parameter.numel() for parameter in nets.parameters())
    most = max(1, min(nets.size, work // WORK))
    count = 1 << (most.bit_length() - 1)
    ends = [i * nets.size // count for i in range(count + 1)]
    return [range(*pair) for pair in pairwise(ends)]


class Parts:
    """The parts of an ensemble, each with its own optimiser.

    Outputs and the gradients of losses are those of all members, as if there were no parts.

    Parameters
    ----------
    nets
        The ensemble; up to date after `collect` only, which the end of a ``with`` block calls.
    make
        Makes the optimiser of a part.
    lr
        Learning rate.
    points
        How many points a step has.
    threads
        How many threads may compute side by side.

    """

    def __init__(self, nets: Ensemble, make: Factory, lr: float, points: int, threads: int) -> None:
        self._nets, self._members = nets, members_of_parts(nets, points)
        alone = len(self._members) == 1
        self._parts = [nets] if alone else [nets.part(members) for members in self._members]
        self._engines = [make_optimizer(make, part, lr) for part in self._parts]
        self._passed: list[Tensor] = []
        self._outputs = torch.empty(0)
        several = not alone and threads > 1
        self._pool = ThreadPoolExecutor(threads, "fpkit", one_here) if several else None
        self._call: Callable[..., Iterable] = self._pool.map if self._pool else map

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown()
        self.collect()

    def __len__(self) -> int:
        return len(self._parts)

    def __call__(self, x: Tensor) -> Tensor:
        """Return outputs ``(S, N, outputs)`` at points ``(N, d)``, through which `update` goes."""
        self._passed = list(self._call(lambda part: part(x), self._parts))
        self._outputs = torch.cat([each.detach() for each in self._passed]).requires_grad_()
        return self._outputs

    def predict(self, x: Tensor) -> Tensor:
        """Return outputs ``(S, N, outputs)`` at points ``(N, d)``, with no way back."""
        return torch.cat(list(self._call(_predict, self._parts, [x] * len(self))))

    def update(self, losses: Tensor) -> None:
        """Let every member make one step down its own of the ``losses`` ``(S,)``."""
        losses.sum().backward()
        assert self._outputs.grad is not None  # backward has just set it
        gradients = self._outputs.grad.split([len(members) for members in self._members])
        list(self._call(_step, self._engines, self._passed, gradients))

    def collect(self) -> None:
        """Bring the ensemble to where its parts are."""
        if len(self) > 1:
            for part, members in zip(self._parts, self._members, strict=True):
                self._nets.take_back(part, members)

    def state(self) -> list[dict[str, Any]]:
        """Return the state of each optimiser."""
        return [engine.state_dict() for engine in self._engines]

    def restore(self, state: Sequence[dict[str, Any]]) -> None:
        """Take the parameters of the ensemble as it is now, and what `state` returned."""
        for part, members, engine, saved in zip(
            self._parts, self._members, self._engines, state, strict=True
        ):
            if len(self) > 1:
                part.load_state_dict(self._nets.part(members).state_dict())
            engine.load_state_dict(saved)


def _predict(part: Ensemble, x: Tensor) -> Tensor:
    with torch.no_grad():  # holds for one thread, so for this one
        return part(x)


def _step(engine: torch.optim.Optimizer, outputs: Tensor, gradient: Tensor) -> None:
    engine.zero_grad(set_to_none=True)
    outputs.backward(gradient)
    engine.step()
