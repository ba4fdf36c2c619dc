"""Chapters are executed side by side, before Sphinx reads them.

As many at once as there are processors that this process may use, each in a kernel that computes
with one thread: the threads of two kernels would wait for one another.

One clock ends what hangs, ``execute: timeout`` in ``_config.yml``. nbclient has two more, hidden: a
kernel has 60 seconds to start, and the outputs of a cell have four to arrive, else they are lost
without a word. Here they have the same time as a cell. The executors of ``jupyter-cache`` can set
neither. They also start a process for every processor of the machine, however few of them this
process may use, and deal out the chapters in blocks, so that the longest may come last.

A kernel's ports are chosen before it starts, and it dies if another program takes one in between.
So a kernel that dies before its first cell is started once more.
"""

import asyncio
import atexit
import os
import re
import time
import traceback
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from fpkit.threads import VARIABLES

__all__ = ["Execution", "execute", "failure"]

COLOURS = re.compile(r"\x1b\[[\d;]*m")
ONE_THREAD = dict.fromkeys(VARIABLES, "1")


class Execution:
    """One chapter, to be executed in a kernel of its own, in the folder that it is in.

    Nothing in it may take longer than ``timeout`` seconds, neither a cell nor the kernel's start.
    """

    def __init__(self, page: str, path: Path, notebook: NotebookNode, timeout: int) -> None:
        self.page, self.path, self.notebook = page, path, notebook
        self.seconds = 0.0
        self._place: int | None = None  # of the cell that was begun last, or that is to blame
        self._stopped = False
        self._timeout = timeout
        self._client = self._new_client()

    def _new_client(self) -> NotebookClient:
        return NotebookClient(
            self.notebook,
            timeout=self._timeout,
            startup_timeout=self._timeout,
            iopub_timeout=self._timeout,
            raise_on_iopub_timeout=True,
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],  # else each kernel warns of its own connection
            on_cell_execute=self._begin,
        )

    def _begin(self, cell: NotebookNode, cell_index: int) -> None:
        self._place = cell_index

    def run(self) -> None:
        """Execute all cells, which get their outputs; note the seconds.

        Raises
        ------
        Exception
            Whatever a cell raises, and if the kernel cannot start (tried twice) or dies.
        """
        start = time.perf_counter()
        try:
            self._attempt()
        except RuntimeError:
            if self._place is not None or self._stopped:
                raise
            self._client = self._new_client()
            self._attempt()
        self.seconds = time.perf_counter() - start

    def _attempt(self) -> None:
        work = self._client.async_execute(cwd=str(self.path.parent), env=os.environ | ONE_THREAD)
        try:
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(work)
        finally:  # else nbclient's last lines would be about a kernel that did not start
            atexit.unregister(self._client._cleanup_kernel)

    def stop(self) -> None:
        """Kill the kernel if it runs, so that `run` ends within a second."""
        self._stopped = True
        manager = self._client.km
        if manager is not None and manager.has_kernel:
            assert isinstance(manager.provisioner, LocalProvisioner)
            assert manager.provisioner.process is not None  # as a kernel runs
            manager.provisioner.process.kill()

    def complaint(self) -> Exception | None:
        """Return as an error what a cell wrote to the standard error stream."""
        for place, cell in enumerate(self.notebook.cells):
            for output in cell.get("outputs", ()):
                if output.get("name") == "stderr":
                    self._place = place
                    return RuntimeError(f"written to stderr: {output.text.strip()}")
        return None

    def place(self) -> str:
        """Return the line and the number of the cell that is to blame, if any is."""
        if self._place is None:
            return "before the first cell"
        cells = self.notebook.cells[: self._place + 1]
        number = sum(cell.cell_type == "code" for cell in cells)
        return f"line {self.notebook.metadata.source_map[self._place] + 1}, code cell {number}"


def execute(
    executions: Collection[Execution],
    processes: int,
    finish: Callable[[Execution, BaseException | None], None],
) -> None:
    """Run some at a time, in the order given; whenever one ends, call ``finish`` with its error.

    At an interruption no more are begun, and those that run are stopped. A ``finish`` comes to its
    end: it is in a thread of its own, and only the main thread is interrupted.
    """
    with ThreadPoolExecutor(1) as finishing, ThreadPoolExecutor(processes) as running:
        futures = {running.submit(execution.run): execution for execution in executions}
        try:
            for future in as_completed(futures):
                finishing.submit(finish, futures[future], future.exception()).result()
        finally:
            for future in futures:
                future.cancel()
            while wait(futures, timeout=0.1).not_done:
                for execution in executions:
                    execution.stop()


def failure(execution: Execution, error: BaseException, folder: Path) -> str:
    """Write the whole error to a file; return in two lines what went wrong, and which file that is.

    The folder gets one file for each chapter, called as its page.
    """
    log = folder / f"{execution.page}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    whole = "".join(traceback.format_exception(error))
    log.write_text(COLOURS.sub("", whole), encoding="utf-8")
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, CellExecutionError):
        words = f"{error.ename}: {error.evalue}"
    first = COLOURS.sub("", words).splitlines()[0].removesuffix(": ")
    return f"{execution.page}, {execution.place()}: {first}\n    the whole log: {log}"
