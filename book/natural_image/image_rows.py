"""A photograph as a function of position: odd columns to train on, rows to transform.

Images have shape ``(H, W)``, W even; outputs at all their pixels, row by row, ``(..., H·W)``. Pixel
columns with an odd index 1, 3, … are for training, the even ones for testing (Xu, Zhang, Xiao
2018, Fig. 2). The training pixels of a row are W/2 even points, so their spectrum ends at mode W/4,
their Nyquist frequency, and that of the whole row at W/2. The row counts as one period.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.initialization import aliasing
from fpkit import spectra, validation
from fpkit.convergence import convergence_step, in_order, rank_correlation

__all__ = [
    "TEST",
    "TRAIN",
    "above_nyquist",
    "as_images",
    "contrast",
    "dot",
    "neighbour_mean",
    "overlap_above",
    "pairs_in_order",
    "positions",
    "row_order",
    "row_peaks",
    "row_steps",
]

# Columns to train on, and those to test on.
TRAIN, TEST = slice(1, None, 2), slice(0, None, 2)
# Pixels around a dot to compare it with: two on each side.
REACH = 2


def positions(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return (x, y) of all pixels, row by row, ``(H·W, 2)``, each from -1 to 1 (ours)."""
    height, width = (int(n) for n in validation.whole_array("shape", shape))
    if width % 2 or min(shape) < 4:
        raise ValueError(f"shape: expected at least 4 x 4 pixels, even columns, got {shape}")
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([x, y], axis=-1).reshape(-1, 2)


def as_images(values: ArrayLike, shape: tuple[int, int]) -> NDArray:
    """Return outputs ``(..., H·W)`` as images ``(..., H, W)``."""
    flat = validation.real_array("values", values, ndim=validation.ANY)
    if flat.shape[-1:] != (shape[0] * shape[1],):
        raise ValueError(f"values: expected {shape[0]} x {shape[1]} pixels, got {flat.shape}")
    return flat.reshape(*flat.shape[:-1], *shape)


def neighbour_mean(image: ArrayLike) -> NDArray[np.float64]:
    """Return the mean of the two training pixels beside each test pixel, ``(H, W/2)``.

    A predictor that learns nothing, to compare networks with. The first column has one neighbour.
    """
    seen = validation.real_array("image", image, ndim=(2,))[:, TRAIN].astype(np.float64)
    return (seen + np.concatenate([seen[:, :1], seen[:, :-1]], axis=1)) / 2


def row_peaks(image: ArrayLike, count: int = 4) -> dict[int, NDArray[np.int64]]:
    """Return the lowest ``count`` peaks of each row's training pixels, for rows that have them."""
    pixels = validation.real_array("image", image, ndim=(2,))[:, TRAIN]
    wanted = validation.positive_int("count", count)
    found = {row: spectra.peaks(spectra.dft(values)) for row, values in enumerate(pixels)}
    return {row: peaks[:wanted] for row, peaks in found.items() if len(peaks) >= wanted}


def row_steps(
    steps: ArrayLike, images: ArrayLike, image: ArrayLike, threshold: float = 0.1
) -> NDArray[np.float64]:
    """Return when each row's first four peaks are learned, ``(S, rows, 4)``.

    The first record with Δ_F below ``threshold``, transform of the training pixels; infinity if
    there is none. Rows are those of `row_peaks`.

    Parameters
    ----------
    steps
        Recorded steps ``(R,)``.
    images
        Outputs ``(S, R, H, W)``.
    image
        The target ``(H, W)``.

    """
    target, rows = validation.real_array("image", image, ndim=(2,)), row_peaks(image)
    painted = validation.real_array("images", images, ndim=(4,))
    validation.same_shape("images", painted, (*painted.shape[:2], *target.shape), "as the image")
    if not rows:
        raise ValueError("image: expected at least one row whose training pixels have four peaks")
    learned = []
    for row, peaks in rows.items():
        output = spectra.dft(painted[..., row, TRAIN])[..., peaks]
        error = spectra.relative_error(output, spectra.dft(target[row, TRAIN])[peaks])
        learned.append(convergence_step(steps, error, threshold))
    return np.stack(learned, axis=1)


def pairs_in_order(learned: ArrayLike) -> NDArray[np.float64]:
    """Return the share of pairs of peaks in a row of which the lower was learned before the other.

    Of the pairs with at least one learned; 0 if there is none. ``(S, rows, K)`` to ``(S,)``.
    """
    steps = validation.real_array("learned", learned, ndim=(3,), finite=False)
    low, high = np.triu_indices(steps.shape[-1], k=1)
    known = np.isfinite(steps[..., low]) | np.isfinite(steps[..., high])
    good = (known & (steps[..., low] < steps[..., high])).sum(axis=(-2, -1))
    return good / np.maximum(known.sum(axis=(-2, -1)), 1)


def row_order(steps: ArrayLike, images: ArrayLike, image: ArrayLike) -> dict[str, NDArray]:
    """Judge, at every record, in which order `row_steps` were so far.

    Returns
    -------
    For each name ``(S, R)``: "learned 1" to "learned 4", the share of rows that have learned that
    peak; "known", the share in which at most one peak is missing; "strict", the share in strict
    order (one missing peak, the highest, is allowed); "correlation", the mean rank correlation.

    """
    final = row_steps(steps, images, image)[:, None]  # members, 1, rows, peaks
    so_far = np.where(final <= np.asarray(steps)[:, None, None], final, np.inf)
    share = np.isfinite(so_far).mean(axis=2)
    return {
        **{f"learned {i + 1}": share[..., i] for i in range(share.shape[-1])},
        "known": (np.isinf(so_far).sum(axis=-1) < 2).mean(axis=-1),
        "strict": in_order(so_far).mean(axis=-1),
        "correlation": rank_correlation(so_far).mean(axis=-1),
    }


def above_nyquist(images: ArrayLike) -> NDArray[np.float64]:
    """Return the mean square above the training pixels' Nyquist frequency, mean over rows.

    ``(..., H, W)`` to ``(...)``.
    """
    values = _images("images", images)
    return aliasing.energy(np.fft.rfft(values, norm="forward"), values.shape[-1] // 2).mean(axis=-1)


def overlap_above(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Return the correlation of the parts above the training pixels' Nyquist frequency.

    ``(..., H, W)`` to ``(...)``: all rows together, 1 for the same shape, 0 for unrelated ones.
    """
    a, b = (_above(_images(name, v)) for name, v in (("first", first), ("second", second)))
    if a.shape[-2:] != b.shape[-2:]:
        raise ValueError(f"second: expected images of shape {a.shape[-2:]}, got {b.shape}")
    size = np.sqrt((a**2).sum(axis=(-2, -1)) * (b**2).sum(axis=(-2, -1)))
    product = (a * b).sum(axis=(-2, -1))
    return np.divide(product, size, out=np.zeros(size.shape), where=size > 0)


def _images(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return images ``(..., H, W)``, W even."""
    images = validation.real_array(name, values, ndim=validation.ANY[1:]).astype(np.float64)
    if images.shape[-1] % 2:
        raise ValueError(f"{name}: expected an even number of columns, got shape {images.shape}")
    return images


def _above(images: NDArray) -> NDArray:
    """Return what of each row lies above the training pixels' Nyquist frequency."""
    spectrum = np.fft.rfft(images)
    spectrum[..., : images.shape[-1] // 4 + 1] = 0
    return np.fft.irfft(spectrum, n=images.shape[-1])


def contrast(images: ArrayLike, place: tuple[int, int]) -> NDArray[np.float64]:
    """Return how much brighter a pixel is than those around it, ``(..., H, W)`` to ``(...)``.

    Around it: the training columns within 2 columns and all rows within 2 rows, without itself.
    """
    values = validation.real_array("images", images, ndim=validation.ANY[1:]).astype(np.float64)
    row, column = place
    height, width = values.shape[-2:]
    if not (REACH <= row < height - REACH and REACH <= column < width - REACH):
        raise ValueError(f"place: expected a pixel {REACH} away from the edges, got {place}")
    around = values[..., row - REACH : row + REACH + 1, column - REACH : column + REACH + 1 : 2]
    own = values[..., row, column]
    count = around.shape[-1] * around.shape[-2]
    return (own - around.mean(axis=(-2, -1))) * count / (count - 1)


def dot(image: ArrayLike) -> tuple[int, int]:
    """Return row and column of the training pixel with the largest `contrast`."""
    values = validation.real_array("image", image, ndim=(2,))
    if min(values.shape) <= 2 * REACH:
        raise ValueError(f"image: expected at least 5 x 5 pixels, got shape {values.shape}")
    rows = range(REACH, values.shape[0] - REACH)
    columns = [c for c in range(values.shape[1])[TRAIN] if REACH <= c < values.shape[1] - REACH]
    return max(((r, c) for r in rows for c in columns), key=lambda p: float(contrast(values, p)))
