"""Stop a long computation where nothing is lost: between two of its steps."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

__all__ = ["Watch", "deferred", "watched", "watching"]

# Told the step and the number of steps; True ends the training there.
Watch = Callable[[int, int], bool]

_watch: ContextVar[Watch] = ContextVar("watch", default=lambda step, steps: False)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let every training inside call ``watch(step, steps)``, before each step or every few ones.

    It stops there if that returns True, and what it has is kept, as after Ctrl-C. For what shows
    progress in its own way and has a button to stop. Threads that are started inside are not
    watched.
    """
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def watching() -> Watch:
    """Return who watches here; nobody stops nothing."""
    return _watch.get()


@contextmanager
def deferred() -> Iterator[Callable[[], bool]]:
    """Put Ctrl-C off, and yield a function that tells whether it came; a second one acts at once.

    Only the main thread is interrupted by Ctrl-C, so elsewhere it never comes.
    """
    came: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def note(number: int, _: FrameType | None) -> None:
        if came:
            signal.signal(signal.SIGINT, before)
            signal.raise_signal(number)
        came.append(number)

    # A process in the background ignores it, and one that embeds Python may have its own handler.
    ours = threading.current_thread() is threading.main_thread()
    ours = ours and before not in (signal.SIG_IGN, None)
    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(came)
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)
