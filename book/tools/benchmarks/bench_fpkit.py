"""The pieces of the table under pytest-benchmark, which stores and compares runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from book.tools.benchmarks import loops, rivals

STEPS = 20
LOOPS = {
    "plain": loops.plain,
    "notebook": loops.notebook,
    "fpkit-1": partial(loops.ensemble, members=1),
    "fpkit-8": partial(loops.ensemble, members=8),
}


@pytest.mark.parametrize("n", [40, 120, 600])
@pytest.mark.parametrize("name", LOOPS)
def test_training(benchmark: BenchmarkFixture, n: int, name: str) -> None:
    """Train on n points; ``fpkit-8`` trains eight networks in its time."""
    benchmark.group = f"{STEPS} steps, N={n}"
    benchmark(LOOPS[name], n, STEPS)


@pytest.mark.parametrize(
    "function",
    [rivals.dft, rivals.low_pass, rivals.entropy, rivals.kernel, partial(rivals.nudft, 1)],
)
def test_analysis(benchmark: BenchmarkFixture, function: Callable[[], object]) -> None:
    """Analyse what was recorded."""
    benchmark(function)
