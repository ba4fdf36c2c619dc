"""Every experiment has a stored result, and it is what the code computes."""

from pathlib import Path

import pytest

from fpkit import experiments, results

from . import need_data

FOLDER = Path(__file__).parents[2] / "book" / "results"


@pytest.mark.parametrize("name", experiments.known())
def test_stored_result_replays(name, monkeypatch):
    need_data(name)
    monkeypatch.setenv("FPKIT_RESULTS", str(FOLDER))
    # One network of a million weights takes long enough.
    members = 1 if name.startswith("mnist_") else None
    assert results.replay(name, members=members) <= 0.02
