"""Points to drag, and two networks that train on them from small and from large first weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fpkit import plots, validation
from fpkit.widgets import Widget

__all__ = ["TwoStarts", "two_starts"]

HEIGHTS = (0.0, 0.6, 0.9, 0.3, -0.4, -0.2, 0.5, 0.2, -0.7, -0.5, 0.0)
STDS = (0.1, 2.0)
FEWEST, MOST = 5, 15
MODES = 21  # shown, as in start.js


class TwoStarts(Widget):
    """Points to move, and two networks that the browser trains on them."""

    module = "two_starts"
    styles = ("shared/widgets", "two_starts/two_starts")


def two_starts(y: ArrayLike = HEIGHTS, *, stds: tuple[float, float] = STDS) -> TwoStarts:
    """Return a widget with points to move and two networks 1-32-32-1 that train on them.

    Both have tanh units and the same random numbers, times another standard deviation. Each is
    trained by Adam until it is within 0.02 of every point. Below the curves are their spectra with
    the Nyquist frequency of the points, (N - 1)/2 waves over the interval. The straight line
    through the ends of a curve is taken off first, as its jump would leak.

    Parameters
    ----------
    y
        Heights ``(N,)`` of 5 to 15 points at even places of [-1, 1], between -1 and 1.
    stds
        Standard deviations of the first weights and biases: the small one, then the large one.

    Raises
    ------
    ValueError
        If the points are too few, too many or too high, or the standard deviations not in order.

    """
    heights = validation.real_array("y", y).astype(float)
    if not FEWEST <= len(heights) <= MOST:
        raise ValueError(f"y: expected {FEWEST} to {MOST} points, got {len(heights)}")
    if (np.abs(heights) > 1).any():
        raise ValueError(
            f"y: expected heights from -1 to 1, got {heights[np.abs(heights).argmax()]:g}"
        )
    if len(stds) != 2:
        raise ValueError(f"stds: expected a small and a large one, got {stds}")
    small, large = (validation.positive("stds", std) for std in stds)
    if small >= large:
        raise ValueError(f"stds: expected the small one first, got {stds}")
    return TwoStarts(
        data={
            "y": heights.tolist(),
            "stds": [small, large],
            "colors": plots.frequency_colors(range(MODES - 1)),
        }
    )
