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
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

__all__ = ["one_here", "one_inside", "one_per_process", "processors"]

# What the libraries below numpy and torch read when they are loaded.
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class _Shared:
    """What blocks of `one_inside` that overlap in time share."""

    lock = Lock()
    inside = 0
    before = 1
    numpys: Any = None  # what gives the threads of NumPy's products back


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


def one_here() -> int:
    """Let torch compute every operation that this thread calls in one; return how many it was."""
    # Asked first: a thread of Python that never was takes what others have set by then.
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    return before


@contextmanager
def one_inside() -> Iterator[int]:
    """Let torch and NumPy compute every operation in one thread, and afterwards as before.

    Yields how many threads may compute side by side: as many as torch had for one operation (1
    after `one_per_process` or ``torch.set_num_threads(1)``), but no more than `processors`; and 1
    inside a block such as ``torch.autocast``, which holds for the thread that opened it alone.
    """
    with _Shared.lock:
        before = one_here()
        # What is set last is what a new thread begins with. If another block is open, that is 1.
        if not _Shared.inside:
            _Shared.before = before
            _Shared.numpys = _products().limit(limits=1)
        _Shared.inside += 1
    try:
        alone = _Shared.before == 1 or _has_modes()
        yield 1 if alone else min(_Shared.before, processors())
    finally:
        with _Shared.lock:
            _Shared.inside -= 1
            torch.set_num_threads(_Shared.before)
            if not _Shared.inside:
                _Shared.numpys.restore_original_limits()


@cache
def _products() -> ThreadpoolController:
    """Return what sets the threads of matrix products; finding it takes milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _has_modes() -> bool:
    """Tell whether torch computes in another way here than in a new thread."""
    stacks = torch._C._len_torch_dispatch_stack() + torch._C._len_torch_function_stack()
    return stacks > 0 or torch.is_autocast_enabled("cpu")
