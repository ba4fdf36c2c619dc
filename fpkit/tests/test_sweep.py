"""Sweeps: every cell once, in the grid's order, kept on disk, and taken up again."""

import json
import multiprocessing
import os
import signal
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from fpkit import sweep as sweeps
from fpkit.sweep import SweepError, sweep

GRID = {"a": [1, 2, 3], "b": ["x", "y"]}


def letters(*, a, b, scale=1.0):
    """Return numbers from which the settings can be read off."""
    return {"number": np.array([a, ord(b)]) * scale, "lone": a}


def dies_once(*, a, folder):
    """End the whole process at a = 2, the first time."""
    mark = os.path.join(folder, "died")
    if a == 2 and not os.path.exists(mark):
        open(mark, "w").close()
        os._exit(1)
    return {"a": a}


def seeded(*, seed):
    return {"noise": np.random.default_rng(seed).standard_normal(5)}


def ragged(*, a):
    return {"a": np.zeros(a)}


class Counting:
    """A function that knows how often it was called, and fails where it is told to."""

    def __init__(self, fail=(), error=ValueError):
        self.calls, self.fail, self.error = [], set(fail), error

    def __call__(self, **settings):
        self.calls.append(settings)
        if settings["a"] in self.fail:
            raise self.error(f"no {settings['a']}")
        return letters(**settings)


def run(function, folder, grid=GRID, **options):
    return sweep(function, grid, folder=folder, progress=False, **options)


def pool(processes):
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


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


def test_cells_are_in_the_order_of_the_grid(tmp_path):
    function = Counting()
    found = run(function, tmp_path)
    assert found.grid == {"a": (1, 2, 3), "b": ("x", "y")}
    assert [tuple(call.values()) for call in function.calls[:3]] == [(1, "x"), (1, "y"), (2, "x")]
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


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_do_not_change_the_numbers(tmp_path, processes):
    grid = {"seed": [0, 1, 2, 3]}
    here = run(seeded, tmp_path / "here", grid)
    with pool(processes) as executor:
        there = run(seeded, tmp_path / "there", grid, executor=executor)
    assert np.array_equal(here.values["noise"], there.values["noise"])
    assert [p.name for p in files(tmp_path / "here")] == [p.name for p in files(tmp_path / "there")]


def test_a_cluster_does_not_change_the_numbers(tmp_path):
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False}
    grid = {"seed": [0, 1, 2], "key": [1]}
    with (
        distributed.Client(**options, dashboard_address=None) as client,
        client.get_executor() as executor,
    ):
        there = run(keyed, tmp_path, grid, executor=executor)
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


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows kills in another way")
def test_a_cluster_survives_a_worker_that_is_killed(tmp_path):
    """Its cell runs again on another worker, and no other does; the cluster is known by address."""
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    function = partial(killed_once, folder=str(tmp_path))
    with (
        distributed.LocalCluster(**options, dashboard_address=None) as cluster,
        distributed.Client(cluster.scheduler_address) as client,
        client.get_executor() as executor,
    ):
        found = run(function, tmp_path, {"a": [0, 1, 2, 3]}, executor=executor)
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


def test_what_is_there_is_not_run_again(tmp_path):
    run(Counting(), tmp_path)
    again = Counting()
    assert_letters(run(again, tmp_path))
    assert again.calls == []


def test_a_sweep_goes_on_after_an_interrupt(tmp_path):
    stopped = Counting(fail=[2], error=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        run(stopped, tmp_path)
    assert len(files(tmp_path)) == 2
    again = Counting()
    assert_letters(run(again, tmp_path))
    assert [call["a"] for call in again.calls] == [2, 2, 3, 3]


def test_a_larger_grid_runs_only_what_is_new(tmp_path):
    run(Counting(), tmp_path)
    again = Counting()
    found = run(again, tmp_path, {"a": [0, *GRID["a"]], "b": GRID["b"]})
    assert [call["a"] for call in again.calls] == [0, 0]
    assert found.values["lone"][:, 0].tolist() == [0, 1, 2, 3]


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
    assert about["function"].endswith(".letters")


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


def test_a_failing_cell_does_not_lose_the_others(tmp_path):
    message = (
        r"2 of 6 cells failed: a=2, b=x; a=2, b=y\. The first said ValueError\('no 2'\)\. "
        r"The others are in .*: the same call runs what is missing"
    )
    with pytest.raises(SweepError, match=message) as caught:
        run(Counting(fail=[2]), tmp_path)
    assert isinstance(caught.value.__cause__, ValueError)
    assert len(files(tmp_path)) == 4
    again = Counting()
    assert_letters(run(again, tmp_path))
    assert len(again.calls) == 2


def test_of_many_failures_some_are_named(tmp_path):
    with pytest.raises(SweepError, match=r"30 of 30 cells failed: a=0; a=1; .*; a=9; …\. The f"):
        run(Counting(fail=range(30)), tmp_path, {"a": list(range(30))})


def test_a_killed_process_loses_no_finished_cell(tmp_path):
    function = partial(dies_once, folder=str(tmp_path))
    grid = {"a": [0, 1, 2, 3]}
    with pool(1) as executor, pytest.raises(SweepError, match=r"cells failed: .*a=2.*BrokenProc"):
        run(function, tmp_path, grid, executor=executor)
    kept = {path: path.stat().st_mtime_ns for path in files(tmp_path)}
    assert [path.name[:3] for path in kept] == ["a=0", "a=1"]
    assert not list(tmp_path.glob("*.part"))
    assert (tmp_path / "died").exists()  # so that it may run in this process now
    found = run(function, tmp_path, grid)
    assert found.values["a"].tolist() == [0, 1, 2, 3]
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_an_executor_that_takes_no_more_cells(tmp_path):
    executor = pool(1)
    executor.shutdown()
    with pytest.raises(SweepError, match=r"6 of 6 cells failed.*after shutdown"):
        run(letters, tmp_path, executor=executor)


def test_a_full_disk_is_an_error_at_once(tmp_path, monkeypatch):
    def run_out(file, **_):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", run_out)
    function = Counting()
    with pytest.raises(OSError, match="No space left"):
        run(function, tmp_path)
    assert len(function.calls) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_folder_is_found_before_anything_runs(tmp_path):
    (tmp_path / "file").touch()
    function = Counting()
    with pytest.raises(SweepError, match=r"cannot write to .*folder: \w"):
        run(function, tmp_path / "file" / "folder")
    assert function.calls == []


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
