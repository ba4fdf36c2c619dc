"""Entropies against counting, and the identities that any mutual information obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from book.information_plane.information import bins, entropy, mutual_information

SAMPLES = arrays(np.int64, array_shapes(max_dims=3, max_side=12), elements=st.integers(-4, 4))
PAIRS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*2 * [arrays(np.int64, (2, n), elements=st.integers(-3, 3))])
)


def counted(*samples):
    """Entropy in bits of the joint values of 1-d samples, by counting them."""
    values = list(zip(*samples, strict=True))
    shares = [values.count(v) / len(values) for v in set(values)]
    return -sum(p * math.log2(p) for p in shares)


@given(SAMPLES)
def test_entropy_counts_along_the_last_axis(binned):
    result = entropy(binned)
    expected = [counted(row) for row in binned.reshape(-1, binned.shape[-1])]
    assert result.shape == binned.shape[:-1]
    np.testing.assert_allclose(result.ravel(), expected, atol=1e-12)


@given(SAMPLES)
def test_entropy_lies_between_0_and_the_log_of_the_bins_in_use(binned):
    rows, result = binned.reshape(-1, binned.shape[-1]), entropy(binned).ravel()
    assert (result >= 0).all()
    assert (result <= [np.log2(len(set(row))) + 1e-12 for row in rows.tolist()]).all()


@given(PAIRS, st.permutations(range(7)))
def test_what_the_bins_are_called_does_not_matter(pair, names):
    u, v = pair
    renamed = np.array(names)[u + 3]
    np.testing.assert_allclose(entropy(renamed), entropy(u), atol=1e-12)
    expected = mutual_information(u, v)
    np.testing.assert_allclose(mutual_information(renamed, v), expected, atol=1e-12)


@given(PAIRS, st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_no_function_of_a_sample_tells_more_than_the_sample(pair, function):
    """The data-processing inequality."""
    u, v = pair
    told = mutual_information(np.array(function)[u + 3], v)
    assert (told <= mutual_information(u, v) + 1e-12).all()


@pytest.mark.parametrize(
    ("values", "bits"),
    [([5, 5, 5], 0), (range(8), 3), ([0, 0, 1, 1], 1), ([0, 0, 0, 1], 2 - 0.75 * np.log2(3))],
)
def test_known_entropies(values, bits):
    assert entropy(list(values)) == pytest.approx(bits, abs=1e-14)


@given(PAIRS)
def test_mutual_information(pair):
    u, v = pair
    result = mutual_information(u, v)
    expected = [
        counted(a) + counted(b) - counted(a, b) for a, b in zip(u.tolist(), v.tolist(), strict=True)
    ]
    np.testing.assert_allclose(result, expected, atol=1e-12)
    np.testing.assert_allclose(result, mutual_information(v, u), atol=1e-12)
    assert (result >= 0).all()
    assert (result <= np.minimum(entropy(u), entropy(v)) + 1e-12).all()


@given(SAMPLES)
def test_a_sample_tells_all_about_itself_and_about_its_functions(u):
    np.testing.assert_allclose(mutual_information(u, u), entropy(u), atol=1e-12)
    np.testing.assert_allclose(mutual_information(u, u // 2), entropy(u // 2), atol=1e-12)
    np.testing.assert_allclose(mutual_information(u, 0 * u), 0, atol=1e-12)


def test_one_target_is_compared_with_every_record():
    target, run = np.array([0, 0, 1, 1]), np.array([[[0, 0, 1, 1], [0, 1, 0, 1], [2, 2, 2, 2]]])
    np.testing.assert_allclose(mutual_information(target, run), [[1, 0, 0]], atol=1e-14)


def test_a_bin_is_centred_on_a_multiple_of_its_width():
    assert bins([-0.26, -0.24, 0.0, 0.24, 0.26, 1.0], 0.5).tolist() == [-1, 0, 0, 0, 1, 2]


@given(st.lists(st.integers(-300, 300), min_size=20, max_size=20, unique=True))
def test_with_small_bins_all_values_differ(hundredths):
    """The limit b → 0 of the paper's Section 6.4: it says nothing of the values."""
    values = np.array(hundredths) / 100
    assert entropy(bins(values, 1e-4)) == pytest.approx(np.log2(20))


@pytest.mark.parametrize(
    ("values", "width", "message"),
    [
        ([0, 1], 0, "width: expected a finite number above 0, got 0"),
        ([0, 1], -0.1, "width: expected a finite number above 0, got -0.1"),
        ([0, 1], np.inf, "width: expected a finite number above 0, got inf"),
        ([0, 1], 1.5, "width: 1.5 is coarser than the range of the data, 1"),
        ([2, 2], 0.1, "width: 0.1 is coarser than the range of the data, 0"),
        ([0, np.nan], 0.1, "values: expected finite numbers, got nan at index"),
    ],
)
def test_bins_are_checked(values, width, message):
    with pytest.raises(ValueError, match=message):
        bins(values, width)
