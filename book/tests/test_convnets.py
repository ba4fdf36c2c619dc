"""Convolutional ensembles against torch's own layers, member by member."""

import numpy as np
import pytest
import torch
from torch import nn

import fpkit as fp
from book.convnets import ConvNet

IMAGES = torch.rand(6, 3 * 11 * 13, generator=torch.Generator().manual_seed(0))


def alone(net, member):
    """Build one copy from torch's layers."""
    layers = []
    for weight in net.weights:
        if weight.ndim == 5:
            count, colours, size, _ = weight[member].shape
            layers += [nn.Conv2d(colours, count, size, stride=2), nn.Tanh()]
        else:
            outputs, inputs = weight[member].shape
            layers += [nn.Flatten(), nn.Linear(inputs, outputs), nn.Tanh()]
    layers.pop()  # none on the outputs
    single = nn.Sequential(nn.Unflatten(1, net.image), *layers)
    parameters = [p[member] for pair in zip(net.weights, net.biases, strict=True) for p in pair]
    for own, given in zip(single.parameters(), parameters, strict=True):
        own.data.copy_(given)
    return single


@pytest.mark.parametrize("hidden", [(), (7, 3)])
def test_members_are_single_networks(hidden):
    net = ConvNet((3, 11, 13), 4, channels=(5, 2), hidden=hidden, seeds=[3, 8, 1])
    for bias in net.biases:
        nn.init.normal_(bias)
    with torch.no_grad():
        expected = torch.stack([alone(net, member)(IMAGES) for member in range(3)])
        torch.testing.assert_close(net(IMAGES), expected)
    assert net.size == 3
    assert net.widths == [3 * 11 * 13, 4]


def test_a_member_depends_on_its_seed_only():
    both, one = ConvNet((28, 28), seeds=[1, 2]), ConvNet((28, 28), seeds=[2])
    for two, single in zip(both.weights, one.weights, strict=True):
        assert torch.equal(two[1], single[0])


def test_weights_have_the_size_of_their_fan_in():
    net = ConvNet((28, 28), channels=(8, 16), seeds=range(8))
    assert [tuple(w.shape[1:]) for w in net.weights] == [(8, 1, 5, 5), (16, 8, 3, 3), (10, 400)]
    for weight, inputs in zip(net.weights, (25, 72, 400), strict=True):
        assert float(weight.detach().std()) == pytest.approx(inputs**-0.5, rel=0.05)
    assert all(not bias.any() for bias in net.biases)


def test_antisymmetric_networks_start_at_zero_and_learn():
    nets = ConvNet((8, 8), 2, channels=(4,), seeds=[0, 1], antisymmetric=True)
    x = np.random.default_rng(0).random((30, 64))
    y = np.stack([x[:, :32].mean(axis=1), x[:, 32:].mean(axis=1)], axis=1)
    run = fp.train(nets, x, y, steps=60, lr=3e-3, record_every=20, progress=False)
    assert run.outputs.shape == (2, 4, 30, 2)
    assert not run.outputs[:, 0].any()
    assert (run.losses[:, -1] < 0.2 * run.losses[:, 0]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ConvNet((28,)), r"shape: expected two or three numbers, got \(28,\)"),
        (lambda: ConvNet((28, 0)), "shape: expected a whole number of at least 1, got 0"),
        (lambda: ConvNet(28), "shape: expected a list of layer sizes, got 28"),
        (lambda: ConvNet((28, 28), channels=8), "channels: expected a list of layer sizes, got 8"),
        (lambda: ConvNet((28, 28), hidden=8), "hidden: expected a list of layer sizes, got 8"),
        (lambda: ConvNet((8, 8), channels=(8, 8, 8)), r"images of \(8, 8\) are too small for 3 la"),
        (lambda: ConvNet((28, 28), channels=(0,)), "channels: expected a whole number"),
        (lambda: ConvNet((28, 28), hidden=(-1,)), "hidden: expected a whole number"),
        (lambda: ConvNet((28, 28), activation="tan"), "activation: 'tan' is not known; did you"),
        (lambda: ConvNet((28, 28))(torch.zeros(5, 3)), r"x: expected shape \(N, 784\), got \(5, 3"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
