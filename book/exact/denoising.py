"""Denoisers: what a linear one has learned at any time, in closed form, and what a trained one has.

A denoiser gets x + σz, z from N(0, 1), and has to return x. A linear one is a matrix; in the basis
of the eigenvectors of the data's covariance it is a gain g for each, and gradient flow of the mean
squared error, from g = 0, is dg/dt = -2((λ + σ²) g - λ): along an eigenvector of variance λ

    g(t) = λ/(λ + σ²) · (1 - exp(-2(λ + σ²) t)) .

A picture is made from noise by following dx/dσ = (x - g x)/σ from a large σ to a small one. Along
an eigenvector that multiplies x, so the variance of what is made is an integral over σ.
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

__all__ = ["gains", "generated", "linear_gain", "pictures", "time_to_half"]

# Ours: the noise from which a picture is made, and that at which it is done.
MOST, LEAST = 80.0, 0.002
# Points of the integral over ln σ.
FINE = 2_000


def linear_gain(variance: ArrayLike, sigma: ArrayLike, time: ArrayLike) -> NDArray[np.float64]:
    """Return the gain of a linear denoiser that was trained for a time; shapes are broadcast."""
    total = np.asarray(variance) + np.square(sigma)
    return np.asarray(variance) / total * -np.expm1(-2 * total * np.asarray(time))


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
