"""The command line, called as a function."""

import io
import os
import signal
import subprocess
import sys

import pytest

from fpkit.__main__ import main
from fpkit.interruption import watched
from fpkit.reproduce import chapters, results
from fpkit.tests import interrupted_at, make_book

CHAPTER = """\
from book.one_dimension.experiments import white_noise
from fpkit.reproduce import Experiment

quick = {"n": 16, "seeds": [0], "steps": 20, "record_every": 2}
FIGURE = "a figure"
tiny = Experiment(white_noise, FIGURE, **quick)
other = Experiment(white_noise, "control", **quick)
"""


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Make a book with the experiments "tiny" and "other"; the empty folder of their results."""
    make_book(monkeypatch, tmp_path / "project", "small", experiments=CHAPTER)
    monkeypatch.setenv("FPKIT_RESULTS", str(tmp_path / "results"))
    (tmp_path / "results").mkdir()
    return tmp_path / "results"


def stored(folder):
    return sorted(path.name for path in folder.iterdir())


def test_list_says_what_is_stored(folder, capsys):
    results.store("tiny", progress=False)
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["small", "tiny", "stored"],
        ["small", "other", "-"],
    ]
    assert lines[0].endswith(" a figure")
    assert main(["list", "small"]) == 0
    assert capsys.readouterr().out.splitlines() == lines


def test_list_imports_neither_torch_nor_the_chapters():
    code = """
import sys
from fpkit.__main__ import main
main(["list"])
print(*(name for name in sys.modules if name.startswith(("torch", "book."))), file=sys.stderr)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stderr.split() == []
    assert len(said.stdout.splitlines()) == len(chapters.experiments())


@pytest.mark.parametrize("command", ["list", "run", "replay"])
def test_a_chapter_that_is_not_in_the_contents_is_told(folder, capsys, command):
    page = chapters.book() / "more" / "more.md"
    page.parent.mkdir()
    page.touch()
    assert main([command, "more"]) == 2
    assert "'more' is not in _toc.yml: add - file: book/more/more" in capsys.readouterr().err


def test_a_chapter_stands_for_its_experiments(folder):
    assert main(["run", "small"]) == 0
    assert stored(folder) == ["other.npz", "tiny.npz"]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_console_without_greek_letters_gets_the_rest(folder, monkeypatch, encoding):
    """As on Windows, where a pipe has the encoding of the country."""
    monkeypatch.setattr(chapters, "figure", lambda _: "the rate η, 3 × as high")
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
    assert "error: no result is stored; " in said_error


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
        (["replay"], "error: no result is stored; "),
        (["run"], "error: name an experiment or a chapter, or use --all"),
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


@pytest.mark.usefixtures("each_step")
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


@pytest.mark.slow
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
