"""When frequencies are learned, against plain loops and scipy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from fpkit import convergence_step, in_order, rank_correlation, settling_step

ERRORS = arrays(np.float64, (2, 5, 3), elements=st.sampled_from([0.0, 0.05, 0.1, 0.2, 1.0]))
# Few different values, so that ties are common.
STEPS = arrays(np.float64, st.integers(2, 8), elements=st.sampled_from([0, 10, 20, 50, np.inf]))


@given(ERRORS, st.sampled_from([0.05, 0.1, 0.3]))
def test_convergence_step_is_that_of_a_plain_loop(error, threshold):
    steps = [0, 20, 40, 60, 77]
    result = convergence_step(steps, error, threshold)
    assert result.shape == (2, 3)
    for s in range(2):
        for k in range(3):
            below = [step for r, step in enumerate(steps) if error[s, r, k] < threshold]
            assert result[s, k] == (below[0] if below else np.inf)


@given(ERRORS, st.sampled_from([0.05, 0.1, 0.3]))
def test_settling_step_is_that_of_a_plain_loop(error, threshold):
    steps = [0, 20, 40, 60, 77]
    result = settling_step(steps, error, threshold)
    for s in range(2):
        for k in range(3):
            stays = [step for r, step in enumerate(steps) if (error[s, r:, k] < threshold).all()]
            assert result[s, k] == (stays[0] if stays else np.inf)
    assert (result >= convergence_step(steps, error, threshold)).all()


@pytest.mark.parametrize("shape", [(5, 3), (2, 5, 3), (4, 2, 5, 3)])
def test_convergence_step_shape(shape):
    assert convergence_step(range(5), np.ones(shape)).shape == (*shape[:-2], 3)


def test_first_crossing_counts_even_if_the_error_rises_again():
    assert convergence_step([0, 5, 10], [[1.0], [0.01], [1.0]]).tolist() == [5]


@pytest.mark.parametrize("error", [np.ones((4, 3)), np.ones(5), np.ones((5, 3, 2))])
def test_convergence_step_refuses_other_shapes(error):
    for measure in (convergence_step, settling_step):
        with pytest.raises(
            ValueError, match=r"error: expected shape \(..., 5 records, modes\), got"
        ):
            measure(range(5), error)


@pytest.mark.parametrize("threshold", [0, -0.1, np.nan])
def test_convergence_step_refuses_a_bad_threshold(threshold):
    with pytest.raises(ValueError, match="threshold: expected a finite number above 0"):
        convergence_step([0, 1], np.ones((2, 1)), threshold)


@pytest.mark.parametrize(
    ("converged", "expected"),
    [
        ([10, 20, 30], True),
        ([10, 20, 20], False),  # a tie
        ([20, 10, 30], False),
        ([10, 20, np.inf], True),  # the last may never come
        ([10, np.inf, np.inf], False),  # but not two
        ([10, np.inf, 30], False),
    ],
)
def test_in_order(converged, expected):
    assert in_order(converged) == expected


@given(arrays(np.float64, (3, 4), elements=st.sampled_from([1, 2, 3, 4, np.inf])))
def test_in_order_is_row_by_row(converged):
    expected = [all(a < b for a, b in pairwise(row)) for row in converged.tolist()]
    assert in_order(converged).tolist() == expected


@given(STEPS)
def test_rank_correlation_is_scipys(converged):
    assume(len(set(converged)) > 1)
    # scipy ranks infinity like any largest number once it is one.
    finite = np.where(np.isinf(converged), 1e9, converged)
    expected = spearmanr(range(len(finite)), finite).statistic
    assert rank_correlation(converged) == pytest.approx(expected, abs=1e-12)


@given(arrays(np.float64, 5, elements=st.floats(0, 100)), st.permutations([1, 4, 4, 9, 20]))
def test_rank_correlation_with_given_modes_is_scipys(converged, modes):
    assume(len(set(converged)) > 1)
    expected = spearmanr(modes, converged).statistic
    assert rank_correlation(converged, modes) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("converged", "expected"),
    [([1, 2, 9], 1), ([9, 2, 1], -1), ([5, 5, 5], 0), ([np.inf] * 3, 0), ([1, 2, np.inf], 1)],
)
def test_rank_correlation_at_its_ends(converged, expected):
    assert rank_correlation(converged) == pytest.approx(expected)


def test_rank_correlation_is_row_by_row():
    rows = [[1, 2, 3], [3, 2, 1], [7, 7, 7]]
    np.testing.assert_allclose(rank_correlation([rows, rows]), [[1, -1, 0]] * 2)


@pytest.mark.parametrize("measure", [in_order, rank_correlation])
@pytest.mark.parametrize(
    ("converged", "message"),
    [
        ([5], r"an order needs at least 2 frequencies, got shape \(1,\)"),
        ([[1], [2]], r"an order needs at least 2 frequencies, got shape \(2, 1\)"),
        (5.0, r"expected an at least 1-d array, got shape \(\)"),
        ([], r"expected at least one value, got shape \(0,\)"),
        ([1, np.nan], "expected steps, or infinity for never, got NaN"),
    ],
)
def test_an_order_needs_two_frequencies(measure, converged, message):
    with pytest.raises(ValueError, match=f"converged: {message}"):
        measure(converged)


def test_rank_correlation_needs_a_mode_for_every_step():
    with pytest.raises(ValueError, match=r"modes: expected one per convergence step \(3\), got"):
        rank_correlation([1, 2, 3], modes=[1, 2])
