"""Faults, for real: processes killed, disks full, folders read-only, two writers. Nothing is lost.

What may be done to the bytes of a file (changed, cut short, others) is tested with those who read
it, and what mirrors may do in `book/tests/test_datasets.py`.
"""

import hashlib
import http.server
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
import torch

from book import downloads
from book.downloads import DataError
from fpkit import train
from fpkit.__main__ import main
from fpkit.cell_files import Cell
from fpkit.checkpoint import Checkpoint
from fpkit.files import replace_file
from fpkit.networks import MLP
from fpkit.reproduce import ResultError, results
from fpkit.sweep import SweepError, sweep
from fpkit.tests import HOUR, use_tiny

try:
    import resource
except ImportError:
    resource = None

POSIX = pytest.mark.skipif(
    resource is None, reason="Windows has neither the signal nor limits for files nor such folders"
)
# On Linux children are forked from one process that has all modules in memory, also the one that
# torch loads when a training begins: that saves seconds for each. Elsewhere a fork is not safe.
PROCESSES = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
PROCESSES.set_forkserver_preload([__name__, "torch._dynamo"])
BIG = np.random.default_rng(0).bytes(1_000_000)
GRID = {"a": [1, 2, 3, 4]}
# One such process is enough.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


def square(*, a):
    return {"square": np.random.default_rng(a).random(500) + a * a}


def run_sweep(folder):
    return sweep(square, GRID, folder=folder, progress=False).values["square"]


def run_command(folder):
    """``python -m fpkit run tiny``: 21 checkpoints, one at every step, and the result."""
    with pytest.MonkeyPatch.context() as patch:
        use_tiny(patch, folder)
        patch.setattr(Checkpoint, "due", lambda _: True)
        patch.setattr("fpkit.parts.PATIENCE", 1)
        return main(["run", "tiny"])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def saved(monkeypatch):
    """The steps at which checkpoints were saved."""
    steps, save = [], Checkpoint.save

    def note(self, **state):
        steps.append(state["step"])
        save(self, **state)

    monkeypatch.setattr(Checkpoint, "save", note)
    return steps


@pytest.fixture
def calls(monkeypatch):
    """What the cells that this process runs were called with."""
    noted, run = [], Cell.run

    def note(cell):
        noted.append(cell.settings["a"])
        return run(cell)

    monkeypatch.setattr(Cell, "run", note)
    return noted


# --- killed ----------------------------------------------------------------------------------


def die_at(number, act, folder):
    """Do something, and be killed when half of the file of that number is written."""
    written = []

    def replace(source, target):
        written.append(source)
        if len(written) == number:
            os.truncate(source, os.path.getsize(source) // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        move(source, target)

    move, os.replace = os.replace, replace
    act(folder)


def kill_at(number, act, folder):
    """Let a process do something, and kill it; return the names it left, without the half file."""
    process = PROCESSES.Process(target=die_at, args=(number, act, folder))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    process.close()
    half = [name for name in names(folder) if len(name.split(".")[-2]) == 12]
    assert len(half) == 1
    return [name for name in names(folder) if name not in half]


@POSIX
@pytest.mark.parametrize("number", [1, 6, 7, 21, 22])
def test_a_run_that_is_killed_goes_on(tmp_path, tmp_path_factory, saved, number):
    """At the first checkpoint, in the middle, at the last one, and when the result is written."""
    other = tmp_path_factory.mktemp("whole")
    run_command(other)
    saved.clear()
    kept = kill_at(number, run_command, tmp_path)
    assert kept == (["tiny.checkpoint.part"] if number > 1 else [])
    assert run_command(tmp_path) == 0
    assert saved[0] == max(0, number - 2)  # the step of the checkpoint before
    found, whole = (load(folder / "tiny.npz") for folder in (tmp_path, other))
    for key in ("losses", "errors", "outputs"):
        assert np.array_equal(found[key], whole[key])


def load(path):
    """Return the arrays of a file; one that is not whole is an error."""
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


@POSIX
def test_a_result_is_there_until_a_new_one_is_whole(tmp_path):
    run_command(tmp_path)
    before = (tmp_path / "tiny.npz").read_bytes()
    assert kill_at(22, run_command, tmp_path) == ["tiny.checkpoint.part", "tiny.npz"]
    assert (tmp_path / "tiny.npz").read_bytes() == before


@POSIX
@pytest.mark.parametrize("number", [1, 3])
def test_a_sweep_that_is_killed_goes_on(tmp_path, calls, number):
    kept = kill_at(number, run_sweep, tmp_path)
    assert len(kept) == number - 1
    found = run_sweep(tmp_path)
    assert calls == GRID["a"][number - 1 :]
    assert np.array_equal(found, run_sweep(tmp_path / "anew"))


@contextmanager
def mirror(send):
    """Serve whatever `send` writes to a file; the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):  # whoever asked may be dead
                send(self.wfile)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def fetch(address, cache):
    """Download a file of one megabyte from either of two mirrors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FPKIT_DATA", raising=False)
        patch.setitem(downloads.SHA256, "big.gz", hashlib.sha256(BIG).hexdigest())
        patch.setattr(downloads.pooch, "os_cache", lambda _: cache)
        return downloads.fetch("big.gz", [address, address])


def test_a_download_that_is_killed_is_no_file(tmp_path):
    half, released = threading.Event(), threading.Event()

    def send(file):
        file.write(BIG[: len(BIG) // 2])
        half.set()
        released.wait()
        file.write(BIG[len(BIG) // 2 :])

    with mirror(send) as address:
        process = PROCESSES.Process(target=fetch, args=(address, tmp_path))
        process.start()
        while not half.wait(0.1):
            assert process.is_alive()
        while not any(path.stat().st_size for path in tmp_path.iterdir()):
            time.sleep(0.01)
        process.kill()
        process.join()
        released.set()
        assert "big.gz" not in names(tmp_path)
        assert fetch(address, tmp_path).read_bytes() == BIG
    process.close()


# --- a full disk -----------------------------------------------------------------------------


@contextmanager
def room_for(size):
    """Let no file grow beyond so many bytes: the write that would is an error."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refuse(*_, **__):
    raise AssertionError("this must not be called")


@POSIX
@pytest.mark.parametrize(
    ("of", "changes"),
    [
        ("white_noise", {}),
        ("descent_or_adam", {"width": 8}),
        ("phase_diagram", {"gains": [1.0, 4.0], "gaps": [1, 2], "width": 8}),
    ],
    ids=["one training", "two trainings", "a sweep"],
)
def test_what_was_trained_outlives_a_disk_that_is_full_at_the_end(
    tmp_path, monkeypatch, of, changes
):
    use_tiny(monkeypatch, tmp_path, of, **changes)
    save = results.save

    def no_room(*args):
        with room_for(1_000):
            save(*args)

    with monkeypatch.context() as patch:
        patch.setattr(results, "save", no_room)
        with pytest.raises(ResultError, match=r"cannot write .*tiny.npz: File too large; the fil"):
            results.store("tiny", progress=False)
    assert "tiny.npz" not in names(tmp_path)
    monkeypatch.setattr(torch.Tensor, "backward", refuse)
    results.store("tiny", progress=False)
    assert names(tmp_path) == ["tiny.npz"]


@POSIX
def test_a_disk_that_is_full_during_a_run_leaves_the_last_checkpoint(
    tmp_path, monkeypatch, capsys, saved
):
    save = Checkpoint.save

    def no_room(self, **state):
        with room_for(1_000 if state["step"] == 6 else resource.RLIM_INFINITY):
            save(self, **state)

    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "save", no_room)
        assert run_command(tmp_path) == 2
    assert "error: [Errno 27] File too large" in capsys.readouterr().err
    assert names(tmp_path) == ["tiny.checkpoint.part"]
    saved.clear()
    assert run_command(tmp_path) == 0
    assert saved[0] == 5


@POSIX
def test_a_disk_that_is_full_during_a_sweep_keeps_finished_cells(tmp_path, monkeypatch, calls):
    write = Cell.write

    def no_room(self, arrays):
        with room_for(1_000 if self.settings["a"] == 3 else resource.RLIM_INFINITY):
            write(self, arrays)

    with monkeypatch.context() as patch:
        patch.setattr(Cell, "write", no_room)
        with pytest.raises(OSError, match="File too large"):
            run_sweep(tmp_path)
    assert [name[:3] for name in names(tmp_path)] == ["a=1", "a=2"]
    found = run_sweep(tmp_path)
    assert calls == [1, 2, 3, 3, 4]
    assert np.array_equal(found, run_sweep(tmp_path / "anew"))


@POSIX
def test_a_download_that_finds_no_room_asks_no_other_mirror(tmp_path):
    asked = []

    def send(file):
        asked.append(file)
        file.write(BIG)

    with mirror(send) as address:
        full = rf"cannot write {re.escape(str(tmp_path))}/big.gz: File too large"
        with room_for(1_000), pytest.raises(DataError, match=full):
            fetch(address, tmp_path)
        assert len(asked) == 1
        assert names(tmp_path) == []
        assert fetch(address, tmp_path).read_bytes() == BIG


# --- a folder that may only be read ----------------------------------------------------------


@pytest.fixture
def read_only():
    """A folder in which this process cannot write, not even if it is root's."""
    folder, user = Path(tempfile.mkdtemp()), os.geteuid()
    folder.chmod(0o555)
    if user == 0:
        os.seteuid(65_534)
    yield folder
    os.seteuid(user)
    shutil.rmtree(folder)


@POSIX
def test_nothing_runs_if_its_result_cannot_be_written(read_only, monkeypatch):
    use_tiny(monkeypatch, read_only)
    monkeypatch.setattr(results, "run", refuse)
    with pytest.raises(ResultError, match=rf"cannot write to {read_only}: Permission denied"):
        results.store("tiny")


@POSIX
def test_no_training_begins_if_its_checkpoint_cannot_be_written(read_only):
    nets, x = MLP([1, 4, 1], weight_std=0.5), np.arange(3.0)
    with pytest.raises(ValueError, match=rf"checkpoint: cannot write to {read_only}: Permission"):
        train(nets, x, x, steps=1, lr=0.1, checkpoint=read_only / "run.part", loss=refuse)


@POSIX
def test_no_cell_runs_if_it_cannot_be_written(read_only, calls):
    with pytest.raises(SweepError, match=rf"cannot write to {read_only}: Permission denied"):
        run_sweep(read_only)
    assert calls == []


@POSIX
def test_nothing_is_downloaded_if_it_cannot_be_kept(read_only, monkeypatch):
    monkeypatch.setattr(downloads.pooch, "os_cache", lambda _: read_only)
    monkeypatch.setattr(downloads.pooch, "HTTPDownloader", refuse)
    monkeypatch.delenv("FPKIT_DATA", raising=False)
    with pytest.raises(DataError, match=rf"cannot write to {read_only}/mnist: Permission denied"):
        downloads.fetch("mnist/train-labels-idx1-ubyte.gz", ["http://127.0.0.1:9/"])


# --- two writers -----------------------------------------------------------------------------


def test_two_writers_do_not_mix(tmp_path):
    both = threading.Barrier(2, timeout=HOUR)

    def write(temporary, letter):
        with temporary.open("w") as file:
            for _ in range(3):
                both.wait()
                file.write(letter)
                file.flush()

    def writer(letter):
        replace_file(tmp_path / "file", lambda temporary: write(temporary, letter))

    threads = [threading.Thread(target=writer, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "file").read_text() in ("aaa", "bbb")
    assert names(tmp_path) == ["file"]


def at_once(act, folder):
    """Let two processes do something at the same time."""
    processes = [PROCESSES.Process(target=act, args=(folder,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
        process.close()


def command(folder):
    sys.exit(run_command(folder))


def test_two_processes_may_run_the_same_experiment(tmp_path):
    at_once(command, tmp_path)
    assert names(tmp_path) == ["tiny.npz"]
    assert load(tmp_path / "tiny.npz")["losses"].shape == (2, 11)


def test_two_processes_may_run_the_same_sweep(tmp_path, calls):
    at_once(run_sweep, tmp_path)
    found = run_sweep(tmp_path)
    assert calls == []
    assert len(names(tmp_path)) == 4
    assert np.array_equal(found, run_sweep(tmp_path / "anew"))
