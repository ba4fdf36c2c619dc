"""Bands of frequency: where the power of sampled functions of one to three variables lies.

A frequency is a vector k of whole numbers, in cycles per domain along each axis: times 2π/L it is
in radians per unit of length, where L is the domain's extent along that axis. A *band* is a shell
of lengths |k|. Even points, in one dimension or on a grid, are transformed by an FFT, scattered
ones by finufft, always as F(k) = (1/N) Σⱼ fⱼ exp(-2πi k·(xⱼ - x₀)/L).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import finufft
import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import validation

__all__ = ["Bands", "bands_of"]

Edges = Sequence[tuple[float, float]]
WINDOWS = ("none", "hann")
# Even to this part of a step, as `fpkit.validation.uniform_points` says.
EVEN = 1e-3


@dataclass(frozen=True)
class Bands:
    """How functions on N given points are split into B bands of frequency.

    Attributes
    ----------
    points
        Where the functions are known, ``(N, d)``.
    grid
        Number of points along each axis if they are an even grid, in order of its axes; else None.
    length
        The period along each axis, ``(d,)``: N points that are even stand for N steps.
    order
        The points' places on the grid, ``(N,)``.
    edges
        The smallest and the largest |k| of each band, ``(B, 2)``, both included.
    nyquist
        The largest frequency that the points can tell from lower ones along some axis; for
        scattered points that of as many even ones, repeated points counted once.
    window
        ``"none"`` or ``"hann"``, which lets the ends of the domain count for little.

    """

    points: NDArray[np.float64]
    grid: tuple[int, ...] | None
    length: NDArray[np.float64]
    order: NDArray[np.int64]
    edges: NDArray[np.float64]
    nyquist: int
    window: str = "none"

    @property
    def names(self) -> list[str]:
        """Each band's frequencies in words, such as "3" or "5 to 8"."""
        return [f"{a:g}" if a == b else f"{a:g} to {b:g}" for a, b in self.edges]

    @property
    def limit(self) -> str:
        """Say what the points cannot tell."""
        tops = [n // 2 for n in self.grid or (2 * self.nyquist,)]
        above = f"{plural(tops[0], 'cycle')} per domain"
        if len(set(tops)) > 1:
            above = f"{' and '.join(map(str, tops))} cycles per domain along their axes"
        return (
            f"These points cannot tell frequencies above {above} from lower ones. Times 2π and "
            "over the domain's length, cycles are radians per unit."
        )

    def power(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return Σ|F(k)|² over each band, ``(..., N) -> (..., B)``.

        Over all bands, k = 0 and what lies beyond, it is the mean of f² (Parseval), on even points.
        Of N scattered points, even independent values have |F|² = Σf²/N² at every k. This is
        subtracted, for high bands have many k, and 0 is the least.
        """
        coefficients, radius, weight = self.spectrum(values)
        size = np.abs(coefficients) ** 2
        if self.grid is None:
            f = validation.real_array("values", values, ndim=validation.ANY) * self._taper()
            size = size - np.square(f).mean(axis=-1, keepdims=True) / len(self.points)
        size = weight * size
        found = np.stack([size[..., inside].sum(axis=-1) for inside in self._inside(radius)], -1)
        return np.maximum(found, 0)

    def leakage(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return by how much power is not certain on scattered points, ``(..., N) -> (..., B)``.

        This is the standard deviation of the power of even independent values with the same Σf²; on
        a grid it is 0.
        """
        f = validation.real_array("values", values, ndim=validation.ANY) * self._taper()
        if self.grid is not None:
            return np.zeros((*f.shape[:-1], len(self.edges)))
        k, weight = self._frequencies()
        inside = self._inside(np.linalg.norm(k, axis=1))
        spread = np.array([np.sqrt(np.square(weight[i]).sum()) for i in inside])
        return np.square(f).mean(axis=-1, keepdims=True) / len(self.points) * spread

    def parts(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return what of one function lies in each band, as values at the points, ``(B, N)``."""
        coefficients, radius, weight = self.spectrum(values)
        inside = np.stack(self._inside(radius))
        if self.grid is None:
            k, phase = self._frequencies()[0], self._phase()
            return np.stack(
                [(np.exp(1j * phase @ k[i].T) @ (weight * coefficients)[i]).real for i in inside]
            )
        halved = (*self.grid[:-1], self.grid[-1] // 2 + 1)
        spread = (coefficients * inside).reshape(len(inside), *halved)
        axes = tuple(range(-len(self.grid), 0))
        found = np.fft.irfftn(spread, self.grid, axes=axes, norm="forward")
        return found.reshape(len(inside), -1)[:, self.order]

    def spectrum(
        self, values: ArrayLike
    ) -> tuple[NDArray[np.complex128], NDArray[np.float64], NDArray[np.float64]]:
        """Return F at K frequencies, ``(..., N) -> (..., K)``, their |k|, and their weights.

        Of a pair k and -k one is kept, which counts twice.
        """
        f = validation.real_array("values", values, ndim=validation.ANY).astype(np.float64)
        validation.matching_points(self.points, "values", f)
        f = f * self._taper()
        k, weight = self._frequencies()
        if self.grid is None:
            return self._scattered(f, k), np.linalg.norm(k, axis=1), weight
        arranged = np.empty_like(f)
        arranged[..., self.order] = f
        axes = tuple(range(-len(self.grid), 0))
        found = np.fft.rfftn(arranged.reshape(*f.shape[:-1], *self.grid), axes=axes, norm="forward")
        return found.reshape(*f.shape[:-1], -1), np.linalg.norm(k, axis=1), weight

    def _inside(self, radius: NDArray) -> list[NDArray[np.bool]]:
        return [(radius > a - 0.5) & (radius < b + 0.5) for a, b in self.edges]

    def _phase(self) -> NDArray[np.float64]:
        return 2 * np.pi * (self.points - self.points.min(axis=0)) / self.length

    def _taper(self) -> NDArray[np.float64]:
        if self.window == "none":
            return np.ones(len(self.points))
        place = (self.points - self.points.min(axis=0)) / np.ptp(self.points, axis=0)
        return (1 - np.cos(2 * np.pi * place)).prod(axis=1)

    def _frequencies(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return one of each pair ±k, ``(K, d)``, and how many it stands for, ``(K,)``."""
        if self.grid is not None:
            whole = [np.fft.fftfreq(n, 1 / n) for n in self.grid[:-1]]
            last = self.grid[-1]
            k = _product([*whole, np.arange(last // 2 + 1)])
            alone = (k[:, -1] == 0) | ((last % 2 == 0) & (k[:, -1] == last // 2))
            return k, np.where(alone, 1.0, 2.0)
        axis = np.arange(-self.nyquist, self.nyquist + 1)
        k = _product([axis] * self.points.shape[1])
        half = k[len(k) // 2 :]  # 0 and, of each pair, the one that comes later
        return half, np.where((half == 0).all(axis=1), 1.0, 2.0)

    def _scattered(self, f: NDArray[np.float64], k: NDArray) -> NDArray[np.complex128]:
        dimension = self.points.shape[1]
        transform = (finufft.nufft1d1, finufft.nufft2d1, finufft.nufft3d1)[dimension - 1]
        shape = (2 * self.nyquist + 1,) * dimension
        strengths = f.reshape(-1, f.shape[-1]).astype(np.complex128, order="C")
        axes = [np.ascontiguousarray(column) for column in self._phase().T]
        found = transform(*axes, strengths, shape, isign=-1, eps=1e-12)
        every = found.reshape(len(strengths), -1)[:, -len(k) :] / f.shape[-1]
        return every.reshape(*f.shape[:-1], len(k))


def bands_of(
    points: ArrayLike, *, edges: Edges | None = None, window: str = "none", name: str = "points"
) -> Bands:
    """Return bands for functions on ``points``, ``(N,)`` or ``(N, d)``.

    Above three dimensions there are two, a smooth and a rough part (`fpkit.smoothness`).

    Parameters
    ----------
    points
        In any order; if they are even, or an even grid, that is seen (in half precision, which
        rounds them, it may not be).
    edges
        The smallest and the largest |k| of each band. None takes 1, 2, 3 to 4, 5 to 8, … up to the
        Nyquist frequency.
    window
        ``"hann"`` for functions that do not go on where the domain ends: their jump there has
        frequencies of its own.
    name
        What errors call the points.

    Raises
    ------
    ValueError
        For points that are all equal along an axis, or bands that do not increase, overlap or lie
        above the Nyquist frequency.

    """
    x = validation.real_array(name, points, ndim=(1, 2)).astype(np.float64)
    x = x[:, None] if x.ndim == 1 else x
    validation.known("window", window, WINDOWS)
    if len(x) >= 4 and x.shape[1] > 3:
        from .smoothness import smoothness_of

        return smoothness_of(x, edges, name)
    same = np.ptp(x, axis=0) == 0
    if len(x) < 4 or same.any():
        got = f"{len(x)}, equal along axis {same.argmax()}" if same.any() else len(x)
        raise ValueError(f"{name}: expected at least 4 that differ along every axis, got {got}")
    found = _as_grid(x)
    if found is None:
        grid, order, length = None, np.arange(len(x)), np.ptp(x, axis=0)
        nyquist = int(len(np.unique(x, axis=0)) ** (1 / x.shape[1]) + 1e-9) // 2
    else:
        grid, order = found
        length = np.ptp(x, axis=0) * np.array(grid) / (np.array(grid) - 1)
        nyquist = max(grid) // 2
    split = _octaves(nyquist) if edges is None else _checked(edges, nyquist)
    return Bands(x, grid, length, order, split, nyquist, window)


def plural(count: int, noun: str) -> str:
    """Return "1 record" or "2 records"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _product(axes: Sequence[NDArray]) -> NDArray[np.float64]:
    mesh = np.meshgrid(*axes, indexing="ij")
    return np.stack([each.ravel() for each in mesh], axis=-1).astype(np.float64)


def _octaves(nyquist: int) -> NDArray[np.float64]:
    """Return 1, 2, 3 to 4, 5 to 8, …; the last ends at the Nyquist frequency."""
    tops = [1]
    while tops[-1] < nyquist:
        tops.append(min(2 * tops[-1], nyquist))
    return np.array([(low + 1, top) for low, top in zip([0, *tops], tops, strict=False)], float)


def _checked(edges: Edges, nyquist: int) -> NDArray[np.float64]:
    split = validation.real_array("edges", edges, ndim=(1, 2)).astype(np.float64)
    got = f"such as [(1, 2), (3, 8)], got {split.tolist()}"
    pairs = split.ndim == 2 and split.shape[1] == 2
    if not pairs or (split[:, 0] > split[:, 1]).any() or split.min() <= 0:
        raise ValueError(f"edges: expected pairs 0 < smallest ≤ largest |k|, {got}")
    if (split[1:, 0] < split[:-1, 1] + 1).any():
        raise ValueError(f"edges: expected bands that increase, each by 1 above the last, {got}")
    if split.max() > nyquist:
        raise ValueError(
            f"edges: these points tell frequencies up to {nyquist}, got {split.max():g}"
        )
    return split


def _as_grid(x: NDArray[np.float64]) -> tuple[tuple[int, ...], NDArray[np.int64]] | None:
    """Return the shape of an even grid and the place of each point on it; None if it is none."""
    places, shape = [], []
    for column in x.T:
        low, extent = column.min(), np.ptp(column)
        values = np.unique(np.round((column - low) / extent, 9))
        count = len(values)
        if count < 2 or np.ptp(np.diff(values)) * (count - 1) > EVEN:
            return None
        places.append(np.round((column - low) / extent * (count - 1)).astype(np.int64))
        shape.append(count)
    flat = np.ravel_multi_index(places, shape)
    if len(flat) != np.prod(shape) or len(np.unique(flat)) != len(flat):
        return None
    return tuple(shape), flat
