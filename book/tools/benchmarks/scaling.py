"""How the time of a training step grows with members, points, width and depth.

One of the four changes, the others stay at 8 members, 120 points, width 200, 3 hidden layers. What
a run needs besides its steps is in the time of a short run and of a long one alike: their
difference is that of the steps.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from book.tools.benchmarks import loops
from book.tools.benchmarks.race import Seconds, race

__all__ = ["Growth", "growths"]

MEMBERS, POINTS, WIDTH, DEPTH = 8, 120, 200, 3
ROUNDS = 5
SHORT, LONG = 2, 10  # steps


@dataclass(frozen=True)
class Growth:
    """Seconds per step at some sizes, and the exponent p of time = c·size^p in the upper half."""

    what: str
    sizes: list[int]
    seconds: list[float]
    exponent: float

    def plain(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return asdict(self)


def _run(steps: int, members: int, points: int, width: int, depth: int) -> object:
    widths = (1, *[width] * depth, 1)
    return loops.ensemble(points, steps, members=members, widths=widths, record_every=steps)


def growths() -> list[Growth]:
    """Measure how time grows with each size."""
    grids = {
        "members S": [(size, POINTS, WIDTH, DEPTH) for size in (1, 2, 4, 8, 16, 32, 64)],
        "points N": [(MEMBERS, size, WIDTH, DEPTH) for size in (15, 30, 60, 120, 240, 480, 960)],
        "width": [(MEMBERS, POINTS, size, DEPTH) for size in (25, 50, 100, 200, 400, 800)],
        "hidden layers": [(MEMBERS, POINTS, WIDTH, size) for size in (1, 2, 4, 8, 16)],
    }
    return [_growth(what, place, grid) for place, (what, grid) in enumerate(grids.items())]


def _step(short: Seconds, long: Seconds) -> float:
    return float(np.median(long - short)) / (LONG - SHORT)


def _growth(what: str, place: int, grid: list[tuple[int, int, int, int]]) -> Growth:
    sizes = np.array([size[place] for size in grid])
    times = race(ROUNDS, {f"{steps} {size[place]}": partial(_run, steps, *size)
                          for size in grid for steps in (SHORT, LONG)})  # fmt: skip
    seconds = np.array([_step(times[f"{SHORT} {size}"], times[f"{LONG} {size}"]) for size in sizes])
    half = len(sizes) // 2
    exponent = np.polyfit(np.log(sizes[half:]), np.log(seconds[half:]), 1)[0]
    return Growth(what, sizes.tolist(), seconds.tolist(), float(exponent))
