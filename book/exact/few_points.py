"""Kernel regression from few random points of a circle, and how wrong it is at each wave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation

__all__ = [
    "COUNTS",
    "GRID",
    "MODES",
    "alone",
    "curves",
    "errors",
    "learnabilities",
    "points",
    "regression",
    "target",
]

Kernel = Callable[[Any], NDArray[np.float64]]

# Ours: numbers of points, half an octave apart, the grid on which a curve is judged, and the waves.
COUNTS = tuple(round(4 * 2 ** (j / 2)) for j in range(13))
GRID = 256
MODES = (1, 2, 4, 8, 16)
# Directions in which a kernel matrix is smaller than this, relative to the largest, are rounding.
LEAST = 1e-12


def points(draw: int) -> NDArray[np.float64]:
    """Return as many random angles as the most of `COUNTS`; fewer points are the first of them."""
    return 2 * np.pi * np.random.default_rng(draw).random(COUNTS[-1])


def target(angles: ArrayLike, modes: Sequence[int] = MODES) -> NDArray[np.float64]:
    """Return equal waves Σ sin(kφ + k), of amplitude 1 each."""
    k = np.asarray(modes)
    return np.sin(np.multiply.outer(np.asarray(angles), k) + k).sum(axis=-1)


def regression(kernel: Kernel, known: ArrayLike, asked: ArrayLike) -> NDArray[np.float64]:
    """Return the matrix ``(asked, known)`` from values at known angles to the kernel's curve.

    The curve is the smoothest, by the kernel's own measure, that goes through all known values: the
    one at which gradient descent in this kernel ends from output 0.
    """
    given, wanted = validation.real_array("known", known), validation.real_array("asked", asked)
    inverse = np.linalg.pinv(kernel(given[:, None] - given), rcond=LEAST, hermitian=True)
    return kernel(wanted[:, None] - given) @ inverse


@cache
def curves(kernel: Kernel, draw: int, counts: Sequence[int] = COUNTS) -> NDArray[np.complex128]:
    """Return the curve through so many points of each wave exp(ikφ) alone, ``(C, GRID, K)``.

    Curves of other targets are sums of these, and of their real and imaginary parts.
    """
    drawn = points(draw)
    given = np.exp(1j * np.outer(drawn, MODES))
    return np.array([regression(kernel, drawn[:p], _grid()) @ given[:p] for p in counts])


def errors(
    kernel: Kernel, draw: int, counts: Sequence[int] = COUNTS, *, together: bool = True
) -> NDArray[np.floating]:
    """Return the relative error Δ_F of each of `MODES` from so many points, ``(C, K)``.

    The target has all of them together, or each is a target of its own.
    """
    k, every = np.array(MODES), curves(kernel, draw, tuple(counts))
    parts = []
    for values in (every, np.exp(1j * np.outer(_grid(), k))):
        waves = (np.exp(1j * k) * values).imag  # of sin(kφ + k), as in `target`
        at = spectra.dft(np.swapaxes(waves, -1, -2))[..., k]  # (…, wave, mode)
        parts.append(at.sum(axis=-2) if together else np.diagonal(at, axis1=-2, axis2=-1))
    return spectra.relative_error(*parts)


def alone(kernel: Kernel, draw: int, counts: Sequence[int] = COUNTS) -> NDArray[np.float64]:
    """Return the mean squared error of each of `MODES` alone, from so many points, ``(C, K)``.

    The wave is exp(ikφ), so that this is the mean of a cosine's and a sine's, each relative to its
    own mean square. Bordelon et al. (2020) measure a mode's error so, from a target of one mode.
    """
    off = curves(kernel, draw, tuple(counts)) - np.exp(1j * np.outer(_grid(), MODES))
    return np.square(np.abs(off)).mean(axis=1)


def learnabilities(kernel: Kernel, draw: int, count: int, grid: int = GRID) -> NDArray[np.float64]:
    """Return the share of each wave exp(ikφ) that comes out where it went in, ``(grid,)``.

    The points are ``count`` random ones of an even grid, on which the waves k = 0 … grid - 1 are
    all that there is. The shares add up to ``count`` exactly, whatever the kernel, as long as it
    tells the points apart: together they are the trace of a projection on so many dimensions. A
    kernel of fewer waves than points projects on no more than it has.
    """
    chosen = np.random.default_rng(draw).permutation(grid)[:count]
    angles = _grid(grid)
    through = np.zeros((grid, grid))
    through[:, chosen] = regression(kernel, angles[chosen], angles)
    waves = np.exp(1j * np.outer(angles, np.arange(grid)))
    return np.einsum("nk,nm,mk->k", waves.conj(), through, waves).real / grid


def _grid(n: int = GRID) -> NDArray[np.float64]:
    return 2 * np.pi * np.arange(n) / n
