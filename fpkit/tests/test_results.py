"""Results: run, stored, loaded and replayed."""

import dataclasses
import re

import numpy as np
import pytest

from fpkit.interruption import watched
from fpkit.reproduce import ResultError, results
from fpkit.tests import assert_same, interrupted_at, use_tiny


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Register the experiment "tiny"; the folder where its result is stored."""
    use_tiny(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
def stored(tiny):
    """Store the result of "tiny"; its file."""
    return results.store("tiny", progress=False)


def refuse(*_, **__):
    raise AssertionError("this must not be called")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# --- running ---------------------------------------------------------------------------------


def test_settings_come_back_as_asked(tiny):
    settings = results.run("tiny", seeds=range(3), progress=False).settings
    assert settings["seeds"] == [0, 1, 2]
    assert settings["steps"] == 20


def test_the_same_run_gives_the_same_numbers_to_the_last_bit(tiny):
    one, other = (results.run("tiny", progress=False) for _ in range(2))
    assert_same(dataclasses.replace(one, provenance=other.provenance), other)


@pytest.mark.parametrize("changes", [{"seeds": np.arange(3)}, {"n": np.int64(16)}])
def test_settings_may_come_from_numpy(tiny, changes):
    settings = results.run("tiny", progress=False, **changes).settings
    name, value = next(iter(changes.items()))
    assert settings[name] == value.tolist()
    assert type(settings[name]) is type(value.tolist())


def test_result_says_where_it_comes_from(stored):
    about = results.load(stored).provenance
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", about["date"])
    assert about["numpy"] == np.__version__
    assert about["seconds"] >= 0
    assert type(about["torch"]) is str


def test_frames_are_some_of_the_steps_with_both_ends_and_denser_early(tiny, monkeypatch):
    monkeypatch.setattr(results, "FRAMES", 5)
    result = results.run("tiny", progress=False)
    assert result.frames[[0, -1]].tolist() == [0, 20]
    assert len(result.frames) <= 5
    assert np.isin(result.frames, result.steps).all()
    gaps = np.diff(result.frames)
    assert 0 < gaps[0] < gaps[-1]  # denser early


def test_only_so_many_outputs_are_kept(tiny, monkeypatch):
    monkeypatch.setattr(results, "OUTPUT_VALUES", results.FRAMES * 16 * 3)
    assert len(results.run("tiny", seeds=range(5), progress=False).outputs) == 3
    monkeypatch.setattr(results, "OUTPUT_VALUES", 1)
    assert len(results.run("tiny", seeds=range(5), progress=False).outputs) == 1


def test_a_stopped_run_gives_no_result(tiny):
    with interrupted_at(3), pytest.raises(KeyboardInterrupt, match=r"tiny was stopped by hand"):
        results.run("tiny", progress=False)


# --- storing ---------------------------------------------------------------------------------


def test_store_writes_one_file_and_makes_the_folder(tiny, monkeypatch):
    monkeypatch.setenv("FPKIT_RESULTS", str(tiny / "new" / "folder"))
    path = results.store("tiny", progress=False)
    assert path == tiny / "new" / "folder" / "tiny.npz"
    assert names(path.parent) == ["tiny.npz"]


def test_an_interrupted_store_goes_on_where_it_was(tiny):
    whole = results.run("tiny", progress=False)
    with interrupted_at(9), pytest.raises(KeyboardInterrupt):
        results.store("tiny", progress=False)
    assert names(tiny) == ["tiny.checkpoint.part"]
    seen = []
    with watched(lambda step, _: seen.append(step)):
        path = results.store("tiny", progress=False)
    assert seen[0] == 10
    assert names(tiny) == ["tiny.npz"]
    assert np.array_equal(results.load(path).losses, whole.losses)
    assert np.array_equal(results.load(path).errors, whole.errors)


# --- load or run -----------------------------------------------------------------------------


def test_what_is_stored_is_not_run_again(stored, monkeypatch):
    monkeypatch.setattr(results, "run", refuse)
    assert results.load_or_run("tiny").name == "tiny"


def test_what_is_not_stored_is_run_and_not_written(tiny):
    assert results.load_or_run("tiny").steps[-1] == 20
    assert names(tiny) == []


def test_a_missing_result_is_announced(tiny, capsys):
    results.load_or_run("tiny")
    expected = f"tiny is not stored in {tiny}: training now, which may take minutes\n"
    assert capsys.readouterr().out == expected


def test_nothing_is_announced_if_it_is_stored(stored, capsys):
    results.load_or_run("tiny")
    assert capsys.readouterr().out == ""


def test_the_file_of_another_experiment_is_refused(stored):
    stored.rename(stored.with_name("staircase.npz"))
    with pytest.raises(ResultError, match=r"not a stored result: no .*'staircase'"):
        results.load_or_run("staircase")


def test_changes_are_run_and_not_written(stored):
    before = stored.read_bytes()
    assert results.load_or_run("tiny", steps=6).steps.tolist() == [0, 2, 4, 6]
    assert stored.read_bytes() == before
    assert names(stored.parent) == ["tiny.npz"]


def test_recompute_runs(stored, monkeypatch):
    monkeypatch.setattr(results, "load", refuse)
    assert results.load_or_run("tiny", recompute=True).steps[-1] == 20


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: results.load_or_run("tniy"), "experiment: 'tniy' .* did you mean 'tiny'"),
        (lambda: results.store("tniy"), "experiment: 'tniy' .* did you mean 'tiny'"),
        (lambda: results.run("tiny", sedes=[0]), "setting: 'sedes' .* did you mean 'seeds'"),
        (lambda: results.load_or_run("tiny", sedes=[0]), "setting: 'sedes' .* did you mean 'seeds"),
    ],
)
def test_unknown_name(tiny, call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- several results ----------------------------------------------------------------------


def test_loaded_results_are_noted():
    with results.noted() as outer:
        results.load_or_run("staircase")
        with results.noted() as inner:
            results.load_or_run("noisy_sine")
    results.load_or_run("sine_sum")
    assert list(outer) == ["staircase"]
    assert list(inner) == ["noisy_sine"]
    assert outer["staircase"] == results.load_or_run("staircase").provenance["seconds"]
