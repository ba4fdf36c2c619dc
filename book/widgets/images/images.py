"""A widget over networks that learn an image: the picture, one row's spectrum, the losses."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation
from fpkit.reproduce import Result
from fpkit.widgets import Widget, encode

__all__ = ["Images", "images"]

# Points of the loss curves.
RECORDS = 120


class Images(Widget):
    """Move through runs that learned one image: picture, spectrum of a row, losses."""

    module = "images"


def images(
    results: Sequence[Result], labels: Sequence[str], picture: ArrayLike, *, frames: int = 24
) -> Images:
    """Return a widget over the first network of each of several results.

    Parameters
    ----------
    results
        Of networks that learn a picture, with outputs at all its pixels, the setting ``row`` and
        the series "test_loss"; all with the same targets and row.
    labels
        Name of each.
    picture
        What they learn, ``(H, W)``.
    frames
        Show about so many of the stored steps. Pictures are packed with 8 bits a pixel, the
        target's range from black to white, and what lies outside it is black or white.

    """
    if len(labels) != len(results):
        raise ValueError(f"labels: expected one per result ({len(results)}), got {len(labels)}")
    image = validation.real_array("picture", picture, ndim=(2,)).astype(np.float64)
    first = results[0]
    row = first.settings["row"]
    for result in results:
        if result.outputs.shape[-1] != image.size:
            raise ValueError(
                f"picture: {result.name} has outputs at {result.outputs.shape[-1]} pixels, "
                f"got shape {image.shape}"
            )
        if result.settings["row"] != row or not np.array_equal(result.y, first.y):
            raise ValueError(f"results: {result.name} and {first.name} differ in image or row")
    limits = float(image.min()), float(image.max())
    data = {
        "picture": _grey(image, limits),
        "row": row,
        "target": np.abs(spectra.dft(image[row])).tolist(),
        "nyquist": image.shape[1] // 4,
        "runs": [
            {"name": label, **_run(result, image.shape, limits, frames)}
            for result, label in zip(results, labels, strict=True)
        ],
    }
    return Images(data=data)


def _run(
    result: Result, shape: tuple[int, int], limits: tuple[float, float], frames: int
) -> dict[str, Any]:
    """Return what the widget shows of one result."""
    chosen = _evenly(len(result.frames), frames)
    outputs = result.outputs[0, chosen].astype(np.float64).reshape(-1, *shape)
    records = np.union1d(
        _evenly(len(result.steps), RECORDS), np.searchsorted(result.steps, result.frames[chosen])
    )
    return {
        "frames": result.frames[chosen].tolist(),
        "pictures": _grey(outputs, limits),
        "spectra": encode(np.abs(spectra.dft(outputs[:, result.settings["row"]]))),
        "steps": result.steps[records].tolist(),
        "train": _short(result.losses[0, records]),
        "test": _short(result.series["test_loss"][0, records]),
    }


def _evenly(count: int, wanted: int) -> NDArray[np.int64]:
    """Return about ``wanted`` of ``count`` places, with both ends."""
    return np.unique(np.round(np.linspace(0, count - 1, wanted)).astype(np.int64))


def _short(values: NDArray) -> list[float]:
    """Return numbers with four significant digits, for JSON."""
    return [float(f"{value:.4g}") for value in values]


def _grey(values: NDArray, limits: tuple[float, float]) -> dict[str, Any]:
    """Pack values as grey levels 0 … 255, the limits black and white."""
    low, high = limits
    levels = np.round(255 * (np.clip(values, low, high) - low) / (high - low)).astype(np.uint8)
    return {
        "dtype": "uint8",
        "shape": list(values.shape),
        "data": base64.b64encode(levels.tobytes()).decode(),
    }
