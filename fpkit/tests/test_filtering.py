"""The filter against a double loop, and its limits."""

import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from book import datasets
from fpkit import filtering

RNG = np.random.default_rng(0)
POINTS = RNG.random((23, 6))
VALUES = RNG.standard_normal((23, 3))
DELTAS = [0.02, 0.1, 1.0]


def loop(points, values, delta):
    """The definition, term by term: filtered values, self weights, effective neighbours."""
    low, own, effective = np.zeros(values.shape), [], []
    for i, here in enumerate(points):
        weights = [math.exp(-sum((here - there) ** 2) / (2 * delta)) for there in points]
        for weight, value in zip(weights, values, strict=True):
            low[i] += weight / sum(weights) * value
        own.append(weights[i] / sum(weights))
        effective.append(sum(weights) ** 2 / sum(w**2 for w in weights))
    return low, np.array(own), np.array(effective)


@pytest.fixture(params=[1 << 24, 23 * 4, 1])
def block(request, monkeypatch):
    """All rows at once, four, and one."""
    monkeypatch.setattr(filtering, "BLOCK", request.param)


@pytest.mark.usefixtures("block")
def test_against_the_double_loop():
    low = filtering.low_pass(POINTS, VALUES, DELTAS)
    for d, delta in enumerate(DELTAS):
        expected, _, _ = loop(POINTS, VALUES, delta)
        np.testing.assert_allclose(low[d], expected, atol=1e-5)


CLOUDS = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=8).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-10, 10))
)
WIDTHS = st.floats(1e-3, 1e3)


@given(CLOUDS, WIDTHS, st.data())
def test_an_average_keeps_a_constant_and_leaves_no_range(points, delta, data):
    values = data.draw(arrays(np.float64, len(points), elements=st.floats(-10, 10)))
    low = filtering.low_pass(points, np.stack([values, np.full(len(points), 3.0)], 1), [delta])[0]
    np.testing.assert_allclose(low[:, 1], 3, rtol=1e-5)
    assert (low[:, 0] >= values.min() - 1e-4).all()
    assert (low[:, 0] <= values.max() + 1e-4).all()


@given(CLOUDS, WIDTHS, st.data())
def test_the_filter_is_linear_and_its_blocks_do_not_show(points, delta, data):
    f, g = data.draw(arrays(np.float64, (2, len(points)), elements=st.floats(-10, 10)))
    a, b = data.draw(st.tuples(*2 * [st.floats(-5, 5)]))
    one, other, both = filtering.low_pass(points, np.stack([f, g, a * f + b * g], 1), [delta])[0].T
    np.testing.assert_allclose(both, a * one + b * other, atol=1e-3)
    with mock.patch.object(filtering, "BLOCK", 2 * len(points)):
        np.testing.assert_allclose(filtering.low_pass(points, f, [delta])[0], one, atol=1e-4)


def test_points_far_from_the_origin_lose_no_accuracy():
    expected = filtering.low_pass(POINTS, VALUES, DELTAS)
    moved = filtering.low_pass(POINTS + 1000, VALUES, DELTAS)
    np.testing.assert_allclose(moved, expected, atol=1e-5)


def test_on_digits():
    images = datasets.load().first(150)
    low = filtering.low_pass(images.images, images.one_hot(), [2.0])[0]
    expected, _, _ = loop(images.images.astype(float), images.one_hot(), 2.0)
    np.testing.assert_allclose(low, expected, atol=1e-5)
    np.testing.assert_allclose(low.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("shape", [(23,), (23, 2), (23, 2, 5), (23, 2, 1, 4)])
def test_all_columns_are_filtered_alike(rng, shape):
    values = rng.standard_normal(shape)
    low = filtering.low_pass(POINTS, values, [0.1, 1.0])
    assert low.shape == (2, *shape)
    flat = filtering.low_pass(POINTS, values.reshape(23, -1), [0.1, 1.0])
    np.testing.assert_allclose(low.reshape(flat.shape), flat, atol=1e-6)


def test_limits_of_the_width():
    narrow, wide = filtering.low_pass(POINTS, VALUES, [1e-4, 1e4])
    np.testing.assert_allclose(narrow, VALUES, rtol=1e-5)
    np.testing.assert_allclose(wide, np.tile(VALUES.mean(axis=0), (23, 1)), atol=1e-3)


@pytest.mark.parametrize("cycles", [1, 5, 12])
def test_a_wave_keeps_the_share_of_the_gaussian_s_transform(cycles):
    x = np.linspace(0, 1, 500)[:, None]
    wave = np.sin(2 * np.pi * cycles * x)
    low = filtering.low_pass(x, wave, [1e-3])[0]
    inside = slice(150, 350)  # away from the ends
    share = np.exp(-2 * np.pi**2 * cycles**2 * 1e-3)
    np.testing.assert_allclose(low[inside], share * wave[inside], atol=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: filtering.low_pass(POINTS, VALUES, [0]), "deltas: expected a finite number above"),
        (lambda: filtering.low_pass(POINTS, VALUES, [1, -2]), "deltas: .* above 0, got -2"),
        (lambda: filtering.low_pass(POINTS, VALUES, [np.inf]), "deltas: expected finite numbers"),
        (lambda: filtering.low_pass(POINTS, VALUES, []), "deltas: expected at least one value"),
        (lambda: filtering.low_pass(POINTS, VALUES[:9], [1]), r"values: expected one row per .*23"),
        (lambda: filtering.low_pass(POINTS[0], VALUES, [1]), "points: expected a 2-d array"),
        (lambda: filtering.low_pass(POINTS * np.nan, VALUES, [1]), "points: expected finite"),
    ],
)  # fmt: skip
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
