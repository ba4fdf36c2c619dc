"""Derivatives of periodic networks against automatic differentiation."""

import math
import re

import numpy as np
import pytest
import torch

from book.limits.derivatives import Derivative
from book.limits.experiments import differentiated
from fpkit import MLP, targets, train


def automatic(nets, order, x):
    """Return the derivative over π^order by backward passes, one for each order and member."""
    found = []
    for member in range(nets.size):
        t = x.clone().requires_grad_()
        turn = math.pi * (t + 1)
        value = nets(torch.cat([turn.cos(), turn.sin()], dim=-1))[member]
        for _ in range(order):
            (value,) = torch.autograd.grad(value.sum(), t, create_graph=True)
        found.append(value / math.pi**order)
    return torch.stack(found)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_derivative_is_that_of_the_network(order):
    how = {"weight_std": 0.8, "seeds": [2, 5], "dtype": torch.float64}
    found = Derivative(order, [6, 4], **how)
    x = torch.linspace(-1, 0.9, 7, dtype=torch.float64)[:, None]
    expected = automatic(MLP([2, 6, 4, 1], **how), order, x)
    torch.testing.assert_close(found(x), expected)


def test_derivative_has_period_two():
    nets = Derivative(2, [5], weight_std=1.0, dtype=torch.float64)
    ends = nets(torch.tensor([[-1.0], [1.0]], dtype=torch.float64))
    torch.testing.assert_close(ends[:, 0], ends[:, 1])


def test_a_wave_is_multiplied_by_its_mode():
    _, y = targets.equal_amplitudes(16, (3,), seed=0)
    np.testing.assert_allclose(differentiated(y, 2), -9 * y, atol=1e-12)
    assert np.abs(differentiated(y, 1)).max() == pytest.approx(3, rel=0.1)


def test_poisson_equation_is_solved():
    x, y = targets.equal_amplitudes(12, (1, 2), seed=0)
    nets = Derivative(2, [20], weight_std=0.5)
    run = train(nets, x, differentiated(y, 2), steps=100, lr=1e-2, progress=False)
    assert run.losses[0, -1] < run.losses[0, 0] / 5


@pytest.mark.parametrize("order", [3, -1, True, 0.5])
def test_order_is_checked(order):
    with pytest.raises(ValueError, match=re.escape(f"order: expected 0, 1 or 2, got {order!r}")):
        Derivative(order, [4])
