"""Every check accepts right answers, found in different ways, and rejects wrong ones kindly."""

import importlib
import re

import numpy as np
import pytest
import torch

from book import answers, exercises
from book.exercises import check

ANSWERS = {"right": {}, "wrong": {}}
for chapter in sorted({definition.chapter for definition in exercises.known().values()}):
    module = importlib.import_module(f"book.{chapter}.tests.answers")
    ANSWERS["right"].update(module.RIGHT)
    ANSWERS["wrong"].update(module.WRONG)


def cases(kind):
    return [
        pytest.param(label, answer, id=f"{label}-{place}")
        for label, answers in ANSWERS[kind].items()
        for place, answer in enumerate(answers)
    ]


def raises(*arguments):
    raise RuntimeError("not finished")


def gives_up(*arguments):
    raise SystemExit


class Nameless(Exception):
    def __repr__(self):
        raise RuntimeError("no name")


def raises_what_has_no_name(*arguments):
    raise Nameless


# What somebody may hand in by mistake, for any exercise.
GARBAGE = [
    None,
    "an answer",
    float("nan"),
    1 + 2j,
    [],
    [[1, 2], [3]],
    {"a": 1},
    np.zeros((3, 3, 3, 3)),
    lambda: 1,
    lambda *arguments: None,
    lambda *arguments: "an answer",
    lambda *arguments: np.full(7, np.nan),
    raises,
    gives_up,
    raises_what_has_no_name,
    10**400,
    torch.eye(3).to_sparse(),
    Nameless(),
]


def test_every_check_has_right_and_wrong_answers():
    assert set(ANSWERS["right"]) == set(ANSWERS["wrong"]) == set(exercises.known())
    assert all(len(answers) >= 2 for answers in ANSWERS["right"].values())
    assert all(len(answers) >= 3 for answers in ANSWERS["wrong"].values())


@pytest.mark.parametrize(("label", "answer"), cases("right"))
def test_right_answers_pass(label, answer):
    outcome = check(label, answer)
    assert outcome, outcome.message
    assert repr(outcome) == "Right."


@pytest.mark.parametrize(("label", "answer"), cases("wrong"))
def test_wrong_answers_get_a_hint(label, answer):
    outcome = check(label, answer)
    assert not outcome
    assert re.fullmatch(r"Not yet\. .{10,}[.?)]", repr(outcome), re.DOTALL)


@pytest.mark.parametrize("label", list(exercises.known()))
def test_a_blank_is_no_answer(label):
    assert repr(check(label, ...)) == f"Not yet. Wanted: {exercises.wanted(label)}"
    assert exercises.wanted(label).endswith(".")


@pytest.mark.parametrize("label", list(exercises.known()))
def test_no_garbage_passes_or_raises(label):
    assert [place for place, answer in enumerate(GARBAGE) if check(label, answer)] == []


@pytest.mark.parametrize("label", list(exercises.known()))
def test_no_hint_shows_the_answer(label):
    numbers = [answer for answer in ANSWERS["right"][label] if isinstance(answer, (int, float))]
    words = [answer for answer in ANSWERS["right"][label] if isinstance(answer, str)]
    hints = [repr(check(label, answer)) for answer in (*ANSWERS["wrong"][label], *GARBAGE, ...)]
    for hint in hints:
        said = {float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", hint)}
        assert not any(np.isclose(value, number) for value in said for number in numbers)
        assert "Choose one of" in hint or not any(re.search(rf"\b{w}\b", hint) for w in words)


def test_an_unknown_label_is_named():
    with pytest.raises(ValueError, match=r"'delta-g' is not known; did you mean 'delta-f'\?"):
        check("delta-g", 1)


@pytest.mark.parametrize(
    ("read", "answer", "hint"),
    [
        (answers.number, [1, 2], "Expected one number, got 2."),
        (answers.whole, 2.5, "Expected a whole number, got 2.5."),
        (answers.array, [1j], "Expected real numbers, got complex ones."),
        (answers.array, "ab", "Expected numbers, got str."),
        (answers.array, None, "from a function, does that end with `return`?"),
        (answers.array, 10**400, "Expected numbers, got int."),
        (answers.array, [np.inf], "Expected finite numbers, got NaN or infinity."),
    ],
)
def test_what_is_not_wanted_is_said(read, answer, hint):
    with pytest.raises(answers.Hint, match=re.escape(hint)):
        read(answer)


def test_shapes_are_compared():
    assert answers.array([[1, 2]], (1, None)).shape == (1, 2)
    with pytest.raises(answers.Hint, match=r"Expected an array of shape \(any, 3\), got \(1, 2\)."):
        answers.array([[1, 2]], (None, 3))
    with pytest.raises(answers.Hint, match=r"Expected an array of shape \(4,\), got \(3,\)."):
        answers.array([1, 2, 3], (4,))


def test_hints_fit_the_mistake():
    assert "To three digits?" in check("leakage-share", 0.5).message
    assert "three digits" in check("torch-default", [0.08, 0.58]).message

    def all_doubled(row):
        return 2 * (np.abs(np.fft.rfft(row, norm="forward")) ** 2)[len(row) // 4 + 1 :].sum()

    assert "the very last" in check("image-energy", all_doubled).message


def test_choices_are_words():
    assert answers.choice(" Low ", ("low", "high")) == "low"
    with pytest.raises(answers.Hint, match=r"Choose one of low, high\."):
        answers.choice(3, ("low", "high"))


def test_errors_of_a_function_become_hints():
    with pytest.raises(answers.Hint, match=r"Expected a function, got int\."):
        answers.call(3)
    hint = r"Called with \(2, an array of shape \(3,\)\), your function raised RuntimeError"
    with pytest.raises(answers.Hint, match=hint):
        answers.call(raises, 2, np.zeros(3))


def test_a_function_may_change_what_it_is_given():
    given = np.ones(3)

    def in_place(values):
        values -= 1
        return values

    assert answers.call(in_place, given).tolist() == [0, 0, 0]
    assert given.tolist() == [1, 1, 1]
