"""Spectra of sampled functions, and how far one is from another.

Conventions, everywhere in the book
-----------------------------------
The discrete Fourier transform carries 1/N and a minus sign,

    F[k] = (1/N) Σⱼ fⱼ exp(-2πi jk/N),    k = 0, 1, …, N//2,

so a sine of amplitude a has |F| = a/2 at its frequency whatever N is. A *frequency index* or
*mode* k counts full periods over the sampled interval (cycles, not radians). Real input only:
the modes above N//2 are the complex conjugates of those below and are left out.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeGuard, overload

import finufft
import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from . import validation

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["dft", "nudft", "peaks", "relative_error"]


@overload
def dft(values: Tensor, x: ArrayLike | None = None) -> Any: ...
@overload
def dft(values: ArrayLike, x: ArrayLike | None = None) -> NDArray[np.complexfloating]: ...
def dft(values: ArrayLike | Tensor, x: ArrayLike | None = None) -> Any:
    """Discrete Fourier transform along the last axis, F[k] = (1/N) Σⱼ fⱼ exp(-2πi jk/N).

    Parameters
    ----------
    values
        Real samples, ``(..., N)``: one function, or a whole run ``(S, R, N)``. float32 stays in
        single precision. More axes than three need ``x``, which tells the points from the outputs
        of networks with several.
    x
        The points ``(N,)``, if you want it checked that they are evenly spaced.

    Returns
    -------
    Coefficients ``(..., N//2 + 1)`` for k = 0 … N//2: an array, or a tensor if ``values`` is one
    that carries a gradient, which then goes through.

    """
    f = validation.real_array("values", values, ndim=validation.ANY)
    if x is None:
        validation.one_function("values", f)
    else:
        points = validation.real_array("x", x)
        validation.matching_points(points, "values", f)
        validation.uniform_points("x", points)
    if f.shape[-1] < 2:
        raise ValueError(f"values: expected at least 2 samples, got shape {f.shape}")
    if _carries_gradient(values):
        import torch

        return torch.fft.rfft(values, norm="forward")
    return np.fft.rfft(f, norm="forward")


def nudft(
    values: ArrayLike,
    x: ArrayLike,
    modes: ArrayLike,
    *,
    length: float | None = None,
    tolerance: float = 1e-12,
) -> NDArray[np.complex128]:
    """Non-uniform transform F(k) = (1/N) Σⱼ fⱼ exp(-2πi k (xⱼ - x₀)/L) with finufft.

    x₀ is the smallest point and L = ``length``. For even points and L = N·spacing it equals
    `dft`. The modes may be integers (a type-1 transform) or any real frequencies in cycles per
    L (type 3).

    Parameters
    ----------
    values
        Real samples ``(..., N)``.
    x
        Points ``(N,)``, in any order.
    modes
        Frequencies ``(K,)``.
    length
        Period L; None takes the extent max x - min x, which rescales the points to [0, 1] as
        Xu, Zhang, Xiao (2018), Section 2.1 do.
    tolerance
        Relative accuracy asked of finufft, between 1e-15 and 1.

    Returns
    -------
    Coefficients ``(..., K)``.

    Raises
    ------
    ValueError
        For shapes that do not match, points all equal, or integer modes with magnitude above
        N//2, which N samples cannot hold.

    """
    f = validation.real_array("values", values, ndim=validation.ANY)
    points = validation.real_array("x", x).astype(np.float64)  # finufft takes no other dtype
    validation.matching_points(points, "values", f)
    validation.between("tolerance", tolerance, 1e-15, 1)
    k = validation.real_array("modes", modes)
    extent = np.ptp(points)
    period = extent if length is None else validation.positive("length", length)
    if extent == 0:
        raise ValueError("x: expected at least two different points, got all equal")
    n = len(points)
    if np.abs(k).max() > n // 2:
        raise ValueError(f"modes: {n} samples hold modes up to {n // 2}, got {np.abs(k).max():g}")

    phase = 2 * np.pi * (points - points.min()) / period
    strengths = f.reshape(-1, n).astype(np.complex128, order="C")
    options = {"isign": -1, "eps": tolerance}
    if np.array_equal(k, np.round(k)):
        top = int(np.abs(k).max())
        grid: NDArray[np.complex128] = finufft.nufft1d1(phase, strengths, 2 * top + 1, **options)
        result = np.atleast_2d(grid)[:, k.astype(int) + top]
    else:
        result = np.atleast_2d(finufft.nufft1d3(phase, strengths, k.astype(np.float64), **options))
    return result.reshape(*f.shape[:-1], len(k)) / n


def peaks(
    spectrum: ArrayLike,
    count: int | None = None,
    *,
    below: int | None = None,
    prominence: float = 0.25,
) -> NDArray[np.int64]:
    """Return the frequency indices of the peaks of |F|, lowest first.

    A peak is a local maximum above k = 0 whose prominence, the height above the higher of the
    two lowest points that separate it from a larger peak, is at least ``prominence`` times its
    own height. Plain local maxima would add ripples on the flank of a peak, which come from the
    jump between the two ends of the interval and not from the function.

    Parameters
    ----------
    spectrum
        Coefficients or magnitudes, ``(K,)``, starting at k = 0.
    count
        Return the lowest ``count`` peaks; an error if there are fewer.
    below
        Look only at k < ``below``.
    prominence
        From 0, all local maxima, to 1, only those that stand on zero.

    Raises
    ------
    ValueError
        For real numbers some of which are negative: they are no magnitudes but a signal.

    """
    values = validation.number_array("spectrum", spectrum)
    if values.dtype.kind != "c" and values.min() < 0:
        raise ValueError(
            f"spectrum: expected complex coefficients or magnitudes, got real numbers down to "
            f"{values.min():g}; of a signal, take the peaks of dft(signal)"
        )
    if validation.non_negative("prominence", prominence) > 1:
        raise ValueError(f"prominence: expected a number from 0 to 1, got {prominence!r}")
    top = None if below is None else validation.positive_int("below", below)
    magnitude = np.abs(values)[:top]
    # The zero in front lets k = 1 be a peak whatever the mean of the function is.
    found, about = scipy.signal.find_peaks(np.append(0.0, magnitude[1:]), prominence=0)
    found = found[about["prominences"] >= prominence * magnitude[found]]
    if count is not None:
        wanted = validation.positive_int("count", count)
        if wanted > len(found):
            raise ValueError(f"count: asked for {count} peaks, the spectrum has {len(found)}")
        found = found[:wanted]
    return found


@overload
def relative_error(output: Tensor, target: ArrayLike, *, kind: str = "complex") -> Any: ...
@overload
def relative_error(
    output: ArrayLike, target: ArrayLike, *, kind: str = "complex"
) -> NDArray[np.floating]: ...
def relative_error(output: ArrayLike | Tensor, target: ArrayLike, *, kind: str = "complex") -> Any:
    """Relative error Δ_F(k) = |F[f](k) - F[T](k)| / |F[f](k)| of a network's spectrum.

    Xu, Zhang, Xiao (2018), Eq. 1. ``kind="magnitude"`` compares ||F[f]| - |F[T]|| instead, as
    some public scripts do: it hides errors of phase.

    Parameters
    ----------
    output
        Spectra of the outputs, ``(..., K)``. Of a tensor that carries a gradient, such as `dft`
        returns, the errors are one, too.
    target
        Spectrum of the target, broadcast against ``output``: ``(K,)``, or ``(S, 1, K)`` for one
        per member.

    Raises
    ------
    ValueError
        Where the target's coefficient is zero, for then there is nothing to be relative to.

    """
    validation.known("kind", kind, ("complex", "magnitude"))
    f = validation.number_array("target", target, ndim=validation.ANY)
    t = validation.number_array("output", output, ndim=validation.ANY)
    if f.shape[-1] != t.shape[-1]:
        raise ValueError(f"output: expected {f.shape[-1]} modes like the target, got {t.shape[-1]}")
    if not _goes_with(f.shape, t.shape):
        raise ValueError(
            f"target: shape {f.shape} does not go with outputs of shape {t.shape}; for one target "
            "per member insert an axis of length 1 for the records"
        )
    size = np.abs(f)
    tiny = size <= 1e-12 * size.max()
    if tiny.any():
        raise ValueError(
            f"target: got a coefficient of {size[tiny][0]:g} at position "
            f"{int(np.argwhere(tiny)[0][-1])}, and nothing can be relative to zero; "
            "choose modes where the target has power"
        )
    if _carries_gradient(output):
        import torch

        wanted = torch.as_tensor(f, device=output.device)
        wrong = wanted - output if kind == "complex" else wanted.abs() - output.abs()
        return wrong.abs() / wanted.abs()
    difference = f - t if kind == "complex" else size - np.abs(t)
    return np.abs(difference) / size


def _carries_gradient(values: ArrayLike | Tensor) -> TypeGuard[Tensor]:
    """Tell whether it is a tensor through which somebody may want to go back."""
    torch = sys.modules.get("torch")  # who has a tensor has imported it
    return torch is not None and isinstance(values, torch.Tensor) and values.requires_grad


def _goes_with(target: tuple[int, ...], output: tuple[int, ...]) -> bool:
    """Tell whether a target's shape can be broadcast, and not by chance.

    A target ``(S, K)`` would be taken for one per record of ``(S, R, K)`` wherever R = S.
    """
    if 1 < len(target) < len(output) and target[-2] != 1:
        return False
    try:
        np.broadcast_shapes(target, output)
    except ValueError:
        return False
    return True
