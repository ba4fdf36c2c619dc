"""Images as points on a line: principal directions, and the spectrum's noise floor.

A function of 784 pixels has a Fourier transform in 784 dimensions, which no sample can fill. Xu,
Zhang, Xiao (2018), Section 2.1, look along one direction: t = x·p with p the first principal
direction, rescaled to [0, 1], and the transform F(k) = (1/n) Σⱼ yⱼ exp(-2πi k tⱼ) of the labels y,
k in cycles over the range of t (`fpkit.spectra.nudft`; the paper leaves out 1/n).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation
from fpkit.extras import needed_from

__all__ = ["NoiseFloor", "noise_floor", "principal_direction", "project"]

# A direction whose standard deviation is below this share of the first one's has no variance.
NO_VARIANCE = 1e-6
# Values that are transformed at once: 64 MB in double precision.
BLOCK = 1 << 22


def principal_direction(
    images: ArrayLike, j: int = 1, *, method: str = "exact", seed: int = 0
) -> NDArray[np.float64]:
    """Return the ``j``-th principal direction of ``images``, a unit vector ``(pixels,)``.

    It is the j-th right singular vector of the centred images, j = 1 for the largest variance.
    Its sign makes the component of largest size positive.

    Parameters
    ----------
    images
        One row each, ``(n, pixels)``.
    j
        Which direction, from 1.
    method
        "exact", or "randomised": a sketch of j + 10 directions drawn from ``seed`` and seven power
        iterations, faster for many pixels.

    Raises
    ------
    ValueError
        If the images do not vary in so many directions.

    """
    x = validation.real_array("images", images, ndim=(2,)).astype(np.float64)
    j, seed = validation.positive_int("j", j), validation.seed("seed", seed)
    if j > min(x.shape):
        raise ValueError(f"j: images of shape {x.shape} have {min(x.shape)} directions, got {j}")
    centred = x - x.mean(axis=0)
    if validation.known("method", method, ("exact", "randomised")) == "exact":
        _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    else:
        with needed_from("images"):  # takes longer to load than all of fpkit
            from sklearn.utils.extmath import randomized_svd

        _, sizes, directions = randomized_svd(
            centred, n_components=j, n_iter=7, random_state=seed, flip_sign=False
        )
    if not sizes[j - 1] > NO_VARIANCE * max(sizes[0], np.abs(x).max()):
        raise ValueError(f"images: they do not vary along principal direction {j}")
    direction = directions[j - 1]
    return direction * np.sign(direction[np.abs(direction).argmax()])


def project(images: ArrayLike, direction: ArrayLike) -> NDArray[np.float64]:
    """Return t = x·p for each image, rescaled to [0, 1], ``(n,)``.

    Centring the images first would change nothing, because t is rescaled.
    """
    x = validation.real_array("images", images, ndim=(2,)).astype(np.float64)
    p = validation.real_array("direction", direction)
    if len(p) != x.shape[1]:
        raise ValueError(f"direction: expected one number per pixel ({x.shape[1]}), got {len(p)}")
    t = x @ p
    extent = np.ptp(t)
    if not extent > NO_VARIANCE * np.linalg.norm(p) * np.abs(x).max():
        raise ValueError("direction: the images do not vary along it")
    return (t - t.min()) / extent


@dataclass(frozen=True)
class NoiseFloor:
    """The spectrum of labels along a direction, and what chance would make of it.

    Attributes
    ----------
    modes
        Frequency indices, cycles over [0, 1], ``(K,)``.
    size
        |F(k)| of the centred labels, ``(K,)``.
    floor
        The size that a share ``level`` of permuted labels stays below, at each mode, ``(K,)``.

    """

    modes: NDArray[np.int64]
    size: NDArray[np.float64]
    floor: NDArray[np.float64]

    @property
    def above(self) -> NDArray[np.int64]:
        """The modes that stand above the floor: those whose order can mean something."""
        return self.modes[self.size > self.floor]


def noise_floor(
    labels: ArrayLike,
    t: ArrayLike,
    modes: ArrayLike,
    *,
    permutations: int = 200,
    level: float = 0.99,
    seed: int = 0,
) -> NoiseFloor:
    """Compare the spectrum of labels at points ``t`` with that of the same labels shuffled.

    n samples have a floor of order std(y)/√n at every frequency. Labels are centred first: else
    the mean label times the spectrum of the points' density dominates the low modes, is the same
    for every permutation, and hides what the labels contribute.

    Parameters
    ----------
    labels
        One number per point, ``(n,)``, or one row, ``(n, c)``: then |F| is the norm over columns.
    t
        Points in [0, 1], ``(n,)``, from `project`.
    modes
        Frequency indices, ``(K,)``.
    permutations, level, seed
        How many random orders, and the share of them that defines the floor.

    """
    y = validation.real_array("labels", labels, ndim=(1, 2)).astype(np.float64)
    points = validation.real_array("t", t)
    if len(y) != len(points):
        raise ValueError(f"labels: expected one per point of t ({len(points)}), got {len(y)}")
    if np.ptp(y, axis=0).max() == 0:
        raise ValueError("labels: all are equal; constant labels have no spectrum but noise")
    validation.between("level", level, 0, 1)
    whole = validation.whole_array("modes", modes)
    columns = (y - y.mean(axis=0)).reshape(len(y), -1).T
    rng = np.random.default_rng(validation.seed("seed", seed))
    count = validation.positive_int("permutations", permutations)
    orders = np.stack([np.arange(len(y)), *(rng.permutation(len(y)) for _ in range(count))])
    block = max(1, BLOCK // columns.size)
    size, *chance = np.concatenate(
        [
            np.linalg.norm(
                spectra.nudft(columns[:, orders[i : i + block]], points, whole, length=1.0), axis=0
            )
            for i in range(0, len(orders), block)
        ]
    )
    return NoiseFloor(whole, size, np.quantile(chance, level, axis=0))
