"""How many processors and threads: decided here, and nowhere else. (A stub.)"""

from __future__ import annotations

import os

import joblib

VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def processors() -> int:
    """Return how many processors this process may use; the quota of a container counts."""
    return joblib.cpu_count()


def one_per_process() -> None:
    """Give this process, and all that it starts, one thread each."""
    os.environ.update(dict.fromkeys(VARIABLES, "1"))
