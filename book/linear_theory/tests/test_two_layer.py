"""Two-layer networks: derivatives, kernels, and training to the predicted limit."""

from functools import partial

import numpy as np
import pytest
import torch

import fpkit as fp
from book.linear_theory import two_layer, wide_limit
from book.linear_theory.two_layer import TwoLayer
from book.linear_theory.wide_limit import Moments

X = np.array([-0.8, -0.6, -0.3, -0.06, 0.1])
Y = np.array([0.25, -0.25, -0.07, 0.15, -0.05])


def test_it_is_its_formula():
    nets = TwoLayer(3, outer=1.0, inner=2.0, seeds=[4])
    with torch.no_grad():
        nets.w[1] *= 0.5  # the second copy
    w, r, l = (p.detach().numpy() for p in (nets.w, nets.r, nets.l))  # noqa: E741
    copies = [sum(w[c, j] * max(r[c, j] * (0.3 + l[c, j]), 0) for j in range(3)) for c in (0, 1)]
    found = nets(torch.tensor([[0.3]], dtype=torch.float64)).item()
    assert found == pytest.approx((copies[0] - copies[1]) / np.sqrt(2))


CASES = [(1, "wrl"), (1, "w"), (1, "rl"), (2, "wrl"), (2, "wrlu"), (2, "ru")]


@pytest.mark.parametrize(("dim", "trained"), CASES)
def test_the_kernel_against_automatic_differentiation(dim, trained):
    nets = TwoLayer(6, outer=1.3, inner=0.8, dim=dim, trained=trained, seeds=[0, 3])
    points = np.random.default_rng(0).uniform(-1, 1, (4, dim))
    outputs = nets(torch.tensor(points))[..., 0]
    chosen = [p for p in nets.parameters() if p.requires_grad]
    for member in (0, 1):
        rows = [torch.autograd.grad(out, chosen, retain_graph=True) for out in outputs[member]]
        # The output has a factor 1/√2, and only the first copy is looked at.
        jacobian = torch.stack([torch.cat([g[member].flatten() for g in row]) for row in rows])
        expected = 2 * (jacobian @ jacobian.T).numpy()
        np.testing.assert_allclose(nets.kernel(points, points)[member], expected, rtol=1e-10)


@pytest.mark.parametrize(("dim", "trained"), [c for c in CASES if "u" not in c[1]])
def test_closed_derivatives_against_differences(dim, trained):
    nets = TwoLayer(5, outer=1.0, inner=1.0, dim=dim, trained=trained, seeds=[1])
    x = torch.tensor(np.random.default_rng(1).uniform(-1, 1, (3, dim)))
    nets(x)[0, :, 0].square().sum().backward()
    for p in (p for p in nets.parameters() if p.requires_grad):
        for place in ((0, 0), (1, 3)):
            with torch.no_grad():
                values = []
                for step in (1e-6, -2e-6):
                    p[place] += step
                    values.append(nets(x)[0, :, 0].square().sum().item())
                p[place] += 1e-6
            expected = (values[0] - values[1]) / 2e-6
            assert p.grad[place].item() == pytest.approx(expected, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize(("dim", "trained"), [(1, "wrl"), (2, "wrl"), (2, "wrlu")])
def test_the_kernel_tends_to_the_closed_form(dim, trained):
    points = np.random.default_rng(2).uniform(-1, 1, (4, dim))
    nets = TwoLayer(20_000, outer=0.6, inner=1.5, dim=dim, half_width=2, trained=trained, even=True)
    c = wide_limit.coefficients(Moments.uniform(0.6), Moments.uniform(1.5))
    expected = wide_limit.lfp_kernel(points, points, c, half_width=2, neurons=20_000)
    if "u" in trained:
        outer = Moments.uniform(0.6)
        expected += wide_limit.direction_term(points, points, outer, half_width=2, neurons=20_000)
    np.testing.assert_allclose(nets.kernel(points, points)[0], expected, rtol=0.01)


def test_even_draws_are_closer_to_their_limit_than_random_ones():
    c = wide_limit.coefficients(Moments.uniform(1.0), Moments.uniform(1.0))
    expected = wide_limit.lfp_kernel(X, X, c, half_width=4, neurons=2_000)
    off = [
        np.abs(TwoLayer(2_000, outer=1, inner=1, even=even, seeds=range(4)).kernel(X, X) / expected
               - 1).max() for even in (False, True)
    ]  # fmt: skip
    assert off[1] < off[0] / 3


def trained(nets, steps):
    rates = np.linalg.eigvalsh(nets.kernel(X, X))
    lr, momentum = two_layer.heavy_ball([rates.min(), rates.max()])
    return fp.train(
        nets, X, Y, steps=steps, lr=lr, loss=fp.losses.half_sse, progress=False,
        optimizer=partial(torch.optim.SGD, momentum=momentum), eval_x=np.linspace(-0.8, 0.1, 19),
        record_every=steps, observe=two_layer.movement(nets),
    )  # fmt: skip


def test_a_lazy_network_ends_at_the_limit_of_its_own_kernel():
    nets = TwoLayer(500, outer=10, inner=10, half_width=1, seeds=[0, 1])
    run_x = np.linspace(-0.8, 0.1, 19)
    expected = [
        wide_limit.evolve(gram, cross, Y, np.inf)[0]
        for gram, cross in zip(nets.kernel(X, X), nets.kernel(run_x, X), strict=True)
    ]
    run = trained(nets, 120)
    assert np.abs(run.outputs[:, 0]).max() == 0  # it starts at zero
    assert (run.observed["moved"][:, -1] < 1e-3).all()
    np.testing.assert_allclose(run.outputs[:, -1], expected, atol=0.01)


def test_movement_is_relative_to_the_start():
    nets = TwoLayer(4, outer=1, inner=1, seeds=[0, 1])
    observe = two_layer.movement(nets)
    assert observe(nets)["moved"].tolist() == [0, 0]
    with torch.no_grad():
        nets.w[3] *= 1.5  # second copy of the second member
        nets.l[1] *= 1.1
    np.testing.assert_allclose(observe(nets)["moved"], [0, 0.5])


def test_heavy_ball_of_equal_eigenvalues_is_a_plain_step():
    assert two_layer.heavy_ball([4.0, 4.0]) == pytest.approx((0.9 / 4, 0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TwoLayer(0, outer=1, inner=1), "neurons: expected a whole number of at least 1"),
        (lambda: TwoLayer(2, outer=0, inner=1), "outer: expected a finite number above 0, got 0"),
        (lambda: TwoLayer(2, outer=1, inner=1, dim=3), "dim: expected 1 or 2, got 3"),
        (lambda: TwoLayer(2, outer=1, inner=1, trained="wu"), "trained: 'u' is not known"),
        (lambda: TwoLayer(2, outer=1, inner=1, trained=""), "trained: expected at least one of"),
        (lambda: TwoLayer(2, outer=1, inner=1)(torch.zeros(3, 2, dtype=torch.float64)),
         r"x: expected shape \(N, 1\), got \(3, 2\)"),
        (lambda: TwoLayer(2, outer=1, inner=1, dim=2, trained="wu"),
         "trained: 'u' is trained together with 'r', as one vector; got no 'r'"),
        (lambda: two_layer.heavy_ball([0.0, 1.0]), "eigenvalues: expected numbers above 0, got 0"),
    ],
)  # fmt: skip
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
