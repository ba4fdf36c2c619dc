"""Quantities of the theory measured on any network: gradients by frequency, spectral norms."""

from __future__ import annotations

import numpy as np
import scipy
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from fpkit import validation
from fpkit.arguments import one_to_one
from fpkit.networks import MLP

__all__ = ["gradient_norms", "spectral_norm", "spectral_norms"]


@torch.enable_grad()
def gradient_norms(
    nets: MLP, x: ArrayLike, y: ArrayLike, modes: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ‖∇L(k)‖ over all parameters, and A(k), for networks with one input and one output.

    L(k) = ½|D(k)|² with D the discrete transform, (1/N) Σⱼ (T - f)(xⱼ) e^{-2πi jk/N}, by
    automatic differentiation: one backward pass per mode.

    Parameters
    ----------
    nets
        An ensemble of S networks.
    x, y
        Even points and targets ``(N,)``.
    modes
        Frequency indices ``(K,)``.

    Returns
    -------
    Two arrays ``(S, K)``.

    """
    one_to_one(nets)
    points, values = validation.real_array("x", x), validation.real_array("y", y)
    validation.matching_points(points, "y", values)
    validation.uniform_points("x", points)
    k = validation.real_array("modes", modes)
    parameters = list(nets.parameters())
    inputs, wanted = (torch.as_tensor(v).to(parameters[0]) for v in (points, values))
    difference = nets(inputs[:, None])[..., 0] - wanted
    turns = 2 * np.pi * np.outer(np.arange(len(points)), k) / len(points)
    cosine, sine = (torch.as_tensor(f(turns)).to(inputs) for f in (np.cos, np.sin))
    real, imaginary = difference @ cosine / len(points), difference @ sine / len(points)
    losses = 0.5 * (real**2 + imaginary**2)
    norms = torch.zeros(nets.size, len(k), dtype=torch.float64, device=inputs.device)
    for i in range(len(k)):
        # Members share nothing, so one backward pass gives all their gradients.
        parts = torch.autograd.grad(losses[:, i].sum(), parameters, retain_graph=True)
        norms[:, i] = sum(p.double().flatten(1).square().sum(dim=1) for p in parts)
    return norms.sqrt().numpy(force=True), np.sqrt(2 * losses.numpy(force=True).astype(np.float64))


def spectral_norm(
    matrix: ArrayLike, *, method: str = "svd", iterations: int = 10, seed: int = 0
) -> float:
    """Return the largest singular value of a matrix; of a vector, its Euclidean length.

    Parameters
    ----------
    matrix
        ``(rows, columns)`` or ``(n,)``.
    method
        "svd" is exact. "power" multiplies a random vector ``iterations`` times by WᵀW; the
        result is never too large, and for a random matrix, whose singular values crowd at the
        upper end, ten iterations leave it a few per cent too small.

    """
    values = validation.real_array("matrix", matrix, ndim=(1, 2)).astype(np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if validation.known("method", method, ("svd", "power")) == "svd":
        return float(np.linalg.svd(values, compute_uv=False)[0])
    vector = np.random.default_rng(validation.seed("seed", seed)).standard_normal(
        (values.shape[1],)
    )
    for _ in range(validation.positive_int("iterations", iterations)):
        vector = values.T @ (values @ (vector / np.linalg.norm(vector)))
        if not vector.any():
            return 0.0
    return float(np.linalg.norm(values @ (vector / np.linalg.norm(vector))))


def spectral_norms(nets: MLP) -> dict[str, Tensor]:
    """Return the spectral norm ``(S,)`` of every weight matrix: "layer 1", "layer 2", …

    To be used as ``observe=`` of `fpkit.train`. Large matrices go through a Lanczos iteration to
    full precision, which is several times faster than all singular values. Only for networks
    that are not antisymmetric.
    """
    if nets.antisymmetric:
        raise ValueError("nets: expected plain networks, got antisymmetric ones (two copies each)")
    return {
        f"layer {layer}": torch.tensor([_largest(w) for w in weight.numpy(force=True)])
        for layer, weight in enumerate(nets.weights, start=1)
    }


def _largest(matrix: NDArray) -> float:
    if min(matrix.shape) < 64:
        return spectral_norm(matrix)
    start = np.ones(min(matrix.shape), matrix.dtype)
    largest = scipy.sparse.linalg.svds(matrix, k=1, v0=start, return_singular_vectors=False)
    return float(largest[0])
