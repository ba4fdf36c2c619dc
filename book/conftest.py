"""Let nbval run the chapters, with their exercises, as the notebooks of a course.

First the student's notebook, its answers left blank; after it every solution, with its check.
The cells of a chapter share a kernel, so one process runs them, in their order.
"""

import re
from functools import cache
from pathlib import Path
from queue import Empty
from runpy import run_path
from unittest import mock

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbFile, NbCellError

from fpkit.reproduce import judgement

# Notebooks made from the chapters, for Binder; the chapter that "How this book is made" shows.
collect_ignore_glob = ["*.ipynb", "making/two_waves/*"]
HOUR = 3600  # after which what hangs is ended; a slow machine is no error
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def few_suffice(monkeypatch):
    """Let results made by hand decide with the few networks that they have."""
    monkeypatch.setattr(judgement, "FEWEST", 1)


@pytest.fixture
def run_program(tmp_path):
    """A function that runs lines as a file of their own, and returns the names that it has then."""

    def run(lines):
        file = tmp_path / "program.py"
        file.write_text(lines, encoding="utf-8")
        return run_path(str(file))

    return run


@pytest.fixture
def closed():
    """Close the figures that a test drew."""
    yield
    from matplotlib import pyplot  # here, because most tests draw nothing

    pyplot.close("all")


class PatientKernel(RunningKernel):
    """A kernel that may be silent for an hour, if it lives; nbval's own limits are some seconds."""

    def get_message(self, stream, timeout=None):
        for _ in range(HOUR):
            try:
                return super().get_message(stream, timeout=1)
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("the kernel died") from None
        raise Empty

    def at_rest(self, code):
        """Run code of ours, and wait until it is done."""
        message = self.execute_cell_input(code)
        self.await_reply(message)
        self.await_idle(message, None)


# All chapters that a process tests, one after the other, share a kernel: a new one takes five
# seconds to load torch and matplotlib. (`make book` gives each chapter its own.)
KERNELS: list[PatientKernel] = []


def kernel(name, cwd, startup_timeout):
    """Return a kernel without any names, in the chapter's folder."""
    if not (KERNELS and KERNELS[-1].is_alive()):
        try:
            KERNELS.append(PatientKernel(name, cwd, startup_timeout))
        except RuntimeError:  # as another program took a port between its choice and its use
            KERNELS.append(PatientKernel(name, cwd, startup_timeout))
    KERNELS[-1].at_rest(f"%cd -q {cwd}\n%reset -f")
    return KERNELS[-1]


def pytest_unconfigure():
    for running in KERNELS:
        if running.is_alive():
            running.stop()


class Chapter(IPyNbFile):
    def collect(self):
        with mock.patch("nbval.plugin.nbformat.read", as_tested):
            yield from super().collect()

    def setup(self):
        with mock.patch("nbval.plugin.RunningKernel", kernel):
            super().setup()

    def teardown(self):
        """Leave the kernel to the next chapter."""


def as_tested(path, as_version):
    """Return a chapter as a student runs it, and then the solutions."""
    # Here, because it imports torch, which the process that only hands out tests does not need.
    from book.tools.course.notebooks import chapter, exercises, solution, student

    source, plain = chapter(Path(path)), plain_text()
    asked = exercises(source)
    if not asked:
        return source
    notebook = student(source, plain)
    for exercise in asked:
        notebook.cells += solution(exercise, plain)
    return notebook


@cache
def plain_text():
    from book.tools.course.plain import Plain

    return Plain()


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        front_matter = file_path.read_text(encoding="utf-8").partition("\n---\n")[0]
        if "\nkernelspec:" in front_matter:
            found = Chapter.from_parent(parent, path=file_path)
            found.add_marker(pytest.mark.xdist_group(file_path.stem))
            found.add_marker("slow")  # make book has run it, too
            return found
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let a cell's report begin with its error: pytest's summary shows the first line."""
    report = yield
    error = call.excinfo and call.excinfo.value
    if isinstance(error, NbCellError) and error.inner_traceback:
        last = COLOURS.sub("", error.inner_traceback).strip().splitlines()[-1]
        report.longrepr = f"{last}\n{report.longrepr}"
    return report
