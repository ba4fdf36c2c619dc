"""Bands of frequency: where the power of sampled functions of one to three variables lies.

A frequency is a vector k of whole numbers, in cycles per domain along each axis: times 2π/L it is
in radians per unit of length, where L is the domain's extent along that axis. A *band* is a shell
of lengths |k|. Even points, in one dimension or on a grid, are transformed by an FFT as
F(k) = (1/N) Σⱼ fⱼ exp(-2πi k·(xⱼ - x₀)/L). On scattered ones such sums leak from wave to wave, so
slow waves are fitted together (see `Bands.power`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import finufft
import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import validation

__all__ = ["Bands", "bands_of"]

Edges = Sequence[tuple[float, float]]
WINDOWS = ("none", "hann")
# Even to this part of a step, as `fpkit.validation.uniform_points` says.
EVEN = 1e-3
# Waves are fitted together if there are at most so many, and two points for each, and each sum of
# them keeps this part of its mean square where the points lie.
MOST, SAFE = 600, 0.05


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
        tops = dict.fromkeys(f"{n // 2}" for n in self.grid or (2 * self.nyquist,))
        along = " along their axes" * (len(tops) > 1)
        above = f"{' and '.join(tops)} cycle{'s' * ([*tops] != ['1'])} per domain{along}"
        said = f"These points cannot tell frequencies above {above} from lower ones."
        if self.grid is None:
            said = f"Bands end at {above}, as for even points; uneven ones have no sharp limit."
            if len(self.length) == 1:
                gap = np.diff(np.sort(self.points[:, 0])).max()
                part = f"{gap:.2g} ({gap / self.length[0]:.1%} of the domain)"
                said += f" The widest gap is {part}: nothing is known inside it."
        units = dict.fromkeys(f"{length:.3g}" for length in self.length)
        along = " along their axes" * (len(units) > 1)
        return f"{said} Cycles / {' and '.join(units)} = cycles per unit of x{along}."

    def power(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return Σ|F(k)|² over each band, ``(..., N) -> (..., B)``.

        Over all bands, k = 0 and what lies beyond, it is the mean of f² (Parseval), on even points.
        On N scattered points, the M waves with all |kᵢ| ≤ K are fitted together by least squares:
        from the sums S[f](k) = (1/N) Σⱼ fⱼ exp(-2πi k·(xⱼ - x₀)/L), F = G⁻¹S[f] with
        G(k, k') = S[1](k - k'). For larger k, F = S[r]·N/(N - M) with the rest r, as the fit takes
        M/N of what is none of its waves. Even independent values of variance σ² = Σr²/(N - M) add
        σ²[G⁻¹]ₖₖ/N to |F|², or σ²/(N - M) for larger k. This is subtracted; 0 is the least.
        """
        return self.power_and_leakage(values)[0]

    def leakage(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return by how much power is not certain on scattered points, ``(..., N) -> (..., B)``.

        The standard deviation of what even independent values have there (see `power`), else 0.
        """
        return self.power_and_leakage(values)[1]

    def power_and_leakage(
        self, values: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return both, from one transform."""
        found, chance = self._analysed(values)
        power = np.maximum(self._summed(np.abs(found) ** 2 - chance), 0)
        return power, np.sqrt(2 * self._summed(np.square(chance)))

    def centred(self, values: NDArray) -> NDArray[np.float64]:
        """Return values ``(..., N)`` less their mean under the window, so that k = 0 has none."""
        return values - (values @ self.taper / self.taper.sum())[..., None]

    def parts(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return what of one function lies in each band, as values at the points, ``(B, N)``."""
        spread = self._analysed(values)[0] * np.stack(self._inside)
        if self.grid is None:
            every = np.hstack([spread[:, :0:-1].conj(), spread])
            return self._sums(every, self.nyquist, back=True).real
        spread = spread.reshape(len(spread), *self.grid[:-1], -1)
        axes = tuple(range(-len(self.grid), 0))
        found = np.fft.irfftn(spread, self.grid, axes=axes, norm="forward")
        return found.reshape(len(spread), -1)[:, self.order]

    def spectrum(
        self, values: ArrayLike
    ) -> tuple[NDArray[np.complex128], NDArray[np.float64], NDArray[np.float64]]:
        """Return F at K frequencies, ``(..., N) -> (..., K)``, their |k|, and their weights.

        Of a pair k and -k one is kept, which counts twice.
        """
        k, weight = self._frequencies
        return self._analysed(values)[0], np.linalg.norm(k, axis=1), weight

    def _analysed(self, values: ArrayLike) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """Return F, and what even independent values add to |F|² (see `power`)."""
        f = validation.real_array("values", values, ndim=validation.ANY).astype(np.float64)
        validation.matching_points(self.points, "values", f)
        f = f * self.taper
        if self.grid is not None:
            arranged = np.empty_like(f)
            arranged[..., self.order] = f
            shaped, axes = arranged.reshape(*f.shape[:-1], *self.grid), range(-len(self.grid), 0)
            found = np.fft.rfftn(shaped, axes=tuple(axes), norm="forward")
            return found.reshape(*f.shape[:-1], -1), np.zeros((*f.shape[:-1], 1))
        top, inverse = self._together
        unfitted = 1 - len(inverse) / len(self.points)
        together = self._sums(f, top) @ inverse.T
        rest = (f - self._sums(together, top, back=True).real) / unfitted
        k, half = self._frequencies[0], len(inverse) // 2
        found, slow = self._sums(rest, self.nyquist)[..., -len(k) :], np.abs(k).max(axis=1) <= top
        found[..., slow] = together[..., half:]
        chance = np.ones(len(k)) / len(self.points)
        chance[slow] *= unfitted * inverse.diagonal().real[half:]
        return found, np.square(rest).mean(axis=-1, keepdims=True) * chance

    @cached_property
    def _together(self) -> tuple[int, NDArray[np.complex128]]:
        """Return K and G⁻¹ (see `power`), for the largest power of 2 that `MOST`, `SAFE` allow."""
        count, dimension = self.points.shape
        top, inverse = 0, np.ones((1, 1), np.complex128)
        while (2 * (more := 2 * top or 1) + 1) ** dimension <= min(count / 2, MOST):
            k = _product([np.arange(-more, more + 1)] * dimension).astype(int)
            sums = self._sums(np.ones(count), 2 * more).reshape((4 * more + 1,) * dimension)
            gram = sums[tuple((k - k[:, None] + 2 * more).T)]
            if np.linalg.eigvalsh(gram)[0] < SAFE:
                break
            top, inverse = more, np.linalg.inv(gram)
        return top, inverse

    def _summed(self, size: NDArray[np.float64]) -> NDArray[np.float64]:
        each = self._frequencies[1] * size
        return np.stack([each[..., inside].sum(axis=-1) for inside in self._inside], axis=-1)

    @cached_property
    def _inside(self) -> list[NDArray[np.bool]]:
        radius = np.linalg.norm(self._frequencies[0], axis=1)
        return [(radius > a - 0.5) & (radius < b + 0.5) for a, b in self.edges]

    @cached_property
    def taper(self) -> NDArray[np.float64]:
        """The window's values at the points, ``(N,)``, of mean 1 on even points."""
        if self.window == "none":
            return np.ones(len(self.points))
        place = (self.points - self.points.min(axis=0)) / np.ptp(self.points, axis=0)
        return (1 - np.cos(2 * np.pi * place)).prod(axis=1)

    @cached_property
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

    def _sums(self, f: NDArray, top: int, *, back: bool = False) -> NDArray[np.complex128]:
        """Return S[f](k) at all K k with |kᵢ| ≤ top, ``(..., N) -> (..., K)``, by finufft.

        ``back`` goes from f(k) to Σ f(k) exp(2πi k·(xⱼ - x₀)/L), ``(..., K) -> (..., N)``.
        """
        phase = 2 * np.pi * (self.points - self.points.min(axis=0)) / self.length
        shape = (2 * top + 1,) * phase.shape[1]
        kind, sign, count = (2, 1, 1) if back else (1, -1, len(phase))
        data = f.reshape(-1, *(shape if back else f.shape[-1:])).astype(np.complex128, order="C")
        given = (*np.ascontiguousarray(phase.T), data, *[shape] * (not back))
        found = getattr(finufft, f"nufft{len(shape)}d{kind}")(*given, isign=sign, eps=1e-12)
        return found.reshape(*f.shape[:-1], -1) / count


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
    tops = np.minimum(2.0 ** np.arange(1 + max(nyquist - 1, 0).bit_length()), max(nyquist, 1))
    return np.stack([np.append(1, tops[:-1] + 1), tops], axis=1)


def _checked(edges: Edges, nyquist: int) -> NDArray[np.float64]:
    split = validation.real_array("edges", edges, ndim=(1, 2)).astype(np.float64)
    got = f"such as [(1, 2), (3, 8)], got {split.tolist()}"
    pairs = split.ndim == 2 and split.shape[1] == 2
    if not pairs or (split[:, 0] > split[:, 1]).any() or split.min() <= 0:
        raise ValueError(f"edges: expected pairs 0 < smallest ≤ largest |k|, {got}")
    if (split[1:, 0] < split[:-1, 1] + 1).any():
        raise ValueError(f"edges: expected bands that increase, each by 1 above the last, {got}")
    if split.max() > nyquist:
        raise ValueError(f"edges: expected frequencies up to {nyquist}, got {split.max():g}")
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
