"""Kernel regression from few random points of a circle, and how wrong it is at each wave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation

__all__ = [
    "COUNTS",
    "GRID",
    "MODES",
    "alone",
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


def errors(
    kernel: Kernel, draw: int, counts: Sequence[int] = COUNTS, *, together: bool = True
) -> NDArray[np.floating]:
    """Return the relative error Δ_F of each of `MODES` from so many points, ``(C, K)``.

    The target has all of them together, or each is a target of its own.
    """
    angles, drawn = _grid(), points(draw)
    groups = [MODES] * len(MODES) if together else [(k,) for k in MODES]
    given, wanted = (np.stack([target(at, ks) for ks in groups]) for at in (drawn, angles))
    curves = [given[:, :p] @ regression(kernel, drawn[:p], angles).T for p in counts]
    found, right = (
        np.stack([spectra.dft(values)[..., i, k] for i, k in enumerate(MODES)], axis=-1)
        for values in (np.stack(curves), wanted)
    )
    return spectra.relative_error(found, right)


def alone(kernel: Kernel, draw: int, counts: Sequence[int] = COUNTS) -> NDArray[np.float64]:
    """Return the mean squared error of each of `MODES` alone, from so many points, ``(C, K)``.

    The wave is exp(ikφ), so that this is the mean of a cosine's and a sine's, each relative to its
    own mean square. Bordelon et al. (2020) measure a mode's error so, from a target of one mode.
    """
    angles, drawn, modes = _grid(), points(draw), np.array(MODES)
    given, wanted = (np.exp(1j * np.outer(at, modes)) for at in (drawn, angles))
    curves = [regression(kernel, drawn[:p], angles) @ given[:p] for p in counts]
    return np.array([np.square(np.abs(curve - wanted)).mean(axis=0) for curve in curves])


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
