"""How sharply the training loss bends at the networks' parameters."""

from __future__ import annotations

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from fpkit import validation
from fpkit.arguments import one_to_one
from fpkit.losses import mse
from fpkit.networks import MLP

__all__ = ["sharpness"]


@torch.enable_grad()
def sharpness(
    nets: MLP, x: ArrayLike, y: ArrayLike, *, iterations: int = 25, seed: int = 0
) -> Tensor:
    """Return the largest eigenvalue of each member's Hessian ∂²L/∂θᵢ∂θⱼ of L = (1/N) Σ (T - f)².

    By the Lanczos iteration with full orthogonalisation: multiply a random vector by the Hessian,
    make the result orthogonal to all vectors before, and so on; the largest eigenvalue of the
    small matrix of products approaches that of the Hessian from below. A product with the Hessian
    is the derivative of a derivative and needs no Hessian. All members go through it at once.

    Parameters
    ----------
    nets
        An ensemble of S networks with one input and one output, not antisymmetric.
    x
        Points ``(N,)``.
    y
        Targets ``(N,)`` for all members, or ``(S, N)``.
    iterations
        Products with the Hessian; never more than there are parameters.
    seed
        Of the random vector.

    Returns
    -------
    Eigenvalues ``(S,)``.

    """
    if nets.antisymmetric:
        raise ValueError("nets: expected plain networks, got antisymmetric ones (two copies each)")
    one_to_one(nets)
    points, values = validation.real_array("x", x), validation.real_array("y", y, ndim=(1, 2))
    validation.matching_points(points, "y", values)
    if values.ndim == 2 and len(values) not in (1, nets.size):
        raise ValueError(f"y: expected a row for each of {nets.size} networks, got {values.shape}")
    parameters = list(nets.parameters())
    inputs, wanted = (torch.as_tensor(v[..., None]).to(parameters[0]) for v in (points, values))
    losses = mse(nets(inputs), wanted)
    gradients = torch.autograd.grad(losses.sum(), parameters, create_graph=True)
    slope = torch.cat([g.flatten(1) for g in gradients], dim=1)
    size = slope.shape[1]

    vector = torch.randn(
        size, generator=torch.Generator().manual_seed(validation.seed("seed", seed))
    )
    vector = vector.to(slope)
    basis = (vector / vector.norm()).expand(nets.size, 1, size)
    products = []
    for _ in range(min(validation.positive_int("iterations", iterations), size)):
        product = torch.autograd.grad(slope, parameters, basis[:, -1], retain_graph=True)
        products.append(torch.cat([p.flatten(1) for p in product], dim=1))
        # Twice, because one pass leaves rounding errors that grow.
        rest = products[-1]
        for _ in range(2):
            rest = rest - ((basis @ rest[..., None]).mT @ basis)[:, 0]
        length = rest.norm(dim=1, keepdim=True).clamp(min=torch.finfo(rest.dtype).tiny)
        basis = torch.cat([basis, (rest / length)[:, None]], dim=1)
    small = basis[:, : len(products)] @ torch.stack(products, dim=2)
    return torch.linalg.eigvalsh((small + small.mT) / 2)[:, -1]
