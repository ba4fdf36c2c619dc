"""The cube, its waves and its spectrum, against sums term by term."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpkit import parity, theory
from fpkit.networks import MLP


def members(number, n):
    return [j for j in range(n) if number >> j & 1]


def test_cube_has_every_corner_once():
    corners = parity.cube(3)
    assert corners.shape == (8, 3)
    assert set(np.unique(corners)) == {-1.0, 1.0}
    assert len(np.unique(corners, axis=0)) == 8
    assert corners[5].tolist() == [-1, 1, -1]  # bits 0 and 2 are set


@pytest.mark.parametrize(
    ("n", "message"),
    [
        (0, "n: expected a whole number of at least 1, got 0"),
        (2.5, "n: expected a whole number of at least 1, got 2.5"),
        (40, r"n: all 2\^40 corners would take 351,843.7 GB; expected at most 20; `sample` draws"),
    ],
)
def test_wrong_cubes(n, message):
    with pytest.raises(ValueError, match=message):
        parity.cube(n)


def test_sample_draws_different_corners_from_a_seed():
    seen, unseen = parity.sample(6, 40, 24, seed=1)
    both = np.concatenate([seen, unseen])
    assert (seen.shape, unseen.shape) == ((40, 6), (24, 6))
    assert len(np.unique(both, axis=0)) == 64
    again = parity.sample(6, 40, 24, seed=1)
    np.testing.assert_array_equal(again[0], seen)
    assert not np.array_equal(parity.sample(6, 40, 24, seed=2)[0], seen)


def test_sample_gives_what_is_left():
    seen, unseen = parity.sample(4, 10, 100, seed=0)
    assert (len(seen), len(unseen)) == (10, 6)


def test_sample_from_a_cube_beyond_memory():
    seen, unseen = parity.sample(60, 50, 50, seed=0)
    assert len(np.unique(np.concatenate([seen, unseen]), axis=0)) == 100
    assert np.abs(seen.mean()) < 0.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 63}, "n: corners are numbered by 64-bit integers up to 62, got 63"),
        ({"n": -1}, "n: expected a whole number of at least 1, got -1"),
        ({"seen": 16}, r"seen: expected fewer than all 2\^4 = 16 corners, got 16"),
        ({"seen": 0}, "seen: expected a whole number of at least 1, got 0"),
        ({"seen": 0.5}, "seen: expected a whole number of at least 1, got 0.5"),
        ({"unseen": 0}, "unseen: expected a whole number of at least 1, got 0"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
    ],
)
def test_wrong_samples(arguments, message):
    with pytest.raises(ValueError, match=message):
        parity.sample(**{"n": 4, "seen": 5, "unseen": 5, "seed": 0, **arguments})


def test_parity_counts_minus_ones():
    corners = parity.cube(5)
    expected = 1 - 2 * ((corners == -1).sum(axis=1) % 2)
    np.testing.assert_array_equal(parity.parity(corners), expected)
    np.testing.assert_array_equal(parity.parity(corners, [1, 3]), corners[:, 1] * corners[:, 3])


@pytest.mark.parametrize(
    ("points", "bits", "message"),
    [
        ([[0.5, 1]], None, "points: expected coordinates -1 and 1 only"),
        ([1, -1], None, r"points: expected a 2-d array, got shape \(2,\)"),
        ([[1, -1]], [0, 2], r"bits: expected numbers from 0 to 1, got \[0, 2\]"),
        ([[1, -1]], [-1], r"bits: expected numbers from 0 to 1, got \[-1\]"),
    ],
)
def test_wrong_parities(points, bits, message):
    with pytest.raises(ValueError, match=message):
        parity.parity(points, bits)


@given(n=st.integers(1, 6), seed=st.integers(0, 100))
def test_walsh_is_the_direct_sum(n, seed):
    values = np.random.default_rng(seed).standard_normal((2, 2**n))
    corners = parity.cube(n)
    expected = [
        [np.mean(f * corners[:, members(number, n)].prod(axis=1)) for number in range(2**n)]
        for f in values
    ]
    np.testing.assert_allclose(parity.walsh(values), expected, atol=1e-12)


def test_walsh_and_degree_of_a_product():
    coefficients = parity.walsh(parity.parity(parity.cube(6), [0, 2, 5]))
    assert np.flatnonzero(np.abs(coefficients) > 1e-12).tolist() == [1 + 4 + 32]
    assert coefficients[37] == 1
    assert parity.degrees(6)[37] == 3


def test_power_by_degree_adds_up_to_the_mean_square():
    values = np.random.default_rng(0).standard_normal(16)
    coefficients = parity.walsh(values)
    power = parity.power_by_degree(coefficients)
    pairs = [coefficients[2**a + 2**b] ** 2 for a, b in combinations(range(4), 2)]
    assert power.shape == (5,)
    assert power[2] == pytest.approx(sum(pairs))
    assert power.sum() == pytest.approx(np.mean(values**2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: parity.walsh(np.ones(6)), r"values: expected 2\^n values along .*, got 6"),
        (lambda: parity.walsh(1.0), r"values: expected an at least 1-d array, got shape \(\)"),
        (lambda: parity.degrees(30), "n: expected at most 20, got 30"),
        (lambda: parity.power_by_degree(np.ones(3)), r"coefficients: expected 2\^n of them, got 3"),
        (lambda: parity.power_by_degree([1.0]), r"coefficients: expected 2\^n of them, got 1"),
        (lambda: parity.unseen_margin(np.eye(3), [1.0, -1]),
         r"kernels: expected shape \(\.\.\., 2, 2\), got \(3, 3\)"),
    ],
)  # fmt: skip
def test_what_spectra_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_unseen_margin_is_the_mean_over_draws():
    rng = np.random.default_rng(0)
    k = rng.standard_normal((6, 6))
    k, y = k @ k.T, rng.choice([-1.0, 1.0], 6)
    total, count = 0.0, 0.0
    for number in range(64):  # every draw; with p = 1/2 all are equally likely
        seen = np.array(members(number, 6), dtype=int)
        for i in np.setdiff1d(np.arange(6), seen):
            total += y[i] * (k[i, seen] * y[seen]).sum()
            count += 1
    assert parity.unseen_margin(k, y) == pytest.approx(2 * total / count)


def test_unseen_margin_is_the_quotient_less_the_mean_eigenvalue():
    corners = parity.cube(4)
    kernels = theory.kernel(MLP([4, 20, 1], weight_std=0.3, seeds=range(2)), corners)
    y = parity.parity(corners)
    quotient = np.array([y @ k @ y / 16 for k in kernels])
    mean = np.linalg.eigvalsh(kernels).mean(axis=1)
    np.testing.assert_allclose(parity.unseen_margin(kernels, y), quotient - mean)
