"""What solving costs, in milliseconds of processor time on one machine, and other starts.

    python -m book.equations.costs times
    python -m book.equations.costs starts

write costs.json beside this file. Nothing in the book asserts these numbers.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from timeit import repeat
from typing import Any

import numpy as np
import torch

from book.equations import correctors, iterating, poisson
from book.equations.experiments import BRANCHES, corrector, equation_loss, falling, two_scales
from fpkit.networks import MLP
from fpkit.training import train

__all__ = ["FILE", "POINTS", "read"]

FILE = Path(__file__).with_name("costs.json")
POINTS = (31, 63, 127, 255, 511, 1_023, 2_047, 4_095)  # of finite differences


def read() -> dict[str, Any]:
    """Return what was measured: milliseconds by name, the machine and the date."""
    return json.loads(FILE.read_text())


def _milliseconds(task: Callable[[], object], repeats: int) -> float:
    """Return the least time of a task in several attempts."""
    return 1e3 * min(repeat(task, timer=time.process_time, number=1, repeat=repeats))


def measure() -> dict[str, Any]:
    """Return milliseconds of a solution by finite differences, and of a step of one network."""
    torch.set_num_threads(1)
    x = np.random.default_rng(0).random(512)
    wanted = np.stack([poisson.height(x), poisson.bend(x)], axis=1)
    nets = poisson.Solver(two_scales.settings["hidden"], [BRANCHES[-1]])
    how: dict[str, Any] = {"lr": 1e-3, "batch_size": 128, "loss_points": 128, "eval_x": x[:2]}
    how |= {"steps": 100, "record_every": 100, "loss": equation_loss, "progress": False}
    return {
        "machine": f"{platform.machine()}, one thread, processor time",
        "date": datetime.now(UTC).date().isoformat(),
        "differences": [_milliseconds(partial(poisson.differences, m), 50) for m in POINTS],
        "step": _milliseconds(partial(train, nets, x, wanted, **how), 3) / 100,
    }


def starts(every: int = 16, networks: int = 3, draws: int = 4) -> dict[str, list[int]]:
    """Return how many steps are needed from other errors, by what the error is.

    For some correctors of the chapter, trained anew, with every so many steps a network's.
    """
    how = dict(corrector.settings)
    n, seeds = how["n"], list(range(networks))
    r, e = correctors.residuals_and_errors(n, how["samples"])
    nets = MLP([n, how["width"], n], weight_std=0.02, seeds=seeds)
    more: dict[str, Any] = {"batch_size": 128, "loss_points": 512, "eval_x": r[:2]}
    more |= {"record_every": how["steps"], "optimizer": falling(100), "progress": False}
    train(nets, r, e, steps=how["steps"], lr=how["lr"], **more)
    waves = iterating.sines(n)
    kinds = {"all waves": iterating.all_waves(n)[None], "slowest wave": waves[:1],
             "random": np.random.default_rng(0).standard_normal((draws, n))}  # fmt: skip
    step = partial(iterating.corrected, nets)
    found = {}
    for kind, errors in kinds.items():
        begun = np.broadcast_to(errors, (networks, *errors.shape))
        needed = iterating.iterations(begun, every, step, to=correctors.TO, most=how["most"])
        found[kind] = [int(steps) for steps in needed.ravel()]
    return found


def main(what: str) -> None:
    """Measure times, or other starts, and put them into the file."""
    torch.set_num_threads(1)
    kept = read() | (measure() if what == "times" else {"starts": starts()})
    FILE.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
