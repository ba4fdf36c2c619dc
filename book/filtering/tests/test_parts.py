"""Errors of both parts of a target, and how far averages reach, against a double loop."""

import numpy as np
import pytest
from hypothesis import given

from book.filtering import parts
from fpkit.tests.test_filtering import CLOUDS, DELTAS, POINTS, VALUES, WIDTHS, loop

CENTRED = VALUES - VALUES.mean(axis=0)


def test_reach_against_the_double_loop():
    reach = parts.reach(POINTS, DELTAS)
    for d, delta in enumerate(DELTAS):
        _, own, effective = loop(POINTS, VALUES, delta)
        np.testing.assert_allclose(reach.self_weight[d], own, rtol=1e-4)
        np.testing.assert_allclose(reach.neighbours[d], effective, rtol=1e-4)


def test_limits_of_the_width():
    reach = parts.reach(POINTS, [1e-4, 1e4])
    np.testing.assert_allclose(reach.self_weight, [[1] * 23, [1 / 23] * 23], rtol=1e-3)
    np.testing.assert_allclose(reach.neighbours, [[1] * 23, [23] * 23], rtol=1e-3)


@given(CLOUDS, WIDTHS)
def test_a_point_reaches_between_itself_and_all(points, delta):
    reach = parts.reach(points, [delta])
    for values, least, most in (
        (reach.self_weight, 1 / len(points), 1),
        (reach.neighbours, 1, len(points)),
    ):
        assert (values >= least * (1 - 1e-5)).all()
        assert (values <= most * (1 + 1e-5)).all()


def test_a_point_that_occurs_twice_shares_its_weight():
    reach = parts.reach(np.repeat(POINTS, 2, axis=0), [1e-3])
    np.testing.assert_allclose(reach.self_weight, 0.5, rtol=1e-3)


def test_share_of_the_target():
    result = parts.band_errors(POINTS, VALUES, VALUES, DELTAS)
    for delta, share in zip(DELTAS, result.share, strict=True):
        high = VALUES - loop(POINTS, VALUES, delta)[0]
        assert share == pytest.approx(np.linalg.norm(high) / np.linalg.norm(VALUES), rel=1e-4)


@pytest.mark.parametrize("shape", [(23, 3), (5, 23, 3), (2, 5, 23, 3)])
def test_band_errors_are_those_of_the_definition(rng, shape):
    outputs = rng.standard_normal(shape)
    result = parts.band_errors(POINTS, VALUES, outputs, DELTAS)
    low, high = result.low, result.high
    assert low.shape == high.shape == (3, *shape[:-2])
    for d, delta in enumerate(DELTAS):
        y_low = loop(POINTS, VALUES, delta)[0]
        for place in np.ndindex(shape[:-2]):
            h_low = loop(POINTS, outputs[place], delta)[0]
            y_high, h_high = VALUES - y_low, outputs[place] - h_low
            expected = [np.linalg.norm(y - h) / np.linalg.norm(y)
                        for y, h in ((y_low, h_low), (y_high, h_high))]  # fmt: skip
            assert [low[d][place], high[d][place]] == pytest.approx(expected, rel=1e-3)


def test_band_errors_at_both_ends():
    outputs = np.stack([0 * VALUES, VALUES])
    result = parts.band_errors(POINTS, VALUES, outputs, DELTAS)
    np.testing.assert_allclose(result.low, [[1, 0]] * 3, atol=1e-6)
    np.testing.assert_allclose(result.high, [[1, 0]] * 3, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: parts.reach(POINTS, [1, -2]), "deltas: expected a finite number above 0, got"),
        (lambda: parts.band_errors(POINTS, VALUES, VALUES, [1e-4]),
         "deltas: 0.0001 is too small for these points: the high-frequency part is .* of the tar"),
        (lambda: parts.band_errors(POINTS, CENTRED, VALUES, [1e6]),
         r"deltas: 1e\+06 is too large for these points: the low-frequency part is"),
        (lambda: parts.band_errors(POINTS, 0 * VALUES, VALUES, [1.0]), "1 is too small for"),
        (lambda: parts.band_errors(POINTS, VALUES, VALUES.T, [1]),
         r"outputs: expected shape \(\.\.\., 23, 3\), got \(3, 23\)"),
    ],
)  # fmt: skip
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
