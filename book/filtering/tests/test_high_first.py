"""The loss that prefers high frequencies, against both parts written out."""

import numpy as np
import pytest
import torch

from book.filtering.high_first import HighFirst
from fpkit import filtering


def test_high_first_is_the_weighted_sum_of_both_parts():
    rng = np.random.default_rng(0)
    points, outputs, targets = rng.random((9, 2)), rng.random((3, 9, 2)), rng.random((1, 9, 2))
    loss = HighFirst(points, delta=0.05, low_weight=0.25)
    result = loss(*(torch.as_tensor(v, dtype=torch.float32) for v in (outputs, targets)))
    for member, rest in enumerate(outputs - targets):
        low = filtering.low_pass(points, rest, [0.05])[0]
        expected = ((rest - low) ** 2 + 0.25 * low**2).mean()
        assert float(result[member]) == pytest.approx(expected, rel=1e-5)


def test_high_first_needs_a_weight():
    with pytest.raises(ValueError, match="low_weight: expected a finite number above 0, got 0"):
        HighFirst(np.eye(3), delta=1.0, low_weight=0)


def test_members_do_not_see_one_another():
    rng = np.random.default_rng(1)
    loss = HighFirst(np.arange(5)[:, None], 1.0, 0.5).double()
    f, t = (torch.from_numpy(rng.uniform(-10, 10, (3, 5, 1))) for _ in range(2))
    alone = torch.cat([loss(f[i : i + 1], t[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(loss(f, t), alone, rtol=1e-12, atol=1e-12)


def test_high_first_is_for_full_batches():
    with pytest.raises(ValueError, match=r"points: expected those of the full batch \(2\), got 3"):
        HighFirst(np.eye(3), 1.0, 0.5)(torch.zeros(1, 2, 1), torch.zeros(1, 2, 1))
