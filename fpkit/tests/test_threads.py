"""One place decides how many threads compute."""

import os
import subprocess
import sys
import threading

import joblib
import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info, threadpool_limits
from torch.utils._python_dispatch import TorchDispatchMode

from fpkit import threads


@pytest.fixture
def as_before():
    """What is changed for the whole process is as before afterwards."""
    before, limits = torch.get_num_threads(), threadpool_limits()
    yield
    limits.restore_original_limits()
    torch.set_num_threads(before)


def test_processors_are_those_that_this_process_may_use():
    assert threads.processors() == joblib.cpu_count()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux can take them away")
def test_processors_that_were_taken_away_do_not_count():
    one = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, {{{one}}}); from fpkit import threads; "
    code += "print(threads.processors())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert said.stdout.split() == ["1"]


@pytest.mark.slow
def test_one_per_process_holds_for_torch_numpy_and_children(as_before, monkeypatch):
    for name in threads.VARIABLES:
        monkeypatch.setenv(name, "3")
    torch.set_num_threads(3)
    threads.one_per_process()
    np.ones((3, 3)) @ np.ones((3, 3))
    assert torch.get_num_threads() == 1
    assert {library["num_threads"] for library in threadpool_info()} == {1}
    code = "import torch; print(torch.get_num_threads())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert said.stdout.split() == ["1"]


def test_one_per_process_holds_for_later_threads(as_before):
    threads.one_per_process()
    found = []
    thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert found == [1]
    with threads.one_inside() as count:
        assert count == 1


@pytest.mark.parametrize(("torch_has", "usable", "spread"), [(4, 8, 4), (4, 2, 2), (1, 8, 1)])
def test_one_inside_and_several_side_by_side(as_before, monkeypatch, torch_has, usable, spread):
    monkeypatch.setattr(threads, "processors", lambda: usable)
    torch.set_num_threads(torch_has)
    with threads.one_inside() as count:
        assert (torch.get_num_threads(), count) == (1, spread)
    assert torch.get_num_threads() == torch_has


def products():
    """Return how many threads a product of NumPy has."""
    return {found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"}


def test_one_inside_holds_for_numpy_too(as_before):
    threadpool_limits(2, user_api="blas")
    with threads.one_inside():
        with threads.one_inside():
            assert products() == {1}
        assert products() == {1}
    assert products() == {2}


def test_an_error_gives_threads_back(as_before):
    torch.set_num_threads(3)
    with pytest.raises(KeyError), threads.one_inside():
        raise KeyError
    assert torch.get_num_threads() == 3


def test_blocks_that_overlap_in_time_give_back_what_was_before_the_first(as_before, monkeypatch):
    """Two trainings at once, the first of which ends first: a panel's, and a cell's."""
    monkeypatch.setattr(threads, "processors", lambda: 8)
    torch.set_num_threads(3)
    inside, leave, found = threading.Event(), threading.Event(), []

    def other():
        with threads.one_inside() as count:
            inside.set()
            leave.wait()
            found.append((count, torch.get_num_threads()))
        found.append(torch.get_num_threads())

    with threads.one_inside() as count:
        thread = threading.Thread(target=other)
        thread.start()
        inside.wait()
    assert (count, torch.get_num_threads()) == (3, 3)
    leave.set()
    thread.join()
    assert found == [(3, 1), 3]
    with threads.one_inside() as count:
        assert count == 3


class Mode(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize(
    "block", [Mode, lambda: torch.autocast("cpu"), lambda: torch.device("cpu")],
    ids=["dispatch", "autocast", "device"],
)  # fmt: skip
def test_what_holds_for_one_thread_keeps_a_training_in_it(as_before, monkeypatch, block):
    monkeypatch.setattr(threads, "processors", lambda: 8)
    torch.set_num_threads(3)
    with block(), threads.one_inside() as count:
        assert count == 1
    with threads.one_inside() as count:
        assert count == 3
