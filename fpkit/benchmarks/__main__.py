"""Print how fast fpkit is here, as ratios: ``python -m fpkit.benchmarks``."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from fpkit import spectra

from . import loops

STEPS = 100
# Least speed-up per network and step of eight members, over each loop; one member: over plain.
BARS = {
    40: {"plain": 2.5, "notebook": 10.0},
    120: {"plain": 1.5, "notebook": 5.0},
    600: {"plain": 1.0, "notebook": 2.0},
}
MOST_RECORDING, MOST_SECONDS = 0.03, 0.2


def race(rounds: int, **entries: Callable[[], object]) -> dict[str, NDArray[np.float64]]:
    """Return seconds per round of every entry.

    The entries take turns, in an order that rotates, so that a slow moment of the machine hits
    all of them. A first round warms up and is not counted.
    """
    names = list(entries)
    seconds = {name: np.empty(rounds + 1) for name in names}
    for turn in range(rounds + 1):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = time.perf_counter()
            entries[name]()
            seconds[name][turn] = time.perf_counter() - start
    return {name: times[1:] for name, times in seconds.items()}


def ratio(slow: NDArray[np.float64], fast: NDArray[np.float64]) -> float:
    """Return the median over rounds of slow / fast."""
    return float(np.median(slow / fast))


def row(text: str, value: str, bar: str = "", holds: bool | None = None) -> None:
    """Print a line of the table."""
    print(f"{text:<54}{value:>14}  {bar:<10}{ {None: '', True: 'holds', False: 'MISSED'}[holds] }",
          flush=True)  # fmt: skip


def training(n: int, rounds: int = 7) -> None:
    """Print the rows about training on n points."""
    times = race(
        rounds,
        plain=partial(loops.plain, n, STEPS),
        notebook=partial(loops.notebook, n, STEPS),
        one=partial(loops.ensemble, n, STEPS, members=1),
        eight=partial(loops.ensemble, n, STEPS, members=8),
        product=loops.matrix_product,
    )
    times["eight"] /= 8
    print(f"\nN = {n}: ms per network and step")
    for name in ("plain", "notebook", "one", "eight"):
        label = {"one": "fpkit, S = 1", "eight": "fpkit, S = 8"}.get(name, f"{name} loop")
        row(f"  {label}", f"{1e3 * np.median(times[name]) / STEPS:.2f}")
    for loop, bar in BARS[n].items():
        gain = ratio(times[loop], times["eight"])
        row(f"  {loop} loop / fpkit, S = 8", f"{gain:.2f} x", f">= {bar:g}", gain >= bar)
    gain = ratio(times["plain"], times["one"])
    row("  plain loop / fpkit, S = 1", f"{gain:.2f} x", ">= 1", gain >= 1)
    share = ratio(times["product"] / (2 * 2048**3), times["eight"] / STEPS / loops.step_flops(n))
    row("  share of the speed of a 2048 x 2048 product, S = 8", f"{100 * share:.0f} %")


def recording(n: int, steps: int, rounds: int) -> None:
    """Print what a record every 20 steps costs, beside one at each end."""
    every = {"often": 20, "ends": steps}
    times = race(
        rounds,
        **{
            k: partial(loops.ensemble, n, steps, members=8, record_every=v)
            for k, v in every.items()
        },
    )
    cost = ratio(times["often"], times["ends"]) - 1
    row(
        f"  N = {n}", f"{100 * cost:+.1f} %", f"< {100 * MOST_RECORDING:g} %", cost < MOST_RECORDING
    )


def transforms() -> None:
    """Print the rows about Fourier transforms."""
    values, x, modes = loops.scattered()
    outputs = loops.recorded_run()
    times = race(
        7,
        fast=lambda: spectra.nudft(values, x, modes),
        direct=lambda: loops.direct_sum(values, x, modes),
        run=lambda: spectra.dft(outputs),
    )
    exact = loops.direct_sum(values, x, modes)
    error = np.abs(spectra.nudft(values, x, modes) - exact).max() / np.abs(exact).max()
    print("\nFourier transforms")
    row("  NUDFT, 1,000 points and modes", f"{1e3 * np.median(times['fast']):.2f} ms")
    row("  direct sum / NUDFT", f"{ratio(times['direct'], times['fast']):.0f} x")
    row("  largest difference, relative to the largest mode", f"{error:.0e}")
    seconds = float(np.median(times["run"]))
    row("  DFT of 8 members x 1,000 records x 600 points", f"{seconds:.3f} s",
        f"< {MOST_SECONDS:g} s", seconds < MOST_SECONDS)  # fmt: skip


def main() -> None:
    """Measure everything and print the table."""
    start = time.perf_counter()
    product = race(5, product=loops.matrix_product)["product"]
    print(f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, "
          f"torch {torch.__version__}, numpy {np.__version__}, Python {platform.python_version()}; "
          f"2048 x 2048 product: {2e-9 * 2048**3 / np.median(product):.0f} GFLOP/s")  # fmt: skip
    for n in BARS:
        training(n)
    print("\nRecording every 20 steps, beside first and last only, S = 8")
    for n, steps, rounds in ((40, 200, 15), (120, 200, 9), (600, 60, 5)):
        recording(n, steps, rounds)
    transforms()
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
