"""Tests run on every processor that they may use, with one thread in each process."""

from fpkit.threads import one_per_process, processors

one_per_process()  # also for the kernels and the processes that tests start


def pytest_xdist_auto_num_workers() -> int:
    """Answer ``-n auto``."""
    return processors()
