"""Measurements of the claims on results made by hand."""

import numpy as np
import pytest

from fpkit import claims
from fpkit.claims import Order, core, one_dimension

from . import direct_sum, hand_made


def errors_learned_at(*members):
    """Return errors whose mode k falls below 10 % at the given record, or never if None."""
    errors = np.ones((len(members), 5, len(members[0])))
    for member, records in enumerate(members):
        for k, record in enumerate(records):
            if record is not None:
                errors[member, record:, k] = 0.05
    return errors


def use(monkeypatch, **stored):
    """Make the claims read these results."""
    for module in (core, one_dimension):
        monkeypatch.setattr(module, "load_or_run", stored.__getitem__)


def test_order_is_measured_for_each_network():
    errors = errors_learned_at([0, 1, 4], [4, 1, 0], [1, 1, 3], [2, 3, None])
    measured = claims.order(hand_made(errors=errors))
    assert measured.strict.tolist() == [True, False, False, True]
    np.testing.assert_allclose(measured.correlation, [1, -1, 0.75**0.5, 1])


def test_order_depends_on_the_threshold():
    result = hand_made(errors=errors_learned_at([0, 1, 4]))
    assert claims.order(result).strict.tolist() == [True]
    assert claims.order(result, threshold=0.01).strict.tolist() == [False]


@pytest.mark.parametrize(
    ("correlation", "text"),
    [
        ([1.0, 1.0], "strict order 1/2, rank correlation 1.00"),
        ([-0.25, 1.0], "strict order 1/2, rank correlation -0.25 to 1.00"),
    ],
)
def test_order_in_words(correlation, text):
    assert str(Order(np.array([True, False]), np.array(correlation))) == text


@pytest.mark.parametrize(
    ("holds", "tendency", "outcome"),
    [
        ([True, True], [True, True], "reproduced"),
        ([True, True], [False, False], "reproduced"),
        ([True, False], [True, True], "weaker"),
        ([False, False], [True, True], "weaker"),
        ([True, False], [True, False], "not reproduced"),
        (True, True, "reproduced"),
    ],
)
def test_judge(holds, tendency, outcome):
    assert claims.judge(holds, tendency) == outcome


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 1, 2], 0),
        ([0, 1, 0], 1),
        ([0, 1, 0, 1], 2),
        ([3, 3, 3], 0),
        ([[0, 1, 0], [2, 1, 0]], [1, 0]),
    ],
)
def test_turning_points(values, expected):
    assert claims.turning_points(values).tolist() == expected


def test_turning_points_of_a_sine():
    x = np.linspace(0, 6 * np.pi, 200)
    assert claims.turning_points(np.sin(x)) == 6


def test_unknown_row():
    with pytest.raises(ValueError, match=r"row: 'R99' is not known; .*known are R"):
        claims.verdict("R99")


def test_spectrum_of_the_staircase_needs_no_run(monkeypatch):
    use(monkeypatch)
    verdict = claims.verdict("R1")
    assert verdict.outcome == "reproduced"
    assert verdict.effect.startswith("peaks 1, 4, 12, 20, 28, 36;")


def test_valleys_are_those_of_the_direct_sum():
    x = np.linspace(-1, 1, 200)
    modes = np.arange(101)
    magnitude = np.abs(direct_sum(x, np.arange(200) / 200, modes))
    expected = magnitude[[8, 16, 24, 32, 40]] / magnitude.max()
    np.testing.assert_allclose(one_dimension.valleys(200, 0), expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        (errors_learned_at([0, 1, 2], [1, 2, 3]), "reproduced"),
        (errors_learned_at([0, 1, 2], [1, 3, 2]), "weaker"),
        (errors_learned_at([0, 1, 2], [3, 2, 1]), "not reproduced"),
    ],
)
def test_verdict_on_an_order(monkeypatch, errors, outcome):
    control = hand_made(errors=errors_learned_at([2, 1, 0]))
    use(monkeypatch, staircase=hand_made(errors=errors), staircase_large_init=control)
    verdict = claims.verdict("R3")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    assert verdict.effect == str(claims.order(hand_made(errors=errors)))
    assert verdict.control == "staircase_large_init: strict order 0/1, rank correlation -1.00"


def test_verdict_over_several_runs_counts_every_network(monkeypatch):
    good = hand_made(errors=errors_learned_at([0, 1, 2], [1, 2, 3]))
    bad = hand_made(errors=errors_learned_at([0, 1, 2], [2, 2, 3]))
    runs = dict.fromkeys(claims.SECTION_3_1, good)
    use(monkeypatch, **{**runs, "sine_fine": bad}, staircase_large_init=good)
    verdict = claims.verdict("R5")
    assert verdict.outcome == "weaker"
    assert verdict.effect.startswith("strict order 11/12")
    assert verdict.seeds == 2


def test_outside_looks_beyond_the_data_only():
    x = np.linspace(-1, 1, 5)
    record_x = np.linspace(-3, 3, 13)  # four points on either side are outside
    output = np.array([5, 4, 5, 4, 9, 0, 9, 0, 9, 1, 2, 3, -7.0])
    calm = np.arange(13.0)
    outputs = np.stack([[calm, output], [output, calm]])
    turns, ends = claims.outside(hand_made(x=x, record_x=record_x, outputs=outputs))
    assert turns.tolist() == [3, 0]
    assert ends.tolist() == [7, 12]


def test_component_order_measures_components_and_peaks():
    one, two, three = (np.cos(2 * np.pi * k * np.arange(16) / 16) for k in (1, 2, 3))
    # Mode 3 is learned before mode 2; mode 4 has no power; the peaks are 1 and 3.
    outputs = np.stack([0 * one, one, one + three, one + two + three])[None]
    result = hand_made(
        y=outputs[:, -1], outputs=outputs, frames=np.arange(4), peaks=np.array([1, 3])
    )
    components, peaks = claims.component_order(result, modes=5)
    assert components.strict.tolist() == [False]
    assert components.correlation == pytest.approx([0.5])
    assert peaks.strict.tolist() == [True]
    assert peaks.correlation == pytest.approx([1])
