"""The flipped line, against direct sums."""

import numpy as np
import pytest

from book.gradient_theory.flipped import flipped_line
from fpkit.tests import direct_sum


@pytest.mark.parametrize("n", [8, 40])
def test_flipped_line_turns_the_spectrum_over(n):
    x, y = flipped_line(n)
    modes, phase = np.arange(n // 2 + 1), np.arange(n) / n
    line = direct_sum(x, phase, modes)
    np.testing.assert_allclose(direct_sum(y, phase, modes), line[::-1].conj(), atol=1e-13)
    other = flipped_line(n, "index")[1]
    np.testing.assert_allclose(direct_sum(other, phase, modes), line[::-1], atol=1e-13)
    assert np.abs(x[:2] - [-1, -1 + 2 / (n - 1)]).max() < 1e-14


def test_flipped_line_refuses():
    with pytest.raises(ValueError, match="n: expected an even number of points, got 41"):
        flipped_line(41)
    with pytest.raises(ValueError, match="flip: 'indx' is not known; did you mean 'index'"):
        flipped_line(40, "indx")
