"""How much of the loss's decrease happens at which frequency, at one moment of gradient flow.

The loss is that of a whole population of data with density ρ, L = ∫ ℓ(T(x) - f(x)) ρ(x) dx, and the
parameters follow dθ/dt = -∇L. Then, with r = T - f and the transform of the even points,

    dL/dt = ∫ ℓ'(r)√ρ · ∂T/∂t √ρ dx = Σ_k Re( conj F[ℓ'(r)√ρ](k) · F[∂T/∂t √ρ](k) ),

by Parseval's theorem: an exact sum over frequencies, whatever ℓ is. For ℓ = r² the term of k is the
rate of |F[r√ρ](k)|². Luo, Ma, Xu, Zhang (2021) announce theorems on such shares; this module
measures them. A frequency index k counts waves over the interval (cycles, not radians).
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from fpkit import losses, validation
from fpkit.arguments import one_to_one
from fpkit.networks import MLP

__all__ = ["exponent", "gaussian", "loss_rates", "share_above"]


def gaussian(x: ArrayLike, sigma: float) -> NDArray[np.float64]:
    """Return the density exp(-x²/2σ²) at even points ``(M,)``, scaled so that its sum is 1.

    Choose σ at most a tenth of half the interval: √ρ is √2 times as wide as ρ, and where it is cut
    off by the end of the interval, its jump has power at all frequencies.
    """
    points = validation.real_array("x", x)
    width = validation.positive("sigma", sigma)
    weights = np.exp(-(points**2) / (2 * width**2))
    return weights / weights.sum()


def loss_rates(
    nets: MLP,
    x: ArrayLike,
    y: ArrayLike,
    *,
    density: ArrayLike,
    loss: Callable[[Tensor, Tensor], Tensor] = losses.mse,
) -> NDArray[np.float64]:
    """Return dL/dt of each frequency under gradient flow, for networks as they are now.

    The speed ∂T/∂t = -J∇L of the outputs is a Jacobian-vector product, by two backward passes in
    double precision; nothing is stepped, and the networks are left as they are.

    Parameters
    ----------
    nets
        An ensemble of S networks with one input and one output.
    x
        Even points ``(M,)`` that do not repeat the interval's end; their extent plus one spacing is
        the interval whose waves are counted.
    y
        The target there, ``(M,)``.
    density
        ρ at the points, ``(M,)``, of at least 0; scaled to the sum 1.
    loss
        A mean over points of a function of output and target, such as `losses.mse`.

    Returns
    -------
    ``(S, M//2 + 1)`` for k = 0 … M//2; k and -k are taken together: the sum over k is dL/dt.

    """
    points, values = validation.real_array("x", x), validation.real_array("y", y)
    validation.matching_points(points, "y", values)
    validation.uniform_points("x", points)
    rho = validation.real_array("density", density)
    validation.matching_points(points, "density", rho)
    if (rho < 0).any() or not rho.any():
        raise ValueError("density: expected numbers of at least 0, not all of them 0")
    one_to_one(nets)
    count = len(points)
    double = copy.deepcopy(nets).double()
    parameters = list(double.parameters())
    inputs, wanted, weights = (
        torch.as_tensor(v).to(parameters[0])[:, None] for v in (points, values, rho / rho.sum())
    )
    with torch.enable_grad():  # while a run is recorded, gradients are off
        outputs = double(inputs)
        leaf = outputs.detach().requires_grad_()
        (slope,) = torch.autograd.grad(loss(leaf, wanted.expand_as(leaf)).sum(), leaf)
        force = count * slope  # ℓ'(r): the loss is a mean over the points
        gradient = torch.autograd.grad(outputs, parameters, force * weights, retain_graph=True)
        # Jᵀu is linear in u, so its derivative by u along the gradient is J times the gradient.
        u = torch.zeros_like(outputs, requires_grad=True)
        pulled = torch.autograd.grad(outputs, parameters, u, create_graph=True)
        (uphill,) = torch.autograd.grad(pulled, u, gradient)
    root = (weights.sqrt() * np.sqrt(count))[:, 0]
    first, second = (torch.fft.rfft(v[..., 0] * root, norm="forward") for v in (force, -uphill))
    rates = 2 * (first.conj() * second).real
    rates[:, 0] /= 2
    if count % 2 == 0:
        rates[:, -1] /= 2
    return rates.numpy(force=True)


def share_above(rates: ArrayLike, eta: ArrayLike) -> NDArray[np.float64]:
    """Return Σ_{k>η} |dL(k)/dt| / Σ_k |dL(k)/dt|, ``(..., E)``, for rates ``(..., K)``.

    Sizes are added, not signed rates: a low frequency that gets worse while another gets better
    would cancel, and the share could be anything.
    """
    size = np.abs(validation.real_array("rates", rates, ndim=(1, 2, 3)))
    limits = np.atleast_1d(validation.real_array("eta", eta, ndim=(0, 1)))
    last = size.shape[-1] - 1
    if limits.min() < 0 or limits.max() >= last:
        raise ValueError(
            f"eta: expected frequencies from 0 to below {last}, the highest one known, got "
            f"{limits.min():g} to {limits.max():g}"
        )
    total = size.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise ValueError("rates: all are zero, so there is nothing to take a share of")
    # From the top down, so that small shares are sums of small numbers.
    tail = np.cumsum(size[..., ::-1], axis=-1)[..., ::-1]
    return tail[..., np.floor(limits).astype(int) + 1] / total


def exponent(share: ArrayLike, eta: ArrayLike) -> NDArray[np.float64]:
    """Return m of the power law share ∝ η^{-m} that fits best, ``(...)``, for shares ``(..., E)``.

    Least squares on both logarithms. For a share that falls faster than any power m grows with η.
    """
    values = validation.real_array("share", share, ndim=(1, 2, 3))
    limits = validation.real_array("eta", eta)
    if values.shape[-1] != len(limits) or len(limits) < 2:
        raise ValueError(
            f"share: expected one value for each of at least 2 frequencies, got {values.shape[-1]} "
            f"for {len(limits)}"
        )
    for name, numbers in (("share", values), ("eta", limits)):
        if (numbers <= 0).any():
            raise ValueError(f"{name}: expected numbers above 0, got {numbers.min():g}")
    log = np.log(limits) - np.log(limits).mean()
    return -(np.log(values) @ log) / (log @ log)
