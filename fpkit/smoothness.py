"""Smooth and rough parts of functions of many variables, where no frequency can be gone through.

In d dimensions there are about n^d frequencies of n cycles and fewer. Above three a Gaussian
average over near points stands in for the low ones (see `fpkit.filtering`): of a wave of k cycles
per unit of length it keeps the share exp(-2π²k²δ), on points that are dense and even. What it
leaves is the rough part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import filtering, validation
from .bands import Bands

__all__ = ["Smoothness", "smoothness_of"]

# Of so many points the distances are looked at to choose how far an average reaches.
LOOKED_AT = 256


@dataclass(frozen=True)
class Smoothness(Bands):
    """Two bands of functions on N points in more than three dimensions, smooth and rough.

    ``edges`` are ``[(0, k), (k, inf)]``: a wave of k cycles per unit of length is halved.
    """

    @property
    def names(self) -> list[str]:
        """The two parts."""
        return ["smooth", "rough"]

    @property
    def delta(self) -> float:
        """Variance δ of the Gaussian, from exp(-2π²k²δ) = 1/2."""
        return float(np.log(2) / (2 * np.pi**2 * self.edges[0, 1] ** 2))

    @property
    def limit(self) -> str:
        """Say what the bands are, and what the points cannot tell."""
        return (
            f"Smooth is what an average over points at a distance of about {self.delta**0.5:.3g} "
            f"keeps. In {self.points.shape[1]} dimensions frequencies cannot be told one by one."
        )

    def power_and_leakage(
        self, values: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the mean square of both parts, ``(..., N) -> (..., 2)``, and 0: they add up."""
        power = np.moveaxis(np.square(self.parts(values)).mean(axis=-1), 0, -1)
        return power, np.zeros_like(power)

    def parts(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return both parts as values at the points, ``(..., N) -> (2, ..., N)``."""
        f = validation.real_array("values", values, ndim=validation.ANY).astype(np.float64)
        validation.matching_points(self.points, "values", f)
        columns = f.reshape(-1, f.shape[-1]).T
        smooth = filtering.low_pass(self.points, columns, [self.delta])[0].T.reshape(f.shape)
        return np.stack([smooth, f - smooth])


def smoothness_of(x: NDArray[np.float64], edges: ArrayLike | None, name: str) -> Smoothness:
    """Return the two parts on points ``(N, d)``; without ``edges`` an average has about √N points.

    Half of the mean square of distances to the √N-th nearest neighbour is δ then.
    """
    if edges is None:
        some = x[np.unique(np.linspace(0, len(x) - 1, LOOKED_AT).astype(int))]
        squares = np.square(some).sum(axis=1)[:, None] + np.square(x).sum(axis=1) - 2 * some @ x.T
        count = round(len(x) ** 0.5)
        delta = float(np.median(np.partition(squares, count, axis=1)[:, count])) / 2
        if not delta > 0:
            raise ValueError(f"{name}: expected different ones, got {count} or more equal ones")
        k = np.sqrt(np.log(2) / (2 * np.pi**2 * delta))
        split = np.array([(0, k), (k, np.inf)])
    else:
        split = np.asarray(edges, np.float64)
        if split.shape != (2, 2) or not 0 == split[0, 0] < split[0, 1] == split[1, 0] < split[1, 1]:
            raise ValueError("edges: above 3 dimensions expected [(0, k), (k, inf)]")
    return Smoothness(x, None, np.ptp(x, axis=0), np.arange(len(x)), split, 0)
