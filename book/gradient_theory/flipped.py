"""A line whose spectrum is turned over, so that high frequencies dominate (Xu 2018, Fig. 6)."""

from __future__ import annotations

import numpy as np

from fpkit import validation
from fpkit.targets import Samples

__all__ = ["flipped_line"]


def flipped_line(n: int = 40, flip: str = "modulate") -> Samples:
    """Return the line x on [-1, 1] with its spectrum turned over: high frequencies dominate.

    Xu (2018), Fig. 6, says "flip" and no more. Two ways to do it, with F the discrete spectrum
    of x and n even:

    - ``flip="modulate"``: g_j = (-1)^j x_j. Multiplying by the fastest wave moves all modes by n/2,
      so G[k] = F[k - n/2], the complex conjugate of F[n/2 - k];
    - ``flip="index"``: G[k] = F[n/2 - k] for k = 0 … n/2, phases kept. The zero at F[0] moves to
      the Nyquist frequency, and the real F[n/2] becomes the mean.

    Both have the same magnitudes.
    """
    count = validation.positive_int("n", n)
    if count % 2:
        raise ValueError(f"n: expected an even number of points, got {n}")
    x = np.linspace(-1, 1, count)
    if validation.known("flip", flip, ("modulate", "index")) == "modulate":
        return x, x * (-1.0) ** np.arange(count)
    return x, np.fft.irfft(np.fft.rfft(x)[::-1], count)
