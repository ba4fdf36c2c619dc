"""Every experiment has a stored result, and it is what the code computes.

`make check` replays one experiment of each function, `make test` all. Those of one chapter run in
one process, since they read the same images.
"""

from pathlib import Path

import pytest

from fpkit import experiments, replays

from . import need_data

FOLDER = Path(__file__).parents[2] / "book" / "results"
# Networks that are run again; a sweep has as many in each of its cells.
MEMBERS = 2


def parameters():
    """Yield a parameter for each experiment: in a group of its chapter, slow but for the first."""
    seen = set()
    for name, experiment in experiments.known().items():
        function = experiment.function
        marks = [pytest.mark.xdist_group(function.__module__)]
        if function in seen:
            marks.append(pytest.mark.slow)
        seen.add(function)
        yield pytest.param(name, marks=marks)


@pytest.mark.parametrize("name", list(parameters()))
def test_stored_result_replays(name, monkeypatch):
    need_data(name)
    monkeypatch.setenv("FPKIT_RESULTS", str(FOLDER))
    assert replays.replay(name, members=MEMBERS).ratio <= 1
