"""How the chapters run as tests: each in one process, whatever time it takes."""

import os
from pathlib import Path
from queue import Empty
from unittest import mock

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import NbCellError

BOOK = Path(__file__).parent


@pytest.fixture
def running(request):
    """The module book/conftest.py."""
    return request.config.pluginmanager.get_plugin(str(BOOK / "conftest.py"))


@pytest.fixture
def chapter(running, request):
    return running.pytest_collect_file(BOOK / "ntk" / "ntk.md", request.session)


def test_kernels_have_one_thread():
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_pages_without_cells_are_no_tests(running, request):
    assert (
        running.pytest_collect_file(BOOK / "bibliography" / "bibliography.md", request.session)
        is None
    )


def test_all_cells_of_a_chapter_go_to_one_process(chapter):
    cells = list(chapter.collect())
    groups = {mark.args for cell in cells for mark in cell.iter_markers("xdist_group")}
    assert groups == {("ntk",)}
    assert [cell.name for cell in cells] == [f"Cell {i}" for i in range(len(cells))]


def silent(running, seconds, alive):
    """Return a kernel that sends a message after so many seconds, which do not pass."""
    kernel = running.PatientKernel.__new__(running.PatientKernel)
    answers = [Empty] * seconds + [{"content": "at last"}]
    message = mock.Mock(side_effect=answers)
    return kernel, mock.patch.multiple(RunningKernel, get_message=message, is_alive=lambda _: alive)


def test_a_kernel_may_be_silent_for_long(running):
    kernel, nearly_an_hour = silent(running, 3599, alive=True)
    with nearly_an_hour:
        assert kernel.get_message("shell", timeout=5) == {"content": "at last"}


def test_a_kernel_that_is_silent_for_ever_is_given_up(running):
    kernel, for_an_hour = silent(running, 3600, alive=True)
    with for_an_hour, pytest.raises(Empty):
        kernel.get_message("shell")


def test_a_dead_kernel_is_not_waited_for(running):
    kernel, dead = silent(running, 1, alive=False)
    with dead, pytest.raises(RuntimeError, match="the kernel died"):
        kernel.get_message("shell", timeout=5)


def test_a_report_begins_with_the_error_of_the_cell(running):
    traceback = "Traceback\n\x1b[31mNameError\x1b[39m: name 'x' is not defined"
    error = NbCellError(0, "Cell execution caused an exception", "x", traceback)
    hook = running.pytest_runtest_makereport(None, mock.Mock(excinfo=mock.Mock(value=error)))
    next(hook)
    with pytest.raises(StopIteration) as done:
        hook.send(mock.Mock(longrepr="Notebook cell execution failed"))
    assert done.value.value.longrepr.splitlines() == [
        "NameError: name 'x' is not defined",
        "Notebook cell execution failed",
    ]
