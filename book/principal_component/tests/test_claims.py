"""Spectra along a line: on a result made by hand, on digits, and the paper's spectrum on MNIST."""

import numpy as np
import pytest

from book import datasets
from book.filtering.experiments import linear_predictor
from book.principal_component import claims, experiments, projection
from book.principal_component.experiments import WAVES, along, labels_of
from fpkit import spectra
from fpkit.reproduce import judgement, results
from fpkit.tests import direct_sum, hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

SMALL = {
    "data": "digits",
    "part": "train",
    "n": 90,
    "hidden": (8,),
    "weight_std": 0.2,
    "seeds": [0, 1],
    "steps": 6,
    "batch_size": 30,
    "lr": 1e-2,
    "record_every": 2,
    "modes": 7,
}


def small(**changes):
    return results.run("principal_mnist", progress=False, **{**SMALL, **changes})


@pytest.fixture(scope="module")
def numbers():
    return small()


@pytest.fixture(scope="module")
def digits():
    return datasets.load("digits").first(90)


# --- places and labels -----------------------------------------------------------------------


def test_places_follow_the_direction(digits):
    for line, j in (("first", 1), ("second", 2)):
        p = projection.principal_direction(digits.images, j)
        np.testing.assert_allclose(along(digits.images, line), projection.project(digits.images, p),
                                   atol=1e-6)  # fmt: skip


def test_even_places_are_ranks(digits):
    t, even = along(digits.images), along(digits.images, "first even")
    assert np.array_equal(np.sort(even), np.arange(90) / 90)
    assert np.array_equal(np.argsort(even), np.argsort(t, kind="stable"))


def test_labels(digits):
    number = digits.labels[:, None]
    assert np.array_equal(labels_of(digits, "number"), number)
    np.testing.assert_allclose(labels_of(digits, "centred"), number - number.mean(), atol=1e-6)
    assert np.array_equal(labels_of(digits, "one-hot"), digits.one_hot(centred=True))


def test_waves_have_one_size_on_the_even_line(digits):
    y, t = labels_of(digits, "waves")[:, 0], along(digits.images, "first even")
    size = np.abs(direct_sum(y, t, np.arange(8)))
    np.testing.assert_allclose(size, [0.5 * (k in WAVES) for k in range(8)], atol=1e-6)


# --- what the experiment keeps -----------------------------------------------------------------


def test_an_experiment_keeps_spectra_and_no_images(numbers):
    kept = [numbers.x, numbers.y, numbers.eval_x, numbers.outputs, numbers.phase, numbers.peaks]
    assert [array.size for array in kept] == [0] * 6
    shapes = {name: values.shape for name, values in numbers.series.items()}
    for line in ("first", "second", "first even"):
        assert shapes[f"output {line} real"] == (2, 4, 1, 7)
        assert shapes[f"labels {line} imaginary"] == (1, 1, 1, 7)
        assert shapes[f"floor {line}"] == (1, 1, 7)


def test_spectra_are_direct_sums(numbers, digits):
    t, y = along(digits.images, "second"), digits.labels[:, None].astype(float)
    linear = linear_predictor(digits.images, y)
    modes = np.arange(7)
    for of, values in (("labels", y), ("linear", linear), ("density", np.ones((90, 1)))):
        expected = direct_sum(values[:, 0], t, modes)
        found = claims.spectrum(numbers, of, "second")[0, 0, 0]
        np.testing.assert_allclose(found, expected, atol=1e-4)
    floor = projection.noise_floor(y, t, modes).floor
    np.testing.assert_allclose(numbers.series["floor second"][0, 0], floor, rtol=1e-4, atol=1e-6)


def test_centred_and_constant_functions(numbers, digits):
    t, y = along(digits.images), digits.labels.astype(float)
    expected = direct_sum(y - y.mean(), t, np.arange(7))
    found = claims.spectrum(numbers, "labels", centred=True)[0, 0, 0]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    expected = direct_sum(np.full(90, y.mean()), t, np.arange(7))
    np.testing.assert_allclose(claims.spectrum(numbers, "constant")[0, 0, 0], expected, atol=1e-5)


def test_errors_are_relative_to_the_labels(numbers):
    output, labels = (claims.spectrum(numbers, of)[..., 0, 1:] for of in ("output", "labels"))
    expected = spectra.relative_error(output, labels[0])
    np.testing.assert_allclose(claims.error(numbers, centred=False), expected, rtol=1e-6)
    np.testing.assert_allclose(claims.error(numbers, of="constant"), 1, atol=1e-9)
    even = claims.error(numbers, "first even", of="constant", centred=False)
    np.testing.assert_allclose(even, 1, atol=1e-5)  # nothing to be had from the density


def test_convolutional_networks_and_columns(monkeypatch):
    monkeypatch.setattr(experiments, "CHANNELS", (4,))
    result = small(network="convolutional", labels="one-hot", lines=["first"])
    output, labels = (claims.spectrum(result, of)[..., 1:] for of in ("output", "labels"))
    assert output.shape == (2, 4, 10, 6)
    expected = (np.abs(output - labels) ** 2).sum(axis=2) / (np.abs(labels) ** 2).sum(axis=2)
    np.testing.assert_allclose(claims.error(result, centred=False), np.sqrt(expected), rtol=1e-9)


def test_the_first_coefficients_of_mnist():
    if not datasets.local("mnist"):
        pytest.skip("mnist is not on this machine: see FPKIT_DATA")
    images = datasets.load("mnist", "test")
    t = along(images.images)
    size = np.abs(spectra.nudft(images.labels.astype(float), t, np.arange(4), length=1.0))
    np.testing.assert_allclose(size, [4.443, 3.237, 1.369, 0.469], rtol=0.01)


# --- the order ---------------------------------------------------------------------------------


def made(shares, size=(1, 1, 1), floor=0.5):
    """Return a result of 2 networks that have learned these shares of modes 1 to 3, (2, 5, 3)."""
    labels = np.array([2.0, *size])
    density = np.array([1.0, 0.3, 0.2, 0.1])
    learned = np.concatenate([np.ones((2, 5, 1)), shares], axis=-1)
    raw = labels + labels[0] * density * (np.arange(4) > 0)  # centring takes the second term off
    output = labels * learned + labels[0] * density * (np.arange(4) > 0)
    series = {}
    for line in ("first", "first even"):
        parts = {"labels": raw[None, None], "output": output, "density": density[None, None],
                 "linear": raw[None, None]}  # fmt: skip
        for name, values in parts.items():
            series[f"{name} {line} real"] = values[:, :, None]
            series[f"{name} {line} imaginary"] = 0 * values[:, :, None]
        series[f"floor {line}"] = np.full((1, 1, 4), floor)
    settings = {"seeds": [3, 5], "labels": "number", "n": 9, "part": "test", "lr": 0.1}
    return hand_made(settings=settings, series=series)


def shares(*steps):
    """Return shares that jump from 0 to 1 at the given records, for both networks."""
    return np.broadcast_to(np.arange(5)[:, None] >= np.array(steps), (2, 5, 3))


def test_only_modes_above_the_floor_count():
    assert claims.above(made(shares(1, 2, 3), size=(1, 0.4, 1))).tolist() == [1, 3]
    assert claims.above(made(shares(1, 2, 3), size=(1, 0.4, 1), floor=0.3)).tolist() == [1, 2, 3]


def test_order_of_centred_components():
    assert claims.order(made(shares(1, 2, 3))).strict.all()
    assert not claims.order(made(shares(1, 3, 2))).strict.any()
    # What is out of order below the floor does not count.
    assert claims.order(made(shares(1, 4, 2), size=(1, 0.4, 1))).strict.all()
    half = made(0.8 * shares(1, 2, 3))
    assert claims.order(half).strict.all()
    assert claims.order(half, limit=0.1).unlearned.min() == 3


def test_first_three_are_not_centred():
    result = made(shares(1, 2, 3))
    assert claims.first_three(result).all()
    # With the mean learned and nothing else, the error of k is what the mean leaves of it.
    result = made(shares(9, 9, 9), size=(0.1, 0.2, 0.3))
    raw = claims.error(result, centred=False)[0, 0]
    np.testing.assert_allclose(raw, [0.1 / 0.7, 0.2 / 0.6, 0.3 / 0.5])
    assert not claims.first_three(result).any()


def test_a_constant_that_grows_learns_what_the_mean_label_is_of_a_component():
    # Of the components 0.7, 0.55 and 0.7 the mean label is 0.6, 0.4 and 0.2.
    result = made(shares(9, 9, 9), size=(0.1, 0.15, 0.5))
    learned = claims.growing_constant(result)
    # 0.7 - 0.6 s is below 30 % of 0.7 from s = 0.49 / 0.6 on, 0.55 - 0.4 s from 0.385 / 0.4 on.
    np.testing.assert_allclose(learned, [[0.82, 0.97, np.inf]])
    # A constant of the wrong sign learns nothing.
    assert np.isinf(claims.growing_constant(made(shares(9, 9, 9), size=(-2, 9, 9)))).all()


def test_networks_that_learn_at_the_same_records_are_told(monkeypatch):
    use(monkeypatch, made(shares(1, 2, 3), size=(9, 9, 9)), made(shares(3, 2, 1)))
    told = judgement.verdict("R15").effect
    assert "2/2 (16–100%) by settling (all at the same records)" in told
    apart = shares(1, 2, 3).copy()
    apart[1] = shares(1, 3, 4)[0]
    use(monkeypatch, made(apart, size=(9, 9, 9)), made(shares(3, 2, 1)))
    assert "same records" not in judgement.verdict("R15").effect


def test_a_constant_in_order_on_all_images_is_a_control_that_passes(monkeypatch):
    use(monkeypatch, made(shares(1, 2, 3), size=(0.1, 0.15, 0.5)), made(shares(3, 2, 1)))
    with pytest.raises(RuntimeError, match="k = 1, 2, in order"):
        judgement.verdict("R15")


def use(monkeypatch, runs, control):
    stored = dict.fromkeys(claims.RUNS, runs)
    stored |= {claims.WAVES: made(shares(1, 2, 3)), claims.CONTROL: control}
    monkeypatch.setattr(claims, "load_or_run", stored.__getitem__)


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ((1, 2, 3), "reproduced"),
        ((1, 3, 2), "weaker"),
        ((3, 2, 1), "not reproduced"),
        ((1, 9, 9), "undecided (not trained to the end)"),
    ],
)
def test_verdict_on_centred_labels(monkeypatch, steps, outcome):
    use(monkeypatch, made(shares(*steps)), made(shares(3, 2, 1)))
    verdict = judgement.verdict("R59")
    assert verdict.outcome == outcome
    assert (verdict.seeds, verdict.ours) == (2, True)
    assert "labels made of waves: by first crossing and by settling strict order 2/2" in (
        verdict.effect
    )


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ((1, 2, 3), "reproduced"),
        ((1, 3, 2), "not reproduced"),
        ((1, 2, 9), "undecided (not trained to the end)"),
    ],
)
def test_verdict_on_labels_as_they_are(monkeypatch, steps, outcome):
    use(monkeypatch, made(shares(*steps), size=(9, 9, 9)), made(shares(3, 2, 1)))
    verdict = judgement.verdict("R15")
    assert verdict.outcome == outcome
    assert (verdict.seeds, verdict.ours) == (2, False)


def test_a_control_that_passes_is_an_error(monkeypatch):
    use(monkeypatch, made(shares(1, 2, 3)), made(shares(1, 2, 3)))
    for row in ("R15", "R59"):
        with pytest.raises(RuntimeError, match=f"{row}: the negative control passes"):
            judgement.verdict(row)


def test_the_control_shows_the_stored_spectra(numbers):
    line = claims.on_a_line(numbers, member=1)
    assert line.outputs.shape == (5, 4, 14)
    for row, (of, centred) in enumerate(claims.SHOWN):
        expected = claims.spectrum(numbers, of, centred=centred)[-1, -1, 0]
        found = spectra.dft(line.outputs[row, -1].astype(float))[:7]
        np.testing.assert_allclose(found, expected, atol=0.01)
    apart = line.outputs.astype(float) - line.y[:, None]
    np.testing.assert_allclose(line.losses, (apart**2).mean(axis=-1), rtol=0.01)
    np.testing.assert_allclose(
        spectra.dft(line.y[0])[:7], claims.spectrum(numbers, "labels")[0, 0, 0], atol=1e-9
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: small(labels="numbers"), "labels: 'numbers' is not known; did you mean 'number'"),
        (lambda: small(lines=["frist"]), "line: 'frist' is not known; did you mean 'first'"),
        (lambda: small(network="convolution"), "network: 'convolution' is not known"),
    ],
)
def test_wrong_settings(call, message):
    with pytest.raises(ValueError, match=message):
        call()
