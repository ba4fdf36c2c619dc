"""Measurements on filtered errors, on results made by hand; the experiment itself on digits."""

import numpy as np
import pytest

from book import datasets
from book.filtering import claims, parts
from book.filtering.experiments import linear_predictor
from fpkit.reproduce import chapters, judgement, results, storage
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

DELTAS = [1.0, 2.5, 7.0]


def result_of(low, high, neighbours=(2, 20, 90), n=200):
    """Return a result of 2 networks, 5 records and 3 filters with the given errors."""
    shape = (2, 5)
    series = {}
    for delta, count in zip(DELTAS, neighbours, strict=True):
        linear = (("linear_low", 0.2), ("linear_high", 0.7))
        for name, values in (("low", low), ("high", high), ("neighbours", count), *linear):
            series[f"{name} {delta:g}"] = np.broadcast_to(np.float32(values), shape)
    return hand_made(settings={"seeds": [3, 5], "deltas": DELTAS, "n": n}, series=series)


FALLING = [1, 0.4, 0.3, 0.2, 0.1]
SLOW = [1, 0.9, 0.8, 0.7, 0.6]
CROSSING = [[1, 0.9, 0.9, 0.1, 0.1], FALLING]


def test_informative_filters_have_some_neighbours_and_not_all():
    assert claims.informative(result_of(FALLING, SLOW)) == [2.5]
    assert claims.informative(result_of(FALLING, SLOW, n=270)) == [2.5, 7.0]
    assert claims.informative(result_of(FALLING, SLOW, neighbours=(10, 66, 67))) == [1.0, 2.5]


def test_low_first_looks_at_the_first_half_without_the_start():
    assert claims.low_first(result_of(FALLING, SLOW), 2.5).tolist() == [1, 1]
    assert claims.low_first(result_of(SLOW, FALLING), 2.5).tolist() == [0, 0]
    assert claims.low_first(result_of(CROSSING, SLOW), 2.5).tolist() == [0, 1]
    assert claims.low_first(result_of(SLOW, SLOW), 2.5).tolist() == [0, 0]  # a tie is not first


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [
        (FALLING, SLOW, "reproduced"),
        ([[1, 0.3, 0.95, 0.1, 0.1], FALLING], [1, 0.9, 0.9, 0.9, 0.9], "not reproduced"),
        (SLOW, FALLING, "not reproduced"),
    ],
)
@pytest.mark.parametrize("row", ["R29", "R60"])
def test_verdict(monkeypatch, row, low, high, outcome):
    stored = dict.fromkeys(claims.FILTERED, result_of(low, high))
    stored["filtering_digits_high_first"] = result_of(SLOW, FALLING)
    monkeypatch.setattr(
        claims, "shuffled", lambda: {"filtering_mnist_shuffled": result_of(high, low)}
    )
    monkeypatch.setattr(claims, "load_or_run", stored.__getitem__)
    monkeypatch.setattr(claims, "NARROW", 1.0)
    verdict = judgement.verdict(row)
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    other = claims.low_first(result_of(high, low), 2.5).mean()
    told = {
        "R29": f"mnist: {other:.0%}; mnist, convolutional: not run; but the best linear predictor, "
        "which learns in no order, has e_low = 0.20 and e_high = 0.70 at δ = 2.5 (mnist)",
        "R60": "cifar: not run; cifar, convolutional: not run; digits: not run; but the best "
        "linear predictor, which learns in no order, has e_low = 0.20 and e_high = 0.70 at "
        "δ = 2.5 (cifar)",
    }
    assert verdict.control == (
        "a loss on digits in which low frequencies hardly count: 0%; labels of other images, with "
        f"hardly any low part: {told[row]}"
    )
    narrow = claims.low_first(result_of(low, high), 1.0).mean()
    assert verdict.effect.endswith(f"networks; at δ = 1 {narrow:.0%}") == (row == "R29")


def test_runs_with_the_labels_of_other_images():
    assert set(claims.shuffled()) >= {"filtering_mnist_shuffled"}
    for name, result in claims.shuffled().items():
        true = storage.plain(chapters.get(name.removesuffix("_shuffled")).settings)
        assert result.settings == {**true, "shuffled": True}


def test_shuffled_labels_are_those_of_other_images(quick):
    how = {**quick.settings, "steps": 2, "record_every": 2, "progress": False}
    other = results.run("filtering_digits", **{**how, "shuffled": True})
    images = datasets.load("digits").first(80)
    y = np.random.default_rng(0).permutation(images.one_hot(centred=True))
    expected = parts.band_errors(images.images, y, linear_predictor(images.images, y), [0.7])
    assert claims.of_filter(other, "linear_low", 0.7)[0, 0] == pytest.approx(
        expected.low[0], rel=1e-4
    )
    assert expected.low[0] > 2 * claims.of_filter(quick, "linear_low", 0.7)[0, 0]


def test_a_control_that_passes_is_an_error(monkeypatch):
    monkeypatch.setattr(claims, "load_or_run", lambda name: result_of(FALLING, SLOW))
    monkeypatch.setattr(claims, "NARROW", 1.0)
    with pytest.raises(RuntimeError, match="R29: the negative control passes"):
        judgement.verdict("R29")


def test_linear_predictor_is_least_squares():
    rng = np.random.default_rng(0)
    x, y = rng.random((50, 4)), rng.random((50, 2))
    design = np.column_stack([x, np.ones(50)])
    expected = design @ np.linalg.lstsq(design, y)[0]
    np.testing.assert_allclose(linear_predictor(x, y), expected, atol=5e-3)


@pytest.fixture(scope="module")
def quick():
    return results.run(
        "filtering_digits",
        n=80,
        deltas=[0.7, 1.0],
        seeds=[0, 1],
        steps=4,
        record_every=2,
        progress=False,
    )


def test_an_experiment_keeps_errors_and_no_images(quick):
    kept = [quick.x, quick.y, quick.eval_x, quick.outputs, quick.phase, quick.peaks]
    assert [array.size for array in kept] == [0] * 6
    names = ("low", "high", "linear_low", "linear_high", "neighbours", "share")
    deltas = quick.settings["deltas"]
    assert set(quick.series) == {f"{name} {delta:g}" for name in names for delta in deltas}
    assert all(values.shape == (2, 3) for values in quick.series.values())


def test_the_experiment_s_baseline_and_table(quick):
    images = datasets.load("digits").first(80)
    y = images.one_hot(centred=True)
    expected = parts.band_errors(images.images, y, linear_predictor(images.images, y), [0.7])
    count = np.median(parts.reach(images.images, [0.7]).neighbours)
    for name, value in (("linear_low", expected.low[0]), ("linear_high", expected.high[0]),
                        ("share", expected.share[0]), ("neighbours", count)):  # fmt: skip
        assert claims.of_filter(quick, name, 0.7)[0] == pytest.approx([value] * 3, rel=1e-4)


def test_the_output_starts_at_zero(quick):
    for name in ("low", "high"):
        np.testing.assert_allclose(claims.of_filter(quick, name, 1.0)[:, 0], 1, atol=1e-6)


def test_control_shows_the_medians_and_the_linear_predictor(quick):
    data = claims.curves(quick).data
    assert data["settings"] == ["0.7", "1"]
    assert data["values"]["shape"] == [2, 2, 3]
    assert data["references"]["shape"] == [2, 2]
    assert data["notes"][0].endswith(" effective neighbours of 80")


def test_unknown_network():
    with pytest.raises(ValueError, match="network: 'convolution' is not known; did you mean"):
        results.run("filtering_digits", network="convolution", progress=False)
