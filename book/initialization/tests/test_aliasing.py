"""What even points see, against functions sampled on them."""

import re

import numpy as np
import pytest

from book.initialization import aliasing
from fpkit import spectra, targets


def wave(mode, points, phase=0.7):
    return np.cos(2 * np.pi * mode * np.arange(points) / points + phase)


@pytest.mark.parametrize("n", [12, 13])
@pytest.mark.parametrize("mode", [0, 3, 6, 7, 11, 12, 20, 29])
def test_an_alias_has_the_same_values(mode, n):
    low = aliasing.alias(mode, n)
    assert 0 <= low <= n / 2
    phase = 0.7 if mode % n == low else -0.7
    np.testing.assert_allclose(wave(mode, n), wave(low, n, phase), atol=1e-12)


@pytest.mark.parametrize(("n", "fine"), [(12, 4), (15, 2), (10, 1), (2, 7)])
def test_folding_is_what_the_coarse_points_see(n, fine):
    values = np.random.default_rng(0).standard_normal((2, 3, n * fine))
    seen = spectra.dft(values[..., ::fine])
    np.testing.assert_allclose(aliasing.fold(spectra.dft(values), n), seen, atol=1e-12)


@pytest.mark.parametrize("above", [True, False])
def test_energy_is_the_mean_square_of_that_part(above):
    values = np.random.default_rng(1).standard_normal((2, 40))
    spectrum = spectra.dft(values)
    beyond = np.arange(21) > 5
    part = np.fft.irfft(np.where(beyond == above, spectrum, 0), 40, norm="forward")
    expected = np.square(part).mean(axis=1)
    np.testing.assert_allclose(aliasing.energy(spectrum, 10, above=above), expected)


def test_the_nyquist_mode_itself_is_not_above():
    at, beyond = (spectra.dft(wave(mode, 40)) for mode in (5, 6))
    assert aliasing.energy(at, 10) == pytest.approx(0, abs=1e-20)
    assert aliasing.energy(beyond, 10) == pytest.approx(0.5)


def test_overlap_is_the_correlation_of_what_is_above():
    low, high, other = wave(2, 40), wave(8, 40), wave(9, 40)
    first = spectra.dft(np.stack([low + high, high, high, high + other]))
    second = spectra.dft(np.stack([high - low, -3 * high, other, high]))
    expected = [1, -1, 0, 0.5**0.5]
    np.testing.assert_allclose(aliasing.overlap(first, second, 10), expected, atol=1e-10)


def test_overlap_of_nothing_is_zero():
    assert aliasing.overlap(np.zeros(21), np.ones(21), 10) == 0


def test_closed_spectrum_takes_off_the_line_between_the_ends():
    x = np.linspace(-1, 1, 41)
    curve = targets.waves(x, (1, 3), (1.0, 0.5), (0.2, 1.0))
    expected = spectra.dft(curve[:-1])
    np.testing.assert_allclose(aliasing.closed_spectrum(curve)[1:], expected[1:], atol=1e-12)
    tilted = aliasing.closed_spectrum(curve + 3 * x)
    np.testing.assert_allclose(tilted[1:], expected[1:], atol=1e-12)
    assert tilted[0] == pytest.approx(expected[0] - 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: aliasing.alias(-1, 8), "mode: expected a whole number of at least 0, got -1"),
        (lambda: aliasing.alias(3, 0), "n: expected a whole number of at least 1, got 0"),
        (lambda: aliasing.closed_spectrum([1, 2]), "values: expected at least 3 samples, got 2"),
        (lambda: aliasing.fold(np.ones(11), 7),
         "n: expected a divisor of the 20 points of the spectrum, got 7"),
        (lambda: aliasing.energy(np.ones(11), 1.5), "n: expected a whole number of at least 1"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
