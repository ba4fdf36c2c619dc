"""Points to drag, and the curves through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from fpkit import validation
from fpkit.widgets import Widget

__all__ = ["Splines", "splines"]


class Splines(Widget):
    """Points to move, and curves through them that the browser solves."""

    module = "splines"


CURVES = ("polynomial", "linear", "cubic", "kinked")
MOST_POINTS = 12


def splines(
    x: ArrayLike,
    y: ArrayLike,
    *,
    curves: Sequence[str] = ("polynomial", "linear", "cubic"),
    sizes: tuple[float, float] | None = None,
) -> Splines:
    """Return a widget with points to move and interpolants through them.

    Parameters
    ----------
    x, y
        Where the points are at first: 3 to 12, x increasing.
    curves
        Any of "polynomial", "linear" (straight lines), "cubic" (natural cubic spline) and "kinked"
        (kinked cubic spline), drawn in this order.
    sizes
        With "kinked": the smallest and the largest initial weight s of a slider. The curve is the
        limit of a wide network w·ReLU(r(x + l)) with w and r even on ±s, A = 2s²/3, B = s⁴/9.

    """
    points, values = (
        validation.real_array(name, v).astype(float) for name, v in (("x", x), ("y", y))
    )
    validation.matching_points(points, "y", values)
    if not 3 <= len(points) <= MOST_POINTS:
        raise ValueError(f"x: expected 3 to {MOST_POINTS} points, got {len(points)}")
    if not (np.diff(points) > 0).all():
        raise ValueError(f"x: expected increasing points, got {points.tolist()}")
    names = [validation.known("curves", name, CURVES) for name in curves]
    if ("kinked" in names) != (sizes is not None):
        raise ValueError(f"sizes: expected with the curve 'kinked', and only then; got {sizes}")
    slider = None
    if sizes is not None:
        low, high = (float(np.log10(validation.positive("sizes", size))) for size in sizes)
        slider = {"low": low, "high": high, "value": (low + high) / 2}
    wide, tall = 0.08 * np.ptp(points), 0.35 * (np.ptp(values) or 1.0)
    data = {
        "x": points.tolist(),
        "y": values.tolist(),
        "domain": [float(points[0] - wide), float(points[-1] + wide)],
        "range": [float(values.min() - tall), float(values.max() + tall)],
        "curves": names,
        "slider": slider,
    }
    return Splines(data=data)
