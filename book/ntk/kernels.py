"""How far kernels are from others, and how near their eigenvectors are to waves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fpkit.theory import square

__all__ = ["drift", "wave_shares"]


def drift(kernels: ArrayLike, start: ArrayLike) -> NDArray[np.float64]:
    """Return ‖K - K₀‖/‖K₀‖ with the Frobenius norm, for kernels ``(..., N, N)``: ``(...)``."""
    first, now = square(start, "start"), square(kernels)
    if first.shape[-1] != now.shape[-1]:
        raise ValueError(
            f"start: expected shape (..., N, N) of N = {now.shape[-1]} points, got {first.shape}"
        )
    return np.linalg.norm(now - first, axis=(-2, -1)) / np.linalg.norm(first, axis=(-2, -1))


def wave_shares(kernels: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return how much of each eigenvector is one wave, and the mode of that wave.

    The share is that of the largest mode k in the eigenvector's power, its cosine and sine taken
    together; 1 for a pure wave. Eigenvectors come in falling order of their eigenvalues.

    Parameters
    ----------
    kernels
        ``(..., N, N)`` at evenly spaced points.

    Returns
    -------
    Shares and modes, ``(..., N)`` each.

    """
    _, vectors = np.linalg.eigh(square(kernels))
    power = np.abs(np.fft.rfft(vectors[..., ::-1], axis=-2)) ** 2
    inner = slice(1, (vectors.shape[-1] + 1) // 2)  # modes that occur twice, as k and N - k
    power[..., inner, :] *= 2
    return (power / power.sum(axis=-2, keepdims=True)).max(axis=-2), power.argmax(axis=-2)
