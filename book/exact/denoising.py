"""Denoisers: what a linear one has learned at any time, in closed form, and what a trained one has.

A denoiser gets x + σz, z from N(0, 1), and has to return x. A linear one is a matrix; in the basis
of the eigenvectors of the data's covariance it is a gain g for each, and gradient flow of the mean
squared error, from g = 0, is dg/dt = -2((λ + σ²) g - λ): along an eigenvector of variance λ

    g(t) = λ/(λ + σ²) · (1 - exp(-2(λ + σ²) t)) .

A picture is made from noise by following dx/dσ = (x - g x)/σ from a large σ to a small one. Along
an eigenvector that multiplies x, so the variance of what is made is an integral over σ.

A convolution whose ends meet has a gain for each Fourier mode, Σ_o w_o exp(-ik·o) over its offsets
o, and its weights w follow dw/dt = -2(A w - b) with A = F†(λ + σ²)F and b = F†λ. Over all pixels
that is again one rate for each mode. With few weights the modes have to share them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from book import datasets
from fpkit import validation
from fpkit.networks import MLP

__all__ = [
    "convolution_gain",
    "gains",
    "generated",
    "linear_gain",
    "pictures",
    "spectrum",
    "time_to_half",
]

# Ours: the noise from which a picture is made, and that at which it is done.
MOST, LEAST = 80.0, 0.002
# Points of the integral over ln σ.
FINE = 2_000


def linear_gain(variance: ArrayLike, sigma: ArrayLike, time: ArrayLike) -> NDArray[np.float64]:
    """Return the gain of a linear denoiser that was trained for a time; shapes are broadcast."""
    total = np.asarray(variance) + np.square(sigma)
    return np.asarray(variance) / total * -np.expm1(-2 * total * np.asarray(time))


def spectrum(pictures: ArrayLike) -> NDArray[np.float64]:
    """Return the variance of each Fourier mode of centred pictures ``(N, ...)``: ``(...)``."""
    values = validation.real_array("pictures", pictures, ndim=validation.ANY)
    axes = tuple(range(1, values.ndim))
    return np.square(np.abs(np.fft.fftn(values, axes=axes, norm="ortho"))).mean(axis=0)


def convolution_gain(
    variance: ArrayLike, reach: int, sigma: float, times: ArrayLike
) -> NDArray[np.float64]:
    """Return the gain of a linear convolution whose ends meet, ``(..., T)``, after each time.

    ``variance`` is that of each Fourier mode, in the order of the FFT, along one axis or more;
    ``reach`` how many pixels to each side the convolution sees. Where that is all of them, the gain
    is that of `linear_gain`, at a time as many times as long as there are pixels.
    """
    kept = validation.real_array("variance", variance, ndim=validation.ANY)
    at = validation.real_array("times", times)
    sides = [np.arange(min(2 * reach + 1, n)) - min(reach, (n - 1) // 2) for n in kept.shape]
    offsets = np.stack(np.meshgrid(*sides, indexing="ij")).reshape(kept.ndim, -1)
    modes = np.stack(np.meshgrid(*map(np.fft.fftfreq, kept.shape), indexing="ij"))
    waves = np.exp(-2j * np.pi * np.tensordot(modes, offsets, axes=(0, 0))).reshape(kept.size, -1)
    total = (waves.conj().T * (kept.ravel() + sigma**2)) @ waves
    rates, ways = np.linalg.eigh(total.real)
    end = ways.T @ (waves.conj().T @ kept.ravel()).real / rates
    weights = ways @ (end[:, None] * -np.expm1(-2 * np.outer(rates, at)))
    return (waves @ weights).real.reshape(*kept.shape, len(at))


def generated(variance: ArrayLike, times: ArrayLike) -> NDArray[np.float64]:
    """Return the variance of what linear denoisers make, ``(V, T)``, after each time of training.

    There is one denoiser for each σ, as the closed form needs it.
    """
    kept = validation.real_array("variance", variance)[:, None, None]
    at = validation.real_array("times", times, finite=False)[None, :, None]
    logs = np.linspace(np.log(LEAST), np.log(MOST), FINE)
    shrink = np.trapezoid(1 - linear_gain(kept, np.exp(logs), at), logs, axis=-1)
    return MOST**2 * np.exp(-2 * shrink)


def time_to_half(variance: ArrayLike) -> NDArray[np.float64]:
    """Return when each eigenvector first has half of the variance that it ends with, ``(V,)``."""
    values = validation.real_array("variance", variance)
    end = generated(values, [np.inf])[:, 0]
    low, high = np.full((2, len(values)), [[-12.0], [12.0]]) - np.log(values)
    for _ in range(50):
        middle = (low + high) / 2
        now = np.concatenate(
            [generated(v[None], np.exp(m)[None])[0] for v, m in zip(values, middle, strict=True)]
        )
        low, high = np.where(now < end / 2, middle, low), np.where(now < end / 2, high, middle)
    return np.exp((low + high) / 2)


@cache
def pictures(
    least: float, *, whitened: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return centred 8×8 digits to train and to test with, eigenvectors, and their variances.

    Pixels are from 0 to 1, ``(N, 64)``; eigenvectors ``(64, V)`` are those of a variance of at
    least ``least``, largest first. Whitened pictures have the same variance along all of these, on
    the average what it was, and none along others; the variances returned are those before.
    """
    train, test = (
        datasets.load("digits", part).images.astype(np.float64) for part in ("train", "test")
    )
    mean = train.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(train.T, bias=True))
    kept = values[::-1] >= least
    variances, axes = values[::-1][kept], vectors[:, ::-1][:, kept]
    seen, unseen = train - mean, test - mean
    if whitened:
        white = axes * np.sqrt(variances.mean() / variances) @ axes.T
        seen, unseen = seen @ white, unseen @ white
    return seen, unseen, axes, variances


def gains(noisy: NDArray, axes: NDArray, nets: MLP) -> dict[str, Tensor]:
    """Return the slope of output against input along each eigenvector, ``(S,)`` by "gain 1", …

    ``noisy`` are pictures with noise ``(N, 64)``, ``axes`` eigenvectors ``(64, V)``.
    """
    x, basis = (torch.as_tensor(a, dtype=nets.dtype) for a in (noisy, axes))
    given, returned = x @ basis, nets(x) @ basis
    slopes = (returned * given).sum(dim=1) / given.square().sum(dim=0)
    return {f"gain {i + 1}": slopes[:, i] for i in range(slopes.shape[1])}
