"""Every argument check, by its message."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fpkit import validation


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False))
def test_positive_returns_the_number(value):
    assert validation.positive("lr", value) == value


@pytest.mark.parametrize("value", [0, -1, -0.5, math.nan, math.inf, -math.inf, "1", None])
def test_positive_refuses(value):
    with pytest.raises(ValueError, match=rf"lr: expected a finite number above 0, got {value!r}"):
        validation.positive("lr", value)


@pytest.mark.parametrize("value", [1, 7, 3.0, np.int64(5), np.float32(2)])
def test_positive_int_returns_an_int(value):
    result = validation.positive_int("n", value)
    assert result == value
    assert type(result) is int


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3", None, math.nan, math.inf])
def test_positive_int_refuses(value):
    message = rf"n: expected a whole number of at least 1, got {value!r}"
    with pytest.raises(ValueError, match=message):
        validation.positive_int("n", value)


def test_known_returns_the_name():
    assert validation.known("fruit", "fig", ["apple", "fig"]) == "fig"


def test_known_suggests_the_nearest_name():
    message = r"^fruit: 'aple' is not known; did you mean 'apple'[?] known are apple, fig$"
    with pytest.raises(ValueError, match=message):
        validation.known("fruit", "aple", ["fig", "apple"])


def test_known_suggests_nothing_far_away():
    with pytest.raises(ValueError, match=r"^fruit: 'zzz' is not known; known are apple, fig$"):
        validation.known("fruit", "zzz", ["fig", "apple"])


@pytest.mark.parametrize(
    ("given_dtype", "expected"),
    [("int32", "float64"), ("bool", "float64"), ("uint8", "float64"),
     ("float32", "float32"), ("float64", "float64")],
)  # fmt: skip
def test_real_array_dtype(given_dtype, expected):
    result = validation.real_array("y", np.ones(3, given_dtype))
    assert result.dtype == expected
    assert result.tolist() == [1, 1, 1]


@pytest.mark.parametrize("values", [[1j], ["a"], [None]])
def test_real_array_refuses_what_is_not_real(values):
    with pytest.raises(TypeError, match=r"y: expected real numbers, got dtype"):
        validation.real_array("y", values)


@pytest.mark.parametrize(
    ("values", "ndim", "message"),
    [
        (1.0, (1,), r"y: expected a 1-d array, got shape \(\)"),
        ([[1.0]], (1,), r"y: expected a 1-d array, got shape \(1, 1\)"),
        ([1.0], (2, 3), r"y: expected a 2-d or 3-d array, got shape \(1,\)"),
        ([[], []], (2,), r"y: expected at least one value, got shape \(2, 0\)"),
        ([[1, 2], [3, math.nan]], (2,), r"y: expected finite numbers, got nan at index \(1, 1\)"),
        ([-math.inf, math.nan], (1,), r"y: expected finite numbers, got -inf at index \(0,\)"),
    ],
)
def test_real_array_refuses(values, ndim, message):
    with pytest.raises(ValueError, match=message):
        validation.real_array("y", values, ndim=ndim)


def test_matching_points_refuses_another_length():
    with pytest.raises(ValueError, match=r"f: expected one value per point of x \(3\), got 2"):
        validation.matching_points(np.zeros(3), "f", np.zeros((5, 2)))


def test_matching_points_refuses_a_single_point():
    with pytest.raises(ValueError, match=r"x: expected at least 2 points, got 1"):
        validation.matching_points(np.zeros(1), "f", np.zeros(1))


@pytest.mark.parametrize("points", [np.linspace(-10, 10, 600, dtype=np.float32), [0.0, 1.0]])
def test_uniform_points_accepts(points):
    validation.uniform_points("x", np.asarray(points))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([0.0, 2.0, 1.0], "x: expected increasing points, got a step of -1"),
        ([0.0, 0.0, 1.0], "x: expected increasing points, got a step of 0"),
        ([0.0, 1.0, 2.01], "x: expected equal steps, got steps from 1 to 1.01; use nudft"),
    ],
)
def test_uniform_points_refuses(points, message):
    with pytest.raises(ValueError, match=message):
        validation.uniform_points("x", np.asarray(points))
