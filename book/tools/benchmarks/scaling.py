"""How time and memory of a training grow with members, points, width and depth.

One of the four changes, the others stay at 8 members, 120 points, width 200, 3 hidden layers. What
a run needs besides its steps is in the time of a short run and of a long one alike: their
difference is that of the steps.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.tools.benchmarks import loops
from book.tools.benchmarks.race import Row, Seconds, peak_memory, race
from fpkit.sweep import sweep

__all__ = ["Growth", "cells", "growths", "many", "memory_growths"]

MEMBERS, POINTS, WIDTH, DEPTH = 8, 120, 200, 3
ROUNDS = 5
SHORT, LONG = 2, 20  # steps


@dataclass(frozen=True)
class Growth:
    """What a size costs, and the exponent p of cost = c·size^p in the upper half of the sizes.

    Seconds per step, or megabytes of a run.
    """

    what: str
    sizes: list[int]
    costs: list[float]
    exponent: float

    def plain(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return asdict(self)


def _run(steps: int, members: int, points: int, width: int, depth: int) -> object:
    widths = (1, *[width] * depth, 1)
    return loops.ensemble(points, steps, members=members, widths=widths, record_every=steps)


GRIDS = {
    "members S": [(size, POINTS, WIDTH, DEPTH) for size in (1, 2, 4, 8, 16, 32, 64)],
    "points N": [(MEMBERS, size, WIDTH, DEPTH) for size in (15, 30, 60, 120, 240, 480, 960)],
    "width": [(MEMBERS, POINTS, size, DEPTH) for size in (25, 50, 100, 200, 400, 800)],
    "hidden layers": [(MEMBERS, POINTS, WIDTH, size) for size in (1, 2, 4, 8, 16)],
}


def growths() -> list[Growth]:
    """Measure how time grows with each size."""
    return [_growth(what, place, grid) for place, (what, grid) in enumerate(GRIDS.items())]


def memory_growths() -> list[Growth]:
    """Measure how the peak memory of a run grows with each size; nothing but on Linux."""
    found = []
    for place, (what, grid) in enumerate(GRIDS.items()):
        peaks = [peak_memory(partial(_run, SHORT, *size), loops.prepare) for size in grid]
        measured = [peak for peak in peaks if peak is not None]
        if len(measured) == len(grid):
            found.append(_fitted(what, [size[place] for size in grid], measured))
    return found


def _step(short: Seconds, long: Seconds) -> float:
    return float(np.median(long - short)) / (LONG - SHORT)


def _growth(what: str, place: int, grid: list[tuple[int, int, int, int]]) -> Growth:
    sizes = np.array([size[place] for size in grid])
    times = race(ROUNDS, {f"{steps} {size[place]}": partial(_run, steps, *size)
                          for size in grid for steps in (SHORT, LONG)})  # fmt: skip
    seconds = [_step(times[f"{SHORT} {size}"], times[f"{LONG} {size}"]) for size in sizes]
    return _fitted(what, sizes.tolist(), seconds)


def _fitted(what: str, sizes: list[int], costs: list[float]) -> Growth:
    upper = slice(len(sizes) // 2, None)
    exponent = np.polyfit(np.log(sizes[upper]), np.log(costs[upper]), 1)[0]
    return Growth(what, sizes, costs, float(exponent))


def many() -> Iterator[Row]:
    """Measure an ensemble of a thousand small networks, and one of eight."""
    steps, widths = 20, (1, 20, 20, 1)
    for members in (8, 1_000):
        entry = partial(loops.ensemble, 40, steps, members=members, widths=widths)
        seconds = np.median(race(ROUNDS, {"": entry})[""]) / steps / members
        yield Row(f"S = {members:,}", float(seconds), megabytes=peak_memory(entry, loops.prepare))


CELLS = 1_000


def nothing(*, number: int) -> dict[str, NDArray]:
    """Return an array, as a cell of a sweep has to."""
    return {"number": np.array(number)}


def cells() -> Iterator[Row]:
    """Measure what a cell of a sweep costs that has nothing to do, and is kept in a file."""
    from distributed import Client, LocalCluster

    local = LocalCluster(2, threads_per_worker=1, dashboard_address=None)
    with local, Client(local) as dask:
        for what, executor in (("here", None), ("in 2 processes", 2), ("on Dask", dask)):
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                sweep(nothing, {"number": range(CELLS)}, folder=folder, executor=executor,
                      progress=False)  # fmt: skip
                yield Row(what, (time.perf_counter() - start) / CELLS)
