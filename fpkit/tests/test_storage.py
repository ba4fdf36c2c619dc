"""The file of a result: written and read back, or refused with what to do."""

import dataclasses
import errno
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fpkit.checkpoint import Checkpoint
from fpkit.files import replace_file
from fpkit.reproduce import ResultError, chapters, results, storage
from fpkit.tests import assert_same, use_tiny


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """Store the result of an experiment "tiny"; its file."""
    use_tiny(monkeypatch, tmp_path)
    return results.store("tiny", progress=False)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# --- reading and writing ---------------------------------------------------------------------


def test_round_trip(monkeypatch, tmp_path):
    use_tiny(monkeypatch, tmp_path)
    result = results.run("tiny", progress=False)
    storage.save(result, tmp_path / "tiny.npz")
    assert_same(storage.load(tmp_path / "tiny.npz"), result)


def test_round_trip_of_a_series(stored):
    norm = np.arange(22.0).reshape(2, 11)
    storage.save(dataclasses.replace(storage.load(stored), series={"norm": norm}), stored)
    series = storage.load(stored).series
    assert list(series) == ["norm"]
    assert np.array_equal(series["norm"], norm)


def test_a_stored_file_needs_no_pickle(stored):
    with np.load(stored, allow_pickle=False) as file:
        assert {key: file[key].dtype.kind for key in file.files}.keys() >= {"about", "errors"}


def test_results_offers_all_of_it():
    for name in ("Result", "ResultError", "load", "save"):
        assert getattr(results, name) is getattr(storage, name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(range(3), [0, 1, 2]), ((1, 2), [1, 2]), (np.int64(4), 4), (np.float64(0.5), 0.5),
     (np.arange(2), [0, 1]), ({"a": (1,)}, {"a": [1]}), (None, None), ("x", "x")],
)  # fmt: skip
def test_plain_settings(value, expected):
    assert storage.plain({"key": value}) == {"key": expected}


def test_results_are_in_the_folder_of_their_chapter(monkeypatch):
    monkeypatch.delenv("FPKIT_RESULTS", raising=False)
    beside = Path(__file__).parents[2] / "book" / "one_dimension" / "results" / "staircase.npz"
    assert chapters.place("staircase") == beside


@pytest.fixture
def home(monkeypatch, tmp_path):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def test_a_tilde_is_the_home(monkeypatch, home):
    monkeypatch.setenv("FPKIT_RESULTS", "~/results")
    assert chapters.place("staircase") == home / "results" / "staircase.npz"
    assert Checkpoint("~/kept/run.part", []).path == home / "kept" / "run.part"
    assert (home / "kept").is_dir()


@pytest.mark.parametrize("other", [np.zeros((3, 2)), np.zeros(6), np.zeros((2, 3), np.int64)])
def test_a_checkpoint_of_the_same_numbers_in_another_shape_is_refused(tmp_path, other):
    array = np.zeros((2, 3))
    Checkpoint(tmp_path / "run", [array]).save(step=1)
    assert Checkpoint(tmp_path / "run", [array]).load() == {"step": 1}
    with pytest.raises(ValueError, match="belongs to a run with other settings"):
        Checkpoint(tmp_path / "run", [other]).load()


def test_a_tilde_of_nobody(monkeypatch):
    monkeypatch.setenv("FPKIT_RESULTS", "~nobody-is-called-so/x")
    message = "FPKIT_RESULTS: ~nobody-is-called-so/x names a home that is not there"
    with pytest.raises(ValueError, match=message):
        chapters.place("staircase")


def test_without_the_book_an_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(chapters, "find_spec", lambda name: None)
    chapters.book.cache_clear()
    with pytest.raises(
        chapters.BookError, match=r"clone its repository, .*pip install -e .\.\[book\]"
    ):
        chapters.book()


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
        storage.load(stored)


def rewrite(path, **changes):
    """Write the file again with some of its arrays changed, or left out if None."""
    with np.load(path) as file:
        arrays = {key: file[key] for key in file.files}
    arrays.update(changes)
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})


def about_of(path):
    with np.load(path) as file:
        return json.loads(str(file["about"]))


def change_about(path, **changes):
    rewrite(path, about=json.dumps({**about_of(path), **changes}))


def test_pickled_objects_are_refused(stored, tmp_path):
    mark = tmp_path / "ran"

    class Bomb:
        def __reduce__(self):
            return Path.touch, (mark,)

    rewrite(stored, losses=np.array([Bomb()], dtype=object))
    with pytest.raises(ResultError, match=r"damaged .Object arrays cannot be loaded"):
        storage.load(stored)
    assert not mark.exists()


def test_foreign_npz(tmp_path):
    np.savez(tmp_path / "tiny.npz", x=np.zeros(3))
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result: .*about"):
        storage.load(tmp_path / "tiny.npz")


def test_another_format(stored):
    change_about(stored, format="fpkit-result-0")
    with pytest.raises(ResultError, match=r"not a stored result: .*fpkit-result-2"):
        storage.load(stored)


def test_missing_array(stored):
    rewrite(stored, phase=None)
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result: .*phase"):
        storage.load(stored)


def test_missing_file(tmp_path):
    with pytest.raises(ResultError, match=r"does not exist; compute it again with: .* run tiny"):
        storage.load(tmp_path / "tiny.npz")


def test_other_settings_than_asked(stored, monkeypatch, tmp_path):
    use_tiny(monkeypatch, tmp_path, lr=0.5)
    with pytest.raises(ResultError, match=r"computed with lr=2e-05, the experiment now says 0.5"):
        storage.load(stored)


def test_a_setting_that_is_gone(stored):
    change_about(stored, settings={**storage.load(stored).settings, "old": 1})
    with pytest.raises(
        ResultError, match=r"computed with old=1, the experiment now says 'nothing'"
    ):
        storage.load(stored)


def test_a_zip_of_something_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "tiny.npz", "w") as file:
        file.writestr("readme.txt", "hello")
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result"):
        storage.load(tmp_path / "tiny.npz")


def test_an_array_under_the_name_of_a_result(tmp_path):
    with (tmp_path / "tiny.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ResultError, match=r"tiny.npz is damaged"):
        storage.load(tmp_path / "tiny.npz")


@pytest.mark.parametrize(
    "about",
    [{}, {"format": storage.FORMAT}, {"format": storage.FORMAT, "name": "tiny"}, [1], None,
     {"format": storage.FORMAT, "name": "tiny", "settings": 3, "provenance": {}}],
)  # fmt: skip
def test_incomplete_description(stored, about):
    rewrite(stored, about=json.dumps(about))
    with pytest.raises(ResultError, match=r"tiny.npz is (damaged|not a stored result)"):
        storage.load(stored)


def test_another_name_inside_than_outside(stored):
    change_about(stored, name="staircase")
    with pytest.raises(ResultError, match=r"tiny.npz is not a stored result: no .*'tiny'"):
        storage.load(stored)


def test_damage_anywhere_is_refused_or_harmless(stored):
    whole, raw = storage.load(stored), stored.read_bytes()
    refused = 0
    for place in range(0, len(raw), 97):
        stored.write_bytes(raw[:place] + bytes([raw[place] ^ 255]) + raw[place + 1 :])
        try:
            assert_same(storage.load(stored), whole)
        except ResultError:
            refused += 1
    assert refused > 0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_file_cut_short(stored, share):
    os.truncate(stored, int(share * stored.stat().st_size))
    with pytest.raises(ResultError, match=r"tiny.npz is damaged"):
        storage.load(stored)


@pytest.mark.parametrize("record", range(11))
@pytest.mark.parametrize("name", ["losses", "errors", "series/norm"])
def test_a_changed_number_is_found_at_any_record(stored, name, record):
    norm = {"norm": np.arange(22.0).reshape(2, 11)}
    storage.save(dataclasses.replace(storage.load(stored), series=norm), stored)
    with np.load(stored) as file:
        values = file[name]
    values[1, record] = np.nextafter(values[1, record], values.dtype.type(np.inf))
    rewrite(stored, **{name: values})
    with pytest.raises(
        ResultError, match=rf"tiny.npz was changed: {name} has not the stored check"
    ):
        storage.load(stored)


@pytest.mark.parametrize("name", storage.ARRAYS)
def test_a_changed_number_is_found_in_any_array(stored, name):
    with np.load(stored) as file:
        values = file[name]
    values.flat[-1] += 1
    rewrite(stored, **{name: values})
    with pytest.raises(ResultError, match=rf"tiny.npz was changed: {name} has not .*run tiny$"):
        storage.load(stored)


def test_another_type_or_shape_is_a_change(stored):
    with np.load(stored) as file:
        values = file["losses"]
    for other in (values.astype(np.float64), values[::-1].T.copy(), values.ravel()):
        rewrite(stored, losses=other)
        with pytest.raises(ResultError, match="losses has not the stored checksum"):
            storage.load(stored)


def test_a_checksum_without_its_array_and_an_array_without_its_checksum(stored):
    checksums = about_of(stored)["checksums"]
    change_about(stored, checksums={**checksums, "series/norm": "0"})
    with pytest.raises(ResultError, match="was changed: series/norm has not the stored checksum"):
        storage.load(stored)
    change_about(stored, checksums={k: v for k, v in checksums.items() if k != "phase"})
    with pytest.raises(ResultError, match="was changed: phase has not the stored checksum"):
        storage.load(stored)


def test_a_sweep_has_several_members_for_each_seed(stored):
    whole = storage.load(stored)
    parts = {name: np.concatenate([getattr(whole, name)] * 3) for name in ("losses", "errors")}
    storage.save(dataclasses.replace(whole, **parts), stored)
    assert storage.load(stored).losses.shape == (6, 11)
    storage.save(dataclasses.replace(whole, losses=parts["losses"]), stored)
    with pytest.raises(ResultError, match=r"tiny.npz is damaged: errors has shape \(2, 11"):
        storage.load(stored)
    storage.save(dataclasses.replace(whole, losses=parts["losses"][:5]), stored)
    with pytest.raises(ResultError, match=r"losses has shape \(5, 11\), not \(4, 11\)"):
        storage.load(stored)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("losses", (2, 10)), ("losses", (1, 11)), ("errors", (2, 11)), ("outputs", (3, 11, 16)),
     ("outputs", (2, 10, 16)), ("phase", (15,))],
)  # fmt: skip
def test_an_array_of_another_shape(stored, name, shape):
    storage.save(dataclasses.replace(storage.load(stored), **{name: np.zeros(shape)}), stored)
    with pytest.raises(ResultError, match=rf"tiny.npz is damaged: {name} has shape .*run tiny$"):
        storage.load(stored)


def test_a_number_where_an_array_belongs(stored):
    storage.save(dataclasses.replace(storage.load(stored), steps=np.array(3)), stored)
    with pytest.raises(ResultError, match=r"damaged: steps is one number, not an array; .*tiny$"):
        storage.load(stored)


def test_a_setting_that_is_new(stored):
    settings = storage.load(stored).settings
    change_about(stored, settings={k: v for k, v in settings.items() if k != "lr"})
    message = r"computed with lr='nothing', the experiment now says 2e-05"
    with pytest.raises(ResultError, match=message):
        storage.load(stored)


# --- writing safely --------------------------------------------------------------------------


def test_full_disk_leaves_the_old_file(stored, monkeypatch):
    before, files = stored.read_bytes(), names(stored.parent)
    result = storage.load(stored)

    def run_out(file, **_):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", run_out)
    message = r"cannot write .*tiny.npz: No space left on device; the file is as it was before"
    with pytest.raises(ResultError, match=message):
        storage.save(result, stored)
    assert stored.read_bytes() == before
    assert names(stored.parent) == files


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


def test_replace_file_syncs_what_windows_would_let_it_sync(tmp_path, monkeypatch):
    """There, a file that is open for nothing but reading is an error (EBADF)."""
    fcntl = pytest.importorskip("fcntl")
    synced = []

    def sync(number):
        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        synced.append(os.fstat(number).st_size)

    monkeypatch.setattr(os, "fsync", sync)
    replace_file(tmp_path / "file", lambda temporary: temporary.write_text("new"))
    assert (tmp_path / "file").read_text() == "new"
    assert synced == [3]


def test_replace_file_never_touches_the_old_file(tmp_path):
    path, old = tmp_path / "file", tmp_path / "same file by another name"
    path.write_text("old")
    old.hardlink_to(path)
    replace_file(path, lambda temporary: temporary.write_text("new"))
    assert (path.read_text(), old.read_text()) == ("new", "old")
