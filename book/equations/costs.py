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
from typing import Any

import numpy as np
import torch

from book.equations import poisson
from book.equations.correctors import residuals_and_errors
from book.equations.experiments import BRANCHES, corrector, equation_loss, two_scales
from fpkit import losses
from fpkit.networks import MLP, Ensemble
from fpkit.training import train

__all__ = ["FILE", "POINTS", "read"]

FILE = Path(__file__).with_name("costs.json")
POINTS = (31, 63, 127, 255, 511, 1_023, 2_047, 4_095)  # of finite differences


def read() -> dict[str, Any]:
    """Return what was measured: milliseconds by name, the machine and the date."""
    return json.loads(FILE.read_text())


def _milliseconds(task: Callable[[], object], repeats: int) -> float:
    """Return the least time of a task in several attempts."""
    found = []
    for _ in range(repeats):
        start = time.process_time_ns()
        task()
        found.append((time.process_time_ns() - start) / 1e6)
    return min(found)


def _step(nets: Ensemble, x: np.ndarray, y: np.ndarray, loss: Any) -> float:
    """Return milliseconds of a step of training, with batches of 128."""
    how = {"lr": 1e-3, "batch_size": 128, "loss_points": 128, "loss": loss, "eval_x": x[:2]}
    task = partial(train, nets, x, y, steps=100, record_every=100, progress=False, **how)
    return _milliseconds(task, 3) / 100


def measure() -> dict[str, Any]:
    """Return milliseconds of a solution by finite differences, and of steps of one network."""
    torch.set_num_threads(1)
    x = np.random.default_rng(0).random(512)
    wanted = np.stack([poisson.height(x), poisson.bend(x)], axis=1)
    how = {"features": two_scales.settings["features"]}
    featured = poisson.Solver(two_scales.settings["hidden"], [BRANCHES[-1]], **how)
    plain = poisson.Solver((40, 40), [()])
    n = corrector.settings["n"]
    residuals, errors = residuals_and_errors(n, 512)
    helper = MLP([n, corrector.settings["width"], n], weight_std=0.05)
    return {
        "machine": f"{platform.machine()}, one thread, processor time",
        "date": datetime.now(UTC).date().isoformat(),
        "differences": [_milliseconds(partial(poisson.differences, m), 50) for m in POINTS],
        "step of a network with features": _step(featured, x, wanted, equation_loss),
        "step of a plain network": _step(plain, x, wanted, equation_loss),
        "step of a corrector": _step(helper, residuals, errors, losses.mse),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(measure(), indent=1) + "\n")
