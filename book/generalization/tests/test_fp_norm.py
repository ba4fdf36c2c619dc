"""The FP-norm against hand counts, its interpolant against splines and rivals, its bound."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from book.generalization import fp_norm
from book.generalization.fp_norm import FPWeight, Periodic

BOTH = FPWeight(a=1.0, b=2.0)
X = np.array([0.05, 0.2, 0.33, 0.61, 0.8])
Y = np.array([0.3, -1.0, 0.4, 0.9, -0.2])


def sine(mode=3, amplitude=2.0):
    """Return amplitude · sin(2πkx)."""
    return Periodic(np.array([mode]), np.array([-0.5j * amplitude]))


def test_the_norm_of_a_sine_by_hand():
    # |f̂(±3)| = 1; γ(3)² = 1/3⁴ + 2/3² = 19/81.
    assert fp_norm.fp_norm(sine(), BOTH) == pytest.approx(math.sqrt(2 * 81 / 19))


def test_the_norm_is_that_of_a_derivative():
    grid = np.arange(200) / 200
    rng = np.random.default_rng(0)
    f = Periodic(np.arange(1, 6), rng.standard_normal(5) + 1j * rng.standard_normal(5))
    wave = np.fft.rfft(f(grid))
    turns = 2j * np.pi * np.arange(len(wave))
    for power, weight in ((1, FPWeight(0, 1)), (2, FPWeight(1, 0))):
        derivative = np.fft.irfft(wave * turns**power)
        expected = np.sqrt((derivative**2).mean()) / (2 * np.pi) ** power
        assert fp_norm.fp_norm(f, weight) == pytest.approx(expected)


def test_a_norm_in_two_dimensions_by_hand():
    f = Periodic(np.array([[1, 0], [1, -1]]), np.array([1.0, 2j]))
    weight = FPWeight(3.0, 1.0, dimension=2)
    gamma = np.array([3 + 1, 3 / 2**2.5 + 1 / 2**1.5])
    assert fp_norm.fp_norm(f, weight) == pytest.approx(math.sqrt(2 * (1 / gamma[0] + 4 / gamma[1])))
    assert f([[0.25, 0.0]])[0] == pytest.approx(2 * 0 - 2 * 2 * 1)


@given(scale=st.floats(1e-3, 1e3), sharp=st.floats(1e-3, 1e3))
def test_scale_laws(scale, sharp):
    f = Periodic(np.array([1, 4]), np.array([0.3, 0.2j]), mean=7.0)
    scaled = Periodic(f.modes, scale * f.coefficients, mean=-1.0)
    norm = fp_norm.fp_norm(f, BOTH)
    assert fp_norm.fp_norm(scaled, BOTH) == pytest.approx(scale * norm)
    weight = FPWeight(sharp**2 * BOTH.a, sharp**2 * BOTH.b)
    assert fp_norm.fp_norm(f, weight) == pytest.approx(norm / sharp)
    product = norm * fp_norm.weight_norm(BOTH, 50)
    assert fp_norm.fp_norm(f, weight) * fp_norm.weight_norm(weight, 50) == pytest.approx(product)


def test_a_constant_costs_nothing():
    f = sine()
    shifted = Periodic(f.modes, f.coefficients, mean=100.0)
    assert fp_norm.fp_norm(shifted, BOTH) == fp_norm.fp_norm(f, BOTH)
    assert shifted(X) == pytest.approx(f(X) + 100)


def test_weight_norm_tends_to_the_zeta_sum():
    # 2 Σ (1/k⁴ + 2/k²) = 2 (π⁴/90 + 2 π²/6)
    expected = math.sqrt(2 * (math.pi**4 / 90 + math.pi**2 / 3))
    assert fp_norm.weight_norm(BOTH, 20_000) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("top", "dimension"), [(3, 1), (2, 2), (1, 3)])
def test_mode_grid_is_one_of_each_pair(top, dimension):
    grid = fp_norm.mode_grid(top, dimension)
    both = {tuple(k) for k in np.concatenate([grid, -grid]).tolist()}
    assert len(both) == 2 * len(grid) == (2 * top + 1) ** dimension - 1
    assert np.abs(grid).max() == top


@pytest.mark.parametrize(
    ("power", "weight", "inside"),
    [
        (1, FPWeight(0, 1), False),  # a jump: Σ k^{-2+2}
        (2, FPWeight(0, 1), True),  # a kink: Σ k^{-4+2}
        (2, FPWeight(1, 0), False),  # Σ k^{-4+4}
        (3, FPWeight(1, 0), True),
        (2, FPWeight(1, 1), True),  # the slower of the two decays counts
        (2, FPWeight(0, 1, dimension=2), False),  # Σ |k|^{-4+3} over the plane
    ],
)
def test_what_is_in_the_space(power, weight, inside):
    assert fp_norm.in_fp_space(power, weight) is inside
    if weight.dimension == 1:
        k = np.arange(1, 4096)
        f = Periodic(k, 1.0 / k**power)
        norm = fp_norm.fp_norm(f, weight, tail=power)
        assert math.isinf(norm) is not inside
        # Partial sums agree: they stop growing, or not.
        parts = [
            fp_norm.fp_norm(Periodic(k[:m], 1.0 / k[:m] ** power), weight) for m in (1024, 4095)
        ]
        assert (parts[1] / parts[0] < 1.05) is inside


def test_interpolant_passes_through_the_data():
    h = fp_norm.minimal_interpolant(X, Y, BOTH, top=50)
    assert h(X) == pytest.approx(Y, abs=1e-10)
    plane = np.random.default_rng(0).random((12, 2))
    values = np.sin(plane @ [5, 3])
    h = fp_norm.minimal_interpolant(plane, values, FPWeight(1, 1, dimension=2), top=6)
    assert h(plane) == pytest.approx(values, abs=1e-10)


@pytest.mark.parametrize("kind", ["cubic", "linear"])
def test_interpolant_is_the_periodic_spline(kind):
    grid = np.linspace(0.05, 1.05, 300)
    x, y = np.append(X, X[0] + 1), np.append(Y, Y[0])
    if kind == "cubic":
        weight, spline = FPWeight(1, 0), CubicSpline(x, y, bc_type="periodic")(grid)
    else:
        weight, spline = FPWeight(0, 1), np.interp(grid, x, y)
    h = fp_norm.minimal_interpolant(X, Y, weight, top=800)
    assert np.abs(h(grid) - spline).max() < {"cubic": 1e-6, "linear": 5e-3}[kind]


def test_interpolant_has_the_smallest_norm_of_all():
    top, rng = 30, np.random.default_rng(0)
    h = fp_norm.minimal_interpolant(X, Y, BOTH, top=top)
    modes = fp_norm.mode_grid(top)
    for _ in range(50):
        # Any other function, corrected at the points by the minimal one through the rest.
        c = (rng.standard_normal(top) + 1j * rng.standard_normal(top)) * BOTH(modes)
        other = Periodic(modes, c, mean=rng.standard_normal())
        rest = fp_norm.minimal_interpolant(X, Y - other(X), BOTH, top=top)
        rival = Periodic(modes, c + rest.coefficients, mean=other.mean + rest.mean)
        assert rival(X) == pytest.approx(Y, abs=1e-8)
        assert fp_norm.fp_norm(rival, BOTH) > fp_norm.fp_norm(h, BOTH)


def test_interpolant_is_linear_in_the_values():
    h, scaled = (fp_norm.minimal_interpolant(X, c * Y + 3, BOTH, top=20) for c in (1, 10))
    np.testing.assert_allclose(scaled.coefficients, 10 * h.coefficients, rtol=1e-8)
    assert scaled.mean - 3 == pytest.approx(10 * (h.mean - 3))


def test_bound_by_hand():
    # δ = 4/e² gives ln(4/δ) = 2, and 2 + 4√4 = 10.
    assert fp_norm.error_bound(1.0, 0.5, 3.0, 25, 4 / math.e**2) == pytest.approx(4 * 10 / 5)
    assert fp_norm.error_bound(1.0, math.inf, 3.0, 25, 0.1) == math.inf
    assert fp_norm.error_bound(1, 1, 1, 100, 0.01) > fp_norm.error_bound(1, 1, 1, 100, 0.1)


def test_the_bound_cannot_fail_for_few_points():
    assert fp_norm.certain_below(4 / math.e**2) == pytest.approx(100)
    top, rng = 20, np.random.default_rng(1)
    modes, grid = fp_norm.mode_grid(top), np.arange(500) / 500
    gamma = fp_norm.weight_norm(BOTH, top)
    for _ in range(10):
        c = (rng.standard_normal(top) + 1j * rng.standard_normal(top)) * BOTH(modes)
        f, x = Periodic(modes, c, mean=2.0), rng.random(7)
        h = fp_norm.minimal_interpolant(x, f(x), BOTH, top=top)
        rest = Periodic(modes, f.coefficients - h.coefficients)
        parts = [fp_norm.fp_norm(g, BOTH) ** 2 for g in (h, rest)]
        assert sum(parts) == pytest.approx(fp_norm.fp_norm(f, BOTH) ** 2)
        largest = np.abs(f(grid) - h(grid)).max()
        norm = fp_norm.fp_norm(f, BOTH)
        assert largest <= 2 * norm * gamma
        n = int(fp_norm.certain_below(0.05))
        assert largest < fp_norm.error_bound(np.abs(f(grid)).max(), norm, gamma, n, 0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: FPWeight(1, 1, dimension=0), "dimension: expected a whole number of at least 1"),
        (lambda: FPWeight(-1, 1), "a: expected a finite number of at least 0, got -1"),
        (lambda: FPWeight(0, 0), "a, b: expected at least one of them above 0"),
        (lambda: BOTH([0, 1]), "modes: k = 0 is not part of the norm"),
        (lambda: BOTH([1.5]), "modes: expected whole numbers"),
        (lambda: BOTH([[1, 2]]), "modes: expected vectors of length 1, got 2"),
        (lambda: Periodic([1, 2], [0, 0]), "coefficients: all are zero"),
        (lambda: Periodic([1, 2], [1]), r"coefficients: expected one per mode \(2\)"),
        (lambda: Periodic([1], [np.nan]), "coefficients: expected finite numbers"),
        (lambda: Periodic([1, -1], [1, 1]), "modes: expected each mode once, and only one of"),
        (lambda: sine()([[1.0, 2.0]]), "x: expected points of dimension 1, got 2"),
        (lambda: fp_norm.fp_norm(sine(), FPWeight(1, 1, 2)), "weight: expected dimension 1, got 2"),
        (lambda: fp_norm.in_fp_space(0, BOTH), "power: expected a finite number above 0"),
        (lambda: fp_norm.mode_grid(0), "top: expected a whole number of at least 1"),
        (
            lambda: fp_norm.minimal_interpolant([0.1, 0.4, 1.1], [1, 2, 3], BOTH, top=9),
            "x: expected different points, but 0 and 2 agree modulo 1",
        ),
        (
            lambda: fp_norm.minimal_interpolant(X, Y, BOTH, top=1),
            "top: 5 points need at least 4 waves, got 2",
        ),
        (
            lambda: fp_norm.minimal_interpolant(X, 0 * Y, BOTH, top=9),
            "y: all values are equal",
        ),
        (lambda: fp_norm.minimal_interpolant(X, Y[1:], BOTH, top=9), "y: expected one value per"),
        (lambda: fp_norm.error_bound(1, 1, 1, 10, 1.0), "delta: expected a number between 0 and 1"),
        (lambda: fp_norm.certain_below(-0.1), "delta: expected a number between 0 and 1"),
        (lambda: fp_norm.error_bound(1, 1, 1, 10, 0), "delta: expected a number between 0 and 1"),
        (lambda: fp_norm.error_bound(1, -1, 1, 10, 0.1), "norm: expected a number of at least 0"),
        (lambda: fp_norm.error_bound(1, 1, 1, 0, 0.1), "n: expected a whole number of at least 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
