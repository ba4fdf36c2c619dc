"""What a step costs with each optimiser, and what SOAP and Shampoo do, which torch does not have.

    pip install --no-deps pytorch-optimizer==4.1.0
    python -m book.optimisers.costs times
    python -m book.optimisers.costs elsewhere
    python -m book.optimisers.costs still

writes costs.json beside this file. The book does not need the package. Times are those of a plain
loop of torch over one network, as a reader would write it, and of the processor: that the machine
is busy matters less for them.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module, metadata
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from book.ntk.experiments import on_the_circle
from book.optimisers.claims import COSTS, HALF
from book.optimisers.experiments import (
    FIRST,
    HIDDEN,
    MODES,
    SECOND,
    WEIGHT_STD,
    Cell,
    early,
    factory,
    networks,
)
from book.optimisers.second_order import ByMember, gauss_newton, lbfgs, muon
from fpkit.arguments import Factory
from fpkit.recording import Run
from fpkit.reproduce import SEEDS, even_trial
from fpkit.reproduce.judgement import READINGS
from fpkit.reproduce.results import errors_at_peaks
from fpkit.training import train

# Of three rates the one that has all waves first on two networks (seeds 100 and 101) that are none
# of the eight; no weight decay.
ELSEWHERE: tuple[Cell, ...] = (("SOAP", 0.01, 0.0), ("Shampoo", 1.0, 0.0))
POINTS = on_the_circle(32, MODES)


def make(name: str, rows: Sequence[nn.Parameter], lr: float) -> list[Optimizer]:
    """Return an optimiser of the package for one network."""
    return [getattr(import_module("pytorch_optimizer"), name)(rows, lr=lr, weight_decay=0.0)]


def trained(cell: Cell, seeds: Sequence[int], steps: int, records: Sequence[int]) -> Run:
    """Train some networks with an optimiser of either kind."""
    nets, (x, y) = networks(seeds), POINTS
    other = partial(ByMember, nets=nets, x=x, y=y, make=partial(make, cell[0]))
    engine: Factory = other if cell in ELSEWHERE else factory(cell, nets, x, y)
    return train(nets, x, y, steps=steps, lr=cell[1], optimizer=engine, record_every=records,
                 progress=False)  # fmt: skip


class Pair(nn.Module):
    """Network ``seed`` of this chapter as modules of torch: two copies, one minus the other."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        drawn = networks([seed])
        first, second = nn.Sequential(), nn.Sequential()
        self.copies = nn.ModuleList((first, second))
        for number, copy in enumerate((first, second)):
            for layer, (w, b) in enumerate(zip(drawn.weights, drawn.biases, strict=True)):
                line = nn.Linear(w.shape[1], w.shape[2], dtype=w.dtype)
                line.weight.data, line.bias.data = w[number].T.contiguous(), b[number, 0].clone()
                copy.extend([nn.Tanh()] * (layer > 0)).append(line)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs ``(N, 1)``."""
        first, second = (copy(x) for copy in self.copies)
        return (first - second) / 2**0.5


def loop(cell: Cell, net: nn.Module, x: Tensor, y: Tensor) -> Callable[[], object]:
    """Return what makes one step of a plain loop with an optimiser."""
    name, lr, damping = cell
    if name == "gauss-newton":
        return partial(gauss_newton, net, x, y, lr, damping)
    rows = [*net.parameters()]
    plain: dict[str, Callable[[], list[Optimizer]]] = {
        "sgd": lambda: [torch.optim.SGD(rows, lr=lr)],
        "momentum": lambda: [torch.optim.SGD(rows, lr=lr, momentum=0.9)],
        "rmsprop": lambda: [torch.optim.RMSprop(rows, lr=lr)],
        "adam": lambda: [torch.optim.Adam(rows, lr=lr)],
        "l-bfgs": lambda: lbfgs(rows, lr),
        "muon": lambda: muon(rows, lr),
    }
    engines: list[Any] = plain.get(name, partial(make, name, rows, lr))()

    def closure() -> Tensor:
        for engine in engines:
            engine.zero_grad()
        loss = (net(x)[:, 0] - y).square().mean()
        loss.backward()
        return loss

    def step() -> None:
        if name == "l-bfgs":
            engines[0].step(closure)
            return
        closure()
        for engine in engines:
            engine.step()

    return step


def milliseconds(cell: Cell, seed: int, steps: int = 24) -> float:
    """Return the processor time of each of the first steps, in a plain loop that is warm."""
    x, y = (torch.as_tensor(each, dtype=torch.float64) for each in POINTS)
    for count in (3, steps):
        step = loop(cell, Pair(seed), x, y)
        start = time.process_time()
        for _ in range(count):
            step()
    return (time.process_time() - start) / steps * 1e3


def times(rounds: int = 3) -> dict[str, dict[str, float]]:
    """Return milliseconds a step of every optimiser in turns: the median, and the quartiles."""
    cells = [cell for cell in (*FIRST, *SECOND, *ELSEWHERE) if cell != HALF]
    took: dict[str, list[float]] = {cell[0]: [] for cell in cells}
    for seed in [*SEEDS] * rounds:
        for cell in cells:
            took[cell[0]].append(milliseconds(cell, seed))
    spread = {name: np.percentile(every, [50, 25, 75]) for name, every in took.items()}
    return {
        kind: {name: round(float(values[i]), 2) for name, values in spread.items()}
        for i, kind in enumerate(("ms a step", "lower quartile", "upper quartile"))
    }


def learned(cell: Cell, steps: int = 300) -> dict[str, list]:
    """Return when eight networks learn each wave, by both readings of "learned"."""
    run = trained(cell, SEEDS, steps, early(steps))
    errors = errors_at_peaks(even_trial(run, MODES), run.outputs, run.y)
    return {name: find(run.steps, errors).tolist() for name, find in READINGS.items()}


def still(std: float | None, steps: int = 100) -> list[bool]:
    """Tell in which of eight networks torch's L-BFGS is at the same loss in the last two steps.

    Plain modules whose first weights have a standard deviation, or are those of torch.
    """
    found = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        hidden = nn.Linear(2, HIDDEN[0]), nn.Tanh(), nn.Linear(*HIDDEN), nn.Tanh()
        net = nn.Sequential(*hidden, nn.Linear(HIDDEN[-1], 1)).double()
        for parameter in net.parameters():
            if std:
                nn.init.normal_(parameter, std=std)
        x, y = (torch.as_tensor(each, dtype=torch.float64) for each in POINTS)
        step = loop(SECOND[1], net, x, y)
        losses = []
        for _ in range(steps):
            step()
            losses.append((net(x)[:, 0] - y).square().mean().item())
        found.append(losses[-1] == losses[-2])
    return found


def main(what: str) -> None:
    """Measure times, or what optimisers from elsewhere do, and put it into the file."""
    torch.set_num_threads(1)
    kept = json.loads(COSTS.read_text(encoding="utf-8")) if COSTS.exists() else {}
    kept["versions"] = {name: metadata.version(name) for name in ("torch", "pytorch-optimizer")}
    if what == "times":
        kept["date"] = datetime.now(UTC).date().isoformat()
        kept["machine"] = f"{os.cpu_count()} × {platform.machine()}, one thread, processor time"
        kept |= times()
    elif what == "still":
        kept["still"] = {"torch": still(None), "large": still(WEIGHT_STD)}
    else:
        kept["elsewhere"] = {cell[0]: learned(cell) for cell in ELSEWHERE}
    COSTS.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
