"""Sweeps: every cell once, in the grid's order, kept on disk, and taken up again."""

import _thread
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from fpkit import engines
from fpkit.cell_files import Cell
from fpkit.sweep import SweepError, sweep

from . import load_source

sweeps = sys.modules[sweep.__module__]  # fpkit.sweep is the function
GRID = {"a": [1, 2, 3], "b": ["x", "y"]}


def letters(*, a, b, scale=1.0):
    """Return numbers from which the settings can be read off."""
    return {"number": np.array([a, ord(b)]) * scale, "lone": a}


def ragged(*, a):
    return {"a": np.zeros(a)}


@pytest.fixture
def watched(monkeypatch):
    """What cells of this process were run with; ``fail`` says where they fail."""
    calls, run_cell = [], Cell.run

    def run(cell):
        calls.append(cell.settings)
        if cell.settings["a"] in watch.fail:
            raise watch.error(f"no {cell.settings['a']}")
        return run_cell(cell)

    watch = SimpleNamespace(calls=calls, fail=(), error=ValueError)
    monkeypatch.setattr(Cell, "run", run)
    return watch


def run(function, folder, grid=GRID, **options):
    return sweep(function, grid, folder=folder, progress=False, **options)


def files(folder):
    return sorted(path for path in folder.iterdir() if path.suffix == ".npz")


def assert_letters(found):
    assert found.values["number"].shape == (3, 2, 2)
    assert found.values["lone"].shape == (3, 2)
    for i, a in enumerate(GRID["a"]):
        for j, b in enumerate(GRID["b"]):
            assert found.values["number"][i, j].tolist() == [a, ord(b)]
            assert found.values["lone"][i, j] == a


# --- what comes out --------------------------------------------------------------------------


def test_cells_are_in_the_order_of_the_grid(tmp_path, watched):
    found = run(letters, tmp_path)
    assert found.grid == {"a": (1, 2, 3), "b": ("x", "y")}
    assert [tuple(call.values()) for call in watched.calls[:3]] == [(1, "x"), (1, "y"), (2, "x")]
    assert_letters(found)


def test_values_of_numpy_are_plain_numbers(tmp_path):
    found = run(ragged, tmp_path, {"a": np.array([2])})
    assert found.grid == {"a": (2,)}
    assert type(found.grid["a"][0]) is int


def test_nan_comes_from_the_function_and_is_kept(tmp_path):
    found = run(nan_at_two, tmp_path, {"a": [1, 2]})
    assert np.isnan(found.values["a"]).tolist() == [False, True]


def nan_at_two(*, a):
    return {"a": np.nan if a == 2 else float(a)}


def test_a_cluster_does_not_change_the_numbers(tmp_path):
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False}
    grid = {"seed": [0, 1, 2], "key": [1]}
    with distributed.Client(**options, dashboard_address=":0") as client:
        there = run(keyed, tmp_path, grid, executor=client)
    wanted = [keyed(seed=seed, key=1)["noise"] for seed in grid["seed"]]
    assert np.array_equal(there.values["noise"][:, 0], wanted)


def killed_once(*, a, folder):
    """Note each call; at a = 2, when all others are on disk, kill the process, the first time."""
    with open(os.path.join(folder, "calls"), "a", encoding="utf-8") as calls:
        calls.write(f"{a} ")
    with open(os.path.join(folder, "calls"), encoding="utf-8") as calls:
        first = calls.read().split().count("2") == 1
    if a == 2 and first:
        while len(files(Path(folder))) < 3:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGKILL)
    return {"a": a}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows kills in another way")
def test_a_cluster_survives_a_worker_that_is_killed(tmp_path):
    """Its cell runs again on another worker, and no other does; the cluster is known by address.

    Slow: a cluster of two processes, one of which is started twice.
    """
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    function = partial(killed_once, folder=str(tmp_path))
    with (
        distributed.LocalCluster(**options, dashboard_address=":0") as cluster,
        distributed.Client(cluster.scheduler_address) as client,
    ):
        found = run(function, tmp_path, {"a": [0, 1, 2, 3]}, executor=client)
    assert found.values["a"].tolist() == [0, 1, 2, 3]
    assert sorted((tmp_path / "calls").read_text().split()) == ["0", "1", "2", "2", "3"]


def keyed(*, seed, key):
    """Have a setting whose name Dask uses itself."""
    return {"noise": key + np.random.default_rng(seed).standard_normal(5)}


@pytest.mark.parametrize(("progress", "static", "hidden"), [
    (True, False, False), (False, False, True), (True, True, True),
])  # fmt: skip
def test_the_bar_is_hidden_when_nobody_watches(tmp_path, monkeypatch, progress, static, hidden):
    seen = []

    class Bar(sweeps.tqdm):
        def __init__(self, **options):
            seen.append(options)
            super().__init__(**options)

    monkeypatch.setattr(sweeps, "tqdm", Bar)
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    if static:
        monkeypatch.setenv("FPKIT_STATIC", "1")
    sweep(letters, GRID, folder=tmp_path, progress=progress)
    assert [options["disable"] for options in seen] == [hidden]
    assert seen[0]["total"] == 6


# --- what is kept ----------------------------------------------------------------------------


def test_what_is_there_is_not_run_again(tmp_path, watched):
    run(letters, tmp_path)
    watched.calls.clear()
    assert_letters(run(letters, tmp_path))
    assert watched.calls == []


def test_a_sweep_goes_on_after_an_interrupt(tmp_path, watched):
    watched.fail, watched.error = [2], KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt, match=r"2 of 6 cells are in .*: the same call runs what"):
        run(letters, tmp_path)
    assert len(files(tmp_path)) == 2
    watched.fail = ()
    watched.calls.clear()
    assert_letters(run(letters, tmp_path))
    assert [call["a"] for call in watched.calls] == [2, 2, 3, 3]


def test_an_interrupt_while_a_cell_is_written_does_not_lose_it(tmp_path, watched, monkeypatch):
    write, stops = Cell.write, [KeyboardInterrupt]

    def stopped_once(cell, arrays):
        if cell.settings["a"] == 2 and stops:
            raise stops.pop()
        write(cell, arrays)

    monkeypatch.setattr(Cell, "write", stopped_once)
    with pytest.raises(KeyboardInterrupt, match="3 of 6 cells"):
        run(letters, tmp_path)
    assert len(files(tmp_path)) == len(watched.calls) == 3


def test_a_cell_that_ends_python_is_a_failure(tmp_path, watched):
    watched.fail, watched.error = [2], SystemExit
    with pytest.raises(SweepError, match=r"2 of 6 cells failed: .*SystemExit"):
        run(letters, tmp_path)
    assert len(files(tmp_path)) == 4


def test_a_larger_grid_runs_only_what_is_new(tmp_path, watched):
    run(letters, tmp_path)
    watched.calls.clear()
    found = run(letters, tmp_path, {"a": [0, *GRID["a"]], "b": GRID["b"]})
    assert [call["a"] for call in watched.calls] == [0, 0]
    assert found.values["lone"][:, 0].tolist() == [0, 1, 2, 3]


def test_a_tilde_is_the_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    run(letters, "~/cells")
    assert len(files(tmp_path / "home" / "cells")) == 6
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    with pytest.raises(ValueError, match=r"folder: ~nobody-is-called-so/x names a home that is no"):
        run(letters, "~nobody-is-called-so/x")


NOTEBOOK = """
FACTOR = 2

def cell(*, a):
    return {"a": scaled(a)}

def scaled(a):
    return a * FACTOR
"""


@pytest.mark.parametrize(
    ("old", "new", "wanted"), [("a *", "a +", 7), ("= 2", "= 3", 15), ("(a)}", "(a) + 1}", 11)]
)
def test_an_edited_function_is_another_one(tmp_path, monkeypatch, old, new, wanted):
    """So it is if what it uses of its notebook is edited; names stay what they are."""
    found = []
    for program in (NOTEBOOK, NOTEBOOK.replace(old, new), NOTEBOOK):
        cell = load_source(monkeypatch, tmp_path, program).cell
        found.append(run(cell, tmp_path, {"a": [5]}).values["a"].item())
    assert found == [10, wanted, 10]
    assert len(files(tmp_path)) == 2


def test_other_settings_and_functions_live_in_the_same_folder(tmp_path):
    once, twice, four = (
        run(function, tmp_path).values["lone"].sum() + len(files(tmp_path))
        for function in (letters, partial(letters, scale=2.0), partial(letters, scale=4.0))
    )
    assert (once, twice, four) == (12 + 6, 12 + 12, 12 + 18)
    assert run(partial(letters, scale=2.0), tmp_path).values["number"][0, 0, 0] == 2
    assert run(letters, tmp_path).values["number"][0, 0, 0] == 1


def test_a_file_has_its_settings_and_no_pickle(tmp_path):
    run(partial(letters, scale=2.0), tmp_path)
    path = files(tmp_path)[0]
    assert path.name.startswith("a=1_b=x-")
    with np.load(path, allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
    assert about["settings"] == {"scale": 2.0, "a": 1, "b": "x"}
    assert about["function"].startswith(f"{__name__}.letters ")


def test_damage_anywhere_is_named_and_run_again_or_harmless(tmp_path):
    grid = {"a": [1], "b": ["x"]}
    run(letters, tmp_path, grid)
    (path,) = files(tmp_path)
    raw, refused = path.read_bytes(), 0
    for place in range(0, len(raw), 31):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = run(letters, tmp_path, grid)
        refused += len(caught)
        assert all(f"{path} is damaged or foreign" in str(w.message) for w in caught)
        assert found.values["number"].tolist() == [[[1, ord("x")]]]
    assert refused > 10


def test_a_file_cut_short_is_run_again(tmp_path):
    run(letters, tmp_path)
    path = files(tmp_path)[0]
    os.truncate(path, path.stat().st_size // 2)
    with pytest.warns(UserWarning, match=r"a=1_b=x-\w+\.npz is damaged or foreign .* runs again"):
        run(letters, tmp_path)
    assert_letters(run(letters, tmp_path))


@pytest.mark.parametrize("foreign", ["another cell", "an array", "text", "no description"])
def test_a_foreign_file_is_named_and_run_again(tmp_path, foreign):
    run(letters, tmp_path)
    mine, other, *_ = files(tmp_path)
    if foreign == "another cell":
        mine.write_bytes(other.read_bytes())
    elif foreign == "text":
        mine.write_text("something else")
    else:
        with mine.open("wb") as file:
            save = np.save if foreign == "an array" else np.savez
            save(file, np.zeros(3))
    with pytest.warns(UserWarning, match=r"is damaged or foreign"):
        assert_letters(run(letters, tmp_path))
    assert_letters(run(letters, tmp_path))


# --- what goes wrong -------------------------------------------------------------------------


def test_a_failing_cell_does_not_lose_the_others(tmp_path, watched):
    message = (
        r"2 of 6 cells failed: a=2, b=x; a=2, b=y\. The first said ValueError\('no 2'\)\. "
        r"The others are in .*: the same call runs what is missing"
    )
    watched.fail = [2]
    with pytest.raises(SweepError, match=message) as caught:
        run(letters, tmp_path)
    assert isinstance(caught.value.__cause__, ValueError)
    assert len(files(tmp_path)) == 4
    watched.fail = ()
    watched.calls.clear()
    assert_letters(run(letters, tmp_path))
    assert len(watched.calls) == 2


def test_of_many_failures_some_are_named(tmp_path, watched):
    watched.fail = range(30)
    with pytest.raises(SweepError, match=r"30 of 30 cells failed: a=0; a=1; .*; a=9; …\. The f"):
        run(ragged, tmp_path, {"a": list(range(30))})


def troubled(*, a):
    """End the process at a = 2; fail at a = 3 and, so that no other process can read it, at 4."""
    if a == 2:
        os._exit(7)
    if a == 3:
        raise ValueError("not 3")
    if a == 4:
        raise UnreadableError(1, 2)
    return {"noise": np.random.default_rng(a).random(5), "threads": torch.get_num_threads()}


class UnreadableError(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


@pytest.mark.slow
def test_the_cell_that_kills_its_process_is_named_and_the_others_are_kept(tmp_path):
    """Slow: two processes are started with torch in them, and another one when one dies.

    Here torch has computed with several threads: a forked process would wait for them for ever.
    """
    torch.ones(400, 400) @ torch.ones(400, 400)
    message = r"3 of 7 cells failed: a=2; a=3; a=4\. .*'its process died with exit code 7'"
    with pytest.raises(SweepError, match=message):
        run(troubled, tmp_path, {"a": [0, 1, 2, 3, 4, 5, 6]}, executor=2)
    assert [path.name[:3] for path in files(tmp_path)] == ["a=0", "a=1", "a=5", "a=6"]
    found = run(troubled, tmp_path, {"a": [0, 1, 5, 6]}).values
    assert np.array_equal(found["noise"], [troubled(a=a)["noise"] for a in (0, 1, 5, 6)])
    assert set(found["threads"]) == {1}
    assert multiprocessing.active_children() == []


def test_an_error_can_be_sent_to_another_process_with_its_traceback():
    class OfNoModuleError(Exception):
        pass

    def sent(error):
        here, there = multiprocessing.Pipe()
        try:
            raise error
        except Exception as raised:
            engines._send(here, raised)
        return there.recv()

    assert repr(sent(ValueError("not 3"))) == "ValueError('not 3')"
    # Another error with its name; or itself, where Dask is loaded and teaches errors to travel.
    assert re.search("UnreadableError.*1 and 2", repr(sent(UnreadableError(1, 2))))
    assert "OfNoModuleError: no" in repr(sent(OfNoModuleError("no")))
    for error in (ValueError(3), UnreadableError(1, 2), OfNoModuleError()):
        assert "raise error" in sent(error).__notes__[0]


SCRIPT = """
from fpkit.sweep import sweep

def cell(*, a):
    return {"a": a}

sweep(cell, {"a": [1, 2]}, folder="cells", executor=1)
"""


@pytest.mark.slow
def test_processes_of_a_script_that_would_start_others(tmp_path):
    """Slow: Python is started twice, with torch in it."""
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "script.py"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.stderr.splitlines()[-1].endswith(
        "SweepError: executor: a process ended with exit code 1 before its first cell; in a "
        'script, call sweep under: if __name__ == "__main__":'
    )
    assert list((tmp_path / "cells").iterdir()) == []


def test_processes_do_not_find_what_a_notebook_defines(tmp_path, monkeypatch):
    notebook = load_source(monkeypatch, tmp_path, NOTEBOOK, "__main__")
    del notebook.__file__
    with pytest.raises(ValueError, match=r"function: cell is defined in a notebook .* into a file"):
        run(partial(notebook.cell), tmp_path, {"a": [1]}, executor=1)
    assert run(notebook.cell, tmp_path, {"a": [1]}).values["a"].tolist() == [2]


def waits_at_two(*, a, folder):
    """Wait at a = 2, as a long training does, until the test is over."""
    if a == 2:
        Path(folder, "waits").touch()
        while not Path(folder, "over").exists():
            time.sleep(0.02)
    return {"a": a}


def interrupted(folder, executor):
    """Interrupt a sweep when one cell is on disk and the next one waits."""

    def interrupt():
        while not ((folder / "waits").exists() and files(folder)):
            time.sleep(0.02)
        _thread.interrupt_main()

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt, match="1 of 3 cells are in"):
        run(partial(waits_at_two, folder=str(folder)), folder, {"a": [1, 2, 3]}, executor=executor)
    assert [path.name[:3] for path in files(folder)] == ["a=1"]


def test_an_interrupt_keeps_what_processes_have_finished_and_ends_them(tmp_path):
    """Slow: a process is started with torch in it."""
    interrupted(tmp_path, 1)
    assert multiprocessing.active_children() == []


def test_an_interrupt_keeps_what_a_cluster_has_finished(tmp_path):
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False}
    with distributed.Client(**options, dashboard_address=":0") as client:
        interrupted(tmp_path, client)
        (tmp_path / "over").touch()


def test_an_interrupt_keeps_what_threads_have_finished(tmp_path, monkeypatch):
    """All cells are finished when the first is written, and that is when it is stopped."""
    write, stops = Cell.write, [KeyboardInterrupt]

    def stopped_once(cell, arrays):
        if stops:
            executor.shutdown()
            raise stops.pop()
        write(cell, arrays)

    monkeypatch.setattr(Cell, "write", stopped_once)
    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(KeyboardInterrupt, match="6 of 6 cells are in"),
    ):
        run(letters, tmp_path, executor=executor)
    assert len(files(tmp_path)) == 6


def kills(*, a):
    """Kill the process at a = 2."""
    if a == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"a": a}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows kills in another way")
@pytest.mark.parametrize("workers", [1, 2])
def test_the_cell_that_kills_its_worker_on_a_cluster_is_named(tmp_path, workers):
    """And no other, though Dask blames all that are on the worker.

    Slow: a worker is started again when the cell has killed it among others, and again when it
    has alone. Dask is told not to try four times each, which it does if it is told nothing.
    """
    distributed = pytest.importorskip("distributed")
    import dask

    options = {"n_workers": workers, "threads_per_worker": 1, "processes": True}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(**options, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(SweepError, match=r"1 of 5 cells failed: a=2\. The first said KilledWorker"),
    ):
        run(kills, tmp_path, {"a": [0, 1, 2, 3, 4]}, executor=client)
    assert [path.name[:3] for path in files(tmp_path)] == ["a=0", "a=1", "a=3", "a=4"]


@pytest.mark.parametrize(
    ("executor", "message"),
    [
        (0, "executor: expected a whole number of at least 1, got 0"),
        (True, "executor: expected a whole number of at least 1, got True"),
        ("four", "executor: expected None, a number of processes, a Dask client or an executor"),
    ],
)
def test_an_executor_that_is_none(tmp_path, executor, message):
    with pytest.raises(ValueError, match=message):
        run(letters, tmp_path, executor=executor)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_a_pool_of_processes_is_refused(tmp_path, method):
    """A forked one would wait for ever, and any is of no use once a process died."""
    context = multiprocessing.get_context(method)
    with (
        ProcessPoolExecutor(2, mp_context=context) as executor,
        pytest.raises(ValueError, match=r"executor: got a ProcessPoolExec.*; give a number of pro"),
    ):
        run(letters, tmp_path, executor=executor)


def test_an_executor_of_dask_is_refused(tmp_path):
    executor = pytest.importorskip("distributed.cfexecutor").ClientExecutor(None)
    with pytest.raises(
        ValueError, match=r"executor: got a ClientExecutor, .*; give the Dask client"
    ):
        run(letters, tmp_path, executor=executor)


def test_an_executor_that_takes_no_more_cells(tmp_path):
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(SweepError, match=r"6 of 6 cells failed.*after shutdown"):
        run(letters, tmp_path, executor=executor)


def test_a_full_disk_is_an_error_at_once(tmp_path, monkeypatch, watched):
    def run_out(file, **_):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", run_out)
    with pytest.raises(OSError, match="No space left"):
        run(letters, tmp_path)
    assert len(watched.calls) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_is_found_before_anything_runs(tmp_path, watched):
    (tmp_path / "file").touch()
    with pytest.raises(SweepError, match=r"cannot write to .*folder: \w"):
        run(letters, tmp_path / "file" / "folder")
    assert watched.calls == []


def test_cells_of_different_shapes(tmp_path):
    message = r"expected the same names and shapes .* got \{'a': \(1,\)\} for a=1 and .*for a=2"
    with pytest.raises(ValueError, match=message):
        run(ragged, tmp_path, {"a": [1, 2]})


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (3, "expected arrays by name, got 3"),
        ({}, r"expected arrays by name, got \{\}"),
        ({"a": "text"}, "expected numbers for 'a', got <U4"),
        ({"a": [None]}, "expected numbers for 'a', got object"),
    ],
)
def test_what_is_not_arrays_by_name(tmp_path, returned, message):
    with pytest.raises(SweepError, match=message):
        run(partial(gives, returned=returned), tmp_path, {"a": [1]})
    assert files(tmp_path) == []


def gives(*, a, returned):
    return returned


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({}, "grid: expected at least one setting with its values, got none"),
        ({"a": []}, "grid: expected at least one value for 'a', got none"),
        ({"a": "xyz"}, "grid: expected a list of values for 'a', got 'xyz'"),
        ({"a": 3}, "grid: expected a list of values for 'a', got 3"),
        ({"a": [1, 2, 1]}, r"grid: 'a' has a value twice: \(1, 2, 1\)"),
        ({"a": [(1, 2)]}, r"grid: expected text, finite numbers, .* for 'a', got \(1, 2\)"),
        ({"a": [float("nan")]}, "grid: expected text, finite numbers, .* for 'a', got nan"),
        ({"a": [1j]}, "grid: expected text, finite numbers, .* for 'a', got 1j"),
    ],
)
def test_a_grid_that_is_none(tmp_path, grid, message):
    with pytest.raises(ValueError, match=message):
        run(letters, tmp_path, grid)


def test_fixed_settings_that_json_cannot_hold(tmp_path):
    with pytest.raises(ValueError, match=r"function: its fixed settings must be JSON, got \{'sca"):
        run(partial(letters, scale=np.zeros(2)), tmp_path)
    with pytest.raises(ValueError, match=r"function: give its settings by name, not \(1,\)"):
        run(partial(letters, 1), tmp_path)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda *, a: {"a": a}, "function: got a lambda, which no name finds again; define a func"),
        (partial(lambda *, a, b: {"a": a}, b=1), "function: got a lambda, which no name finds"),
        (SimpleNamespace(), "function: got types.SimpleNamespace object, which may change unseen"),
        (Path("x").joinpath, "function: got pathlib.PurePath.joinpath, a method that is bound to"),
    ],
)
def test_a_function_that_cannot_be_told_from_others(tmp_path, function, message):
    with pytest.raises(ValueError, match=message):
        run(function, tmp_path, {"a": [1]})
    assert list(tmp_path.iterdir()) == []
