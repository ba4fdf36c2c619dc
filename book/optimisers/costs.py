"""What a step costs with each optimiser, and what SOAP and Shampoo do, which torch does not have.

    pip install --no-deps pytorch-optimizer==4.1.0
    python -m book.optimisers.costs

writes costs.json beside this file. The book does not need the package.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module, metadata

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer

from book.ntk.experiments import on_the_circle
from book.optimisers.claims import COSTS, HALF
from book.optimisers.experiments import FIRST, MODES, SECOND, Cell, early, factory, networks
from book.optimisers.second_order import ByMember
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


def milliseconds(cell: Cell, steps: int = 100, rounds: int = 7) -> float:
    """Return the time of a step of one network: the median of some trainings."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        trained(cell, [0], steps, (0, steps))
        took.append((time.perf_counter() - start) / steps * 1e3)
    return round(float(np.median(took)), 2)


def learned(cell: Cell, steps: int = 300) -> dict[str, list]:
    """Return when eight networks learn each wave, by both readings of "learned"."""
    run = trained(cell, SEEDS, steps, early(steps))
    errors = errors_at_peaks(even_trial(run, MODES), run.outputs, run.y)
    return {name: find(run.steps, errors).tolist() for name, find in READINGS.items()}


def main() -> None:
    """Measure all optimisers and write the file."""
    torch.set_num_threads(1)
    cells = [cell for cell in (*FIRST, *SECOND, *ELSEWHERE) if cell != HALF]
    kept = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, one thread, beside other work",
        "versions": {name: metadata.version(name) for name in ("torch", "pytorch-optimizer")},
        "ms a step": {cell[0]: milliseconds(cell) for cell in cells},
        "elsewhere": {cell[0]: learned(cell) for cell in ELSEWHERE},
    }
    COSTS.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
