"""Photographs that come with scikit-image and scikit-learn, as targets in two dimensions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import skimage
import sklearn.datasets
from numpy.typing import NDArray

from fpkit import validation

__all__ = ["PHOTOGRAPHS", "photograph"]

PHOTOGRAPHS: dict[str, Callable[[], NDArray[np.uint8]]] = {
    "camera": skimage.data.camera,
    "chelsea": skimage.data.chelsea,
    "china": lambda: sklearn.datasets.load_sample_image("china.jpg"),
    "flower": lambda: sklearn.datasets.load_sample_image("flower.jpg"),
}
# Luminance of red, green and blue (ITU-R BT.709).
GREY = np.array([0.2126, 0.7152, 0.0722])


def photograph(name: str, rows: slice, columns: slice) -> NDArray[np.float64]:
    """Return a crop of a photograph in grey, minus its mean, divided by its largest |value|.

    ``camera`` and ``chelsea`` (a cat) come with scikit-image, ``china`` and ``flower`` with
    scikit-learn. ``slice(None)`` takes all rows or columns, ``slice(None, None, 4)`` every fourth.
    """
    picture = PHOTOGRAPHS[validation.known("name", name, PHOTOGRAPHS)]().astype(np.float64)
    crop = (picture @ GREY if picture.ndim == 3 else picture)[rows, columns]
    if crop.size == 0 or np.ptp(crop) == 0:
        raise ValueError(
            f"rows, columns: {name} has {picture.shape[0]} x {picture.shape[1]} pixels; the crop "
            f"has shape {crop.shape} and no contrast"
        )
    centred = crop - crop.mean()
    return centred / np.abs(centred).max()
