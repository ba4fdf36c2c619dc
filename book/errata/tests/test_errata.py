"""Every erratum is decided: what holds is close to what is found, what is printed is not."""

import pytest

from book.errata import catalogue

# How much closer what holds must be.
TIMES = 5


@pytest.mark.parametrize("number", catalogue.ERRATA)
def test_the_computation_decides(number):
    printed, holds = catalogue.decide(number)
    assert 0 <= TIMES * holds < printed


def test_entries_come_by_number():
    numbers = list(catalogue.ERRATA)
    assert numbers == sorted(numbers, key=int)
    assert len(numbers) > 5


def test_table_has_a_row_for_each(monkeypatch):
    entry = catalogue.Erratum("1", "Somebody", "a sign", "difference", "ntk", lambda: (2.0, 1e-9))
    monkeypatch.setattr(catalogue, "ERRATA", {"1": entry})
    *_, row = catalogue.table().split("\n")
    assert row == "| 1 | Somebody | [a sign](../ntk/ntk.md) | 2 | 1e-09 | difference |"


def test_unknown_number():
    with pytest.raises(ValueError, match="number: '4b' is not known"):
        catalogue.decide("4b")
