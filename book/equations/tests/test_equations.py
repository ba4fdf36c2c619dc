"""Solvers against automatic differentiation and matrices; claims on results made by hand."""

from functools import partial

import numpy as np
import pytest
import torch

from book.equations import iterating, poisson
from book.equations.poisson import Solver

X = np.linspace(0.05, 0.9, 6)


@pytest.mark.parametrize("scales", [(), (1.0,), (1.0, 3.0)])
def test_second_derivative_is_that_of_the_network(scales):
    nets = Solver([6, 5], [scales] * 2, features=4, seeds=[2, 5]).double()
    x = torch.as_tensor(X)[:, None].requires_grad_()
    u, bent = nets(x).unbind(dim=-1)
    for member in range(2):
        (slope,) = torch.autograd.grad(u[member].sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(slope.sum(), x, retain_graph=True)
        torch.testing.assert_close(bent[member], second[:, 0])


@pytest.mark.parametrize("scales", [(), (1.0, 3.0)])
def test_ends_are_built_in(scales):
    ends = Solver([6], [scales], features=4)(torch.tensor([[0.0], [1.0]]))
    assert ends[..., 0].abs().max() == 0


def test_members_of_a_seed_differ_in_their_scales_only():
    x = torch.as_tensor(X, dtype=torch.float32)[:, None]
    both = Solver([6], [(1.0, 1.0), (1.0, 10.0)], features=4, seeds=[3, 3])
    alone = Solver([6], [(1.0, 10.0)], features=4, seeds=[3])
    torch.testing.assert_close(both(x)[1], alone(x)[0])
    torch.testing.assert_close(both.omegas[0, 0], both.omegas[1, 0])
    torch.testing.assert_close(10 * both.omegas[0, 1], both.omegas[1, 1])
