"""SOAP and Shampoo on this chapter's networks, from a package that the book does not need.

    pip install --no-deps pytorch-optimizer==4.1.0
    python -m book.optimisers.elsewhere

adds to costs.json the step from which on each wave stays learned, and the time of a step.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from importlib import import_module, metadata

import torch
from torch import nn
from torch.optim import Optimizer

from book.ntk.experiments import on_the_circle
from book.optimisers.claims import COSTS
from book.optimisers.costs import machine
from book.optimisers.experiments import MODES, early, networks
from book.optimisers.second_order import ByMember
from fpkit.reproduce import SEEDS, even_trial
from fpkit.reproduce.judgement import READINGS
from fpkit.reproduce.results import errors_at_peaks
from fpkit.training import train

# Of three rates the one that has all waves first on two networks (seeds 100 and 101) that are none
# of the eight; no weight decay.
RATES = {"SOAP": 0.01, "Shampoo": 1.0}
STEPS = 300


def make(name: str, rows: Sequence[nn.Parameter], lr: float) -> list[Optimizer]:
    """Return an optimiser of the package for one network."""
    return [getattr(import_module("pytorch_optimizer"), name)(rows, lr=lr, weight_decay=0.0)]


def measured(name: str, lr: float, seeds: Sequence[int], steps: int = STEPS) -> dict[str, object]:
    """Return when waves are learned for good, and the time of a step of one network."""
    x, y = on_the_circle(32, MODES)
    nets = networks(seeds)
    engine = partial(ByMember, nets=nets, x=x, y=y, make=partial(make, name))
    start = time.perf_counter()
    run = train(nets, x, y, steps=steps, lr=lr, optimizer=engine, record_every=early(steps),
                progress=False)  # fmt: skip
    took = (time.perf_counter() - start) / steps / len(seeds) * 1e3
    errors = errors_at_peaks(even_trial(run, MODES), run.outputs, run.y)
    learned = {name: find(run.steps, errors).tolist() for name, find in READINGS.items()}
    return {"lr": lr, "ms a step": round(took, 2)} | learned


def main() -> None:
    """Measure both and add them to the file."""
    torch.set_num_threads(1)
    kept = json.loads(COSTS.read_text(encoding="utf-8"))
    kept["elsewhere"] = {name: measured(name, lr, SEEDS) for name, lr in RATES.items()}
    kept["elsewhere measured"] = machine() | {
        "pytorch-optimizer": metadata.version("pytorch-optimizer")
    }
    COSTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
