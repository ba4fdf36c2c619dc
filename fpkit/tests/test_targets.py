"""Targets against their formulas."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from book.one_dimension.random_points import random_points
from fpkit import targets
from fpkit.tests import direct_sum


@given(
    arrays(np.float64, 6, elements=st.floats(-50, 50)), st.floats(0.01, 10),
)  # fmt: skip
def test_discretize_gives_the_nearest_multiple(values, step):
    levels = values / step
    assume(np.abs(np.abs(levels - np.round(levels)) - 0.5).min() > 1e-6)
    result = targets.discretize(values, step)
    np.testing.assert_allclose(result / step, np.round(result / step), atol=1e-9)
    assert (np.abs(result - values) < step / 2).all()


def test_height_zero_changes_nothing():
    values = np.array([0.1, -0.25, math.pi])
    assert np.array_equal(targets.discretize(values, 0), values)


@pytest.mark.parametrize("height", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("level", [-1.5, -0.5, 0.5, 2.5])
@pytest.mark.parametrize("last_bit", [-math.inf, 0, math.inf])
def test_a_value_between_two_levels_is_refused(height, level, last_bit):
    tie = np.nextafter(height * level, last_bit) if last_bit else height * level
    with pytest.raises(ValueError, match=f"height: {height} puts 1 of 2 values exactly half-way"):
        targets.discretize(np.array([0.0, tie]), height)


def test_a_staircase_with_ties_names_a_remedy():
    message = r"height: 0.5 puts 4 of 201 values .* first is -0.75\); choose another height, or"
    with pytest.raises(ValueError, match=message):
        targets.staircase(201, 0.5)


def test_staircase_by_hand():
    x, y = targets.staircase(6, 0.5)
    np.testing.assert_allclose(x, [-1, -0.6, -0.2, 0.2, 0.6, 1])
    np.testing.assert_allclose(y, [-1, -0.5, 0, 0, 0.5, 1])


def test_staircase_levels_by_width():
    y = targets.staircase(200, 0.5)[1]
    levels, counts = np.unique(y + 0.0, return_counts=True)  # + 0.0 joins -0 and 0
    assert levels.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert counts.tolist() == [25, 50, 50, 50, 25]


def test_sine_sum_is_its_formula():
    x, y = targets.sine_sum(300, height=0)
    expected = [math.sin(t) + 2 * math.sin(3 * t) + 3 * math.sin(5 * t) for t in x]
    assert (x[0], x[-1]) == (-10, 10)
    np.testing.assert_allclose(y, expected, atol=1e-13)


def test_sine_sum_with_other_terms():
    x, y = targets.sine_sum(50, height=0, amplitudes=[4], frequencies=[0.5])
    np.testing.assert_allclose(y, 4 * np.sin(x / 2), atol=1e-14)


def test_sample_covers_the_interval():
    x, y = targets.sample(np.cos, n=5, interval=(0, 8))
    assert x.tolist() == [0, 2, 4, 6, 8]
    np.testing.assert_allclose(y, np.cos([0, 2, 4, 6, 8]))


def test_sample_discretizes():
    assert targets.sample(np.exp, n=3, height=0.25)[1].tolist() == [0.25, 1, 2.75]


@pytest.mark.parametrize("n", [20, 21, 120])
def test_equal_amplitudes_has_exactly_half_at_its_modes(n):
    modes = [1, 3, 5, 9]
    x, y = targets.equal_amplitudes(n, modes, seed=4)
    np.testing.assert_allclose(x, -1 + 2 * np.arange(n) / n, atol=1e-14)
    magnitude = np.abs(direct_sum(y, np.arange(n) / n, np.arange((n + 1) // 2)))
    np.testing.assert_allclose(magnitude[modes], 0.5, atol=1e-13)
    assert np.delete(magnitude, modes).max() < 1e-13


@given(n=st.integers(2, 60), more=st.integers(0, 60), seed=st.integers(0, 99))
def test_random_points_are_sorted_distinct_and_on_the_curve(n, more, seed):
    x, y = random_points(np.sin, n=n, candidates=n + more, seed=seed)
    assert x.shape == y.shape == (n,)
    assert (np.diff(x) > 0).all()
    assert np.isin(x, np.linspace(-1, 1, n + more)).all()
    np.testing.assert_allclose(y, np.sin(x))


def test_random_points_reach_everywhere():
    x = random_points(np.sin, n=500, candidates=3000, seed=0)[0]
    assert np.histogram(x, 4, (-1, 1))[0] == pytest.approx(125, abs=40)


def test_white_noise_is_standard_normal():
    x, y = targets.white_noise(40_000, seed=1)
    assert (x[0], x[1] - x[0]) == (-1, pytest.approx(2 / 40_000))
    assert abs(y.mean()) < 4 / 200
    assert y.std() == pytest.approx(1, abs=0.015)
    assert abs(np.corrcoef(y[:-1], y[1:])[0, 1]) < 4 / 200


@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: targets.white_noise(50, seed),
        lambda seed: targets.equal_amplitudes(50, [1, 2], seed),
        lambda seed: random_points(np.sin, n=20, candidates=50, seed=seed),
    ],
    ids=["white_noise", "equal_amplitudes", "random_points"],
)
def test_a_draw_depends_on_its_seed_only(draw):
    assert np.array_equal(draw(3), draw(3))
    assert not np.array_equal(draw(3), draw(4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: targets.staircase(200, -0.5),
         "height: expected a finite number of at least 0, got -0.5"),
        (lambda: targets.staircase(1), "n: expected at least 2 points, got 1"),
        (lambda: targets.staircase(0), "n: expected a whole number of at least 1, got 0"),
        (lambda: targets.discretize([1, math.nan], 1), "values: expected finite numbers, got nan"),
        (lambda: targets.sample(np.sin, n=9, interval=(1, 1)),
         r"interval: expected start < stop, got \(1, 1\)"),
        (lambda: targets.sample(np.sin, n=9, interval=(0, math.nan)),
         "interval: expected finite numbers, got nan"),
        (lambda: targets.sine_sum(9, amplitudes=[1]),
         r"amplitudes: expected one per frequency \(3\), got 1"),
        (lambda: random_points(np.sin, n=9, candidates=8, seed=0),
         "n: expected at most candidates=8 points, got 9"),
        (lambda: targets.equal_amplitudes(20, [0, 1], 0), "modes: expected whole numbers from 1"),
        (lambda: targets.equal_amplitudes(20, [10], 0), "below n/2=10.0, got"),
        (lambda: targets.equal_amplitudes(20, [1.5], 0), r"modes: expected whole .* got \[1.5\]"),
        (lambda: targets.equal_amplitudes(20, [], 0), "modes: expected at least one value"),
        (lambda: targets.white_noise(5, -1), "seed: expected a whole number of at least 0, got -1"),
        (lambda: targets.white_noise(0, 0), "n: expected a whole number of at least 1, got 0"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_waves_are_their_formula():
    x = np.array([-1.0, -0.3, 0.5])
    expected = [2 * np.cos(np.pi * 3 * (t + 1) + 0.5) - np.cos(np.pi * (t + 1) - 0.2) for t in x]
    np.testing.assert_allclose(targets.waves(x, (3, 1), (2, -1), (0.5, -0.2)), expected)


def test_waves_need_one_amplitude_and_phase_per_mode():
    message = r"modes: expected as many as amplitudes \(1\) and phases \(2\), got 2"
    with pytest.raises(ValueError, match=message):
        targets.waves(np.zeros(3), (1, 2), (1,), (0, 0))
