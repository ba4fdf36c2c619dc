"""What is written out, against autograd: gradients, and outputs after fifty steps."""

import numpy as np
import pytest
import torch
from torch import nn

from fpkit import MLP, losses, train
from fpkit.backpropagation import RULES, Autograd, Backpropagation, is_written_out, one_vector
from fpkit.networks import ACTIVATIONS

POINTS = 12
X = np.linspace(-1, 1, POINTS, endpoint=False)
WEIGHTS = np.arange(1.0, 8.0)  # of the modes of a Fourier loss
LOSSES = {
    "mse": losses.mse,
    "mae": losses.mae,
    "half_sse": losses.half_sse,
    "fourier": losses.WeightedFourier(WEIGHTS),
    "fourier, one each": losses.WeightedFourier(np.stack([WEIGHTS, WEIGHTS[::-1], 1 / WEIGHTS])),
    "log_cosh": losses.log_cosh,
}
SHAPES = {
    "line": [1, 1],
    "small": [1, 7, 1],
    "uneven": [1, 3, 9, 5, 1],
    "plane": [2, 8, 8, 3],
}


def network(widths=(1, 8, 8, 1), **changes) -> MLP:
    how = {"weight_std": 0.7, "seeds": [0, 1, 2], "dtype": torch.float64, **changes}
    return MLP(list(widths), **how)


def data(widths):
    drawn = np.random.default_rng(0)
    return (
        np.stack([X**power for power in range(1, widths[0] + 1)], axis=1),
        drawn.normal(size=(3, POINTS, widths[-1])),
    )


@pytest.fixture
def by_autograd(monkeypatch):
    """Return a function like `train` for which nothing is written out."""

    def run(*arguments, **how):
        with monkeypatch.context() as patch:
            patch.setattr("fpkit.parts.is_written_out", lambda nets: False)
            patch.setattr("fpkit.losses.gradient", lambda loss, members: None)
            return train(*arguments, **how)

    return run


def test_every_activation_is_written_out():
    assert RULES.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("activation", sorted(RULES))
@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("antisymmetric", [False, True])
def test_gradients_are_those_of_autograd(activation, shape, antisymmetric):
    nets = network(SHAPES[shape], activation=activation, antisymmetric=antisymmetric)
    if antisymmetric:  # else both copies are equal, and so are errors in them
        with torch.no_grad():
            nets.weights[0][3:] *= 0.5
    x = torch.from_numpy(data(SHAPES[shape])[0])
    delta = torch.from_numpy(data(SHAPES[shape])[1])
    found = []
    for kind in (Autograd, lambda nets: Backpropagation(nets, POINTS)):
        nets.zero_grad(set_to_none=True)
        passes = kind(nets)
        outputs = passes.forward(x).clone()
        passes.backward(delta)
        found.append([outputs, *(each.grad for each in nets.parameters())])
    for wanted, got in zip(*found, strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("ends", [(0.0, 1.0), (1.0, 3.9), (4.0, 6.0), (6.0, 8.0)], ids=str)
def test_slopes_of_saturated_units_are_right_on_the_whole(ends):
    """In single precision NumPy's tanh alone would make them smaller by up to 2 %."""
    z = torch.linspace(*ends, 100_001)
    h, found = torch.empty_like(z), torch.empty_like(z)
    RULES["tanh"].apply(z, h)
    found.copy_(h)
    RULES["tanh"].chain(torch.ones_like(z), z, found)
    wanted = 1 - torch.tanh(z.double()).square()
    assert (found.double() / wanted).mean() == pytest.approx(1, abs=1e-3)
    assert (h - torch.tanh(z)).abs().max() <= 2 * torch.finfo(torch.float32).eps


@pytest.mark.parametrize("loss", sorted(LOSSES))
@pytest.mark.parametrize("activation", ["tanh", "relu", "sin"])
@pytest.mark.parametrize("how", [{}, {"batch_size": 5}, {"optimizer": "sgd"}], ids=str)
@pytest.mark.parametrize("work", [1, 1 << 24], ids=["parts", "whole"])
def test_outputs_after_fifty_steps(by_autograd, monkeypatch, loss, activation, how, work):
    monkeypatch.setattr("fpkit.parts.WORK", work)
    if "fourier" in loss and "batch_size" in how:
        how = {"record_every": 7}  # its modes are those of all points
    how = {"steps": 50, "lr": 1e-3, "loss": LOSSES[loss], "progress": False, **how}
    nets, others = network(activation=activation), network(activation=activation)
    x, y = data([1, 1])
    found, wanted = train(nets, x, y, **how), by_autograd(others, x, y, **how)
    np.testing.assert_allclose(found.outputs, wanted.outputs, rtol=0, atol=1e-11)
    np.testing.assert_allclose(found.losses, wanted.losses, rtol=1e-10)
    for own, theirs in zip(nets.parameters(), others.parameters(), strict=True):
        torch.testing.assert_close(own, theirs, rtol=0, atol=1e-11)


def test_single_precision_differs_by_rounding(by_autograd):
    how = {"steps": 50, "lr": 1e-3, "progress": False}
    x, y = data([1, 1])
    found = train(network(dtype=torch.float32), x, y, **how)
    wanted = by_autograd(network(dtype=torch.float32), x, y, **how)
    assert not np.array_equal(found.outputs, wanted.outputs)
    np.testing.assert_allclose(found.outputs, wanted.outputs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("loss", [name for name in sorted(LOSSES) if name != "log_cosh"])
def test_gradients_of_losses_are_those_of_autograd(loss):
    drawn = torch.Generator().manual_seed(0)
    outputs, targets = (torch.randn(3, POINTS, 1, generator=drawn) for _ in range(2))
    outputs.requires_grad_()
    LOSSES[loss](outputs, targets).sum().backward()
    for members in (range(3), range(1, 3)):
        rows = slice(members.start, members.stop)
        found = losses.gradient(LOSSES[loss], members)(outputs.detach()[rows], targets[rows])
        torch.testing.assert_close(found, outputs.grad[rows])


def test_another_loss_is_left_to_autograd():
    assert losses.gradient(losses.log_cosh, range(3)) is None
    assert losses.gradient(nn.Identity(), range(3)) is None


def hooked():
    nets = network()
    nets.register_forward_hook(lambda *_: None)
    return nets


def frozen():
    nets = network()
    nets.biases[0].requires_grad_(False)
    return nets


class Doubled(MLP):
    def forward(self, x):
        return 2 * super().forward(x)


@pytest.mark.parametrize(
    "nets",
    [hooked(), frozen(), Doubled([1, 3, 1]), network(activation=torch.atan), network().to("meta")],
    ids=["hooked", "frozen", "another forward", "another activation", "another device"],
)
def test_other_networks_are_left_to_autograd(nets):
    assert is_written_out(network())
    assert not is_written_out(nets)


def test_one_vector_holds_parameters_and_gradients():
    nets, before = network(), [each.detach().clone() for each in network().parameters()]
    vector = one_vector(nets)
    assert all(map(torch.equal, nets.parameters(), before))
    with torch.no_grad():
        vector += 1
    vector.grad.fill_(2)
    for parameter, value in zip(nets.parameters(), before, strict=True):
        assert torch.equal(parameter, value + 1)
        assert torch.equal(parameter.grad, torch.full_like(value, 2))


def test_a_loss_that_uses_the_networks_is_refused():
    nets = network()

    def penalised(outputs, targets):
        return losses.mse(outputs, targets) + nets.weights[0].square().sum(dim=(1, 2))

    with pytest.raises(ValueError, match=r"loss: it uses the networks' parameters, but copies"):
        train(nets, X, X, steps=1, lr=1e-3, loss=penalised, progress=False)


def test_networks_are_as_before_but_for_their_numbers():
    """Parameters of their own again, not parts of one vector that a copy would drag along."""
    nets = network()
    train(nets, X, X, steps=1, lr=1e-3, progress=False)
    for parameter in nets.parameters():
        assert parameter.untyped_storage().nbytes() == parameter.numel() * 8
        assert parameter.grad is None
