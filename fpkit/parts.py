"""An ensemble in parts that are trained side by side, each in a thread of its own.

Which members make a part follows from the ensemble and its points, never from the number of
threads. A part does the same whichever thread it is in: its numbers are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple, Self

import torch
from torch import Tensor

from .arguments import Factory, is_elementwise, make_optimizer
from .backpropagation import Autograd, Backpropagation, is_written_out
from .networks import MLP, Ensemble
from .threads import one_here

__all__ = ["Parts", "members_of_parts"]

# Products of a parameter and a point that a part should have to do in a pass. With half of that,
# the calls of torch alone, about 0.15 ms for each part and step, are a seventh of its time.
WORK = 16_000_000

# Products between two moments at which a training can be stopped: a fraction of a second.
PATIENCE = 4_000_000_000


def work_of_pass(nets: Ensemble, points: int) -> int:
    """Return the products of a parameter and a point in a pass over so many points."""
    return points * sum(parameter.numel() for parameter in nets.parameters())


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
    most = max(1, min(nets.size, work_of_pass(nets, points) // WORK))
    count = 1 << (most.bit_length() - 1)
    ends = [i * nets.size // count for i in range(count + 1)]
    return [range(*pair) for pair in pairwise(ends)]


class Part(NamedTuple):
    """Some of the members, and what moves them."""

    members: range
    nets: Ensemble
    passes: Autograd | Backpropagation
    optimizer: torch.optim.Optimizer

    def predict(self, x: Tensor) -> Tensor:
        """Return outputs ``(S, N, outputs)`` at points ``(N, d)``, with no way back."""
        with torch.no_grad():  # holds for one thread, so for this one
            return self.nets(x)

    def update(self, gradient: Tensor) -> None:
        """Let every member make one step, given ∂loss/∂outputs ``(S, N, outputs)``."""
        self.passes.backward(gradient)
        self.optimizer.step()


class Parts:
    """The parts of an ensemble, each with its own optimiser.

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

    Attributes
    ----------
    apart
        Whether copies of the networks are trained, and not they themselves.
    stride
        How many steps the parts should make on their own at most, so that whoever wants to stop
        them does not wait long.

    """

    def __init__(self, nets: Ensemble, make: Factory, lr: float, points: int, threads: int) -> None:
        self._nets, groups = nets, members_of_parts(nets, points)
        # Optimisers of others may want the parameters one by one, or the networks themselves.
        self._written_out = is_written_out(nets) and is_elementwise(make)
        self.apart = len(groups) > 1 or self._written_out
        self._parts = [self._part(members, make, lr, points) for members in groups]
        affordable = PATIENCE // work_of_pass(nets, points)
        self.stride = max(1, min(20, affordable)) if self._written_out else 1
        several = len(groups) > 1 and threads > 1
        self._pool = ThreadPoolExecutor(threads, "fpkit", one_here) if several else None
        self._call: Callable[..., Iterable] = self._pool.map if self._pool else map

    def _part(self, members: range, make: Factory, lr: float, points: int) -> Part:
        nets = self._nets.part(members) if self.apart else self._nets
        passes: Autograd | Backpropagation = Autograd(nets)
        if self._written_out and isinstance(nets, MLP):
            passes = Backpropagation(nets, points)
        return Part(members, nets, passes, make_optimizer(make, passes.parameters, lr))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown()
        self.collect()

    def __len__(self) -> int:
        return len(self._parts)

    def each(self, function: Callable[[Part], Tensor]) -> Tensor:
        """Return outputs ``(S, N, outputs)`` of all members, of which a function returns a part's.

        Parts share nothing, so they need not wait for one another within the function.
        """
        return torch.cat(list(self._call(function, self._parts)))

    def predict(self, x: Tensor) -> Tensor:
        """Return outputs ``(S, N, outputs)`` at points ``(N, d)``, with no way back."""
        return self.each(lambda part: part.predict(x))

    def update(self, gradient: Tensor) -> None:
        """Let every member make one step, given ∂loss/∂outputs ``(S, N, outputs)``."""
        gradients = gradient.split([len(part.members) for part in self._parts])
        list(self._call(Part.update, self._parts, gradients))

    def collect(self) -> None:
        """Bring the ensemble to where its parts are."""
        if self.apart:
            for part in self._parts:
                self._nets.take_back(part.nets, part.members)

    def state(self) -> list[dict[str, Any]]:
        """Return the state of each optimiser."""
        return [part.optimizer.state_dict() for part in self._parts]

    def restore(self, state: Sequence[dict[str, Any]]) -> None:
        """Take the parameters of the ensemble as it is now, and what `state` returned."""
        for part, saved in zip(self._parts, state, strict=True):
            if self.apart:
                part.nets.load_state_dict(self._nets.part(part.members).state_dict())
            part.optimizer.load_state_dict(saved)
