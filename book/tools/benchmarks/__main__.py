"""Print how fast fpkit is here, as ratios: ``python -m book.tools.benchmarks [FILE]``."""

from __future__ import annotations

import datetime
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from book.tools.benchmarks import engine, loops, peer, rivals
from book.tools.benchmarks.race import Row, compare, peak_memory, race
from book.tools.benchmarks.report import text
from book.tools.benchmarks.scaling import CELLS, cells, growths, many, memory_growths
from fpkit import threads

# Steps per round, and least speed-up per network and step of fpkit over each loop.
TRAINING = {
    40: (100, {"plain": 4.0, "notebook": 10.0}),
    120: (50, {"plain": 2.0, "notebook": 5.0}),
    600: (20, {"plain": 1.3, "notebook": 2.0}),
}
MEMBERS = (1, 8, 32)
LEAST_PRODUCT, MOST_RECORDING = 70.0, 1.0  # percent
ROUNDS = 7
MEMORY_STEPS = 20  # of a run whose memory is measured


def training(n: int) -> Iterator[Row]:
    """Measure training on n points, per network and step."""
    steps, bars = TRAINING[n]
    entries = _training_entries(n, steps)
    times = race(ROUNDS, entries)
    short = _training_entries(n, MEMORY_STEPS)
    for size in MEMBERS:
        times[f"fpkit, S = {size}"] /= size
    best = min(times, key=lambda name: np.median(times[name]))
    for name, seconds in times.items():
        row = Row(name, float(np.median(seconds)) / steps,
                  megabytes=peak_memory(short[name], loops.prepare))  # fmt: skip
        if name in bars:
            row = compare(f"{name} loop", seconds, times[best], bar=bars[name],
                          seconds=row.seconds, megabytes=row.megabytes)  # fmt: skip
        yield row


def _training_entries(n: int, steps: int) -> dict[str, Callable[[], object]]:
    ensembles = {
        f"fpkit, S = {size}": partial(loops.ensemble, n, steps, members=size) for size in MEMBERS
    }
    return {
        **ensembles,
        "plain": partial(loops.plain, n, steps),
        "notebook": partial(loops.notebook, n, steps),
    }


def bounds(n: int) -> Iterator[Row]:
    """Measure how near training is to what one processor can do."""
    steps = TRAINING[n][0] // 5
    with threads.one_inside():
        yield from _bounds(n, steps)


def _bounds(n: int, steps: int) -> Iterator[Row]:
    for size in MEMBERS[1:]:
        times = race(
            ROUNDS,
            {
                "product": loops.matrix_product,
                "gradients": partial(loops.gradients, n, steps, members=size),
                "products": partial(loops.products, n, steps, members=size),
                "updates": partial(loops.updates, steps, members=size),
                "additions": partial(loops.additions, steps, members=size),
            },
        )
        work = size * steps * loops.step_flops(n) / loops.PRODUCT_FLOPS
        wanted = LEAST_PRODUCT if n >= 120 else None
        yield compare(f"N = {n}, S = {size}: both passes",
                      work * times["product"], times["gradients"], unit="%", bar=wanted,
                      seconds=float(np.median(times["gradients"])) / steps / size)  # fmt: skip
        yield compare(f"N = {n}, S = {size}: their products alone",
                      work * times["product"], times["products"], unit="%",
                      seconds=float(np.median(times["products"])) / steps / size)  # fmt: skip
        traffic = loops.UPDATE_TRAFFIC / loops.ADDITION_TRAFFIC
        yield compare(f"N = {n}, S = {size}: update",
                      traffic * times["additions"], times["updates"], unit="%",
                      seconds=float(np.median(times["updates"])) / steps / size)  # fmt: skip


def recording(n: int) -> Row:
    """Measure what a record costs, beside the 20 steps of eight networks that come with it.

    It is too little to be seen in a run with a record every 20 steps, so one is made at each.
    """
    steps = 60
    train = partial(loops.ensemble, n, steps, members=8)
    times = race(
        ROUNDS, {"all": partial(train, record_every=1), "ends": partial(train, record_every=steps)}
    )
    record = (times["all"] - times["ends"]) / (steps - 1)
    return compare(f"N = {n}: a record, of 20 steps", record,
                   times["ends"] * 20 / steps, unit="%", bar=MOST_RECORDING, most=True,
                   seconds=float(np.median(record)))  # fmt: skip


def memory() -> Iterator[Row]:
    """Measure whether memory grows with steps, or only with what is recorded."""
    for steps in (100, 1000):
        entry = partial(loops.ensemble, 120, steps, members=8, record_every=steps)
        yield Row(f"N = 120, S = 8: {steps:,} steps, two records",
                  megabytes=peak_memory(entry, loops.prepare))  # fmt: skip


# The first of each group is fpkit's.
ANALYSIS: dict[str, dict[str, Callable[[], Any]]] = {
    "Transform of a function at 1,000 scattered points to 1,000 modes": {
        "fpkit, by finufft": partial(rivals.nudft, 1),
        "direct sum": partial(rivals.direct_sum, 1),
        "matrix of exponentials, kept": partial(rivals.dense_matrix, 1),
    },
    "The same for 100 functions at once": {
        "fpkit, by finufft": partial(rivals.nudft, 100),
        "direct sum": partial(rivals.direct_sum, 100),
        "matrix of exponentials, kept": partial(rivals.dense_matrix, 100),
    },
    "Entropy of 8,000 records of 600 points": {
        "fpkit": rivals.entropy,
        "loop over records": rivals.entropy_loop,
    },
    "Tangent kernels of two networks with 40,801 parameters at 100 points": {
        "fpkit": rivals.kernel,
        "gradient of each output": rivals.jacobian_kernel,
    },
}


def analysis(entries: dict[str, Callable[[], Any]]) -> Iterator[Row]:
    """Measure fpkit beside plain ways to the same numbers."""
    first, *others = entries
    wanted = entries[first]()
    for name in others:
        np.testing.assert_allclose(entries[name](), wanted, rtol=1e-9, atol=1e-9)
    times = race(ROUNDS, entries)
    for name, seconds in times.items():
        memory = peak_memory(entries[name], rivals.prepare)
        row = Row(name, float(np.median(seconds)), megabytes=memory)
        if name != first:
            row = compare(name, seconds, times[first], seconds=row.seconds, megabytes=memory)
        yield row


def filtering() -> Iterator[Row]:
    """Measure the filter beside the one product that it cannot do without."""
    times = race(ROUNDS, {"filter": rivals.low_pass, "product": rivals.distance_product})
    yield Row("fpkit", float(np.median(times["filter"])),
              megabytes=peak_memory(rivals.low_pass, rivals.prepare))  # fmt: skip
    yield compare("product of all images, of the filter's time",
                  times["product"], times["filter"], unit="%",
                  seconds=float(np.median(times["product"])),
                  megabytes=peak_memory(rivals.distance_product, rivals.prepare))  # fmt: skip


def tables() -> Iterator[tuple[str, Iterator[Row] | list[Row]]]:
    """Yield the titles of all tables, with their rows."""
    for n in TRAINING:
        yield f"Training on {n} points, per network and step", training(n)
    bound = "How near to the speed of a large product (the update: of an addition), with 1 thread"
    yield bound, (row for n in TRAINING for row in bounds(n))
    for count in (1, 2):
        yield peer.title(count), peer.versus(count)
    yield "Recording", [recording(n) for n in TRAINING]
    yield "Memory of a run", memory()
    yield "Networks 1-20-20-1 on 40 points, per network and step", many()
    yield f"A sweep of {CELLS:,} cells with nothing to do, per cell", cells()
    for title, entries in ANALYSIS.items():
        yield title, analysis(entries)
    yield "Four filters of ten functions of 4,000 images", filtering()
    yield "The playground, one network, per step", engine.rows()


def machine() -> dict[str, Any]:
    """Describe where and when this is measured."""
    seconds = np.median(race(5, {"product": loops.matrix_product})["product"])
    return {
        "date": datetime.date.today().isoformat(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gigaflops": round(loops.PRODUCT_FLOPS / float(seconds) / 1e9),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def _processor() -> str:
    """Return the processor's name where the system tells it, else its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main(file: Path | None) -> None:
    """Measure everything, print it, and write it to a file if one is named."""
    start = time.perf_counter()
    found: dict[str, Any] = {"machine": machine(), "tables": {}}
    print(found["machine"])
    for title, rows in tables():
        print(f"\n{title}", flush=True)
        found["tables"][title] = []
        for row in rows:
            print(text(row), flush=True)
            found["tables"][title].append(row.plain())
    for name, what, measure in (("growth", "Time of a step", growths),
                                ("memory", "Memory of a run", memory_growths)):  # fmt: skip
        print(f"\n{what} grows as size^p")
        found[name] = [growth.plain() for growth in measure()]
        for growth in found[name]:
            print(f"  {growth['what']:<20} p = {growth['exponent']:.2f}")
    print(f"\n{time.perf_counter() - start:.0f} s")
    if file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
