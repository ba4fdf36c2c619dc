"""More networks for a stored result: joined, and refused where they do not fit."""

import dataclasses

import numpy as np
import pytest

from fpkit.__main__ import main
from fpkit.interruption import watched
from fpkit.reproduce import ResultError, chapters, continuing, replay, results, storage
from fpkit.tests import assert_same, hand_made, interrupted_at, use_tiny

ALL = [0, 1, 2, 3]


@pytest.fixture
def two(monkeypatch, tmp_path):
    """Store the first two of four networks of the experiment "tiny"; the result."""
    use_tiny(monkeypatch, tmp_path, seeds=ALL)
    return storage.load(results.store("tiny", seeds=2, progress=False))


def stored():
    return storage.load(chapters.place("tiny"))


def test_the_missing_networks_are_trained_and_joined(two):
    assert two.settings["seeds"] == [0, 1]
    whole = storage.load(results.store("tiny", progress=False))
    assert whole.settings["seeds"] == ALL
    for key in ("y", "losses", "errors", "outputs"):
        assert len(getattr(whole, key)) == 4
        # Those that were stored are not trained again.
        np.testing.assert_array_equal(getattr(whole, key)[:2], getattr(two, key), err_msg=key)
    replay("tiny")  # all four together give the same


def test_networks_that_are_not_those_of_the_seeds_are_found_by_a_replay(two):
    wrong = results.run("tiny", seeds=[2, 4], progress=False)
    wrong = dataclasses.replace(wrong, settings={**wrong.settings, "seeds": [2, 3]})
    storage.save(continuing.extended(two, wrong, 4), chapters.place("tiny"))
    with pytest.raises(ResultError, match=r"differ|what rounding can do"):
        replay("tiny")


def test_one_after_another(two):
    results.store("tiny", seeds=3, progress=False)
    assert stored().settings["seeds"] == [0, 1, 2]
    results.store("tiny", seeds=4, progress=False)
    replay("tiny")
    parts = stored().provenance["parts"]
    assert [part["seeds"] for part in parts] == [[0, 1], [2], [3]]
    assert stored().provenance["seconds"] == pytest.approx(sum(p["seconds"] for p in parts))
    assert parts[0] == {"seeds": [0, 1], **two.provenance}


def test_an_interrupted_one_goes_on_where_it_was(two):
    with interrupted_at(9), pytest.raises(KeyboardInterrupt):
        results.store("tiny", progress=False)
    assert_same(stored(), two)
    seen = []
    with watched(lambda step, _: seen.append(step)):
        results.store("tiny", progress=False)
    assert seen[0] == 10
    assert stored().settings["seeds"] == ALL
    replay("tiny")


def test_a_whole_result_is_run_anew(two):
    results.store("tiny", progress=False)
    results.store("tiny", progress=False)
    assert stored().settings["seeds"] == ALL
    assert "parts" not in stored().provenance


def test_a_result_of_other_settings_is_not_continued(two, monkeypatch, tmp_path):
    use_tiny(monkeypatch, tmp_path, seeds=ALL, steps=10)
    results.store("tiny", progress=False)
    assert "parts" not in stored().provenance


def test_one_network_is_trained_again(two):
    chapters.place("tiny").unlink()
    results.store("tiny", seeds=1, progress=False)
    results.store("tiny", seeds=2, progress=False)
    assert_same(dataclasses.replace(stored(), provenance=two.provenance), two)


@pytest.mark.parametrize("seeds", [1, 2])
def test_stored_networks_are_not_given_up(two, seeds):
    with pytest.raises(ValueError, match=f"seeds: 2 are stored of tiny already, got {seeds}"):
        results.store("tiny", seeds=seeds, progress=False)
    assert_same(stored(), two)


@pytest.mark.parametrize("seeds", [0, 1.5])
def test_seeds_is_a_whole_number(two, seeds):
    with pytest.raises(ValueError, match=f"seeds: expected a whole number .* got {seeds}"):
        results.store("tiny", seeds=seeds, progress=False)


@pytest.mark.parametrize("seeds", [[1, 2], [0, 2], [0, 1, 2, 3, 4]])
def test_other_than_the_first_seeds_are_refused(two, seeds):
    storage.save(results.run("tiny", seeds=seeds, progress=False), chapters.place("tiny"))
    with pytest.raises(ResultError, match=r"was computed with seeds=.* now says \[0, 1"):
        stored()


def test_the_command_line_takes_a_number_of_seeds(two, capsys):
    assert main(["run", "tiny", "--seeds", "3"]) == 0
    assert stored().settings["seeds"] == [0, 1, 2]
    assert main(["run", "tiny", "--seeds", "3"]) == 2
    assert "3 are stored of tiny already" in capsys.readouterr().err


def test_what_all_networks_share_stays_as_it_is():
    shared, own = np.ones((1, 5)), np.arange(10.0).reshape(2, 5)
    parts = [
        hand_made(
            settings={"seeds": [seed, seed + 1]},
            provenance={"seconds": 1.25},
            series={"shared": shared, "own": own + seed},
        )
        for seed in (0, 2)
    ]
    whole = continuing.extended(*parts, 3)
    assert len(whole.y) == len(whole.series["shared"]) == 1
    np.testing.assert_array_equal(whole.series["own"], np.concatenate([own, own + 2]))
    assert len(whole.losses) == 4
    assert len(whole.outputs) == 3


@pytest.mark.parametrize("key", continuing.COMMON)
def test_records_that_differ_are_refused(key):
    first, more = hand_made(), hand_made()
    more = dataclasses.replace(more, **{key: getattr(more, key) + 1})
    with pytest.raises(ResultError, match=f"further seeds have other {key}"):
        continuing.extended(first, more, 4)
