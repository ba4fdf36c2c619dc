"""Checks for the exercises of the chapter on what networks start with."""

from __future__ import annotations

from typing import Any

import numpy as np

from book.answers import array, expect


def own_width(answer: Any) -> None:
    """Two numbers: the standard deviations for 50 and for 800 units."""
    got = array(answer, (2,))
    expect(got[0] > got[1], "The more inputs are added up, the smaller each weight has to be.")
    expected = 0.1 * np.sqrt(200 / np.array([50, 800]))
    proportional = 0.1 * 200 / np.array([50, 800])
    hint = "A sum of n independent terms grows like the root of n, and not like n."
    expect(not np.isclose(got, proportional, rtol=0.02).any(), hint)
    expect(np.allclose(got, expected, rtol=0.02), "Which quantity has to stay as it was?")


def torch_default(answer: Any) -> None:
    """Two numbers, to three digits: the standard deviation at 50 inputs, and g."""
    got = array(answer, (2,))
    std = 1 / np.sqrt(150)
    hint = "That is the edge of the interval. Its standard deviation is smaller."
    expect(not np.isclose(got[0], 1 / np.sqrt(50), rtol=0.02), hint)
    hint = (
        "The variance of a number drawn evenly from [-c, c] is c²/3. Take the root; three digits."
    )
    expect(np.isclose(got[0], std, rtol=0.02), hint)
    expect(np.isclose(got[1], std * np.sqrt(50), rtol=0.02), "g is the std times the root of n.")
