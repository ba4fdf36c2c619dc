"""How many threads compute: the one place that decides it.

Threads inside an operation wait for one another by spinning: beside one other busy program a
training with two of them takes 7 times as long. So an operation has one thread, always, and several
processors are used by what shares nothing: by processes in builds, tests and sweeps, by members of
an ensemble in a live notebook (`fpkit.parts`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch

__all__ = ["one_inside", "one_per_process", "processors"]

# What the libraries below numpy and torch read when they are loaded.
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class _Shared:
    """What blocks of `one_inside` that overlap in time share."""

    lock = Lock()
    inside = 0
    before = 1


def processors() -> int:
    """Return how many processors this process may use; a container's quota counts."""
    import joblib  # takes a while, and only who computes needs it

    return joblib.cpu_count()


def one_per_process() -> None:
    """Let this process, and the processes that it will start, compute with one thread.

    A training is then in one thread altogether. For those who keep several processes busy.
    """
    from threadpoolctl import threadpool_limits

    os.environ.update(dict.fromkeys(VARIABLES, "1"))
    threadpool_limits(1)
    torch.set_num_threads(1)


@contextmanager
def one_inside() -> Iterator[int]:
    """Let torch compute every operation in one thread, and afterwards as before.

    Yields how many threads may compute side by side: as many as torch had for one operation (1
    after `one_per_process` or ``torch.set_num_threads(1)``), but no more than `processors`.
    """
    with _Shared.lock:
        # What is set last is what a new thread begins with. If another block is open, that is 1.
        if not _Shared.inside:
            _Shared.before = torch.get_num_threads()
        _Shared.inside += 1
    torch.set_num_threads(1)
    try:
        yield min(_Shared.before, processors()) if _Shared.before > 1 else 1
    finally:
        with _Shared.lock:
            _Shared.inside -= 1
            torch.set_num_threads(_Shared.before)
