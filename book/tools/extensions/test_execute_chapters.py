"""Chapters are executed at once, by no clock; what fails is named, and what runs can be stopped."""

import os
import signal
import threading
from typing import ClassVar

import nbformat
import pytest
from jupyter_client import AsyncKernelClient

from book.tools.extensions.execute_chapters import Execution, execute, failure


def notebook(*cells, kernel="python3"):
    """Return a notebook with a paragraph and cells, as if each began ten lines after the last."""
    cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), *cells])
    made.metadata["kernelspec"] = {"name": kernel, "display_name": "Python 3"}
    made.metadata["source_map"] = [10 * place for place in range(len(made.cells))]
    return made


def lines(folder, *cells, **options):
    """Execute cells which do not come to their end; return what is said, and the log."""
    execution = Execution("book/page", folder / "page.md", notebook(*cells, **options), 3600)
    said = []
    execute([execution], 1, lambda _, error: said.append(failure(execution, error, folder)))
    first, last = said[0].splitlines()
    log = folder / "book" / "page.log"
    assert last == f"    the whole log: {log}"
    return first, log.read_text()


def test_a_chapter_gets_one_thread_in_its_own_folder(tmp_path):
    cells = "import os, sys", "print(os.environ['OMP_NUM_THREADS'], os.getcwd())"
    execution = Execution("page", tmp_path / "page.md", notebook(*cells), 3600)
    execution.run()
    assert execution.notebook.cells[2].outputs[0].text == f"1 {tmp_path.resolve()}\n"
    assert execution.complaint() is None
    assert execution.seconds > 0


def test_a_kernel_and_outputs_have_as_long_as_a_cell(tmp_path, monkeypatch):
    waited = []

    async def wait_for_ready(self, timeout):
        waited.append(timeout)
        raise RuntimeError

    monkeypatch.setattr(AsyncKernelClient, "wait_for_ready", wait_for_ready)
    execution = Execution("page", tmp_path / "page.md", notebook("1"), 3600)
    with pytest.raises(RuntimeError):
        execution.run()
    client = execution._client
    assert {*waited, client.timeout, client.iopub_timeout} == {3600}
    assert client.raise_on_iopub_timeout  # else they are lost


def test_an_error_is_named_with_its_cell_and_its_log(tmp_path):
    first, log = lines(tmp_path, "a = 1", "def inner():\n    a / 0\ninner()", "later")
    assert first == "book/page, line 21, code cell 2: ZeroDivisionError: division by zero"
    assert "----> 2     a / 0" in log


def test_a_kernel_that_dies_is_named_with_its_cell(tmp_path):
    first, _ = lines(tmp_path, "a = 1", "import os; os._exit(1)")
    assert first == "book/page, line 21, code cell 2: DeadKernelError: Kernel died"


def test_a_kernel_that_dies_at_its_start_is_started_once_more(tmp_path, monkeypatch):
    starts = []
    ready = AsyncKernelClient.wait_for_ready

    async def dies_once(self, timeout):
        starts.append(timeout)
        if len(starts) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        await ready(self, timeout)

    monkeypatch.setattr(AsyncKernelClient, "wait_for_ready", dies_once)
    execution = Execution("page", tmp_path / "page.md", notebook("print(1)"), 3600)
    execution.run()
    assert execution.notebook.cells[1].outputs[0].text == "1\n"
    assert len(starts) == 2


def test_a_kernel_that_does_not_start_is_named(tmp_path):
    first, _ = lines(tmp_path, "a = 1", kernel="none")
    assert first.startswith("book/page, before the first cell: NoSuchKernel: ")


def test_what_a_cell_writes_to_stderr_is_a_complaint(tmp_path):
    made = notebook("1", "2", "3")
    made.cells[2].outputs = [nbformat.v4.new_output("stream", name="stderr", text="Beware\n")]
    execution = Execution("page", tmp_path / "page.md", made, 3600)
    said = failure(execution, execution.complaint(), tmp_path)
    assert said.startswith("page, line 21, code cell 2: RuntimeError: written to stderr: Beware\n")


class Stub:
    """Stands for an execution; it ends once as many others run as are said."""

    together = threading.Barrier(2)
    begun: ClassVar[list] = []

    def __init__(self, name):
        self.name = name

    def run(self):
        self.begun.append(self.name)
        self.together.wait()


def test_chapters_are_executed_at_once_in_the_order_given():
    finished = []
    execute([Stub(name) for name in "abcd"], 2, lambda stub, _: finished.append(stub.name))
    assert {*Stub.begun[:2]} == {*"ab"}
    assert {*finished} == {*"abcd"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes")
def test_an_interruption_stops_what_runs_and_loses_nothing(tmp_path):
    """The second chapter interrupts the build once the first is finished, and would sleep on."""
    program = f"import os, time\nos.kill({os.getpid()}, {signal.SIGINT})\ntime.sleep(3600)"
    executions = [
        Execution(name, tmp_path / f"{name}.md", notebook(program if name == "b" else "1"), 3600)
        for name in "abc"
    ]
    finished = []
    with pytest.raises(KeyboardInterrupt):
        execute(executions, 1, lambda execution, error: finished.append((execution.page, error)))
    assert finished == [("a", None)]
    assert executions[2].place() == "before the first cell"
