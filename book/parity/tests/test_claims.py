"""Measurements on parity and on response frequency, on results made by hand."""

import numpy as np
import pytest

from book import datasets
from book.parity import claims as parity_claims
from book.parity import cube
from book.parity import experiments as parity_experiments
from book.response_frequency import claims as response_frequency_claims
from book.response_frequency import experiments as response_frequency_experiments
from fpkit.reproduce import chapters, judgement, results
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")


def run_of(unseen, losses=(1, 0.5, 0.2, 0.05, 0.01)):
    """Return a result of 2 networks and 5 records with the given accuracies."""
    shape = (2, 5)
    series = {"unseen": np.broadcast_to(np.float32(unseen), shape), "seen": np.ones(shape)}
    return hand_made(losses=np.broadcast_to(np.float32(losses), shape), series=series)


CHANCE, LEARNED, BELOW = [0.5] * 5, [0.5, 0.4, 0.3, 0.8, 0.99], [0.5, 0.3, 0.2, 0.3, 0.4]


def test_moments_of_a_run():
    result = run_of([LEARNED, BELOW], [[1, 0.5, 0.2, 0.05, 0.01], [1, 0.9, 0.8, 0.7, 0.6]])
    np.testing.assert_allclose(parity_claims.final(result), [0.99, 0.4])
    np.testing.assert_allclose(parity_claims.early(result, 0.3), [0.3, np.nan])
    np.testing.assert_allclose(parity_claims.early(result), [0.4, 0.4])
    assert parity_claims.fitted(result).tolist() == [30, np.inf]


def test_nearest_corners_disagree_on_a_full_cube():
    # All but one corner seen: every neighbour of the last has the other sign.
    assert parity_claims.nearest_agree(5, 31, seed=0) == 0
    # One corner seen: it is right as often as its distance is even.
    seen, other = cube.sample(6, 1, 500, seed=0)
    even = ((6 - other @ seen[0]) / 2 % 2 == 0).mean()
    assert parity_claims.nearest_agree(6, 1, seed=0) == pytest.approx(even)


@pytest.mark.parametrize(
    ("large", "sparse", "outcome"),
    [
        (CHANCE, CHANCE, "reproduced"),
        (LEARNED, CHANCE, "reproduced"),  # the slide speaks of few points
        (CHANCE, [LEARNED, BELOW], "not reproduced"),
        (CHANCE, BELOW, "weaker"),
    ],
)
def test_verdict_on_parity(monkeypatch, large, sparse, outcome):
    stored = {
        name: run_of(sparse if parity_claims.share_seen(name) <= parity_claims.FEW else large)
        for name in parity_experiments.CUBES
    }
    stored |= dict.fromkeys(("even_digits_400", "product_1"), run_of([0.5, 0.8, 0.9, 0.9, 0.95]))
    monkeypatch.setattr(parity_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R30")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    assert verdict.effect.startswith("power of degree n: 100%; accuracy on unseen points")
    assert verdict.control.startswith("even or odd digits: 0.95 to 0.95")


# --- the experiments -------------------------------------------------------------------------

QUICK = {"seeds": [0, 1], "steps": 20, "record_every": 10}


def test_accuracies_are_those_of_the_signs(monkeypatch):
    seen_by = []
    train = parity_experiments.train

    def watching(nets, x, y, **how):
        run = train(nets, x, y, **how)
        seen_by.append((x, y, how["eval_x"], run.outputs[0]))
        return run

    monkeypatch.setattr(parity_experiments, "train", watching)
    result = results.run("parity_10_400", n=5, seen=20, progress=False, **QUICK)
    for member, (x, y, points, outputs) in enumerate(seen_by):
        assert (len(x), len(points)) == (20, 32)
        np.testing.assert_array_equal(y, x.prod(axis=1))
        right = np.sign(outputs) == points.prod(axis=1)
        np.testing.assert_allclose(result.series["seen"][member], right[:, :20].mean(axis=1))
        np.testing.assert_allclose(result.series["unseen"][member], right[:, 20:].mean(axis=1))


def test_shuffled_labels_are_the_same_labels():
    y = cube.parity(cube.cube(6), [0])
    mixed = parity_experiments._shuffled(y, 3)
    assert sorted(mixed) == sorted(y)
    assert not np.array_equal(mixed, y)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("parity_10_400", {"n": 4}, r"seen: expected fewer than all 2\^4 = 16 corners, got 400"),
        ("parity_10_400", {"seen": 0.25}, "seen: expected a whole number of at least 1, got 0.25"),
        ("parity_10_400", {"bits": 11}, r"bits: expected numbers from 0 to 9, got \[0, 1"),
        ("parity_10_400", {"bits": 0}, "bits: expected a whole number of at least 1, got 0"),
        ("parity_10_400", {"n": 70}, "n: corners are numbered by 64-bit integers up to 62"),
        ("even_digits_400", {"seen": 1_500}, "seen: expected fewer than all 1,500 images, got 1,5"),
        ("even_digits_400", {"unseen": -3}, "unseen: expected a whole number of at least 1"),
        ("waves_on_a_cube", {"n": 25}, r"n: all 2\^25 corners would take 6.7 GB"),
    ],
)
def test_what_the_experiments_refuse(name, changes, message):
    with pytest.raises(ValueError, match=message):
        results.run(name, progress=False, **{**QUICK, **changes})


def test_waves_are_seen_through_their_walsh_coefficients():
    experiment = chapters.get("waves_on_a_cube")
    trial = experiment.function(**experiment.merged({**QUICK, "n": 5, "sizes": [1, 3, 5]}))
    assert trial.peaks.tolist() == [1, 7, 31]
    coefficients = trial.spectrum(trial.run.y)
    np.testing.assert_allclose(np.abs(coefficients[:, trial.peaks]), 3**-0.5)
    others = np.setdiff1d(np.arange(32), trial.peaks)
    np.testing.assert_allclose(coefficients[:, others], 0, atol=1e-12)


# --- response frequency ----------------------------------------------------------------------


def learned_at(*members):
    """Return a result in which the four kinds are learned at these records."""
    errors = np.ones((len(members), 5, 4))
    for member, records in enumerate(members):
        for kind, record in enumerate(records):
            errors[member, record:, kind] = 0.05
    return hand_made(errors=errors, peaks=np.arange(4))


def test_groups_in_order():
    result = learned_at([0, 1, 2, 3], [0, 2, 1, 3], [2, 3, 0, 1], [1, 1, 1, 2])
    assert response_frequency_claims.groups_in_order(result, "slow").tolist() == [
        True,
        False,
        False,
        False,
    ]
    assert response_frequency_claims.groups_in_order(result, "even").tolist() == [
        False,
        True,
        False,
        False,
    ]


def walked(near, linear, ratio, networks):
    series = {
        "adversarial distance": near,
        "nearest distance": 2.0,
        "linear distance": linear,
        "adversarial frequency": ratio,
        "random frequency": 1.0,
    }
    series = {name: np.full((networks, 5), value) for name, value in series.items()}
    return hand_made(series=series, settings={"data": "digits"})


def test_verdict_on_response(monkeypatch):
    stored = {
        "two_frequencies": learned_at([0, 1, 2, 3], [1, 0, 3, 2]),
        "two_frequencies_large_init": learned_at([0, 1, 2, 3], [2, 3, 0, 1]),
    }
    monkeypatch.setattr(response_frequency_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R42")
    assert verdict.outcome == "reproduced"
    assert verdict.effect.startswith("slow responses first in 2/2 (16–100%) networks, even")
    assert verdict.control == (
        "large initial weights: slow responses first in 1/2 (1–99%), though 0 of them miss two of "
        "the four parts, or more, when they end"
    )


@pytest.mark.parametrize(
    ("near", "linear", "ratio", "outcome"),
    [
        (0.4, 1.5, 2.0, "reproduced"),
        (0.4, 1.5, 1.1, "weaker"),
        (0.4, 0.2, 1.1, "undecided (the control shows as much)"),
        (1.4, 1.5, 2.0, "not reproduced"),
    ],
)
def test_verdict_on_adversarial_examples(monkeypatch, near, linear, ratio, outcome):
    digits, mnist = response_frequency_claims.LINES
    stored = {name: walked(near, linear, ratio, count) for name, count in ((digits, 2), (mnist, 3))}
    monkeypatch.setattr(response_frequency_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R61")
    assert (verdict.outcome, verdict.seeds) == (outcome, 2)


def test_readings_are_the_four_waves():
    images = response_frequency_experiments.noise_images(50, seed=1)
    even = images.sum(axis=1) / 8
    checks = images.reshape(-1, 8, 8)
    fine = (checks[:, ::2, ::2] + checks[:, 1::2, 1::2]).sum(axis=(1, 2)) / 8
    fine -= (checks[:, ::2, 1::2] + checks[:, 1::2, ::2]).sum(axis=(1, 2)) / 8
    found = response_frequency_experiments.readings(images, 0.5, 4.0)
    expected = [np.sin(speed * read) for speed in (0.5, 4.0) for read in (even, fine)]
    for wave, plain in zip(found, expected, strict=True):
        np.testing.assert_allclose(wave, plain / np.sqrt(np.mean(plain**2)))


def test_shares_of_the_target_are_its_signs():
    experiment = chapters.get("two_frequencies")
    trial = experiment.function(**experiment.merged(QUICK))
    np.testing.assert_allclose(np.abs(trial.spectrum(trial.run.y)), 0.5, rtol=1e-6)


def test_lines_know_the_nearest_image_and_the_accuracy():
    settings = {"n": 200, "judged": 5, **QUICK}
    result = results.run("lines_digits", progress=False, **settings)
    learned, shown = datasets.load("digits").first(200), datasets.load("digits", "test").first(5)
    apart = [
        min(np.linalg.norm(x - image) for x, k in zip(learned.images, learned.labels, strict=True)
            if k != label)
        for image, label in zip(shown.images, shown.labels, strict=True)
    ]  # fmt: skip
    np.testing.assert_allclose(result.series["nearest distance"], np.median(apart), rtol=1e-5)
    assert (result.series["adversarial distance"] <= settings.get("radius", 2.0)).all()
    assert (result.series["accuracy"][:, -1] > 0.1).all()
    assert (result.series["linear distance"] > 0).all()
