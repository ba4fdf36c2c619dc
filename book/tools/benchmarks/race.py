"""Measure functions side by side, and say what came out."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Row", "compare", "peak_memory", "race"]

Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    what
        What was measured.
    seconds
        Its median time.
    value, low, high
        Median and quartiles over rounds of a ratio of times.
    unit
        "x" for how many times faster fpkit is, "%" for a share.
    bar, most
        The least value wanted, or the largest one if ``most`` is true.
    megabytes
        Peak memory beyond what the process had before.

    """

    what: str
    seconds: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = "x"
    bar: float | None = None
    most: bool = False
    megabytes: float | None = None

    @property
    def holds(self) -> bool | None:
        """Tell whether the bar is held; None without a bar."""
        if self.bar is None or self.value is None:
            return None
        return self.value <= self.bar if self.most else self.value >= self.bar

    def plain(self) -> dict[str, Any]:
        """Return what is set, for JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def race(rounds: int, entries: Mapping[str, Callable[[], object]]) -> dict[str, Seconds]:
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


def compare(what: str, slow: Seconds, fast: Seconds, **about: Any) -> Row:
    """Return a row with slow / fast, taken round by round; in percent if the unit says so."""
    ratios = slow / fast * (100 if about.get("unit") == "%" else 1)
    low, middle, high = np.percentile(ratios, [25, 50, 75])
    return Row(what, value=float(middle), low=float(low), high=float(high), **about)


def peak_memory(entry: Callable[[], object], prepare: Callable[[], object] = list) -> float | None:
    """Return by how many megabytes an entry raises the memory of a fresh process, on Linux only.

    ``prepare`` runs before, and what it needs is not counted.
    """
    if not sys.platform.startswith("linux"):
        return None
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        return process.submit(_rise, entry, prepare).result()


def _rise(entry: Callable[[], object], prepare: Callable[[], object]) -> float:
    prepare()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    before = _kilobytes("VmRSS")
    entry()
    return (_kilobytes("VmHWM") - before) / 1024


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
