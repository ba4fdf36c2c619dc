"""How far kernels are from others, and which of their eigenvectors are waves."""

import numpy as np
import pytest

from book.ntk import kernels
from fpkit.tests.test_theory import circulant


def test_drift_is_relative_to_the_start():
    start = np.stack([np.eye(3), 2 * np.eye(3)])
    moved = start + 0.1 * np.ones((3, 3)) / 3
    np.testing.assert_allclose(kernels.drift(moved, start), [0.1 / 3**0.5, 0.05 / 3**0.5])


def test_waves_are_recognised_with_their_modes():
    row = np.exp(np.cos(2 * np.pi * np.arange(12) / 12))
    shares, modes = kernels.wave_shares([circulant(row)] * 2)
    # The smallest eigenvalues are as large as rounding errors.
    np.testing.assert_allclose(shares[:, :9], 1)
    assert modes[0, :9].tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    mixed, _ = kernels.wave_shares(np.diag(np.arange(1.0, 13)))
    assert mixed.max() < 0.2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernels.drift(np.eye(2), np.ones(2)),
         r"start: expected shape \(\.\.\., N, N\), got \(2,\)"),
        (lambda: kernels.wave_shares(np.ones((2, 3))),
         r"kernels: expected shape \(\.\.\., N, N\), got \(2, 3\)"),
    ],
)  # fmt: skip
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
