"""Sharpness against an explicit Hessian."""

import re

import numpy as np
import pytest
import torch

from book.initialization import curvature
from fpkit import MLP

X = np.linspace(-1, 1, 9)
Y = np.stack([np.sin(3 * X), np.cos(4 * X)])


def tiny(**changes):
    settings = {"weight_std": [0.6, 1.2], "seeds": [0, 3], "dtype": torch.float64, **changes}
    return MLP([1, 4, 3, 1], **settings)


def explicit(nets, member, y):
    """Return the largest eigenvalue of the Hessian that automatic differentiation writes out."""
    shapes = [p[member].shape for p in nets.parameters()]
    start = torch.cat([p[member].detach().flatten() for p in nets.parameters()])

    def loss(flat):
        parts = [p.view(s) for p, s in zip(flat.split([s.numel() for s in shapes]), shapes,
                                           strict=True)]  # fmt: skip
        weights, biases = parts[: len(parts) // 2], parts[len(parts) // 2 :]
        h = torch.as_tensor(X[:, None])
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            h = h @ w + b
            h = torch.tanh(h) if layer < len(weights) - 1 else h
        return (h[:, 0] - torch.tensor(y)).square().mean()

    return torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss, start))[-1].item()


@pytest.mark.parametrize("y", [Y, Y[0]])
def test_sharpness_against_an_explicit_hessian(y):
    nets = tiny()
    expected = [explicit(nets, member, np.broadcast_to(y, Y.shape)[member]) for member in (0, 1)]
    measured = curvature.sharpness(nets, X, y, iterations=100)
    assert measured.tolist() == pytest.approx(expected, rel=1e-8)
    assert curvature.sharpness(nets, X, y).tolist() == pytest.approx(expected, rel=1e-3)


def test_more_iterations_than_parameters_do_no_harm():
    nets = MLP([1, 1], weight_std=0.5, seeds=[0], dtype=torch.float64)
    # L = mean (wx + b - y)²: the Hessian is 2 mean [[x², x], [x, 1]].
    expected = np.linalg.eigvalsh(2 * np.array([[(X**2).mean(), 0], [0, 1]]))[-1]
    assert curvature.sharpness(nets, X, Y[0], iterations=50).item() == pytest.approx(expected)


def test_sharpness_works_while_gradients_are_off_and_leaves_the_networks_alone():
    nets = tiny()
    before = [p.detach().clone() for p in nets.parameters()]
    with torch.no_grad():
        inside = curvature.sharpness(nets, X, Y)
    assert inside.tolist() == curvature.sharpness(nets, X, Y).tolist()
    assert not inside.requires_grad
    for parameter, old in zip(nets.parameters(), before, strict=True):
        assert torch.equal(parameter, old)
        assert parameter.grad is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: curvature.sharpness(tiny(antisymmetric=True), X, Y),
         "nets: expected plain networks, got antisymmetric ones (two copies each)"),
        (lambda: curvature.sharpness(tiny(), X, Y[:, :5]),
         "y: expected one value per point of x (9)"),
        (lambda: curvature.sharpness(tiny(), X, Y, iterations=0), "iterations: expected a whole"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
