"""The pieces of the table under pytest-benchmark; a training time is that of 20 steps."""

from __future__ import annotations

from functools import partial

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from fpkit import spectra
from fpkit.benchmarks import loops

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


@pytest.mark.parametrize("transform", [spectra.nudft, loops.direct_sum])
def test_nudft(benchmark: BenchmarkFixture, transform: loops.Transform) -> None:
    """Transform 1,000 scattered points to 1,000 modes, with finufft and term by term."""
    benchmark.group = "non-uniform transform"
    benchmark(transform, *loops.scattered())


def test_dft_of_a_run(benchmark: BenchmarkFixture) -> None:
    """Transform all outputs of a run: 8 members, 1,000 records, 600 points."""
    benchmark(spectra.dft, loops.recorded_run())
