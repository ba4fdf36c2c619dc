"""Gradients by frequency and spectral norms, against one network at a time and linear algebra."""

import math

import numpy as np
import pytest
import torch

from book.gradient_theory import network_norms
from fpkit import MLP, targets


def test_gradient_norms_against_one_network_at_a_time():
    x, y = targets.staircase(12)
    nets = MLP([1, 5, 4, 1], weight_std=0.6, seeds=[0, 1], dtype=torch.float64)
    norms, amplitude = network_norms.gradient_norms(nets, x, y, [1, 3])
    for member in (0, 1):
        alone = MLP([1, 5, 4, 1], weight_std=0.6, seeds=[member], dtype=torch.float64)
        for i, mode in enumerate((1, 3)):
            wave = np.exp(-2j * np.pi * mode * np.arange(12) / 12) / 12
            wrong = alone(torch.tensor(x)[:, None])[0, :, 0] - torch.tensor(y)
            d = wrong.to(torch.complex128) @ torch.tensor(wave)
            assert amplitude[member, i] == pytest.approx(abs(d.item()))
            alone.zero_grad()
            (0.5 * d.abs() ** 2).backward()
            total = sum(p.grad.square().sum() for p in alone.parameters())
            assert norms[member, i] == pytest.approx(math.sqrt(total))


def test_spectral_norm_of_a_known_matrix():
    q = np.linalg.qr(np.random.default_rng(0).standard_normal((5, 5)))[0]
    matrix = q[:, :3] @ np.diag([3.0, 2.0, 1.0])
    assert network_norms.spectral_norm(matrix) == pytest.approx(3)
    assert network_norms.spectral_norm(matrix, method="power", iterations=60) == pytest.approx(3)
    assert network_norms.spectral_norm([3.0, 4.0]) == pytest.approx(5)
    assert network_norms.spectral_norm(np.zeros((3, 2)), method="power") == 0


def test_ten_power_iterations_fall_short_for_a_random_matrix():
    matrix = np.random.default_rng(0).standard_normal((120, 120))
    exact = network_norms.spectral_norm(matrix)
    short = network_norms.spectral_norm(matrix, method="power") / exact
    assert 0.9 < short < 0.999


@pytest.mark.parametrize("widths", [[1, 9, 7, 1], [1, 80, 90, 70, 1]])
def test_spectral_norms_of_a_network(widths):
    nets = MLP(widths, seeds=[0, 1])
    norms = network_norms.spectral_norms(nets)
    assert list(norms) == [f"layer {i}" for i in range(1, len(widths))]
    for layer, weight in zip(norms.values(), nets.weights, strict=True):
        expected = torch.linalg.svdvals(weight.double())[:, 0]
        torch.testing.assert_close(layer.double(), expected, rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: network_norms.spectral_norm([[1.0]], method="svt"),
         "method: 'svt' is not known; did you mean 'svd'"),
        (lambda: network_norms.spectral_norms(MLP([1, 3, 1], antisymmetric=True)),
         "nets: expected plain networks, got antisymmetric"),
        (lambda: network_norms.gradient_norms(MLP([1, 3, 1]), [0, 1, 3], [1, 2, 3], [1]),
         "x: expected equal steps"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
