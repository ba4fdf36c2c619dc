"""The linear F-Principle against numerical integrals, linear algebra and scipy's splines."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.interpolate import CubicSpline

from book.linear_theory import lfp_splines, wide_limit
from book.linear_theory.wide_limit import Moments

X = np.array([-0.8, -0.6, -0.3, -0.06, 0.1])
Y = np.array([0.25, -0.25, -0.07, 0.15, -0.05])
GRID = np.linspace(-0.8, 0.1, 181)
SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0], [0.0, 0.0]])


def rms(values):
    return np.sqrt(np.mean(np.square(values)))


def line(outer, inner):
    return wide_limit.coefficients(Moments.uniform(outer), Moments.uniform(inner))


# --- moments and coefficients ----------------------------------------------------------------


def test_moments_of_an_even_distribution():
    values = np.linspace(-2, 2, 100_001)
    exact, drawn = Moments.uniform(2.0), Moments.of(values)
    assert (exact.first, exact.second, exact.third) == (1, 4 / 3, 2)
    assert (drawn.first, drawn.second, drawn.third) == pytest.approx((1, 4 / 3, 2), rel=1e-4)


@pytest.mark.parametrize("dim", [1, 2, 3])
@pytest.mark.parametrize("power", [1, 2, 3])
def test_sphere_moment_by_integration(power, dim):
    if dim == 1:
        expected = 1.0
    else:
        density = {2: lambda t: 1.0, 3: np.sin}[dim]
        top = quad(lambda t: abs(np.cos(t)) ** power * density(t), 0, np.pi)[0]
        expected = top / quad(density, 0, np.pi)[0]
    assert wide_limit.sphere_moment(power, dim) == pytest.approx(expected)


def kernel_by_integration(x, z, outer, inner, half_width, trained):
    """Return the kernel of w·ReLU(r(x + l)) at two points by a sum over fine hinges."""
    cells = 400_000
    hinge = half_width * (2 * (np.arange(cells) + 0.5) / cells - 1)
    w2, r2 = outer**2 / 3, inner**2 / 3
    total = 0.0
    for sign in (1, -1):  # of r; its size is independent of the hinge
        both = (sign * (x + hinge) > 0) & (sign * (z + hinge) > 0)
        product = np.mean(both * (x + hinge) * (z + hinge)) / 2
        share = np.mean(both) / 2
        total += ("w" in trained) * r2 * product + ("r" in trained) * w2 * product
        total += ("l" in trained) * w2 * r2 * share
    return total


@pytest.mark.parametrize("trained", [("w", "r", "l"), ("w",), ("r",), ("l",), ("w", "l")])
def test_the_kernel_is_the_mean_over_hinges(trained):
    c = wide_limit.coefficients(Moments.uniform(0.7), Moments.uniform(1.3), trained=trained)
    for x, z in ((-0.4, 0.9), (0.3, 0.3), (1.5, -2.0)):
        expected = kernel_by_integration(x, z, 0.7, 1.3, 2.5, trained)
        found = wide_limit.lfp_kernel([x], [z], c, half_width=2.5, neurons=3)[0, 0]
        assert found == pytest.approx(3 * expected, rel=1e-5)


@pytest.mark.parametrize("trained", [("a", "b"), ("a",), ("b",)])
def test_the_kernel_of_the_other_parametrisation(trained):
    """a·ReLU(wx + b): E over w and b of what is trained, by a grid of both."""
    a, w, reach, x, z = 0.7, 1.2, 4.0, -0.4, 0.9
    inner = w * (2 * (np.arange(800) + 0.5) / 800 - 1)
    b = reach * (2 * (np.arange(4_000) + 0.5) / 4_000 - 1)
    first, second = (np.maximum(inner[:, None] * at + b, 0) for at in (x, z))
    expected = ("a" in trained) * np.mean(first * second)
    expected += ("b" in trained) * a**2 / 3 * np.mean((first > 0) & (second > 0))
    c = wide_limit.coefficients(
        Moments.uniform(a), Moments.uniform(w), parametrisation="bias", trained=trained
    )
    found = wide_limit.lfp_kernel([x], [z], c, half_width=reach)[0, 0]
    assert found == pytest.approx(expected, rel=1e-3)


def test_crossover_is_where_both_terms_are_equal():
    c = line(0.5, 0.8)
    xi = c.crossover
    assert c.cubic / (2 * np.pi * xi) ** 4 == pytest.approx(c.linear / (2 * np.pi * xi) ** 2)
    only_cubic = wide_limit.coefficients(Moments.uniform(1.0), Moments.uniform(1.0), trained=["w"])
    assert only_cubic.crossover == np.inf


def test_the_prefactor_of_the_law():
    """The transform of the invariant part is m/(32π⁴L) [A/ξ⁴ + 4π²B/ξ²]; a weak damping lets
    the integral converge.
    """
    xi, reach, neurons, c = 0.7, 4.0, 50, line(0.8, 1.7)
    invariant = [c.cubic / 12, -c.linear / 2]

    def damped(d):
        return 2 * (invariant[0] * d**3 + invariant[1] * d) * np.exp(-0.02 * d)

    found = quad(damped, 0, np.inf, weight="cos", wvar=2 * np.pi * xi, limlst=500, limit=500)[0]
    law = c.cubic / xi**4 + 4 * np.pi**2 * c.linear / xi**2
    expected = neurons / (32 * np.pi**4 * reach) * law
    assert neurons / (2 * reach) * found == pytest.approx(expected, rel=1e-3)
    at_zero, at_one = wide_limit.lfp_kernel(
        [0.0], [0.0, 1.0], c, half_width=reach, neurons=neurons
    )[0]
    assert at_one - at_zero == pytest.approx(neurons / (2 * reach) * sum(invariant))


# --- in the plane ----------------------------------------------------------------------------


def test_kernel_and_direction_term_in_the_plane_by_integration():
    outer, inner, reach = 0.8, 1.1, 3.0
    x, z = np.array([0.5, -1.0]), np.array([-0.7, 0.4])
    angle = 2 * np.pi * (np.arange(400) + 0.5) / 400
    u = np.column_stack([np.cos(angle), np.sin(angle)])[:, None]
    hinge = reach * (2 * (np.arange(4_000) + 0.5) / 4_000 - 1)
    px, pz = ((u @ p) + hinge for p in (x, z))
    both = (px > 0) & (pz > 0)
    w2, r2 = outer**2 / 3, inner**2 / 3
    plain = (w2 + r2) * np.mean(both * px * pz) + w2 * r2 * np.mean(both)
    cross = x @ z - (u @ x) * (u @ z)
    extra = w2 * np.mean(both * cross)
    found = wide_limit.lfp_kernel([x], [z], line(outer, inner), half_width=reach)[0, 0]
    assert found == pytest.approx(plain, rel=1e-3)
    term = wide_limit.direction_term([x], [z], Moments.uniform(outer), half_width=reach)[0, 0]
    assert term == pytest.approx(extra, rel=2e-3)


# --- time ------------------------------------------------------------------------------------


def test_evolution_solves_the_differential_equation():
    c = line(1.0, 1.0)
    gram, cross = (wide_limit.lfp_kernel(p, X, c, half_width=1.0) for p in (X, GRID))
    solved = solve_ivp(lambda t, h: -gram @ (h - Y), (0, 3), np.zeros(5), rtol=1e-9, atol=1e-12)
    found = wide_limit.evolve(gram, gram, Y, [0.0, 3.0, np.inf])
    np.testing.assert_allclose(found, [np.zeros(5), solved.y[:, -1], Y], atol=1e-7)
    expected = cross @ np.linalg.solve(gram, Y)
    np.testing.assert_allclose(wide_limit.evolve(gram, cross, Y, np.inf)[0], expected, atol=1e-9)


# --- the kinked cubic spline -----------------------------------------------------------------


@pytest.mark.parametrize(("outer", "inner"), [(0.03, 10.0), (0.2, 10.0), (10.0, 10.0)])
def test_the_limit_of_the_evolution_is_the_kinked_spline(outer, inner):
    c = line(outer, inner)
    spline = lfp_splines.kinked_spline(X, Y, cubic=c.cubic, linear=c.linear)(GRID)
    distance = []
    for reach in (4.0, 40.0):
        gram, cross = (wide_limit.lfp_kernel(p, X, c, half_width=reach) for p in (X, GRID))
        distance.append(rms(wide_limit.evolve(gram, cross, Y, np.inf)[0] - spline))
    assert distance[0] < 4e-4
    assert distance[1] < 5e-5


def test_its_limits_are_the_natural_cubic_and_the_linear_spline():
    natural = CubicSpline(X, Y, bc_type="natural")
    cubic = lfp_splines.kinked_spline(X, Y, cubic=2.0, linear=0.0)
    np.testing.assert_allclose(cubic(GRID), natural(GRID), atol=1e-12)
    straight = lfp_splines.kinked_spline(X, Y, cubic=0.0, linear=2.0)
    np.testing.assert_allclose(straight(GRID), np.interp(GRID, X, Y), atol=1e-12)
    nearly = lfp_splines.kinked_spline(X, Y, cubic=1.0, linear=1e-9)
    np.testing.assert_allclose(nearly(GRID), natural(GRID), atol=1e-6)


def test_the_linear_spline_goes_on_along_the_chord():
    straight = lfp_splines.kinked_spline(X, Y, cubic=0.0, linear=1.0)
    chord = np.polyfit([X[0], X[-1]], [Y[0], Y[-1]], 1)
    outside = np.array([-3.0, -1.0, 0.5, 2.0])
    np.testing.assert_allclose(straight(outside), np.polyval(chord, outside), atol=1e-12)


def test_jumps_of_its_derivatives():
    spline = lfp_splines.kinked_spline(X, Y, cubic=0.7, linear=0.4)
    h = 1e-3
    for knot, kink, third in zip(X, spline.kinks, spline.third_jumps, strict=True):
        right, left = (spline(knot + side * h * np.arange(1, 5)) for side in (1, -1))
        # One-sided derivatives of a cubic from four of its values, exactly.
        slopes = [np.polyfit(side * h * np.arange(1, 5), v, 3)
                  for side, v in ((1, right), (-1, left))]  # fmt: skip
        assert slopes[0][2] - slopes[1][2] == pytest.approx(kink, rel=1e-6, abs=1e-9)
        assert 6 * (slopes[0][0] - slopes[1][0]) == pytest.approx(third, rel=1e-3, abs=1e-3)
    np.testing.assert_allclose(spline.kinks * 0.7, -spline.third_jumps * 0.4)


def test_erratum_1_small_init_is_cubic_and_large_init_linear():
    """The table of both distances, natural cubic and linear, for r and w even on ±size."""
    table = {0.03: (0.0527, 0.0005), 0.3: (0.0298, 0.0237), 1: (0.0067, 0.0469), 10: (1e-4, 0.053)}
    natural = CubicSpline(X, Y, bc_type="natural")(GRID)
    for size, expected in table.items():
        gram, cross = (
            wide_limit.lfp_kernel(p, X, line(size, size), half_width=4) for p in (X, GRID)
        )
        h = wide_limit.evolve(gram, cross, Y, np.inf)[0]
        found = rms(h - np.interp(GRID, X, Y)), rms(h - natural)
        assert found == pytest.approx(expected, abs=1.5e-4)


def test_in_the_plane_it_is_the_limit_without_the_direction_term_only():
    y, outer = np.array([-1.0, 1.0, 1.0, -1.0, 1.0]), Moments.uniform(10)
    c = wide_limit.coefficients(outer, Moments.uniform(0.03))
    points = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    spline = lfp_splines.kinked_spline(SQUARE, y, cubic=c.cubic, linear=c.linear)(points)
    kernels = [wide_limit.lfp_kernel(p, SQUARE, c, half_width=8) for p in (SQUARE, points)]
    extra = [wide_limit.direction_term(p, SQUARE, outer, half_width=8) for p in (SQUARE, points)]
    without = wide_limit.evolve(*kernels, y, np.inf)[0]
    complete = wide_limit.evolve(*(k + e for k, e in zip(kernels, extra, strict=True)), y, np.inf)[
        0
    ]
    assert rms(without - spline) < 0.002
    assert rms(complete - spline) > 0.05


def test_the_spline_in_tension_is_smooth_and_another_curve():
    tension = lfp_splines.tension_spline(X, Y, 5.0)
    np.testing.assert_allclose(tension(X), Y, atol=1e-10)
    h = 1e-4
    slopes = [(tension(X + s * 2 * h) - tension(X + s * h)) / (s * h) for s in (1, -1)]
    np.testing.assert_allclose(slopes[0], slopes[1], atol=0.03)
    natural = CubicSpline(X, Y, bc_type="natural")(GRID)
    assert rms(lfp_splines.tension_spline(X, Y, 2_000.0)(GRID) - np.interp(GRID, X, Y)) < 1e-3
    assert rms(lfp_splines.tension_spline(X, Y, 0.3)(GRID) - natural) < 0.02


# --- what is refused -------------------------------------------------------------------------

UNIT = Moments.uniform(1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Moments.uniform(0), "half_width: expected a finite number above 0, got 0"),
        (lambda: Moments.of([np.nan]), "values: expected finite numbers"),
        (lambda: wide_limit.coefficients(UNIT, UNIT, parametrisation="bais"),
         "parametrisation: 'bais' is not known; did you mean 'bias'"),
        (lambda: wide_limit.coefficients(UNIT, UNIT, trained=["w", "u"]),
         "trained: 'u' leaves no translation-invariant kernel: .*direction"),
        (lambda: wide_limit.coefficients(UNIT, UNIT, parametrisation="bias", trained=["a", "w",
         "b"]),
         r"trained: 'w' leaves no translation-invariant kernel: .*E\[a² x x' H H'\]"),
        (lambda: wide_limit.coefficients(UNIT, UNIT, trained=["a"]), "trained: 'a' is not known"),
        (lambda: wide_limit.coefficients(UNIT, UNIT, trained=[]),
         "trained: expected at least one of w, r, l, got none"),
        (lambda: wide_limit.sphere_moment(1, 0),
         "dim: expected a whole number of at least 1, got 0"),
        (lambda: wide_limit.lfp_kernel([0.0, 3.0], [0.0], line(1, 1), half_width=2),
         r"x: expected points within half_width=2, got \|x\| = 3"),
        (lambda: wide_limit.lfp_kernel([0.0], [[0.0, 1.0]], line(1, 1), half_width=2),
         r"z: expected points in 1 dimension\(s\), got 2"),
        (lambda: wide_limit.direction_term([0.5], [0.1], UNIT, half_width=2),
         "x: a direction can be trained in 2 dimensions or more, got 1"),
        (lambda: wide_limit.evolve(np.eye(3), np.eye(3), [1.0, 2.0], 1),
         "gram, cross, y: expected"),
        (lambda: wide_limit.evolve(np.ones((2, 2)), np.eye(2), [1.0, 2.0], 1),
         "gram: expected positive eigenvalues, got .*; equal points"),
        (lambda: wide_limit.evolve(np.eye(2), np.eye(2), [1.0, 2.0], [-1]),
         "times: expected numbers of at least 0, got -1"),
        (lambda: lfp_splines.kinked_spline(X, Y[:3], cubic=1, linear=1),
         r"y: expected one value per point of x \(5\), got 3"),
        (lambda: lfp_splines.kinked_spline(X, Y, cubic=-1, linear=1),
         "cubic: expected a finite number of at least 0, got -1"),
        (lambda: lfp_splines.kinked_spline(X, Y, cubic=0, linear=0),
         "cubic, linear: expected at least one above 0, got 0 and 0"),
        (lambda: lfp_splines.kinked_spline([0.0, 0.0, 1.0], [1.0, 2.0, 3.0], cubic=1, linear=0),
         "x: expected different points, not all on one hyperplane"),
        (lambda: lfp_splines.tension_spline(X, Y, 0), "tension: expected a finite number above 0"),
    ],
)  # fmt: skip
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
