"""What solving costs, in milliseconds of processor time on one machine; run by hand:

    python -m book.equations.costs

writes costs.json beside this file. Nothing in the book asserts these numbers.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from timeit import repeat
from typing import Any

import numpy as np
import torch

from book.equations import poisson
from book.equations.experiments import BRANCHES, equation_loss, two_scales
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


if __name__ == "__main__":
    FILE.write_text(json.dumps(measure(), indent=1) + "\n")
