"""The empirical neural tangent kernel (NTK), and how fast it lets each frequency be learned.

The kernel of a network f(x; θ) is K(x, x') = Σ_p ∂f(x)/∂θ_p · ∂f(x')/∂θ_p, over all weights and
biases (Jacot, Gabriel, Hongler 2018). Under gradient flow, dθ/dt = -∇L with the mean squared error
L = (1/N) Σ (f - y)², what is wrong at the N training points, e = f - y, follows

    de/dt = -(2/N) K e .

This is exact at every moment. It is a linear equation only as long as K does not change.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from . import arguments, validation
from .networks import MLP

__all__ = [
    "LONGEST",
    "kernel",
    "learning_times",
    "mode_rates",
    "mode_trajectories",
    "square",
]

# Times are told apart up to so many times N/2λ_max.
LONGEST = 1e12


def kernel(nets: MLP, x: ArrayLike) -> NDArray[np.float64]:
    """Return K(xᵢ, xⱼ) of every member at points ``(N,)`` or ``(N, d)``: ``(S, N, N)``.

    Exact, and with one backward pass for all points: points do not see each other, so the gradient
    of Σᵢ f(xᵢ) with respect to the inputs zₗ of a layer's units holds the signal δₗ(xᵢ) of every
    point. A layer z = αh·W + βb then adds (δₗ(x)·δₗ(x'))·(α²h(x)·h(x') + β²) to the kernel; α and β
    are 1, or what networks in another parametrisation have as ``factors``: a pair for each layer.

    Computed in double precision, since the small eigenvalues of K, which belong to high
    frequencies, are lost in single precision.

    Parameters
    ----------
    nets
        An ensemble with one output, an `MLP` or one that adds ``factors``.
    x
        Points.

    """
    if nets.widths[-1] != 1:
        raise ValueError(f"nets: expected networks with one output, got {nets.widths[-1]}")
    points = arguments.points("x", x, nets.widths[0], least=1)
    weights, biases = (
        [p.detach().double().requires_grad_() for p in group]
        for group in (nets.weights, nets.biases)
    )
    act = nets.act
    h = torch.as_tensor(points, dtype=torch.float64, device=weights[0].device)
    h = h.expand(len(weights[0]), *h.shape)
    factors = getattr(nets, "factors", [(1.0, 1.0)] * len(weights))
    inputs, sums = [], []
    with torch.enable_grad():
        for weight, bias, (alpha, beta) in zip(weights, biases, factors, strict=True):
            inputs.append(h)
            sums.append(torch.baddbmm(bias, h, weight, alpha=alpha, beta=beta))
            h = act(sums[-1])
        signals = torch.autograd.grad(sums[-1].sum(), sums)
    total = torch.zeros(len(h), len(points), len(points), dtype=torch.float64, device=h.device)
    for given, signal, (alpha, beta) in zip(inputs, signals, factors, strict=True):
        products = given.detach() @ given.detach().mT
        total += (signal @ signal.mT) * (alpha**2 * products + beta**2)
    if nets.antisymmetric:  # f = (f₁ - f₂)/√2
        total = (total[: nets.size] + total[nets.size :]) / 2
    return total.numpy(force=True)


def mode_rates(kernels: ArrayLike, modes: ArrayLike) -> NDArray[np.float64]:
    """Return the rate (2/N) · v*Kv/v*v of each mode, with vⱼ = exp(2πi jk/N): ``(..., K)``.

    This Rayleigh quotient is the rate, per unit of time of gradient flow, at which the size of an
    error that consists of mode k alone begins to fall. If the mode is an eigenvector of K, the
    error falls as exp(-rate·t) while K stays; if it is not, the modes pull at each other, and the
    quotient is an average that large eigenvalues dominate.

    Parameters
    ----------
    kernels
        ``(..., N, N)`` at evenly spaced points.
    modes
        Frequency indices ``(K,)``, in cycles per interval.

    """
    matrices = square(kernels)
    n = matrices.shape[-1]
    waves = np.exp(2j * np.pi * np.outer(np.arange(n), validation.real_array("modes", modes)) / n)
    return 2 / n * np.einsum("nk,...nm,mk->...k", waves.conj(), matrices, waves).real / n


def mode_trajectories(
    kernels: ArrayLike, target: ArrayLike, modes: ArrayLike, times: ArrayLike
) -> NDArray[np.float64]:
    """Return Δ_F of each mode under gradient flow from output 0 if K never changed.

    With the eigenvectors uᵢ and eigenvalues λᵢ of K the error is e(t) = -Σᵢ uᵢ (uᵢ·y) exp(-2λᵢt/N),
    and Δ_F(k) = |F[e](k)|/|F[y](k)|.

    Parameters
    ----------
    kernels
        ``(..., N, N)`` at evenly spaced points.
    target
        Target values ``(N,)``, with power at the modes.
    modes
        Frequency indices ``(K,)``.
    times
        Times of gradient flow ``(T,)``, or ``(..., T)`` for each kernel its own.

    Returns
    -------
    ``(..., T, K)``.

    """
    matrices, y = square(kernels), validation.real_array("target", target)
    n = matrices.shape[-1]
    if len(y) != n:
        raise ValueError(f"target: expected one value per point of the kernel ({n}), got {len(y)}")
    k = validation.real_array("modes", modes)
    waves = np.exp(-2j * np.pi * np.outer(k, np.arange(n)) / n)
    size = np.abs(waves @ y)
    if (size <= 1e-12 * np.abs(y).sum()).any():
        raise ValueError(f"target: expected power at all modes, got none at {k[size.argmin()]:g}")
    values, vectors = _eigen(matrices)
    at = validation.real_array("times", times, ndim=validation.ANY, finite=False)
    if not (at >= 0).all():
        raise ValueError(f"times: expected numbers of at least 0, got {at[~(at >= 0)][0]:g}")
    decay = np.exp(-2 / n * values[..., :, None] * at[..., None, :])
    parts = (waves @ vectors) * (y @ vectors)[..., None, :]
    errors = np.abs(parts @ decay) / size[:, None]
    return np.swapaxes(errors, -1, -2)


def learning_times(
    kernels: ArrayLike, target: ArrayLike, modes: ArrayLike, *, threshold: float = 0.1
) -> NDArray[np.float64]:
    """Return when Δ_F of each mode falls below ``threshold`` if K never changed: ``(..., K)``.

    Gradient flow from output 0 is then solved by the eigenvectors uᵢ and eigenvalues λᵢ of K: the
    error is e(t) = -Σᵢ uᵢ (uᵢ·y) exp(-2λᵢt/N). Times are looked up on a logarithmic grid with
    steps of 2 %, from 0.01 to 10¹² times the shortest time N/2λ_max. What takes longer is beyond
    the accuracy of eigenvalues in double precision and gets the end of the grid.

    Parameters
    ----------
    kernels
        ``(..., N, N)`` at evenly spaced points.
    target
        Target values ``(N,)``, with power at the modes.
    modes
        Frequency indices ``(K,)``.
    threshold
        Relative error below which a mode counts as learned.

    """
    limit = validation.positive("threshold", threshold)
    matrices = square(kernels)
    shortest = matrices.shape[-1] / 2 / np.linalg.eigvalsh(matrices)[..., -1:]
    times = shortest * np.geomspace(1e-2, LONGEST, 1629)
    learned = np.swapaxes(mode_trajectories(matrices, target, modes, times), -1, -2) < limit
    learned[..., -1] = True
    return np.take_along_axis(times, learned.argmax(axis=-1), axis=-1)


def _eigen(kernels: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return eigenvalues in rising order, those below rounding set to 0, and eigenvectors."""
    values, vectors = np.linalg.eigh(square(kernels))
    return np.where(values > values[..., -1:] / LONGEST, values, 0), vectors


def square(kernels: ArrayLike, name: str = "kernels") -> NDArray[np.float64]:
    """Return kernels in double precision; ValueError unless they are ``(..., N, N)``."""
    matrices = validation.real_array(name, kernels, ndim=validation.ANY).astype(np.float64)
    if matrices.ndim < 2 or matrices.shape[-1] != matrices.shape[-2]:
        raise ValueError(f"{name}: expected shape (..., N, N), got {matrices.shape}")
    return matrices
