"""Stored results: read, written, refused and replayed."""

import dataclasses
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fpkit import results
from fpkit.checkpoint import Checkpoint, replace_file
from fpkit.results import ResultError

from . import assert_same, use_tiny


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


# --- reading and writing ---------------------------------------------------------------------


def test_round_trip(tiny):
    result = results.run("tiny", progress=False)
    results.save(result, tiny / "tiny.npz")
    assert_same(results.load(tiny / "tiny.npz"), result)


def test_round_trip_of_a_series(tiny, stored):
    norm = np.arange(22.0).reshape(2, 11)
    results.save(dataclasses.replace(results.load(stored), series={"norm": norm}), stored)
    series = results.load(stored).series
    assert list(series) == ["norm"]
    assert np.array_equal(series["norm"], norm)


def test_a_stored_file_needs_no_pickle(stored):
    with np.load(stored, allow_pickle=False) as file:
        assert {key: file[key].dtype.kind for key in file.files}.keys() >= {"about", "errors"}


def test_settings_come_back_as_asked(tiny):
    settings = results.run("tiny", seeds=range(3), progress=False).settings
    assert settings["seeds"] == [0, 1, 2]
    assert settings["steps"] == 20


def test_result_says_where_it_comes_from(stored):
    about = results.load(stored).provenance
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", about["date"])
    assert about["numpy"] == np.__version__
    assert about["seconds"] >= 0


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


def test_a_stopped_run_gives_no_result(tiny, monkeypatch):
    monkeypatch.setattr("fpkit.training.tqdm.update", lambda self, n: stop())

    def stop():
        raise KeyboardInterrupt

    with (
        pytest.warns(UserWarning, match=r"stopped by hand"),
        pytest.raises(KeyboardInterrupt, match=r"tiny was stopped by hand"),
    ):
        results.run("tiny", progress=False)


# --- files that cannot be used ---------------------------------------------------------------


def empty(path):
    path.write_bytes(b"")


def overwrite_the_start(path):
    path.write_bytes(b"\0" * 4 + path.read_bytes()[4:])


def change_a_checksum(path):
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"PK\1\2") + 16] ^= 1
    path.write_bytes(raw)


def no_zip(path):
    path.write_text("not a zip file at all")


@pytest.mark.parametrize("damage", [empty, overwrite_the_start, change_a_checksum, no_zip])
def test_damaged_file(stored, damage):
    damage(stored)
    with pytest.raises(ResultError, match=r"tiny.npz is damaged \(.*python -m fpkit run tiny$"):
        results.load(stored)


def rewrite(path, **changes):
    """Write the file again with some of its arrays changed, or left out if None."""
    with np.load(path) as file:
        arrays = {key: file[key] for key in file.files}
    arrays.update(changes)
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})


def change_about(path, **changes):
    with np.load(path) as file:
        about = json.loads(str(file["about"]))
    rewrite(path, about=json.dumps({**about, **changes}))


def test_pickled_objects_are_refused(stored, tmp_path):
    mark = tmp_path / "ran"

    class Bomb:
        def __reduce__(self):
            return Path.touch, (mark,)

    rewrite(stored, losses=np.array([Bomb()], dtype=object))
    with pytest.raises(ResultError, match=r"damaged .Object arrays cannot be loaded"):
        results.load(stored)
    assert not mark.exists()


def test_foreign_npz(tmp_path):
    np.savez(tmp_path / "tiny.npz", x=np.zeros(3))
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result: .*about"):
        results.load(tmp_path / "tiny.npz")


def test_another_format(stored):
    change_about(stored, format="fpkit-result-0")
    with pytest.raises(ResultError, match=r"not a stored result: .*fpkit-result-1"):
        results.load(stored)


def test_missing_array(stored):
    rewrite(stored, phase=None)
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result: .*phase"):
        results.load(stored)


def test_missing_file(tiny):
    with pytest.raises(ResultError, match=r"does not exist; compute it again with: .* run tiny"):
        results.load(tiny / "tiny.npz")


def test_other_settings_than_asked(stored, monkeypatch, tmp_path):
    use_tiny(monkeypatch, tmp_path, lr=0.5)
    with pytest.raises(ResultError, match=r"computed with lr=2e-05, the experiment now says 0.5"):
        results.load(stored)


def test_a_setting_that_is_gone(stored):
    change_about(stored, settings={**results.load(stored).settings, "old": 1})
    with pytest.raises(ResultError, match=r"computed with old=1, the experiment now says None"):
        results.load(stored)


# --- writing safely --------------------------------------------------------------------------


def test_full_disk_leaves_the_old_file(stored, monkeypatch):
    before, files = stored.read_bytes(), names(stored.parent)
    result = results.load(stored)

    def run_out(file, **_):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", run_out)
    message = r"cannot write .*tiny.npz: No space left on device; the file is as it was before"
    with pytest.raises(ResultError, match=message):
        results.save(result, stored)
    assert stored.read_bytes() == before
    assert names(stored.parent) == files


def test_nothing_runs_if_the_folder_is_read_only(tiny, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", forbidden)
    monkeypatch.setattr(results, "run", refuse)
    with pytest.raises(ResultError, match=rf"cannot write to {tiny}: Permission denied"):
        results.store("tiny")


def test_store_writes_one_file_and_makes_the_folder(tiny, monkeypatch):
    monkeypatch.setenv("FPKIT_RESULTS", str(tiny / "new" / "folder"))
    path = results.store("tiny", progress=False)
    assert path == tiny / "new" / "folder" / "tiny.npz"
    assert names(path.parent) == ["tiny.npz"]


def test_replace_file_is_all_or_nothing(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def fail(temporary):
        temporary.write_text("half")
        assert path.read_text() == "old"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_file(path, fail)
    assert path.read_text() == "old"
    replace_file(path, lambda temporary: temporary.write_text("new"))
    assert path.read_text() == "new"
    assert names(tmp_path) == ["file"]


def test_replace_file_never_touches_the_old_file(tmp_path):
    path, old = tmp_path / "file", tmp_path / "same file by another name"
    path.write_text("old")
    old.hardlink_to(path)
    replace_file(path, lambda temporary: temporary.write_text("new"))
    assert (path.read_text(), old.read_text()) == ("new", "old")


def test_an_interrupted_store_goes_on_where_it_was(tiny, monkeypatch):
    whole = results.run("tiny", progress=False)
    saves, save = [], Checkpoint.save

    def save_and_stop(self, **state):
        save(self, **state)
        saves.append(state["step"])
        if len(saves) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    monkeypatch.setattr(Checkpoint, "save", save_and_stop)
    with pytest.warns(UserWarning, match=r"stopped"), pytest.raises(KeyboardInterrupt):
        results.store("tiny", progress=False)
    assert names(tiny) == ["tiny.checkpoint.part"]
    path = results.store("tiny", progress=False)
    assert saves[:5] == [0, 2, 4, 6, 8]
    assert saves[5] == 8
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


def test_results_are_beside_the_package_by_default(monkeypatch):
    monkeypatch.delenv("FPKIT_RESULTS", raising=False)
    assert results.folder() == Path(__file__).parents[2] / "book" / "results"


# --- replay ----------------------------------------------------------------------------------


def test_an_honest_result_replays(stored):
    assert results.replay("tiny") < 1e-4


def tamper(stored, **changes):
    results.save(dataclasses.replace(results.load(stored), **changes), stored)


@pytest.mark.parametrize("record", [0, 3, 5])
def test_replay_finds_a_changed_loss(stored, record):
    losses = results.load(stored).losses.copy()
    losses[1, record] *= 1.05
    tamper(stored, losses=losses)
    message = r"tiny: the first 6 records differ from the stored ones by 0.0476 \(tolerance 0.02\)"
    with pytest.raises(ResultError, match=message):
        results.replay("tiny")


def test_replay_finds_a_changed_error(stored):
    errors = results.load(stored).errors.copy()
    errors[0, 2, 3] += 0.03
    tamper(stored, errors=errors)
    with pytest.raises(ResultError, match=r"by 0.03 .*if the change is meant, run: .* run tiny"):
        results.replay("tiny")


def test_replay_finds_another_seed(stored, monkeypatch, tmp_path):
    other = results.run("tiny", seeds=[0, 2], progress=False)
    tamper(stored, losses=other.losses, errors=other.errors)
    with pytest.raises(ResultError, match=r"the first 6 records differ"):
        results.replay("tiny")


def test_replay_refuses_a_loss_that_is_not_a_number(stored):
    losses = results.load(stored).losses.copy()
    losses[0, 1] = np.nan
    tamper(stored, losses=losses)
    with pytest.raises(ResultError, match=r"differ from the stored ones by nan"):
        results.replay("tiny")


def test_replay_without_a_stored_result(tiny):
    with pytest.raises(ResultError, match=r"tiny.npz does not exist"):
        results.replay("tiny")


def test_a_zip_of_something_else(tiny):
    with zipfile.ZipFile(tiny / "tiny.npz", "w") as file:
        file.writestr("readme.txt", "hello")
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result"):
        results.load(tiny / "tiny.npz")
