"""Transforms against direct sums, peaks against spectra drawn by hand, errors by their formula."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fpkit import spectra, targets
from fpkit.tests import direct_sum

RNG = np.random.default_rng(0)
REALS = st.floats(-1e3, 1e3)


def pairs(lengths):
    """Two functions on the same points."""
    return lengths.flatmap(lambda n: arrays(np.float64, (2, n), elements=REALS))


def on_the_circle(values):
    """Return the direct sum at xⱼ = j/N; whole turns, k·j/N modulo 1, are left out exactly."""
    n = values.shape[-1]
    turns = np.outer(np.arange(n), np.arange(n // 2 + 1)) % n / n
    return values @ np.exp(-2j * np.pi * turns) / n


def close(result, expected, tolerance):
    """Assert that ``result`` is ``expected`` relative to the largest coefficient."""
    assert result.shape == expected.shape
    assert np.abs(result - expected).max() <= tolerance * np.abs(expected).max()


# --- dft -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2, 3, 4, 7, 16, 120, 201, 600])
@pytest.mark.parametrize(
    ("dtype", "out", "tolerance"),
    [
        ("float64", "complex128", 1e-13),
        ("float32", "complex64", 1e-6),
        ("int16", "complex128", 1e-13),
    ],
)
def test_dft_is_the_direct_sum(rng, n, dtype, out, tolerance):
    values = (100 * rng.standard_normal(n)).astype(dtype)
    result = spectra.dft(values)
    assert result.dtype == out
    close(result, on_the_circle(values), tolerance)


@given(arrays(np.float64, array_shapes(max_dims=3, min_side=2, max_side=9), elements=REALS))
def test_dft_transforms_the_last_axis(values):
    np.testing.assert_allclose(spectra.dft(values), on_the_circle(values), rtol=0, atol=1e-11)


@given(arrays(np.float64, st.integers(2, 40), elements=REALS))
def test_parseval(values):
    power = np.abs(spectra.dft(values)) ** 2
    twice = power[1:].sum() + power[1 : (len(values) + 1) // 2].sum()  # k and -k, but N/2 once
    assert power[0] + twice == pytest.approx(np.mean(values**2), rel=1e-12, abs=1e-12)


@given(pairs(st.integers(2, 40)), st.floats(-10, 10), st.floats(-10, 10))
def test_dft_is_linear(both, a, b):
    f, g = both
    expected = a * spectra.dft(f) + b * spectra.dft(g)
    np.testing.assert_allclose(spectra.dft(a * f + b * g), expected, rtol=0, atol=1e-10)


@given(arrays(np.float64, st.integers(2, 40), elements=REALS), st.integers(-50, 50))
def test_a_shift_turns_the_phase(values, shift):
    n, modes = len(values), np.arange(len(values) // 2 + 1)
    expected = spectra.dft(values) * np.exp(-2j * np.pi * modes * shift / n)
    np.testing.assert_allclose(spectra.dft(np.roll(values, shift)), expected, rtol=0, atol=1e-10)


@given(arrays(np.float64, st.integers(2, 40), elements=REALS))
def test_nothing_is_lost_in_the_spectrum(values):
    """The sum of its waves is the function again."""
    n, spectrum = len(values), spectra.dft(values)
    twice = np.where(2 * np.arange(n // 2 + 1) % n, 2, 1)  # k and -k, but 0 and N/2 once
    waves = np.exp(2j * np.pi * np.outer(np.arange(n) / n, np.arange(n // 2 + 1)))
    np.testing.assert_allclose((waves @ (twice * spectrum)).real, values, rtol=0, atol=1e-10)


@pytest.mark.parametrize("n", [50, 51])
def test_a_sine_has_half_its_amplitude_whatever_n(n):
    magnitude = np.abs(spectra.dft(3 * np.sin(2 * np.pi * 7 * np.arange(n) / n)))
    assert magnitude[7] == pytest.approx(1.5)
    assert np.delete(magnitude, 7).max() < 1e-14


def test_dft_accepts_even_points(rng):
    values = rng.standard_normal(9)
    assert np.array_equal(spectra.dft(values, np.linspace(-4, 7, 9)), spectra.dft(values))


@pytest.mark.parametrize(
    ("values", "x", "message"),
    [
        (np.ones(3), [0, 1, 3], "x: expected equal steps, .*; use nudft for non-uniform points"),
        (np.ones(3), [2, 1, 0], "x: expected increasing points, got a step of -1"),
        (np.ones(3), [0, 1], r"values: expected one value per point of x \(2\), got 3"),
        (np.ones(1), None, r"values: expected at least 2 samples, got shape \(1,\)"),
        ([1, np.nan], None, "values: expected finite numbers, got nan"),
        (1.0, None, "values: expected an at least 1-d array"),
    ],
)
def test_dft_refuses(values, x, message):
    with pytest.raises(ValueError, match=message):
        spectra.dft(values, x)


def test_dft_refuses_complex_values():
    with pytest.raises(TypeError, match="values: expected real numbers, got dtype complex128"):
        spectra.dft([1, 1j])


# --- nudft -----------------------------------------------------------------------------------

ARBITRARY = RNG.uniform(-499, 499, 1000)


@pytest.mark.parametrize(
    "modes", [np.arange(-500, 500), ARBITRARY], ids=["whole modes", "any frequencies"]
)
@pytest.mark.parametrize("length", [None, 2.5])
def test_nudft_is_the_direct_sum(rng, modes, length):
    x, values = rng.uniform(-1, 1, 1000), rng.standard_normal(1000)
    phase = (x - x.min()) / (np.ptp(x) if length is None else length)
    result = spectra.nudft(values, x, modes, length=length)
    close(result, direct_sum(values, phase, modes), 1e-9)


@pytest.mark.parametrize("modes", [[0, 3, -2], [0.5, 1.25, 3.0, -2.0]])
@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 1, 3)])
def test_nudft_keeps_the_leading_axes(rng, shape, modes):
    x, values = rng.uniform(0, 1, 12), rng.standard_normal((*shape, 12))
    close(
        spectra.nudft(values, x, modes, length=1.0),
        direct_sum(values, x - x.min(), modes),
        1e-10,
    )


@given(pairs(st.integers(2, 40)), st.floats(-5, 5), st.floats(0.1, 10))
def test_nudft_equals_dft_on_even_points(values, first, length):
    n = values.shape[1]
    x = first + length * np.arange(n) / n
    result = spectra.nudft(values, x, np.arange(n // 2 + 1), length=length)
    np.testing.assert_allclose(result, spectra.dft(values), rtol=0, atol=1e-8)


POINTS = arrays(np.float64, st.integers(2, 30), elements=st.floats(0, 1), unique=True)


@given(POINTS, st.data())
def test_whole_modes_are_the_same_among_others(x, data):
    """One frequency that is not whole makes all of them a transform of type 3."""
    n = len(x)
    values = data.draw(arrays(np.float64, n, elements=REALS))
    whole = data.draw(st.lists(st.integers(-(n // 2), n // 2), min_size=1, max_size=9))
    alone = spectra.nudft(values, x, whole, length=1.0)
    among = spectra.nudft(values, x, [*whole, 0.5], length=1.0)
    np.testing.assert_allclose(alone, direct_sum(values, x - x.min(), whole), rtol=0, atol=1e-8)
    np.testing.assert_allclose(among[:-1], alone, rtol=0, atol=1e-8)


@given(st.permutations(range(10)))
def test_nudft_takes_points_in_any_order(order):
    x, values, order = np.linspace(0, 1, 10) ** 2, np.arange(10.0), np.array(order)
    result = spectra.nudft(values[order], x[order], [1, 2, 5])
    np.testing.assert_allclose(result, spectra.nudft(values, x, [1, 2, 5]), atol=1e-10)


def test_nudft_rescales_points_to_one_period_by_default(rng):
    x, values = rng.uniform(0, 1, 20), rng.standard_normal(20)
    np.testing.assert_allclose(
        spectra.nudft(values, 7 * x - 3, [0, 4]), spectra.nudft(values, x, [0, 4]), atol=1e-10
    )


@pytest.mark.parametrize(
    ("values", "x", "modes", "message"),
    [
        (np.ones(5), np.arange(5), [0, 3], "modes: 5 samples hold modes up to 2, got 3"),
        (np.ones(5), np.arange(5), [-2.5], "modes: 5 samples hold modes up to 2, got 2.5"),
        (np.ones(3), np.ones(3), [1], "x: expected at least two different points, got all equal"),
        ([[1, 2], [3]], np.arange(2), [1], "values: expected rows of equal length, got a ragged"),
        (np.ones(3), np.arange(4), [1], r"values: expected one value per point of x \(4\), got 3"),
        (np.ones(1), [0.0], [0], "x: expected at least 2 points, got 1"),
        (np.ones(3), np.arange(3), [], "modes: expected at least one value"),
    ],
)
def test_nudft_refuses(values, x, modes, message):
    with pytest.raises(ValueError, match=message):
        spectra.nudft(values, x, modes)


@pytest.mark.parametrize("length", [0, -1.0, np.inf])
def test_nudft_refuses_a_bad_length(length):
    with pytest.raises(ValueError, match="length: expected a finite number above 0"):
        spectra.nudft(np.ones(3), np.arange(3), [1], length=length)


# --- peaks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [120, 200, 256, 600])
def test_peaks_of_the_staircase(n):
    spectrum = spectra.dft(targets.staircase(n, 0.5)[1])
    assert spectra.peaks(spectrum, 6).tolist() == [1, 4, 12, 20, 28, 36]


@pytest.mark.parametrize(
    ("spectrum", "expected"),
    [
        ([9, 0, 1, 0, 3, 0, 2, 0], [2, 4, 6]),  # k = 0 is never a peak
        ([9, 5, 0, 1, 0], [1, 3]),  # k = 1 is one, whatever the mean
        ([0, 0, 10, 9, 9.5, 0], [2]),  # a ripple on a flank
        ([0, 0, 10, 2, 9.5, 0], [2, 4]),  # a peak of its own
        ([0, 0, -10, 0, 10j, 0], [2, 4]),  # magnitudes count
        ([0, 1, 2, 3], []),
    ],
)
def test_peaks_of_a_drawn_spectrum(spectrum, expected):
    assert spectra.peaks(spectrum).tolist() == expected


@given(st.sets(st.integers(1, 29), min_size=1).filter(lambda s: all(k + 1 not in s for k in s)))
def test_peaks_finds_every_separate_line(modes):
    spectrum = np.zeros(31)
    spectrum[list(modes)] = np.linspace(1, 5, len(modes))
    assert spectra.peaks(spectrum).tolist() == sorted(modes)


def test_peaks_count_and_below_take_the_lowest():
    spectrum = [0, 1, 0, 1, 0, 1, 0]
    assert spectra.peaks(spectrum, 2).tolist() == [1, 3]
    assert spectra.peaks(spectrum, below=5).tolist() == [1, 3]


def test_prominence_decides_what_is_a_ripple():
    spectrum = [0, 0, 10, 5, 8, 0]  # the second rises by 3 of its 8
    assert spectra.peaks(spectrum, prominence=0.37).tolist() == [2, 4]
    assert spectra.peaks(spectrum, prominence=0.38).tolist() == [2]


@pytest.mark.parametrize(
    ("spectrum", "count", "message"),
    [
        ([0, 1, 0, 1, 0], 3, "count: asked for 3 peaks, the spectrum has 2"),
        ([0, 1, 0], 0, "count: expected a whole number of at least 1, got 0"),
        (np.ones((3, 40)), None, r"spectrum: expected a 1-d array, got shape \(3, 40\)"),
        ([0, np.nan], None, "spectrum: expected finite numbers, got nan"),
    ],
)
def test_peaks_refuses(spectrum, count, message):
    with pytest.raises(ValueError, match=message):
        spectra.peaks(spectrum, count)


# --- relative error --------------------------------------------------------------------------

COMPLEX = st.complex_numbers(min_magnitude=0.1, max_magnitude=1e3)


@pytest.mark.parametrize("kind", ["complex", "magnitude"])
@given(
    output=arrays(np.complex128, (2, 3, 4), elements=COMPLEX),
    target=arrays(np.complex128, (2, 1, 4), elements=COMPLEX),
)
def test_relative_error_is_its_formula(kind, output, target):
    result = spectra.relative_error(output, target, kind=kind)
    assert result.shape == (2, 3, 4)
    for (s, r, k), value in np.ndenumerate(result):
        t, f = complex(output[s, r, k]), complex(target[s, 0, k])
        difference = abs(f - t) if kind == "complex" else abs(abs(f) - abs(t))
        assert value == pytest.approx(difference / abs(f), rel=1e-9, abs=1e-12)


def test_magnitude_does_not_see_an_error_of_phase():
    target = np.array([1.0, 2.0])
    assert spectra.relative_error(1j * target, target, kind="magnitude").tolist() == [0, 0]
    np.testing.assert_allclose(spectra.relative_error(1j * target, target), np.sqrt(2))


def test_relative_error_is_zero_for_the_target_and_one_for_silence():
    target = spectra.dft([1.0, 2.0, -1.0, 0.5, 3.0])
    assert (spectra.relative_error(target, target) == 0).all()
    assert (spectra.relative_error(0 * target, target) == 1).all()


@pytest.mark.parametrize(
    ("output", "target", "kind", "message"),
    [
        ([1, 1, 1], [1, 0, 2], "complex",
         "target: got a coefficient of 0 at position 1, and nothing can be relative to zero"),
        ([1, 1], [1, 1e-14], "complex", "of 1e-14 at position 1, .*; choose modes where"),
        ([0, 0], [0, 0], "complex", "got a coefficient of 0 at position 0"),
        ([1, 1, 1], [1, 1], "complex", "output: expected 2 modes like the target, got 3"),
        ([1, np.nan], [1, 1], "complex",
         r"output: expected finite numbers, got nan at index \(1,\)"),
        ([1, 1], [1, np.inf], "complex",
         r"target: expected finite numbers, got inf at index \(1,\)"),
        (np.ones((3, 2)), np.ones((2, 2)), "complex",
         r"target: shape \(2, 2\) does not go with outputs of shape \(3, 2\)"),
        ([1], [1], "magnitud", "kind: 'magnitud' is not known; did you mean 'magnitude'"),
    ],
)  # fmt: skip
def test_relative_error_refuses(output, target, kind, message):
    with pytest.raises(ValueError, match=message):
        spectra.relative_error(output, target, kind=kind)


@pytest.mark.parametrize("kind", ["complex", "magnitude"])
def test_gradients_go_through_errors_of_spectra(rng, kind):
    """The same numbers as without a gradient, and slopes as differences say."""
    target = rng.standard_normal(16)
    values = torch.tensor(rng.standard_normal((2, 16)), requires_grad=True)

    def error(outputs):
        return spectra.relative_error(spectra.dft(outputs), spectra.dft(target), kind=kind)

    found = error(values)
    assert found.detach().numpy() == pytest.approx(error(values.detach()))
    assert torch.autograd.gradcheck(error, values)
