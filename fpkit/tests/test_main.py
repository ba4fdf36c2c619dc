"""The command line, called as a function."""

import io
import subprocess
import sys

import pytest

from fpkit import experiments, results
from fpkit.__main__ import main
from fpkit.checkpoint import Checkpoint


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


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_without_greek_letters_gets_the_rest(folder, monkeypatch, encoding):
    """As on Windows, where a pipe has the encoding of the country."""
    monkeypatch.setattr(experiments.known()["tiny"], "figure", "the rate η, 3 × as high")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("FPKIT_RESULTS", str(folder / "η"))
    assert main(["list"]) == 0
    assert main(["replay"]) == 2
    for stream in (out, err):
        stream.flush()
    said, said_error = (stream.buffer.getvalue().decode(encoding) for stream in (out, err))
    assert "the rate ?, 3 " in said
    assert len(said.splitlines()) == 2
    assert "error: no result is stored in" in said_error


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
    assert capsys.readouterr().out.startswith("tiny: 0 of what rounding can do, ")


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


def test_interruption_says_how_to_go_on(folder, monkeypatch, capsys):
    def stop(self, **_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    monkeypatch.setattr(Checkpoint, "save", stop)
    with pytest.warns(UserWarning, match="stopped by hand"):
        assert main(["run", "tiny"]) == 130
    assert "stopped; the same command goes on where it was" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe has no error of its own there")
def test_a_reader_who_has_enough_is_no_error():
    """As `python -m fpkit list | head` reads the first lines only."""
    command = [sys.executable, "-m", "fpkit", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")
