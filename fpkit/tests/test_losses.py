"""Losses against sums written out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fpkit import losses

VALUES = arrays(np.float64, (3, 5, 2), elements=st.floats(-10, 10))


@pytest.mark.parametrize(
    ("loss", "term"),
    [(losses.mean_square, lambda d: d * d), (losses.mean_absolute, abs)],
)
@given(outputs=VALUES, targets=VALUES)
def test_loss_is_the_mean_over_one_member(loss, term, outputs, targets):
    result = loss(torch.from_numpy(outputs), torch.from_numpy(targets))
    expected = [
        sum(term(a - b) for a, b in zip(f.flat, t.flat, strict=True)) / f.size
        for f, t in zip(outputs, targets, strict=True)
    ]
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-14)


def test_one_target_serves_all_members():
    outputs, target = torch.arange(6.0).reshape(3, 2, 1), torch.zeros(1, 2, 1)
    assert losses.mean_square(outputs, target).tolist() == [0.5, 6.5, 20.5]
