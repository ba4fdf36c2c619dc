"""One neuron, and how hard each frequency of an error pulls at its weight."""

from __future__ import annotations

from fpkit import plots, validation
from fpkit.widgets import Widget

__all__ = ["Grip", "grip"]

FREQUENCIES = 8
WEIGHTS = (0.3, 8.0)
FARTHEST = 2.0  # from x = 0 to the step


class Grip(Widget):
    """A tanh unit to move, its spectrum, and the pull of each frequency on its weight."""

    module = "grip"
    styles = ("shared/widgets", "grip/grip")


def grip(w: float = 0.5, b: float = 0.0) -> Grip:
    """Return a widget with one unit tanh(wx + b) that the reader makes steeper and moves.

    Beside it are |F(ω)| = (π/w) csch(πω/2w), and the pull |∂L(ω)/∂w| of errors that are equally
    large at the angular frequencies ω = 1 to 8, in radians per unit of x.

    Parameters
    ----------
    w, b
        What the unit begins with: w between 0.3 and 8, and its step at x = -b/w between -2 and 2.

    Raises
    ------
    ValueError
        If w or the step is not in its range.

    """
    low, high = WEIGHTS
    weight = validation.between("w", w, low, high)
    bias = validation.between("b", b, -FARTHEST * weight, FARTHEST * weight)
    return Grip(
        data={
            "w": weight,
            "place": 0.0 - bias / weight,
            "weights": [low, high],
            "farthest": FARTHEST,
            "colors": plots.frequency_colors(range(FREQUENCIES)),
        }
    )
