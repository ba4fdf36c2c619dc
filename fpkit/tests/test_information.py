"""Entropy and mutual information against counts of plain Python."""

from collections import Counter
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fpkit import information

BINNED = arrays(np.int64, (2, 3, 7), elements=st.integers(-3, 3))


def entropy_of(values):
    counts = Counter(values).values()
    return -sum(c / sum(counts) * log2(c / sum(counts)) for c in counts)


def test_bins_round_to_multiples_of_the_width():
    assert information.bins([-0.6, -0.2, 0.2, 0.3, 0.9], 0.5).tolist() == [-1, 0, 0, 1, 2]


@given(BINNED)
def test_entropy_counts_along_the_last_axis(binned):
    expected = [[entropy_of(row.tolist()) for row in plane] for plane in binned]
    np.testing.assert_allclose(information.entropy(binned), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("binned", "bits"), [([4, 4, 4, 4], 0), ([0, 1, 2, 3], 2), ([0, 1, 0, 1], 1)]
)
def test_entropy_by_hand(binned, bits):
    assert information.entropy(binned) == pytest.approx(bits)


@given(BINNED, arrays(np.int64, 7, elements=st.integers(-3, 3)))
def test_mutual_information_counts_pairs(first, second):
    result = information.mutual_information(first, second)
    for index in np.ndindex(2, 3):
        u, v = first[index].tolist(), second.tolist()
        expected = entropy_of(u) + entropy_of(v) - entropy_of(zip(u, v, strict=True))
        assert result[index] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "width", "message"),
    [
        ([0, 1], 1.5, "width: 1.5 is coarser than the range of the data, 1"),
        ([0, 1], 0, "width: expected a finite number above 0, got 0"),
        ([0, np.nan], 1, "values: expected finite numbers, got nan"),
    ],
)
def test_bins_refuses(values, width, message):
    with pytest.raises(ValueError, match=message):
        information.bins(values, width)
