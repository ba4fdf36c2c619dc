"""Where the cells of a sweep run: in this process, in others of this computer, on a cluster.

An engine takes all cells at once and says what has come of them: for the number of each cell its
arrays, or the error that ended it. A cell whose process dies ends with an error like any other.
"""

from __future__ import annotations

import copy
import multiprocessing
import signal
import sys
import traceback
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for_any
from multiprocessing.process import BaseProcess
from numbers import Integral
from typing import Any, Protocol, Self

from . import threads, validation
from .cell_files import Arrays, Cell

__all__ = ["Engine", "Outcomes", "SweepError", "engine"]

Outcomes = dict[int, Arrays | BaseException]

# A new process, not a copy of this one: in a copy, torch waits for threads that are not there.
PROCESSES = multiprocessing.get_context("spawn")

# Seconds after which one that waits looks up: before, Windows does not hear Ctrl-C.
LOOK_UP = 0.5


# Executors of which it is known that a sweep may never end on them.
REFUSED = {
    "ProcessPoolExecutor": "ends with the first process that dies, and may be a copy of this one, "
    "which waits for ever; give a number of processes",
    "ClientExecutor": "may wait for ever when a worker dies; give the Dask client itself",
}


class SweepError(RuntimeError):
    """A sweep cannot begin, or some of its cells failed: the others are finished and on disk."""


class Engine(Protocol):
    """What runs cells. Leaving it as a context ends what still runs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return

    def busy(self) -> bool:
        """Tell whether cells are still to come."""
        ...

    def done(self) -> Outcomes:
        """Wait, and return what has come since the last call; perhaps nothing yet."""
        ...

    def stop(self) -> Outcomes:
        """Begin no other cell; return what has come since the last call."""
        return {}


def engine(cells: Mapping[int, Cell], executor: Any) -> Engine:
    """Return what runs the cells on ``executor`` (see `fpkit.sweep.sweep`)."""
    if executor is None:
        return Here(cells)
    if isinstance(executor, Integral):
        return Processes(cells, validation.positive_int("executor", executor))
    kind = type(executor).__name__
    if kind in REFUSED:
        raise ValueError(f"executor: got a {kind}, which {REFUSED[kind]}")
    if isinstance(executor, Executor):
        return Futures(cells, executor)
    if hasattr(executor, "get_executor"):
        return Cluster(cells, executor)
    raise ValueError(
        "executor: expected None, a number of processes, a Dask client or an executor, got "
        f"{executor!r}"
    )


class Here(Engine):
    """One cell after the other in this process."""

    def __init__(self, cells: Mapping[int, Cell]) -> None:
        self.waiting = deque(cells.items())

    def busy(self) -> bool:
        """Tell whether cells are still to come."""
        return bool(self.waiting)

    def done(self) -> Outcomes:
        """Run the next cell; return what it says."""
        number, cell = self.waiting.popleft()
        try:
            return {number: cell.run()}
        except (Exception, SystemExit) as error:  # whatever a function may raise
            return {number: error}


class Futures(Engine):
    """Anything with the interface of `concurrent.futures`; it is not shut down."""

    def __init__(self, cells: Mapping[int, Cell], executor: Executor) -> None:
        self.cells, self.executor = cells, executor
        self.futures: dict[Future[Arrays], int] = {}

    def __enter__(self) -> Self:
        for number, cell in self.cells.items():
            try:
                future = self.executor.submit(cell.run)
            except RuntimeError as error:  # it is shut down, or broken by a cell before this one
                future = Future()
                future.set_exception(error)
            self.futures[future] = number
        return self

    def __exit__(self, *error: object) -> None:
        for future in self.futures:
            future.cancel()

    def busy(self) -> bool:
        """Tell whether cells are still to come."""
        return bool(self.futures)

    def done(self) -> Outcomes:
        """Wait, and return what has come since the last call; perhaps nothing yet."""
        ended, _ = wait(self.futures, LOOK_UP, FIRST_COMPLETED)
        return {self.futures.pop(future): _outcome(future) for future in ended}

    def stop(self) -> Outcomes:
        """Begin no other cell; return what has come since the last call."""
        waiting = [future for future in self.futures if not future.cancel()]
        return {self.futures[future]: _outcome(future) for future in waiting if future.done()}


class Cluster(Engine):
    """A Dask cluster, which runs the cells of a worker that died on the others.

    It gives up a cell after some deaths, and blames all cells that were on that worker. So whom it
    blames runs once more, alone; and again if it is blamed then, for a busy cluster may have sent
    it to a worker that another cell has just killed. Who is blamed twice when alone is guilty.
    """

    def __init__(self, cells: Mapping[int, Cell], client: Any) -> None:
        self.cells, self.client = cells, client
        self.suspects: deque[int] = deque()
        self.numbers: dict[Any, int] = {}
        self.alone: set[int] = set()  # who has been blamed when alone

    def __enter__(self) -> Self:
        from distributed import as_completed  # who has a client has it

        self.ended = as_completed(raise_errors=False)
        for number in self.cells:
            self._submit(number)
        return self

    def __exit__(self, *error: object) -> None:
        self.client.cancel(list(self.numbers))

    def busy(self) -> bool:
        """Tell whether cells are still to come."""
        return bool(self.numbers or self.suspects)

    def done(self) -> Outcomes:
        """Wait, and return what has come since the last call."""
        lonely = not self.numbers
        if lonely:
            self._submit(self.suspects.popleft())
        found = {}
        for future in self.ended.next_batch():
            outcome, number = _outcome(future), self.numbers.pop(future)
            if type(outcome).__name__ == "KilledWorker" and number not in self.alone:
                self.suspects.append(number)
                self.alone |= {number} if lonely else set()
            else:
                found[number] = outcome
        return found

    def stop(self) -> Outcomes:
        """Return what has come since the last call; the rest is cancelled on leaving."""
        ended = {f: number for f, number in self.numbers.items() if f.status == "finished"}
        return {number: _outcome(future) for future, number in ended.items()}

    def _submit(self, number: int) -> None:
        future = self.client.submit(self.cells[number].run, pure=False)
        self.numbers[future] = number
        self.ended.add(future)


def _outcome(future: Any) -> Arrays | BaseException:
    try:
        return future.result()
    except (Exception, SystemExit, CancelledError) as error:
        return error


class Processes(Engine):
    """Processes of this computer, each with one thread and one cell at a time.

    So it is known whose cell has killed its process. Another process takes the next cell.
    """

    def __init__(self, cells: Mapping[int, Cell], count: int) -> None:
        self.waiting = deque(cells.items())
        self.count = min(count, len(cells))
        # What each process is heard by, and the cell that it has; None before its first.
        self.workers: dict[Connection, tuple[BaseProcess, int | None]] = {}
        self.leaving: list[BaseProcess] = []
        for function in {cell.function for cell in cells.values()}:
            _check_findable(function)

    def __enter__(self) -> Self:
        for _ in range(self.count):
            self._start()
        return self

    def __exit__(self, *error: object) -> None:
        for process, _ in self.workers.values():
            process.terminate()
            self.leaving.append(process)
        for process in self.leaving:
            process.join()

    def busy(self) -> bool:
        """Tell whether cells are still to come."""
        return bool(self.waiting) or any(number is not None for _, number in self.workers.values())

    def done(self) -> Outcomes:
        """Wait, and return what has come since the last call; perhaps nothing yet."""
        return self._heard(wait_for_any(list(self.workers), LOOK_UP))

    def stop(self) -> Outcomes:
        """Begin no other cell; return what has come since the last call."""
        self.waiting.clear()
        return self._heard(wait_for_any(list(self.workers), timeout=0))

    def _heard(self, channels: Iterable[Any]) -> Outcomes:
        found: Outcomes = {}
        for channel in channels:
            found |= self._hear(channel)
        return found

    def _start(self) -> None:
        channel, theirs = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_work, args=(theirs,))
        process.start()
        theirs.close()  # so that the end of the process is the end of the channel
        self.workers[channel] = process, None

    def _hear(self, channel: Any) -> Outcomes:
        process, number = self.workers[channel]
        try:
            outcome = channel.recv()
        except (EOFError, OSError):
            del self.workers[channel]
            process.join()
            if number is None:
                raise SweepError(
                    f"executor: a process ended with exit code {process.exitcode} before its first "
                    'cell; in a script, call sweep under: if __name__ == "__main__":'
                ) from None
            if self.waiting:
                self._start()
            return {number: RuntimeError(f"its process died with exit code {process.exitcode}")}
        self._hand_out(channel)
        return {} if number is None else {number: outcome}

    def _hand_out(self, channel: Any) -> None:
        """Give a process its next cell, or let it go."""
        process, _ = self.workers[channel]
        if not self.waiting:
            channel.close()
            del self.workers[channel]
            self.leaving.append(process)
            return
        number, cell = self.waiting.popleft()
        self.workers[channel] = process, number
        with suppress(OSError):  # it has died meanwhile, and will be heard of
            channel.send(cell)


def _check_findable(function: Any) -> None:
    """Raise if other processes cannot import a function."""
    function = getattr(function, "func", function)
    if function.__module__ == "__main__" and not hasattr(sys.modules["__main__"], "__file__"):
        raise ValueError(
            f"function: {function.__qualname__} is defined in a notebook or a shell, where other "
            "processes do not find it; put it into a file and import it"
        )


def _work(channel: Any) -> None:
    """Run the cells that come, until there are no more; the first message says that it begins."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits
    threads.one_per_process()
    channel.send(None)
    with suppress(EOFError, OSError):  # there are no more, or nobody waits for them
        while True:
            _answer(channel)


def _answer(channel: Any) -> None:
    """Run the next cell, and send what comes of it."""
    try:
        cell = channel.recv()
    except EOFError:
        raise
    except Exception as error:  # what it runs is not found in this process
        _send(channel, error)
        return
    try:
        outcome = cell.run()
    except BaseException as error:  # whatever a function may raise
        outcome = error
    _send(channel, outcome)


def _send(channel: Any, outcome: Arrays | BaseException) -> None:
    """Send an outcome; an error that no other process could read becomes one that it can."""
    if not isinstance(outcome, BaseException):
        channel.send(outcome)
        return
    traced = "".join(traceback.format_exception(outcome))
    said = "".join(traceback.format_exception_only(outcome)).strip()
    outcome.add_note(traced)
    try:
        channel.send(copy.copy(outcome))  # some errors take other arguments than they keep
    except OSError:
        raise
    except Exception:
        outcome = RuntimeError(said)
        outcome.add_note(traced)
        channel.send(outcome)
