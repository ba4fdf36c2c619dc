"""What the figures of several chapters share does what it says."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book import grids
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")


def test_orders_have_a_panel_for_each_result():
    _, axes = plt.subplots(2, 2)
    results = dict.fromkeys("abcd", hand_made(errors=np.full((2, 5, 3), 0.01)))
    grids.orders(axes, results)
    assert [ax.get_title() + ax.get_title(loc="left") for ax in axes.flat] == list("abcd")
    assert [bool(ax.get_ylabel()) for ax in axes.flat] == [True, False, True, False]
    assert [bool(ax.get_xlabel()) for ax in axes.flat] == [False, False, True, True]


def test_as_many_panels_as_results():
    with pytest.raises(ValueError, match=r"^axes, results: expected as many of each, got 1, 0$"):
        grids.orders([None], {})
