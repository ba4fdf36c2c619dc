"""The command line, called as a function."""

import os
import signal
import subprocess
import sys

import pytest

from fpkit import experiments, results
from fpkit.__main__ import main
from fpkit.interruption import watched

from . import interrupted_at


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Leave only the experiments "tiny" and "other"; the empty folder of their results."""
    function = experiments.get("white_noise").function
    quick = {"n": 16, "seeds": [0], "steps": 20, "record_every": 2}
    known = {
        name: experiments.Experiment(name, "a figure", function, **quick)
        for name in ("tiny", "other")
    }
    monkeypatch.setattr(experiments, "known", lambda: known)
    monkeypatch.setenv("FPKIT_RESULTS", str(tmp_path))
    return tmp_path


def stored(folder):
    return sorted(path.name for path in folder.iterdir())


def test_list_says_what_is_stored(folder, capsys):
    results.store("tiny", progress=False)
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["tiny", "stored"], ["other", "-"]]
    assert "a figure: White noise" in lines[0]


def test_list_says_where_it_looked_when_nothing_is_stored(folder, capsys):
    assert main(["list"]) == 0
    said = capsys.readouterr()
    assert [line.split()[:2] for line in said.out.splitlines()] == [["tiny", "-"], ["other", "-"]]
    assert said.err.startswith(f"no result is stored in {folder}; FPKIT_RESULTS")


def test_run_stores(folder, capsys):
    assert main(["run", "tiny"]) == 0
    assert stored(folder) == ["tiny.npz"]
    assert f"KB in {folder / 'tiny.npz'}" in capsys.readouterr().out


def test_run_missing_leaves_what_is_there(folder, capsys):
    results.store("tiny", progress=False)
    before = (folder / "tiny.npz").read_bytes()
    assert main(["run", "--missing"]) == 0
    assert stored(folder) == ["other.npz", "tiny.npz"]
    assert (folder / "tiny.npz").read_bytes() == before
    assert main(["run", "--missing"]) == 0
    assert "tiny:" not in capsys.readouterr().out


def test_run_all_runs_what_is_there_too(folder, capsys):
    results.store("tiny", progress=False)
    assert main(["run", "--all"]) == 0
    output = capsys.readouterr().out
    assert "tiny: " in output
    assert "other: " in output


@pytest.mark.parametrize("names", [[], ["tiny"]])
def test_replay_compares(folder, capsys, names):
    results.store("tiny", progress=False)
    assert main(["replay", *names]) == 0
    assert capsys.readouterr().out.startswith("tiny: deviation ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "tniy"], "error: experiment: 'tniy' is not known; did you mean 'tiny'"),
        (["run", "other", "tniy"], "error: experiment: 'tniy' is not known"),
        (["replay", "tniy"], "error: experiment: 'tniy' is not known"),
        (["replay", "tiny"], "tiny.npz does not exist; compute it again with"),
        (["replay"], "error: no result is stored in"),
        (["run"], "error: name an experiment, or use --all or --missing; see: list"),
    ],
)
def test_error_goes_to_stderr_with_status_2(folder, capsys, arguments, message):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""
    assert stored(folder) == []


@pytest.mark.parametrize("arguments", [[], ["walk"]])
def test_unknown_command(capsys, arguments):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage: python -m fpkit" in capsys.readouterr().err


def test_interruption_loses_nothing_and_says_how_to_go_on(folder, capsys):
    with interrupted_at(7, "the same call goes on at step 7"):
        assert main(["run", "tiny"]) == 130
    assert "stopped; the same command goes on where it was" in capsys.readouterr().err
    assert stored(folder) == ["tiny.checkpoint.part"]
    seen = []
    with watched(lambda step, _: seen.append(step)):
        assert main(["run", "tiny"]) == 0
    assert seen == list(range(8, 21))
    assert stored(folder) == ["tiny.npz"]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is for a whole console there")
def test_ctrl_c_for_a_process_of_its_own(tmp_path):
    """The signal itself, from outside, while a long run trains."""
    command = [sys.executable, "-m", "fpkit", "run", "staircase"]
    settings = {**os.environ, "FPKIT_RESULTS": str(tmp_path)}
    settings.pop("FPKIT_STATIC", None)  # else there is no progress to wait for
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as process:
        said = ""
        while "training" not in said and process.poll() is None:
            said += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert said.endswith("stopped; the same command goes on where it was\n")
    assert [path.name for path in tmp_path.iterdir()] == ["staircase.checkpoint.part"]


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe has no error of its own there")
def test_a_reader_who_has_enough_is_no_error():
    """As `python -m fpkit list | head` reads the first lines only."""
    command = [sys.executable, "-m", "fpkit", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")
