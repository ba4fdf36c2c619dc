"""Measurements of the claims on results made by hand."""

import numpy as np
import pytest

from book.one_dimension import claims
from fpkit.reproduce import Order, chapters, judgement
from fpkit.tests import direct_sum, hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")


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
    for module in (judgement, claims):
        monkeypatch.setattr(module, "load_or_run", stored.__getitem__)


def test_order_is_measured_for_each_network():
    errors = errors_learned_at([0, 1, 4], [4, 1, 0], [1, 1, 3], [2, 3, None])
    measured = judgement.order(hand_made(errors=errors))
    assert measured.strict.tolist() == [True, False, False, True]
    assert measured.unlearned.tolist() == [0, 0, 0, 1]
    np.testing.assert_allclose(measured.correlation, [1, -1, 0.75**0.5, 1])


def test_order_depends_on_the_threshold():
    result = hand_made(errors=errors_learned_at([0, 1, 4]))
    assert judgement.order(result).strict.tolist() == [True]
    assert judgement.order(result, threshold=0.01).strict.tolist() == [False]


@pytest.mark.parametrize(
    ("correlation", "unlearned", "text"),
    [
        ([1.0, 1.0], [0, 0], "rank correlation 1.00"),
        ([-0.25, 1.0], [0, 0], "rank correlation -0.25 to 1.00"),
        ([1.0, 1.0], [0, 3], "rank correlation 1.00, 1 end before all is learned"),
    ],
)  # fmt: skip
def test_order_in_words(correlation, unlearned, text):
    order = Order(np.array([True, False]), np.array(correlation), np.array(unlearned))
    assert str(order) == f"strict order 1/2 (1–99%), {text}"


def test_order_of_convergence_steps():
    measured = Order.of([[10, 20, np.inf], [10, np.inf, np.inf], [30, 20, 10]])
    assert measured.strict.tolist() == [True, False, False]
    assert measured.unlearned.tolist() == [1, 2, 0]
    np.testing.assert_allclose(measured.correlation, [1, 0.75**0.5, -1])


def test_orders_of_several_runs_together():
    together = Order.together([Order.of([[1, 2], [2, 1]]), Order.of([[1, np.inf]])])
    assert together.strict.tolist() == [True, False, True]
    assert together.correlation.tolist() == pytest.approx([1, -1, 1])
    assert together.unlearned.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 1, 2], 0),
        ([0, 1, 1, 0], 1),  # a flat top
        ([0, 1, 1, 2], 0),  # a step is no turn
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
        judgement.verdict("R99")


def test_spectrum_of_the_staircase_needs_no_run(monkeypatch):
    use(monkeypatch)
    verdict = judgement.verdict("R1")
    assert verdict.outcome == "reproduced"
    assert verdict.effect.startswith("peaks 1, 4, 12, 20, 28, 36;")


def test_valleys_are_those_of_the_direct_sum():
    x = np.linspace(-1, 1, 200)
    modes = np.arange(101)
    magnitude = np.abs(direct_sum(x, np.arange(200) / 200, modes))
    expected = magnitude[[8, 16, 24, 32, 40]] / magnitude.max()
    np.testing.assert_allclose(claims.valleys(200, 0), expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        (errors_learned_at([0, 1, 2], [1, 2, 3]), "reproduced"),
        (errors_learned_at([0, 1, 2], [1, 3, 2]), "weaker"),
        (errors_learned_at([0, 1, 2], [3, 2, 1]), "not reproduced"),
        (errors_learned_at([0, 1, 2], [3, None, None]), "undecided (not trained to the end)"),
    ],
)
def test_verdict_on_an_order(monkeypatch, errors, outcome):
    control = hand_made(errors=errors_learned_at([2, 1, 0]))
    use(monkeypatch, staircase=hand_made(errors=errors), staircase_large_init=control)
    verdict = judgement.verdict("R3")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    measured = judgement.orders(hand_made(errors=errors))
    assert verdict.effect == f"{measured}; {judgement.other_limits(['staircase'])}"
    assert verdict.control.startswith("staircase large init: by first crossing and by settling ")
    assert verdict.control_fails


def test_a_control_that_passes_is_an_error(monkeypatch):
    good = hand_made(errors=errors_learned_at([0, 1, 2], [1, 2, 3]))
    use(monkeypatch, staircase=good, staircase_large_init=good)
    message = r"R3: the negative control passes \(staircase large init: .* strict order 2/2 "
    with pytest.raises(RuntimeError, match=message):
        judgement.verdict("R3")


def test_a_control_fails_if_one_of_its_networks_does(monkeypatch):
    good = hand_made(errors=errors_learned_at([0, 1, 2], [1, 2, 3]))
    mixed = hand_made(errors=errors_learned_at([0, 1, 2], [2, 1, 3]))
    use(monkeypatch, staircase=good, staircase_large_init=mixed)
    assert judgement.verdict("R3").control_fails


def test_a_row_names_its_claim_runs_and_control(monkeypatch):
    good = hand_made(errors=errors_learned_at([0, 1, 2], [1, 2, 3]))
    bad = hand_made(errors=errors_learned_at([2, 1, 0]))
    use(monkeypatch, staircase=good, sine_sum=bad)
    verdict = judgement.order_row("a claim", ["staircase"], "sine_sum")()
    assert verdict.claim == "a claim"
    assert verdict.figure == chapters.get("staircase").figure
    assert "sine sum: by first crossing and by settling strict order 0/1" in verdict.control
    assert verdict.outcome == "reproduced"
    assert verdict.ordered == ["staircase"]


def curve_with_turns(turns, height):
    """Return 31 outputs that turn so often at their right end; the last is ``height``."""
    curve = np.full(31, height * (turns % 2), dtype=float)
    curve[-turns - 1 :] = height * ((np.arange(turns + 1) - turns) % 2 == 0)
    return curve


@pytest.mark.parametrize(
    ("turns", "height", "outcome"),
    [([1, 2], 0.25, "reproduced"), ([1, 2], 4, "reproduced"), ([1, 3], 0.25, "not reproduced")],
)
def test_verdict_on_what_is_outside_the_data(monkeypatch, turns, height, outcome):
    x, eval_x = np.linspace(-1, 1, 3), np.linspace(-5, 5, 31)

    def run(*counts):
        outputs = np.stack([curve_with_turns(count, height) for count in counts])[:, None]
        return hand_made(x=x, eval_x=eval_x, outputs=outputs)

    use(monkeypatch, outside_the_data=run(*turns), outside_the_data_sine_units=run(4, 3))
    verdict = judgement.verdict("R11")
    assert verdict.outcome == outcome
    assert verdict.effect.startswith(f"turning points outside: at most {max(turns)};")
    assert verdict.control == "sine units: 3 to 4 turning points"


def test_verdict_over_several_runs_counts_every_network(monkeypatch):
    good = hand_made(errors=errors_learned_at([0, 1, 2], [1, 2, 3]))
    bad = hand_made(errors=errors_learned_at([0, 1, 2], [2, 1, 3]))
    runs = dict.fromkeys(claims.SECTION_3_1, good)
    use(monkeypatch, **{**runs, "sine_fine": bad}, absolute_value_large_init=bad)
    verdict = judgement.verdict("R5")
    # The control has as much of an order as the one network that fails.
    assert verdict.outcome == "undecided (the control shows as much)"
    assert "strict order 11/12" in verdict.effect
    assert "what fails by first crossing: sine fine 1/2" in verdict.effect
    assert verdict.seeds == 2


def test_an_order_may_hold_by_settling_alone(monkeypatch):
    swept = errors_learned_at([0, 1, 2])
    swept[0, :, 2] = [0.05, 1, 1, 0.05, 0.05]  # once right in passing
    control = errors_learned_at([2, 1, 0])
    use(monkeypatch, staircase=hand_made(errors=swept), sine_sum=hand_made(errors=control))
    verdict = judgement.order_row("a claim", ["staircase"], "sine_sum")()
    assert verdict.outcome == "reproduced"
    assert "by first crossing strict order 0/1" in verdict.effect
    assert "by settling strict order 1/1" in verdict.effect
    # So a control that holds by one of both is none.
    use(monkeypatch, staircase=hand_made(errors=swept), sine_sum=hand_made(errors=swept))
    assert not judgement.order_row("a claim", ["staircase"], "sine_sum")().control_fails


def test_outside_looks_beyond_the_data_only():
    x = np.linspace(-1, 1, 5)
    eval_x = np.linspace(-3, 3, 13)  # four points on either side are outside
    output = np.array([5, 4, 5, 4, 9, 0, 9, 0, 9, 1, 2, 3, -7.0])
    calm = np.arange(13.0)
    outputs = np.stack([[calm, output], [output, calm]])
    turns, ends = claims.outside(hand_made(x=x, eval_x=eval_x, outputs=outputs))
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
