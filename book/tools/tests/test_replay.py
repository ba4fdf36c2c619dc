"""Every experiment has a stored result, and it is what the code computes.

`make check` replays one experiment of each function, `make test` all. Those of one chapter run in
one process, since they read the same images.
"""

import pytest

from fpkit.reproduce import chapters, replays
from fpkit.tests import need_data

# Of most, four records of two networks are run again; a sweep has as many in each of its cells.
RECORDS, MEMBERS = 4, 2
# Wide networks, many points or many steps between records: of these, two records,
FEWER_RECORDS = (
    "staircase_random_points", "staircase_kernel", "outside_the_data", "noisy_sine", "lines_mnist",
    "mnist_", "spectral_norms", "principal_", "filtering_", "image_", "lfp_square_",
)  # fmt: skip
# and of these, one network.
ONE_MEMBER = ("mnist_", "spectral_norms", "principal_", "filtering_", "image_")
# Of these, all networks: their learning rate follows from the kernels of all of them, or the slope
# of their loss jumps where an output crosses a label, which the twins of two networks may not show.
ALL_MEMBERS = ("lfp_", "falling_absolute", "mean_absolute")


def parameters():
    """Yield a parameter for each experiment: in a group of its chapter, slow but for the first."""
    seen = set()
    for name, definition in chapters.experiments().items():
        function = definition.module, chapters.function_of(definition)
        marks = [pytest.mark.xdist_group(definition.chapter)]
        if function in seen:
            marks.append(pytest.mark.slow)
        seen.add(function)
        yield pytest.param(name, marks=marks)


@pytest.mark.parametrize("name", list(parameters()))
def test_stored_result_replays(name, monkeypatch):
    need_data(name)
    monkeypatch.delenv("FPKIT_RESULTS", raising=False)
    records = 2 if name.startswith(FEWER_RECORDS) else RECORDS
    members = 1 if name.startswith(ONE_MEMBER) else MEMBERS
    if name.startswith(ALL_MEMBERS):
        members = None
    assert replays.replay(name, records=records, members=members).ratio <= 1
