"""Stopping rules on curves drawn by hand, noise estimates on noise of known size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from book.early_stopping import stopping
from book.early_stopping.experiments import noisy_labels
from fpkit.reproduce import chapters, results

STEPS = np.arange(0, 60, 10)
LOSSES = arrays(np.float64, (3, 6), elements=st.floats(0.1, 10))


@pytest.mark.parametrize(
    ("losses", "first", "best", "last", "interior"),
    [
        ([9, 5, 1, 5, 9, 9], 20, 20, 20, True),
        ([9, 1.01, 1, 1.02, 9, 9], 10, 20, 30, True),
        ([9, 5, 4, 3, 2, 1], 50, 50, 50, False),
        ([9, 5, 1, 1.01, 1.005, 1.015], 20, 20, 50, False),
        ([1, 2, 3, 4, 5, 6], 0, 0, 0, True),
        ([1.01, 5, 1, 5, 1.01, 5], 20, 20, 20, True),  # what lies behind a rise does not count
    ],
)
def test_plateau(losses, first, best, last, interior):
    found = stopping.plateau(STEPS, losses)
    assert (found.first, found.best, found.last, found.interior) == (first, best, last, interior)


@given(LOSSES)
def test_plateau_against_a_walk_from_the_minimum(losses):
    found = stopping.plateau(STEPS, losses, 0.5)
    for i, row in enumerate(losses):
        left = right = best = int(np.argmin(row))
        while left > 0 and row[left - 1] <= 1.5 * row[best]:
            left -= 1
        while right < 5 and row[right + 1] <= 1.5 * row[best]:
            right += 1
        assert [p[i] for p in found] == [STEPS[left], STEPS[best], STEPS[right], right < 5]


@given(LOSSES)
def test_the_best_step_has_no_excess_and_no_other_has_less(losses):
    best = stopping.best_step(STEPS, losses)
    np.testing.assert_array_equal(best, stopping.plateau(STEPS, losses).best)
    np.testing.assert_array_equal(stopping.excess(STEPS, losses, best), 0)
    for step in STEPS:
        chosen = np.full(3, step)
        expected = losses[:, step // 10] / losses.min(axis=1) - 1
        np.testing.assert_allclose(stopping.excess(STEPS, losses, chosen), expected)


@pytest.mark.parametrize(
    ("level", "step"), [(9, 0), (4.5, 20), (3, 30), (0.5, 50)]
)  # 0.5 is never reached
def test_first_reached(level, step):
    losses = [9, 5, 4, 3, 4, 1]
    assert stopping.first_reached(STEPS, losses, level) == step
    both = stopping.first_reached(STEPS, [losses, losses[::-1]], [level, 1])
    assert both.tolist() == [step, 0]


@pytest.mark.parametrize("estimate", [stopping.spectral_noise, stopping.neighbour_noise])
@pytest.mark.parametrize("sigma", [0.05, 2.0])
@pytest.mark.parametrize("n", [4000, 4001])
def test_noise_estimates_find_white_noise_on_a_slow_wave(estimate, sigma, n):
    wave = np.sin(2 * np.pi * np.arange(n) / n)
    noisy = wave + sigma * np.random.default_rng(n).standard_normal((4, n))
    np.testing.assert_allclose(estimate(noisy), sigma, rtol=0.1)
    np.testing.assert_allclose(estimate(noisy), [estimate(row) for row in noisy])


def test_jumps_count_as_noise_in_the_spectrum_but_not_between_neighbours():
    steps = np.repeat(np.random.default_rng(0).permutation(30), 10) * 1.0
    assert stopping.neighbour_noise(steps) == 0
    assert stopping.spectral_noise(steps) > 0.5


def test_labels_are_drawn_anew_for_every_seed_and_part():
    clean = np.linspace(0, 1, 5000)
    train = noisy_labels(clean, 0.3, [0, 1], 0) - clean
    test = noisy_labels(clean, 0.3, [0, 1], 1) - clean
    np.testing.assert_allclose([*train.std(axis=1), *test.std(axis=1)], 0.3, rtol=0.05)
    correlations = np.corrcoef([*train, *test]) - np.eye(4)
    assert np.abs(correlations).max() < 0.05
    np.testing.assert_array_equal(noisy_labels(clean, 0.3, [1], 0)[0] - clean, train[1])


def test_held_out_points_are_not_trained_on():
    quick = {"n": 40, "n_test": 50, "steps": 4, "record_every": 2, "seeds": [3], "progress": False}
    whole = results.run("noisy_sine", **quick)
    held = results.run("noisy_sine", held_out=4, **quick)
    np.testing.assert_array_equal(held.y, whole.y)
    out = np.arange(40) % 4 == 2
    # Before training both are the same network, so the losses are means over parts of the points.
    residual = (whole.outputs[0, 0].astype(float) - whole.y[0]) ** 2
    assert held.series["held_out_loss"][0, 0] == pytest.approx(residual[out].mean(), rel=1e-3)
    assert held.losses[0, 0] == pytest.approx(residual[~out].mean(), rel=1e-3)
    assert "held_out_loss" not in whole.series


def test_test_loss_against_labels_made_by_hand():
    quick = {"n": 40, "n_test": 40, "steps": 4, "record_every": 2, "seeds": [3], "progress": False}
    result = results.run("noisy_sine", **quick)
    clean = result.y[0] - 0.1 * np.random.default_rng((3, 0)).standard_normal(40)
    test = clean + 0.1 * np.random.default_rng((3, 1)).standard_normal(40)
    for frame in range(3):  # test points and training points are the same here
        output = result.outputs[0, frame].astype(float)
        pairs = {"test_loss": test, "true_loss": clean}
        for name, labels in pairs.items():
            expected = np.mean((output - labels) ** 2)
            assert result.series[name][0, frame] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stopping.plateau(STEPS, np.ones(5)), "losses: expected one per recorded step"),
        (lambda: stopping.plateau(STEPS, -np.ones(6)), "losses: expected numbers of at least 0"),
        (lambda: stopping.plateau(STEPS, np.ones(6), 0), "tolerance: expected a finite number"),
        (lambda: stopping.best_step(STEPS, np.full(6, np.nan)), "losses: expected finite numbers"),
        (lambda: stopping.excess(STEPS, np.ones(6), 15), "chosen: expected recorded steps, got 15"),
        (lambda: stopping.excess(STEPS, np.ones(6), 90), "chosen: expected recorded steps, got 90"),
        (lambda: stopping.spectral_noise(np.ones(8)), "values: expected at least 16 samples"),
        (lambda: stopping.neighbour_noise([np.inf] * 20), "values: expected finite numbers"),
        (lambda: noisy_labels(np.ones(3), -0.1, [0], 0), "noise: expected .* at least 0, got -0.1"),
        (
            lambda: chapters.get("noisy_sine").function(noise=-1, seeds=[0]),
            "noise: expected a standard deviation of at least 0, got -1",
        ),
        (
            lambda: chapters.get("noisy_sine").function(held_out=0, seeds=[0]),
            "held_out: expected a whole number of at least 1, got 0",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()
