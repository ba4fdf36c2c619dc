"""The first members of several results are those of the results."""

import numpy as np
import pytest

import fpkit as fp
from book.initialization.experiments import STDS
from book.initialization.first_members import first_members


def test_first_members_of_several_results():
    names = list(STDS.values())[:2]
    both, parts = first_members(names), [fp.load_or_run(name) for name in names]
    for key in ("losses", "errors", "outputs"):
        expected = [getattr(part, key)[0] for part in parts]
        np.testing.assert_array_equal(getattr(both, key), expected)
    np.testing.assert_array_equal(both.steps, parts[0].steps)
    assert both.series == {}


def test_they_need_the_same_points():
    with pytest.raises(ValueError, match="names: sine_sum and staircase differ in x"):
        first_members(["staircase", "sine_sum"])
