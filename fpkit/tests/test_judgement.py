"""The rule for verdicts, and intervals of counts."""

import numpy as np
import pytest
import scipy

from fpkit.reproduce import Order, Orders, Verdict, judgement
from fpkit.tests import hand_made

FEW, UNFINISHED, ALIKE = (
    "undecided (fewer than 8 networks)",
    "undecided (not trained to the end)",
    "undecided (the control shows as much)",
)


def judge(holds, tendency, *, control=False, seeds=8, finished=True):
    return judgement.judge(holds, tendency, control=control, seeds=seeds, finished=finished)


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
def test_what_is_seen_decides(holds, tendency, outcome):
    assert judge(holds, tendency) == outcome


@pytest.mark.parametrize(
    ("control", "outcome"), [([True, True], ALIKE), ([True, False], "weaker"), (False, "weaker")]
)
def test_a_tendency_that_the_control_shows_proves_nothing(control, outcome):
    assert judge([True, False], [True, True], control=control) == outcome
    # It is asked for the tendency alone.
    assert judge([True, True], [True, True], control=control) == "reproduced"
    assert judge([True, False], [True, False], control=control) == "not reproduced"


@pytest.mark.parametrize(("holds", "tendency"), [(True, True), (False, True), (False, False)])
@pytest.mark.parametrize(
    ("seeds", "finished", "outcome"),
    [
        (7, True, FEW),
        (8, [True, False], UNFINISHED),
        (0, False, UNFINISHED),
        (1, False, "undecided (fewer than 8 networks, not trained to the end)"),
    ],
)
def test_few_or_unfinished_runs_decide_nothing(holds, tendency, seeds, finished, outcome):
    assert judge(holds, tendency, seeds=seeds, finished=finished) == outcome


@pytest.mark.parametrize(
    ("holds", "tendency", "seeds", "finished", "outcome"),
    [
        ([True, False], True, 7, True, f"{FEW[:-1]}, the control shows as much)"),
        (False, True, 8, False, f"{UNFINISHED[:-1]}, the control shows as much)"),
        (True, True, 7, True, FEW),  # the whole statement is there, and the control lacks that
        ([True, False], [True, False], 7, True, FEW),  # no tendency that it could show
    ],
)
def test_a_control_that_shows_as_much_is_told_beside_another_reason(
    holds, tendency, seeds, finished, outcome
):
    found = judge(holds, tendency, control=[True, True], seeds=seeds, finished=finished)
    assert found == outcome


def test_a_computation_needs_no_networks():
    assert judge(True, True, seeds=0) == "reproduced"


def test_judge_needs_something_seen():
    with pytest.raises(ValueError, match="holds: expected at least one network, got none"):
        judge(np.array([], bool), np.array([], bool))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([True] * 8, "8/8 (63–100%)"),
        ([False] * 8, "0/8 (0–37%)"),
        ([True] * 40 + [False] * 8, "40/48 (70–93%)"),
        ([True] * 2, "2/2 (16–100%)"),
        ([], "0/0"),
    ],
)
def test_counts_have_exact_intervals(found, text):
    assert judgement.counted(found) == text


def test_the_interval_is_that_of_clopper_and_pearson():
    """At its ends the count, or a more extreme one, has half the rest of the confidence."""
    low, high = scipy.stats.binomtest(40, 48).proportion_ci(judgement.CONFIDENCE)
    rest = (1 - judgement.CONFIDENCE) / 2
    assert scipy.stats.binom.sf(39, 48, low) == pytest.approx(rest)
    assert scipy.stats.binom.cdf(40, 48, high) == pytest.approx(rest)


def orders(first, settled=None):
    return Orders(Order.of(first), Order.of(first if settled is None else settled))


NEVER = np.inf
ORDERLY, TURNED, TENDING = [1, 2, 3, 4], [4, 3, 2, 1], [1, 2, 4, 3]


@pytest.mark.parametrize(
    ("measured", "outcome"),
    [
        (orders([ORDERLY, ORDERLY]), "reproduced"),
        (orders([TENDING, ORDERLY], [ORDERLY, ORDERLY]), "reproduced"),  # by settling
        (orders([ORDERLY, ORDERLY], [TENDING, ORDERLY]), "reproduced"),  # by first crossing
        (orders([TENDING, ORDERLY], [ORDERLY, TENDING]), "weaker"),  # by neither alone
        (orders([TENDING, ORDERLY]), "weaker"),
        (orders([TURNED, ORDERLY]), "not reproduced"),
        (orders([[1, 2, 3, NEVER]]), "reproduced"),
        (orders([ORDERLY, [1, 2, NEVER, NEVER]]), UNFINISHED),
    ],
)
def test_an_order_may_hold_by_either_reading(measured, outcome):
    assert measured.judge(orders([TURNED, ORDERLY]), seeds=8) == outcome


def test_an_order_needs_to_be_clearer_than_that_of_the_control():
    assert orders([TENDING, ORDERLY]).judge(orders([TENDING, ORDERLY]), seeds=8) == ALIKE


def test_orders_in_words():
    assert str(orders([ORDERLY])).startswith("by first crossing and by settling strict order 1/1 ")
    text = str(orders([TENDING], [ORDERLY]))
    assert text.startswith("by first crossing strict order 0/1 ")
    assert "; by settling strict order 1/1 " in text


def test_orders_together():
    together = Orders.together([orders([ORDERLY]), orders([TURNED], [ORDERLY])])
    assert together.first.strict.tolist() == [True, False]
    assert together.settled.strict.tolist() == [True, True]


def test_an_order_is_told_for_other_limits(monkeypatch):
    # Errors of two peaks at the records 0, 10, …: one network learns the second before the first,
    # unless a peak is learned as soon as half of it is there; one learns nothing below 30 %.
    falling = np.array([1.0, 0.4, 0.25, 0.15, 0.01])
    one = np.stack([[1.0, 0.4, 0.4, 0.4, 0.01], [1.0, 1.0, 0.15, 0.01, 0.01]], axis=-1)
    other = np.stack([np.maximum(falling, 0.25), np.maximum(falling, 0.35)], axis=-1)
    result = hand_made(errors=np.stack([one, other]))
    monkeypatch.setattr(judgement, "load_or_run", lambda name: result)
    assert judgement.other_limits(["staircase"]) == (
        "with other limits, of the networks that tell, in order by either reading: "
        "2%: 0/1, 5%: 0/1, 20%: 0/1, 30%: 1/2, 50%: 1/2 (mean rank correlation from -1.00)"
    )


def test_what_no_network_tells_has_no_correlation(monkeypatch):
    monkeypatch.setattr(judgement, "load_or_run", lambda name: hand_made(errors=np.ones((1, 5, 2))))
    assert judgement.other_limits(["staircase"]).endswith("50%: 0/0")


def test_rows_of_order_tell_other_limits():
    told = "with other limits, of the networks that tell, in order by either reading: 2%: "
    for row in ("R3", "R6"):
        assert told in judgement.verdict(row).effect
    assert told not in judgement.verdict("R1").effect


def test_a_notebook_shows_a_verdict_as_a_sentence():
    shown = Verdict("Somebody (2019), Fig. 1", "it holds", 8, "all do", "none do", True, "weaker")
    words = "- **weaker**: it holds (Somebody (2019), Fig. 1): all do. Control: none do."
    assert shown._repr_markdown_() == words
