"""Classical interpolation against numpy and scipy."""

import numpy as np
import pytest
from scipy.interpolate import BarycentricInterpolator

from book.mystery import interpolation

X = np.array([-0.8, -0.6, -0.3, -0.06, 0.1])
Y = np.array([0.25, -0.25, -0.07, 0.15, -0.05])
GRID = np.linspace(-1, 0.3, 57)


def test_divided_differences_by_hand():
    assert interpolation.divided_differences([0, 1, 3], [1, 3, 1]).tolist() == [1, 2, -1]


def test_the_polynomial_is_the_only_one():
    found = interpolation.newton(X, Y)(GRID)
    np.testing.assert_allclose(found, BarycentricInterpolator(X, Y)(GRID), rtol=1e-9)
    np.testing.assert_allclose(found, np.polyval(np.polyfit(X, Y, 4), GRID), rtol=1e-7)


def test_interpolants_pass_through_the_points():
    curves = interpolation.interpolants(X, Y)
    assert list(curves) == ["polynomial", "straight lines", "cubic spline"]
    for curve in curves.values():
        np.testing.assert_allclose(curve(X), Y, atol=1e-12)
    inside = np.linspace(-0.8, 0.1, 31)
    np.testing.assert_allclose(curves["straight lines"](inside), np.interp(inside, X, Y))
    np.testing.assert_allclose(curves["cubic spline"](X[[0, -1]], 2), 0, atol=1e-10)


def test_runge_oscillates():
    x = np.linspace(-1, 1, 11)
    y = 1 / (1 + 25 * x**2)
    fine = np.linspace(-1, 1, 401)
    curves = interpolation.interpolants(x, y)
    ratio = {name: float(interpolation.variation(c(fine), y)) for name, c in curves.items()}
    assert ratio["straight lines"] == pytest.approx(1)
    assert ratio["cubic spline"] < 1.1
    assert ratio["polynomial"] > 4


def test_variation_of_several_curves():
    y = np.array([[0.0, 1.0], [0.0, 2.0]])
    curves = np.array([[0.0, 2.0, 1.0], [0.0, 1.0, 2.0]])
    assert interpolation.variation(curves, y).tolist() == [3, 1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: interpolation.newton([0, 0, 1], [1, 2, 3]), "x: expected different points"),
        (lambda: interpolation.newton([0, 1], [1, 2, 3]), r"y: expected one value per point"),
        (lambda: interpolation.interpolants([1, 0], [1, 2]), "x: expected increasing points"),
        (lambda: interpolation.variation([0, 1], [2, 2]), "y: expected points that are not all"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
