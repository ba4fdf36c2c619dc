"""Results: run, stored, loaded and replayed."""

import dataclasses
import re
from functools import wraps

import numpy as np
import pytest

from fpkit import experiments, results
from fpkit.experiments import Experiment
from fpkit.interruption import watched
from fpkit.results import ResultError

from . import assert_same, interrupted_at, use_tiny


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
        (lambda: results.replay("tniy"), "experiment: 'tniy' .* did you mean 'tiny'"),
        (lambda: results.run("tiny", sedes=[0]), "setting: 'sedes' .* did you mean 'seeds'"),
        (lambda: results.load_or_run("tiny", sedes=[0]), "setting: 'sedes' .* did you mean 'seeds"),
    ],
)
def test_unknown_name(tiny, call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- replay ----------------------------------------------------------------------------------


def tamper(stored, **changes):
    results.save(dataclasses.replace(results.load(stored), **changes), stored)


def changed(stored, name, place, change):
    """Return an array of the stored result with one value changed."""
    array = getattr(results.load(stored), name).copy()
    array[place] = change(array[place])
    return {name: array}


def test_an_honest_result_replays(stored):
    result = results.load(stored)
    # Outputs are rounded to 11 bits; what that can do to one component of the spectrum:
    target = np.abs(np.fft.rfft(result.y, norm="forward"))[:, result.peaks].min()
    rounding = np.abs(result.outputs).max() * 2**-11 / target
    assert results.replay("tiny") < rounding + 1e-4


@pytest.mark.parametrize(
    ("name", "place", "change"),
    [
        ("steps", -1, lambda v: v + 2),
        ("steps", 9, lambda v: v + 1),
        ("peaks", 0, lambda v: v + 1),
        ("y", (0, 3), lambda v: np.nextafter(v, np.inf)),
        ("x", 3, lambda v: np.nextafter(v, np.inf)),
        ("record_x", 3, lambda v: np.nextafter(v, np.inf)),
        ("phase", 3, lambda v: np.nextafter(v, np.inf)),
    ],
)
def test_replay_wants_what_was_given_exactly(stored, name, place, change):
    tamper(stored, **changed(stored, name, place, change))
    message = rf"^tiny: the stored {name} differ from those of the experiment$"
    with pytest.raises(ResultError, match=message):
        results.replay("tiny")


@pytest.mark.parametrize("record", [0, 1, 3])
def test_replay_finds_a_changed_loss(stored, record):
    tamper(stored, **changed(stored, "losses", (1, record), lambda v: v * 1.05))
    message = r"tiny: the stored numbers differ from a new run by 0.05 \(tolerance 0.02\); if the "
    with pytest.raises(ResultError, match=message + "change is meant, run: .* run tiny$"):
        results.replay("tiny")


@pytest.mark.parametrize("frame", range(11))
def test_replay_finds_a_changed_error_at_any_frame(stored, frame):
    assert results.load(stored).frames[frame] == 2 * frame
    tamper(stored, **changed(stored, "errors", (0, frame, 3), lambda v: v + 0.05))
    with pytest.raises(ResultError, match=r"the stored numbers differ from a new run by 0.05"):
        results.replay("tiny")


@pytest.mark.parametrize("frame", [0, 3, 4, 10])
def test_replay_finds_a_changed_output_at_any_frame(stored, frame):
    tamper(stored, **changed(stored, "outputs", (1, frame, 5), lambda v: v + 1))
    with pytest.raises(ResultError, match=r"the stored numbers differ from a new run by"):
        results.replay("tiny")


@pytest.mark.parametrize(
    ("name", "place"),
    [("losses", (0, 1)), ("errors", (0, 1, 0)), ("errors", (1, 10, 2))],
)
def test_replay_refuses_what_is_not_a_number(stored, name, place):
    tamper(stored, **changed(stored, name, place, lambda _: np.nan))
    with pytest.raises(ResultError, match=r"the stored numbers are not all finite"):
        results.replay("tiny")


def test_replay_refuses_an_output_that_is_not_a_number(stored):
    tamper(stored, **changed(stored, "outputs", (0, 10, 4), lambda _: np.nan))
    with pytest.raises(ResultError, match=r"the stored numbers are not all finite"):
        results.replay("tiny")


def test_replay_finds_another_seed(stored):
    other = results.run("tiny", seeds=[0, 2], progress=False)
    tamper(stored, losses=other.losses, errors=other.errors, outputs=other.outputs, y=other.y)
    with pytest.raises(ResultError, match=r"the stored y differ from those of the experiment"):
        results.replay("tiny")


def test_replay_finds_networks_of_another_seed(stored):
    result = results.load(stored)
    parts = {name: getattr(result, name)[::-1] for name in ("losses", "errors", "outputs")}
    tamper(stored, **parts)
    with pytest.raises(ResultError, match=r"the stored numbers differ from a new run by"):
        results.replay("tiny")


def test_replay_of_the_first_member_only(stored):
    tamper(stored, **changed(stored, "losses", (1, 1), lambda v: v * 1.05))
    assert results.replay("tiny", members=1) <= 0.02
    tamper(stored, **changed(stored, "losses", (0, 1), lambda v: v * 1.05))
    with pytest.raises(ResultError, match=r"the stored numbers differ from a new run by 0.05"):
        results.replay("tiny", members=1)


def test_replay_of_records_at_named_steps(tmp_path, monkeypatch):
    use_tiny(monkeypatch, tmp_path, record_every=[0, 1, 3, 7, 12])
    path = results.store("tiny", progress=False)
    assert results.load(path).steps.tolist() == [0, 1, 3, 7, 12, 20]
    assert results.replay("tiny") <= 0.02
    tamper(path, **changed(path, "losses", (0, 3), lambda v: v * 1.05))
    with pytest.raises(ResultError, match=r"the stored numbers differ from a new run by 0.05"):
        results.replay("tiny")


@pytest.fixture
def stored_with_series(tiny, monkeypatch):
    """Store a result with the series "rank"; its file."""
    plain = experiments.get("tiny")

    @wraps(plain.function)
    def function(**how):
        trial = plain.function(**how)
        return dataclasses.replace(trial, series={"rank": 10 + trial.run.losses})

    experiment = Experiment("tiny", "none", function, **plain.changes)
    monkeypatch.setitem(experiments.known(), "tiny", experiment)
    return results.store("tiny", progress=False)


def test_an_honest_series_replays(stored_with_series):
    assert results.replay("tiny") < 0.02


@pytest.mark.parametrize("value", [0.0, 20.0, np.nan])
def test_replay_finds_a_changed_series(stored_with_series, value):
    rank = results.load(stored_with_series).series["rank"].copy()
    rank[1, 1] = value
    tamper(stored_with_series, series={"rank": rank})
    with pytest.raises(ResultError, match=r"the stored numbers "):
        results.replay("tiny")


def test_replay_without_a_stored_result(tiny):
    with pytest.raises(ResultError, match=r"tiny.npz does not exist"):
        results.replay("tiny")


def test_first_members_of_several_results(stored):
    both = results.first_members(["tiny", "tiny"])
    tiny = results.load(stored)
    for key in ("losses", "errors", "outputs"):
        first = getattr(tiny, key)[:1]
        assert np.array_equal(getattr(both, key), np.concatenate([first, first]))
    assert np.array_equal(both.steps, tiny.steps)
    assert both.series == {}


def test_first_members_need_the_same_records(stored, monkeypatch):
    longer = dataclasses.replace(results.load(stored), name="longer", steps=np.arange(3))
    shown = {"tiny": results.load(stored), "longer": longer}
    monkeypatch.setattr(results, "load_or_run", shown.__getitem__)
    with pytest.raises(ValueError, match="names: longer and tiny differ in steps"):
        results.first_members(["tiny", "longer"])


def test_loaded_results_are_noted():
    with results.noted() as outer:
        results.load_or_run("staircase")
        with results.noted() as inner:
            results.load_or_run("noisy_sine")
    results.load_or_run("sine_sum")
    assert list(outer) == ["staircase"]
    assert list(inner) == ["noisy_sine"]
    assert outer["staircase"] == results.load_or_run("staircase").provenance["seconds"]
