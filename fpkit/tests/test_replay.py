"""Every stored result is what the code computes: its first records are run again."""

from pathlib import Path

import pytest

from fpkit import results

FOLDER = Path(__file__).parents[2] / "book" / "results"
# Without a stored result the second name makes the test fail, rather than vanish.
STORED = sorted(path.stem for path in FOLDER.glob("*.npz")) or ["(nothing is stored)"]


@pytest.mark.parametrize("name", STORED)
def test_stored_result_replays(name, monkeypatch):
    monkeypatch.setenv("FPKIT_RESULTS", str(FOLDER))
    assert results.replay(name) <= 0.02
