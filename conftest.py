"""Tests run on every processor that they may use, with one thread in each process."""

import numpy as np
import pytest

from fpkit.threads import one_per_process, processors

one_per_process()  # also for the kernels and the processes that tests start


def pytest_xdist_auto_num_workers() -> int:
    """Answer ``-n auto``."""
    return processors()


@pytest.fixture
def each_step(monkeypatch):
    """A training can be stopped, and its state be kept, before every step, as a large one can."""
    monkeypatch.setattr("fpkit.parts.PATIENCE", 1)


@pytest.fixture
def rng():
    """Draw the same numbers whichever tests ran before in the same process."""
    return np.random.default_rng(0)
