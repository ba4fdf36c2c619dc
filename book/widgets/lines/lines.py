"""A widget that moves images along lines, and shows what a network reads in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from fpkit import plots, validation
from fpkit.widgets import Widget, encode

__all__ = ["Lines", "lines"]


class Lines(Widget):
    """Images moved along directions, with the network's margin along the way."""

    module = "lines"


def lines(
    images: ArrayLike,
    directions: ArrayLike,
    positions: ArrayLike,
    *,
    margins: ArrayLike,
    answers: ArrayLike,
    names: Sequence[str],
    labels: Sequence[str],
    shape: tuple[int, int],
) -> Lines:
    """Return a widget with two sliders: for an image, and for how far it is moved.

    Parameters
    ----------
    images
        Pixels, ``(J, rows·columns)``, 0 for white and 1 for black; what a move takes beyond that is
        drawn as white or black, while the network gets the true value.
    directions
        Unit vectors ``(D, J, rows·columns)``: for each name and each image.
    positions
        How far to move, ``(P,)``, from 0.
    margins, answers
        At each position what is drawn, such as the output of the class named at the start less that
        of the runner-up, and the class that is named there: ``(D, J, P)``.
    names, labels
        What the directions and the images are called, D and J of them.
    shape
        Rows and columns of an image.

    """
    x = validation.real_array("images", images, ndim=(2,))
    ways = validation.real_array("directions", directions, ndim=(3,))
    wanted = (len(names), len(labels), shape[0] * shape[1])
    if x.shape != wanted[1:] or ways.shape != wanted:
        raise ValueError(
            f"directions: expected images of shape {wanted[1:]} and directions of shape {wanted}, "
            f"got {x.shape} and {ways.shape}"
        )
    at = validation.real_array("positions", positions)
    for name, values in (("margins", margins), ("answers", answers)):
        validation.same_shape(name, np.asarray(values), (*ways.shape[:2], len(at)), "(D, J, P)")
    data = {
        "positions": at.tolist(),
        "images": encode(x, bits=16),
        "directions": encode(ways, bits=16),
        "margins": encode(margins),
        "answers": encode(answers),
        "names": list(names),
        "colors": plots.frequency_colors(range(len(names)))[::-1],
        "labels": list(labels),
        "shape": list(shape),
    }
    return Lines(data=data)
