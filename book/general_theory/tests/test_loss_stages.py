"""Rates of the loss by frequency: against tiny steps, a double loop, and hand-made rates."""

import numpy as np
import pytest
import torch

from book.general_theory import loss_stages
from fpkit import MLP, losses

X = np.linspace(-1, 1, 32, endpoint=False)
Y = np.sin(3 * X) + X**2
RHO = loss_stages.gaussian(X, 0.3)
LOSSES = {"square": losses.mse, "log-cosh": losses.log_cosh}
SLOPES = {"square": lambda r: 2 * r, "log-cosh": np.tanh}


def networks(activation="tanh", hidden=(4, 3), **changes):
    settings = {"weight_std": 0.8, "seeds": [0, 5], "dtype": torch.float64, **changes}
    return MLP([1, *hidden, 1], activation=activation, **settings)


def error(nets):
    return nets(torch.as_tensor(X[:, None]))[..., 0].detach().numpy() - Y


def population_loss(nets, loss):
    """Return Σ ρ ℓ(r) of each member, from the pointwise functions."""
    r = error(nets)
    pointwise = r**2 if loss == "square" else np.log(np.cosh(r))
    return (pointwise * RHO).sum(axis=1)


def spectrum_power(nets):
    """Return |F[r√ρ](k)|² with k and -k together, so that the sum over k is the loss."""
    power = 2 * np.abs(np.fft.rfft(error(nets) * np.sqrt(RHO * len(X)), norm="forward")) ** 2
    power[:, [0, -1]] /= 2
    return power


def moved(nets, loss, step):
    """Return copies whose parameters went ``step`` along -∇L, by automatic differentiation."""
    copy = networks(nets.activation, nets.widths[1:-1])
    r = copy(torch.as_tensor(X[:, None]))[..., 0] - torch.as_tensor(Y)
    pointwise = r.square() if loss == "square" else torch.log(torch.cosh(r))
    total = (pointwise * torch.as_tensor(RHO)).sum()
    parameters = list(copy.parameters())
    with torch.no_grad():
        for p, g in zip(parameters, torch.autograd.grad(total, parameters), strict=True):
            p -= step * g
    return copy


@pytest.mark.parametrize("activation", ["tanh", "gelu", "relu"])
@pytest.mark.parametrize("hidden", [(5,), (4, 3)])
def test_rates_of_the_square_are_those_of_a_tiny_step(activation, hidden):
    nets, step = networks(activation, hidden), 1e-6
    ahead, behind = (spectrum_power(moved(nets, "square", h)) for h in (step, -step))
    rates = loss_stages.loss_rates(nets, X, Y, density=RHO)
    np.testing.assert_allclose(rates, (ahead - behind) / (2 * step), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
def test_rates_add_up_to_the_decrease_of_the_loss(loss):
    nets, step = networks(), 1e-6
    ahead, behind = (population_loss(moved(nets, loss, h), loss) for h in (step, -step))
    rates = loss_stages.loss_rates(nets, X, Y, density=RHO, loss=LOSSES[loss])
    assert rates.sum(axis=1) == pytest.approx((ahead - behind) / (2 * step), rel=1e-6)
    assert (rates.sum(axis=1) < 0).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_rates_are_a_double_loop_over_points(loss):
    nets = networks(seeds=[5])
    parameters = list(nets.parameters())
    jacobian = []
    for x in X:
        output = nets(torch.tensor([[x]], dtype=torch.float64)).sum()
        slopes = torch.autograd.grad(output, parameters)
        jacobian.append(np.concatenate([s.numpy().ravel() for s in slopes]))
    force = SLOPES[loss](error(nets)[0])
    rates = loss_stages.loss_rates(nets, X, Y, density=RHO, loss=LOSSES[loss])[0]
    n, k = len(X), 3
    expected = 0.0
    for i in range(n):
        speed = sum(-jacobian[i] @ jacobian[j] * force[j] * RHO[j] for j in range(n))
        for j in range(n):
            wave = np.cos(2 * np.pi * k * (i - j) / n)
            expected += 2 * force[j] * np.sqrt(RHO[j]) * speed * np.sqrt(RHO[i]) * wave / n
    assert rates[k] == pytest.approx(expected, rel=1e-10)


def test_single_precision_networks_are_measured_in_double_and_left_alone():
    nets = networks(dtype=torch.float32)
    before = [p.clone() for p in nets.parameters()]
    with torch.no_grad():  # as while a run is recorded
        rates = loss_stages.loss_rates(nets, X, Y, density=RHO)
    assert rates.dtype == np.float64
    assert nets.dtype == torch.float32
    for p, old in zip(nets.parameters(), before, strict=True):
        assert torch.equal(p, old)
        assert p.grad is None
    np.testing.assert_allclose(
        rates, loss_stages.loss_rates(networks(), X, Y, density=RHO), atol=1e-6
    )


def test_members_and_copies_do_not_mix():
    both = loss_stages.loss_rates(networks(antisymmetric=True), X, Y, density=5 * RHO)
    alone = loss_stages.loss_rates(networks(seeds=[5], antisymmetric=True), X, Y, density=RHO)
    np.testing.assert_allclose(both[1:], alone, rtol=1e-9, atol=1e-12)


def test_a_cut_density_leaves_a_floor():
    x = np.linspace(-1, 1, 512, endpoint=False)
    nets, y = networks(weight_std=0.3), np.sin(9 * x)
    above = [
        loss_stages.share_above(
            loss_stages.loss_rates(nets, x, y, density=loss_stages.gaussian(x, s)), [64]
        )
        for s in (0.1, 0.5)
    ]
    assert above[0].max() < 1e-15
    assert above[1].min() > 1e-9


def test_gaussian_is_a_density():
    rho = loss_stages.gaussian([-0.1, 0.0, 0.2], 0.1)
    assert rho.sum() == pytest.approx(1)
    assert rho / rho[1] == pytest.approx([np.exp(-0.5), 1, np.exp(-2)])


def test_share_above_by_hand():
    rates = np.array([[-4.0, -3.0, 2.0, -1.0], [0.0, 0.0, 0.0, -1.0]])
    expected = [[6 / 10, 3 / 10, 1 / 10], [1, 1, 1]]
    np.testing.assert_allclose(loss_stages.share_above(rates, [0, 1.5, 2]), expected)


def test_small_shares_are_not_lost_beside_large_ones():
    assert loss_stages.share_above([1.0, 1e-30, 1e-30], [0, 1])[1] == pytest.approx(1e-30)


def test_exponent_of_a_power_and_of_an_exponential():
    eta = np.array([4.0, 8.0, 16.0])
    assert loss_stages.exponent(7 * eta**-2.5, eta) == pytest.approx(2.5)
    assert loss_stages.exponent(np.stack([eta**-1.0, 0 * eta + 3]), eta) == pytest.approx([1, 0])
    early, late = (loss_stages.exponent(np.exp(-eta[i : i + 2]), eta[i : i + 2]) for i in (0, 1))
    assert late == pytest.approx(2 * early)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"density": -RHO}, "density: expected numbers of at least 0, not all of them 0"),
        ({"density": 0 * RHO}, "density: expected numbers of at least 0, not all of them 0"),
        ({"density": RHO[1:]}, r"density: expected one value per point of x \(32\), got 31"),
        ({"y": Y[:5]}, r"y: expected one value per point of x \(32\), got 5"),
        ({"x": X**3}, "x: expected equal steps"),
        ({"nets": MLP([2, 3, 1])}, "nets: expected one input and one output"),
    ],
)
def test_loss_rates_name_what_is_wrong(changes, message):
    arguments = {"nets": networks(), "x": X, "y": Y, "density": RHO, **changes}
    with pytest.raises(ValueError, match=message):
        loss_stages.loss_rates(**arguments)


def test_shares_and_exponents_name_what_is_wrong():
    with pytest.raises(ValueError, match="eta: expected frequencies from 0 to below 2"):
        loss_stages.share_above([1.0, 1.0, 1.0], [2])
    with pytest.raises(ValueError, match="rates: all are zero"):
        loss_stages.share_above([[1.0, 1.0], [0.0, 0.0]], [0])
    with pytest.raises(ValueError, match="at least 2 frequencies, got 3 for 2"):
        loss_stages.exponent([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="share: expected numbers above 0, got 0"):
        loss_stages.exponent([1, 0], [1, 2])
    with pytest.raises(ValueError, match="sigma: expected a finite number above 0"):
        loss_stages.gaussian([0, 1], 0)
