"""Every experiment has a stored result, and it is what the code computes.

`make check` replays one experiment of each function, `make test` all. Those of one chapter run in
one process, since they read the same images.
"""

from pathlib import Path

import pytest

from fpkit import experiments, replays

from . import need_data

FOLDER = Path(__file__).parents[2] / "book" / "results"
# Of most, four records of two networks are run again; a sweep has as many in each of its cells.
RECORDS, MEMBERS = 4, 2
# Wide networks, many points or many steps between records: of these, two records,
FEWER_RECORDS = (
    "staircase_random_points", "staircase_kernel", "outside_the_data", "noisy_sine", "lines_mnist",
    "mnist_", "spectral_norms", "principal_", "filtering_", "image_",
)  # fmt: skip
# and of these, one network.
ONE_MEMBER = ("mnist_", "spectral_norms", "principal_", "filtering_", "image_")


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


@pytest.mark.parametrize("name", parameters())
def test_stored_result_replays(name, monkeypatch):
    need_data(name)
    monkeypatch.setenv("FPKIT_RESULTS", str(FOLDER))
    records = 2 if name.startswith(FEWER_RECORDS) else RECORDS
    members = 1 if name.startswith(ONE_MEMBER) else MEMBERS
    assert replays.replay(name, records=records, members=members).ratio <= 1
