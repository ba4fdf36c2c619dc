"""fpkit beside JAX, in turns: ``python -m book.tools.benchmarks`` prints the table.

JAX is no dependency of the book: it is installed into an environment of its own below ``_build``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from book.tools.benchmarks import loops
from book.tools.benchmarks.race import Row, compare, race
from fpkit.reproduce import chapters

__all__ = ["Jax", "title", "versus"]

VERSIONS = ("jax==0.10.2", "optax==0.2.8")
SIZES = [(40, 1), (40, 8), (120, 1), (120, 8), (600, 1), (600, 8)]  # points, members
STEPS = {40: 100, 120: 60, 600: 20}  # in a round, by points
# How many times longer JAX should take: above 1, and more where an ensemble is small.
LEAST = {(40, 8): 1.11, (120, 8): 1.25}
ROUNDS = 9


def title(threads: int) -> str:
    """Return the title of the table."""
    return f"Beside JAX, per network and step, with {threads} thread{'s' if threads > 1 else ''}"


class Jax:
    """A process that trains with JAX on so many processors, until it is left."""

    def __init__(self, threads: int) -> None:
        folder = chapters.book().parent / "_build" / "jax"
        python = folder / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, *VERSIONS], check=True)
        usable = sorted(os.sched_getaffinity(0))[:threads]
        self._process = subprocess.Popen(
            [python, Path(__file__).with_name("jax_peer.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        os.sched_setaffinity(self._process.pid, usable)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def train(self, points: int, members: int, steps: int) -> None:
        """Train, and wait for the end."""
        self._ask(points, members, steps)

    def multiply(self, rows: int) -> None:
        """Multiply two square matrices, and wait for the end."""
        self._ask(rows, 0, 1)

    def _ask(self, points: int, members: int, steps: int) -> None:
        to, back = self._process.stdin, self._process.stdout
        assert to
        assert back  # both are pipes
        print(points, members, steps, file=to, flush=True)
        if not back.readline():
            raise RuntimeError("JAX ended; what it said is above")


def versus(threads: int) -> Iterator[Row]:
    """Measure both on so many processors, and how near fpkit is to what the machine can do.

    The bound is the time of the same products at the speed of a large one, on all processors, and
    of the updates at the speed at which an addition goes through memory.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    with Jax(threads) as jax, threadpool_limits(threads, user_api="blas"):
        yield from _large_product(jax)
        for points, members in SIZES:
            yield from _rows(jax, threads, points, members)
    torch.set_num_threads(before)


def _large_product(jax: Jax) -> Iterator[Row]:
    """Measure the product that is the bound: how well each uses the processor at its best."""
    entries: dict[str, Callable[[], object]]
    entries = {"numpy": loops.matrix_product, "torch": loops.torch_product,
               "jax": partial(jax.multiply, loops.PRODUCT_ROWS)}  # fmt: skip
    times = race(ROUNDS, entries)
    yield Row("a large product: numpy, for fpkit", float(np.median(times["numpy"])))
    for name, said in (("torch", "torch"), ("jax", "JAX")):
        yield compare(f"a large product: {said}", times[name], times["numpy"],
                      seconds=float(np.median(times[name])))  # fmt: skip


def _rows(jax: Jax, threads: int, points: int, members: int) -> Iterator[Row]:
    steps = STEPS[points]
    times = race(
        ROUNDS,
        {
            "fpkit": partial(loops.ensemble, points, steps, members=members),
            "jax": partial(jax.train, points, members, steps),
            "product": loops.matrix_product,
            "additions": partial(loops.additions, steps, members=members),
        },
    )
    each = {name: times[name] / (steps * members) for name in ("fpkit", "jax", "additions")}
    products = loops.step_flops(points) / loops.PRODUCT_FLOPS * times["product"]
    memory = each["additions"] * loops.UPDATE_TRAFFIC / loops.ADDITION_TRAFFIC
    what = f"N = {points}, S = {members}"
    yield Row(f"{what}: fpkit", float(np.median(each["fpkit"])))
    bar = LEAST.get((points, members), 1.0)
    yield compare(f"{what}: JAX", each["jax"], each["fpkit"], bar=bar,
                  seconds=float(np.median(each["jax"])))  # fmt: skip
    yield compare(f"{what}: bound, of fpkit's time", products + memory, each["fpkit"], unit="%",
                  seconds=float(np.median(products + memory)))  # fmt: skip
