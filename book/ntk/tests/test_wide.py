"""Wide networks: their kernel against their Jacobian, their output against its formula."""

import numpy as np
import pytest
import torch

from book.ntk.wide import WideMLP
from fpkit import theory
from fpkit.tests.test_theory import kernel_one_by_one


@pytest.mark.parametrize("scaling", ["lazy", "mean field"])
@pytest.mark.parametrize("antisymmetric", [False, True])
def test_kernel_of_wide_networks_is_that_of_their_jacobian(scaling, antisymmetric):
    nets = WideMLP(
        [2, 5, 3, 1], gain=1.7, bias=0.6, scaling=scaling, activation="tanh", seeds=[3, 7],
        antisymmetric=antisymmetric, dtype=torch.float64,
    )  # fmt: skip
    points = np.random.default_rng(0).standard_normal((5, 2))
    parameters = {name: p.detach() for name, p in nets.named_parameters()}

    def summed(p):
        return torch.func.functional_call(nets, p, torch.as_tensor(points))[..., 0].sum(0)

    parts = torch.func.jacrev(summed)(parameters).values()
    found = sum(torch.einsum("icp,jcp->cij", *[part.flatten(2)] * 2) for part in parts)
    found = found[:2] + found[2:] if antisymmetric else found
    np.testing.assert_allclose(theory.kernel(nets, points), found, rtol=1e-10)
    np.testing.assert_allclose(kernel_one_by_one(nets, points), found, rtol=1e-10)


@pytest.mark.parametrize(("scaling", "power"), [("lazy", 0.5), ("mean field", 1.0)])
def test_output_of_wide_networks_is_divided(scaling, power):
    nets = WideMLP(
        [1, 9, 1], gain=3.0, bias=0.5, scaling=scaling, antisymmetric=False, seeds=[4],
        dtype=torch.float64,
    )  # fmt: skip
    (w, v), (b, c) = ([p[0].detach() for p in group] for group in (nets.weights, nets.biases))
    x = torch.linspace(-1, 1, 5, dtype=torch.float64)[:, None]
    hidden = torch.relu(3 * x @ w + 0.5 * b)
    expected = (3 / 9**power) * hidden @ v + 0.5 * c / 9 ** (power - 0.5)
    torch.testing.assert_close(nets(x)[0], expected)


def test_antisymmetric_wide_networks_start_at_zero():
    nets = WideMLP([2, 6, 6, 1], seeds=[0, 1])
    assert not nets(torch.ones(4, 2)).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: WideMLP([1, 2, 1], gain=0),
         r"gain: expected a finite number above 0, got 0"),
        (lambda: WideMLP([1, 2, 1], bias=-1),
         r"bias: expected a finite number above 0, got -1"),
        (lambda: WideMLP([1, 2, 1], scaling="meanfield"),
         r"scaling: 'meanfield' is not known; did you mean 'mean field'"),
    ],
)  # fmt: skip
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
