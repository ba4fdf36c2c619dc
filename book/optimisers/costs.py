"""What a step costs with each optimiser: one network of this chapter, one thread.

    python -m book.optimisers.costs

writes costs.json beside this file, with machine and date. What an optimiser of another package did
(`book.optimisers.elsewhere`) stays.
"""

from __future__ import annotations

import json
import platform
import time
from datetime import UTC, datetime

import numpy as np
import torch

from book.ntk.experiments import on_the_circle
from book.optimisers.claims import COSTS, HALF
from book.optimisers.experiments import FIRST, MODES, SECOND, Cell, factory, networks
from fpkit.training import train

__all__ = ["machine", "milliseconds"]

STEPS, ROUNDS = 100, 7


def milliseconds(cell: Cell) -> float:
    """Return the time of a step of one network: the median of some trainings."""
    x, y = on_the_circle(32, MODES)
    took = []
    for _ in range(ROUNDS):
        nets = networks([0])
        make = factory(cell, nets, x, y)
        start = time.perf_counter()
        train(nets, x, y, steps=STEPS, lr=cell[1], optimizer=make, record_every=STEPS,
              progress=False)  # fmt: skip
        took.append((time.perf_counter() - start) / STEPS * 1e3)
    return float(np.median(took))


def machine() -> dict[str, str]:
    """Return where and when something was measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, one thread, beside other work",
        "torch": str(torch.__version__),
    }


def main() -> None:
    """Measure all optimisers and write the file."""
    torch.set_num_threads(1)
    kept = json.loads(COSTS.read_text(encoding="utf-8")) if COSTS.exists() else {}
    cells = [cell for cell in (*FIRST, *SECOND) if cell != HALF]
    kept |= {"measured": machine(), "ms a step": {c[0]: round(milliseconds(c), 2) for c in cells}}
    COSTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
