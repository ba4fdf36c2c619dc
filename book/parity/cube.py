"""Functions on the corners of a cube, their Walsh-Fourier spectrum, and the parity function.

On {-1, 1}ⁿ the waves are products of coordinates, χ_S(x) = Π_{j in S} x_j, one for every set S of
them. The spectrum of f is

    F[S] = 2⁻ⁿ Σ_x f(x) χ_S(x),        f(x) = Σ_S F[S] χ_S(x),

and the frequency of χ_S is its degree |S|: so many of the n neighbours of any x (those that differ
in one coordinate) have the other sign. A set is written as the integer whose bits name its members,
and corner i of `cube` has x_j = -1 where bit j of i is set.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit import validation

__all__ = [
    "LARGEST",
    "cube",
    "degrees",
    "parity",
    "power_by_degree",
    "sample",
    "unseen_margin",
    "walsh",
]

# The largest cube that is laid out in memory, and the largest whose corners int64 can number.
LARGEST, COUNTABLE = 20, 62


def cube(n: int) -> NDArray[np.float64]:
    """Return all corners of {-1, 1}ⁿ, ``(2ⁿ, n)``; ValueError for n above `LARGEST`."""
    bits = validation.positive_int("n", n)
    if bits > LARGEST:
        raise ValueError(
            f"n: all 2^{n} corners would take {n * 8 * 2.0**n / 1e9:,.1f} GB; expected at most "
            f"{LARGEST}; `sample` draws some of them"
        )
    return _corners(np.arange(2**bits), bits)


def _corners(numbers: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    return 1.0 - 2.0 * (numbers[:, None] >> np.arange(n) & 1).astype(np.float64)


def sample(
    n: int, seen: int, unseen: int, *, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw different corners of {-1, 1}ⁿ: ``(seen, n)`` to train on and ``(unseen, n)`` others.

    The cube is not laid out, so n may be as large as 62. ``unseen`` is cut to what is left.
    """
    n, seen = validation.positive_int("n", n), validation.positive_int("seen", seen)
    if n > COUNTABLE:
        raise ValueError(f"n: corners are numbered by 64-bit integers up to {COUNTABLE}, got {n}")
    if seen >= 2**n:
        raise ValueError(f"seen: expected fewer than all 2^{n} = {2**n:,} corners, got {seen:,}")
    count = min(seen + validation.positive_int("unseen", unseen), 2**n)
    generator = np.random.default_rng(validation.seed("seed", seed))
    points = _corners(generator.choice(2**n, count, replace=False), n)
    return points[:seen], points[seen:]


def parity(points: ArrayLike, bits: Sequence[int] | None = None) -> NDArray[np.float64]:
    """Return the product of the coordinates ``bits``, all if None, of points ``(N, n)``."""
    x = validation.real_array("points", points, ndim=(2,))
    if not (np.abs(x) == 1).all():
        raise ValueError("points: expected coordinates -1 and 1 only")
    chosen = list(range(x.shape[1])) if bits is None else []
    if bits is not None and len(bits):  # without any, the constant 1
        chosen = validation.whole_array("bits", bits).tolist()
    if not set(chosen) <= set(range(x.shape[1])):
        raise ValueError(f"bits: expected numbers from 0 to {x.shape[1] - 1}, got {chosen}")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"bits: expected each once, got {chosen}")
    return x[:, chosen].prod(axis=1)


def walsh(values: ArrayLike) -> NDArray[np.float64]:
    """Return F[S] for values at all corners in the order of `cube`, ``(..., 2ⁿ)``, along the last.

    The fast transform: n rounds of sums and differences, n·2ⁿ operations in place of 4ⁿ.
    """
    f = validation.real_array("values", values, ndim=validation.ANY).astype(np.float64)
    count = f.shape[-1]
    if count < 2 or count & (count - 1):
        raise ValueError(f"values: expected 2^n values along the last axis, got {count}")
    for stride in 2 ** np.arange(count.bit_length() - 1):
        pairs = f.reshape(*f.shape[:-1], -1, 2, stride)
        low, high = pairs[..., 0, :], pairs[..., 1, :]
        f = np.stack([low + high, low - high], axis=-2).reshape(f.shape)
    return f / count


def degrees(n: int) -> NDArray[np.int64]:
    """Return |S| for S = 0 … 2ⁿ - 1: the number of bits set."""
    bits = validation.positive_int("n", n)
    if bits > LARGEST:
        raise ValueError(f"n: expected at most {LARGEST}, got {n}")
    return np.bitwise_count(np.arange(2**bits)).astype(np.int64)


def power_by_degree(coefficients: ArrayLike) -> NDArray[np.float64]:
    """Return Σ_{|S| = d} F[S]² for d = 0 … n of coefficients ``(2ⁿ,)``; their sum: mean f²."""
    power = validation.real_array("coefficients", coefficients) ** 2
    n = len(power).bit_length() - 1
    if len(power) != 2**n or n < 1:
        raise ValueError(f"coefficients: expected 2^n of them, got {len(power)}")
    sums = np.bincount(degrees(n), weights=power, minlength=n + 1)
    return sums.astype(np.float64, copy=False)


def unseen_margin(kernels: ArrayLike, target: ArrayLike) -> NDArray[np.float64]:
    """Return how far the first step of training moves an unseen point to the right side.

    Gradient flow from zero moves the output at x by Σⱼ K(x, xⱼ) yⱼ, over the points xⱼ seen. With
    each point seen with probability p, the mean of y(x) times this over the unseen x is p times

        μ = (1/N) Σᵢ yᵢ Σ_{j≠i} K(xᵢ, xⱼ) yⱼ = (yᵀKy - Σᵢ K(xᵢ, xᵢ) yᵢ²)/N.

    For labels ±1 that is the kernel's quotient at y less the mean of all its eigenvalues. Below 0
    the first step is to the wrong side: whenever y is of higher frequency than the average wave.

    Parameters
    ----------
    kernels
        K at all N points, ``(..., N, N)``, such as from `fpkit.theory.kernel`.
    target
        y, ``(N,)``.

    """
    matrices = validation.real_array("kernels", kernels, ndim=validation.ANY).astype(np.float64)
    y = validation.real_array("target", target)
    if matrices.shape[-2:] != (len(y), len(y)):
        raise ValueError(f"kernels: expected shape (..., {len(y)}, {len(y)}), got {matrices.shape}")
    own = np.einsum("...ii,i->...", matrices, y**2)
    return (np.einsum("i,...ij,j->...", y, matrices, y) - own) / len(y)
