"""Replays: what they find, and what they let pass."""

import dataclasses
from functools import wraps

import numpy as np
import pytest

from fpkit.reproduce import Experiment, ResultError, chapters, replays, results
from fpkit.tests import register, use_tiny


@pytest.fixture
def stored(monkeypatch, tmp_path):
    """Store the result of an experiment "tiny"; its file."""
    use_tiny(monkeypatch, tmp_path)
    return results.store("tiny", progress=False)


def tamper(stored, **changes):
    """Write a result with changes, and the checksums that go with them."""
    results.save(dataclasses.replace(results.load(stored), **changes), stored)


def changed(stored, name, place, change):
    """Return an array of the stored result with one value changed."""
    array = getattr(results.load(stored), name).copy()
    array[place] = change(array[place])
    return {name: array}


def test_on_one_machine_a_replay_gives_the_same_numbers_to_the_last_bit(stored):
    assert replays.replay("tiny").ratio == 0


# --- what was given --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "place", "change"),
    [
        ("steps", -1, lambda v: v + 2),
        ("steps", 9, lambda v: v + 1),
        ("frames", 9, lambda v: v + 1),
        ("peaks", 0, lambda v: v + 1),
        ("y", (0, 3), lambda v: v + 1e-11),
        ("x", 3, lambda v: v + 1e-11),
        ("eval_x", 3, lambda v: v + 1e-11),
        ("phase", 3, lambda v: v + 1e-11),
    ],
)
def test_what_was_given_must_be_the_same(stored, name, place, change):
    tamper(stored, **changed(stored, name, place, change))
    message = rf"^tiny: the stored {name} differ from those of the experiment$"
    with pytest.raises(ResultError, match=message):
        replays.replay("tiny")


@pytest.mark.parametrize("name", ["x", "y", "eval_x", "phase"])
def test_points_and_targets_may_be_rounded_differently(stored, name):
    """Without AVX-512 numpy's exp, for one, differs in the last bits."""
    values = getattr(results.load(stored), name)
    tamper(stored, **{name: np.nextafter(values, np.inf)})
    assert replays.replay("tiny").ratio < 1


def test_another_shape_of_points_is_another_experiment(stored):
    x = results.load(stored).x
    tamper(stored, x=x[:-1])
    with pytest.raises(ResultError, match=r"^tiny: the stored x differ"):
        replays.replay("tiny")


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [0, 1, 3])
def test_a_changed_loss_is_found_and_named(stored, record):
    tamper(stored, **changed(stored, "losses", (1, record), lambda v: v * 1.001))
    message = (
        rf"^tiny: the stored loss of member 1 at record {record} \(step {2 * record}\) is "
        r"[\d.]+, a new run gives [\d.]+: [\d.e+]+ times what rounding can do; if the change is "
        r"meant, run: python -m fpkit run tiny$"
    )
    with pytest.raises(ResultError, match=message):
        replays.replay("tiny")


@pytest.mark.parametrize("record", [0, 2, 3])
def test_a_changed_error_is_found_and_named(stored, record):
    tamper(stored, **changed(stored, "errors", (0, record, 3), lambda v: v + 1e-3))
    with pytest.raises(ResultError, match=rf"relative error.* of member 0 at record {record} "):
        replays.replay("tiny")


@pytest.mark.parametrize("frame", range(4, 11))
def test_later_errors_must_be_those_of_the_stored_outputs(stored, frame):
    assert results.load(stored).frames[frame] == 2 * frame
    tamper(stored, **changed(stored, "errors", (0, frame, 3), lambda v: v + 0.05))
    message = rf"relative error, beside that of the stored outputs, of member 0 at record {frame} "
    with pytest.raises(ResultError, match=message):
        replays.replay("tiny")


@pytest.mark.parametrize("frame", [0, 3])
def test_a_changed_output_is_found_and_named(stored, frame):
    tamper(stored, **changed(stored, "outputs", (1, frame, 5), lambda v: v + 0.01))
    worst = replays.deviation("tiny")
    assert worst.ratio > 1
    assert (worst.member, worst.record) == (1, frame)


@pytest.mark.parametrize("frame", [4, 10])
def test_a_changed_output_is_found_at_any_frame(stored, frame):
    tamper(stored, **changed(stored, "outputs", (1, frame, 5), lambda v: v + 1))
    with pytest.raises(ResultError, match=rf"of member 1 at record {frame} "):
        replays.replay("tiny")


def test_half_precision_of_the_outputs_is_no_deviation(stored):
    """It moves outputs by up to half a unit in the last place; two units are too many."""
    outputs = results.load(stored).outputs
    assert replays.deviation("tiny").ratio == 0
    tamper(stored, outputs=np.nextafter(np.nextafter(outputs, np.inf), np.float16(np.inf)))
    assert replays.deviation("tiny").ratio > 1


@pytest.mark.parametrize("name", ["losses", "errors", "outputs"])
def test_what_is_not_a_number_is_refused_at_any_record(stored, name):
    tamper(stored, **changed(stored, name, (1, 10), lambda v: v * np.nan))
    with pytest.raises(ResultError, match=r"^tiny: the stored numbers are not all finite$"):
        replays.replay("tiny")


# --- another run -----------------------------------------------------------------------------


def test_another_seed_has_another_target(stored):
    other = results.run("tiny", seeds=[0, 2], progress=False)
    tamper(stored, losses=other.losses, errors=other.errors, outputs=other.outputs, y=other.y)
    with pytest.raises(ResultError, match=r"the stored y differ from those of the experiment"):
        replays.replay("tiny")


def test_networks_of_another_seed_are_found(stored):
    result = results.load(stored)
    parts = {name: getattr(result, name)[::-1] for name in ("losses", "errors", "outputs")}
    tamper(stored, **parts)
    assert replays.deviation("tiny").ratio > 100


def test_the_first_member_only(stored):
    tamper(stored, **changed(stored, "losses", (1, 1), lambda v: v * 1.05))
    # One network alone is rounded differently from one of two.
    assert replays.replay("tiny", members=1).ratio < 1
    tamper(stored, **changed(stored, "losses", (0, 1), lambda v: v * 1.05))
    with pytest.raises(ResultError, match=r"loss of member 0 at record 1 "):
        replays.replay("tiny", members=1)


def test_records_at_named_steps(tmp_path, monkeypatch):
    use_tiny(monkeypatch, tmp_path, record_every=[0, 1, 3, 7, 12])
    path = results.store("tiny", progress=False)
    assert results.load(path).steps.tolist() == [0, 1, 3, 7, 12, 20]
    assert replays.replay("tiny").ratio == 0
    tamper(path, **changed(path, "losses", (0, 3), lambda v: v * 1.05))
    with pytest.raises(ResultError, match=r"loss of member 0 at record 3 \(step 7\)"):
        replays.replay("tiny")
    assert replays.replay("tiny", records=3).ratio == 0


def test_only_frames_have_outputs_to_compare(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FRAMES", 3)
    use_tiny(monkeypatch, tmp_path)
    path = results.store("tiny", progress=False)
    assert results.load(path).frames.tolist() == [0, 8, 20]
    assert replays.replay("tiny", records=6).ratio == 0
    tamper(path, **changed(path, "outputs", (1, 1, 5), lambda v: v + 1))
    with pytest.raises(ResultError, match=r"of member 1 at record 4 \(step 8\)"):
        replays.replay("tiny", records=6)


# --- tolerance -------------------------------------------------------------------------------


def test_the_tolerance_is_a_multiple_of_how_far_the_twins_moved(stored, monkeypatch):
    """With a margin of 0 only 10⁻⁵ of the size is left, and the ratio is that of the deviation."""
    tamper(stored, **changed(stored, "losses", (1, 3), lambda v: v * 1.001))
    loss, start = results.load(stored).losses[1, 3], results.load(stored).losses[:, :4].max()
    with_twins = replays.deviation("tiny").ratio
    monkeypatch.setattr(replays, "MARGIN", 0)
    without = replays.deviation("tiny").ratio
    assert without == pytest.approx(0.001 / 1.001 * loss / (1e-5 * start), rel=1e-2)
    assert with_twins < without


def test_what_twins_move_is_taken_over_members_modes_and_earlier_records():
    values = np.ones((2, 3, 2))
    twin = values.copy()
    twin[1, 1, 0] += 1e-3  # another member and mode, at the second record
    allowed = replays._rounding({"loss": values}, [{"loss": values}, {"loss": twin}])["loss"]
    assert allowed.shape == (1, 3, 1)
    np.testing.assert_allclose(allowed.ravel(), [1e-5, 30e-3 + 1e-5, 30e-3 + 1e-5])


@pytest.mark.parametrize(("change", "twins"), [(1 + 1e-6, []), (1.001, [0, 1, 2])])
def test_twins_are_run_only_if_numbers_differ(stored, monkeypatch, change, twins):
    tamper(stored, losses=results.load(stored).losses * np.float32(change))
    run, real = [], replays.trial_of

    def trial_of(*args, twin=None, **how):
        run.append(twin)
        return real(*args, twin=twin, **how)

    monkeypatch.setattr(replays, "trial_of", trial_of)
    assert (replays.deviation("tiny").ratio > 1) == bool(twins)
    assert run == [None, *twins]


def test_what_is_allowed_can_be_measured_before(stored):
    """A fault that makes training wild would widen what its own twins allow."""
    allowed = replays.tolerance("tiny")
    tamper(stored, losses=results.load(stored).losses * np.float32(1.001))
    ratio = replays.deviation("tiny").ratio
    assert replays.deviation("tiny", allowed=allowed).ratio == pytest.approx(ratio)


# --- series ----------------------------------------------------------------------------------


@pytest.fixture
def with_series(stored, monkeypatch):
    """Return a function that stores "tiny" with some series and returns the file."""

    def store(half=False, grains=(), **series):
        plain = chapters.get("tiny")

        @wraps(plain.function)
        def function(**how):
            trial = plain.function(**how)
            made = {name: make(trial.run) for name, make in series.items()}
            return dataclasses.replace(trial, series=made, half=half, grains=dict(grains))

        register(monkeypatch, "tiny", Experiment(function, "none", **plain.changes))
        return results.store("tiny", progress=False)

    return store


def test_an_honest_series_replays(with_series):
    with_series(rank=lambda run: 10 + run.losses, nothing=lambda run: 0 * run.losses)
    assert replays.replay("tiny").ratio == 0


@pytest.mark.parametrize("value", [0.0, 20.0])
def test_a_changed_series_is_found_and_named(with_series, value):
    path = with_series(rank=lambda run: 10 + run.losses)
    rank = results.load(path).series["rank"].copy()
    rank[1, 1] = value
    tamper(path, series={"rank": rank})
    with pytest.raises(ResultError, match=r"the stored series rank of member 1 at record 1 "):
        replays.replay("tiny")


def test_where_all_is_zero_nothing_may_differ(with_series):
    path = with_series(nothing=lambda run: 0 * run.losses)
    nothing = results.load(path).series["nothing"].copy()
    nothing[0, 2] = 1e-9
    tamper(path, series={"nothing": nothing})
    with pytest.raises(ResultError, match=r"series nothing of member 0 .*: inf times what"):
        replays.replay("tiny")


def test_a_missing_series_is_found(with_series):
    path = with_series(rank=lambda run: 10 + run.losses)
    tamper(path, series={})
    with pytest.raises(ResultError, match=r"^tiny: the stored series differ"):
        replays.replay("tiny")


def test_what_is_kept_in_half_precision_may_differ_by_that(with_series):
    path = with_series(half=True, rank=lambda run: 10 + run.losses)
    kept = results.load(path)
    assert np.array_equal(kept.losses, kept.losses.astype(np.float16))
    assert np.array_equal(kept.series["rank"], kept.series["rank"].astype(np.float16))
    assert replays.replay("tiny").ratio == 0
    tamper(path, losses=kept.losses * np.float32(1.002))
    with pytest.raises(ResultError, match=r"the stored loss of member"):
        replays.replay("tiny")


def test_counts_may_be_off_by_three(with_series):
    path = with_series(
        seen=lambda run: (run.outputs > 0).mean(axis=-1),
        loose=lambda run: (run.outputs > 0).mean(axis=-1),
        grains={"seen": 1 / 16},
    )
    series = results.load(path).series
    for name, off, found in (("seen", 3, False), ("seen", 4, True), ("loose", 1, True)):
        values = series[name].copy()
        values[1, 2] += off / 16
        tamper(path, series={**series, name: values})
        assert (replays.deviation("tiny").ratio > 1) is found


# --- names -----------------------------------------------------------------------------------


def test_without_a_stored_result(monkeypatch, tmp_path):
    use_tiny(monkeypatch, tmp_path)
    with pytest.raises(ResultError, match=r"tiny.npz does not exist"):
        replays.replay("tiny")


def test_unknown_name(stored):
    with pytest.raises(ValueError, match=r"experiment: 'tniy' .* did you mean 'tiny'"):
        replays.replay("tniy")
