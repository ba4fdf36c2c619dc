"""What is counted of diagnoses is what the file holds, by the rules as they are."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

import fpkit as fp
from book.own_network import diagnoses

KEPT = json.loads(diagnoses.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("half", ["fix", "judge"])
@pytest.mark.parametrize("kind", diagnoses.KINDS, ids=lambda kind: kind.name)
def test_verdicts_follow_from_the_numbers(half, kind):
    parameters = sum(p.numel() for p in kind.make().parameters())
    bands = SimpleNamespace(points=np.zeros((kind.points, 1)))
    trials = KEPT[half][kind.name]
    assert len(trials) == len(diagnoses.SIGNALS[half])
    for trial in trials:
        names = ("errors", "rates", "pull", "variance", "wrong", "held_out")
        numbers = [trial[name] for name in names]
        said = fp.Diagnosis(bands, None, *numbers, parameters, np.array(trial["noise"]), None)
        assert said.verdict == trial["verdict"]


def test_the_halves_share_no_signal():
    assert set(diagnoses.SIGNALS["fix"]).isdisjoint(diagnoses.SIGNALS["judge"])


@pytest.mark.parametrize("said", diagnoses.VERDICTS)
def test_twenty_networks_of_each_kind_were_judged(said):
    found = diagnoses.counts("judge")
    assert sum(found[said, other] for other in diagnoses.VERDICTS) >= 20


@pytest.mark.parametrize("said", diagnoses.VERDICTS[:3])
def test_what_names_a_cause_is_right_in_four_of_five_cases(said):
    assert diagnoses.right(diagnoses.counts("judge"), said) >= 0.8


def test_truth_is_what_helped():
    trial = {"variance": 1.0, "wrong": 0.5, "unpredictable": 0.3}
    cases = {"learned": [0.001], "slow": [0.6, 0.1], "unseen": [0.6, 0.5, 0.1],
             "unpredictable": [0.6, 0.6, 0.5], "cannot tell": [0.9, 0.9, 0.9]}  # fmt: skip
    for truth, left in cases.items():
        left = [*left, *left[-1:] * (3 - len(left))]
        assert diagnoses.truth({**trial, "left": left}, held_out=True) == truth
    memorised = {**trial, "wrong": 0.001, "left": [0.6, 0.1]}
    assert diagnoses.truth(memorised, held_out=False) == "cannot tell"


def test_a_kind_trained_again_gets_the_same_verdicts():
    kind = next(kind for kind in diagnoses.KINDS if kind.name == "too few points")
    signals = [diagnoses.Signal(number) for number in diagnoses.SIGNALS["judge"]]
    kept = [trial["verdict"] for trial in KEPT["judge"][kind.name]]
    assert [trial["verdict"] for trial in diagnoses.begun(kind, signals)] == kept
