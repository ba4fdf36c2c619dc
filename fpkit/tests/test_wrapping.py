"""Modules of one's own in the loop of the library."""

import numpy as np
import pytest
import torch
from torch import nn

import fpkit as fp

X = np.linspace(-1, 1, 32, endpoint=False)
Y = np.sin(np.pi * X)


def plain():
    return nn.Sequential(nn.Linear(1, 12), nn.Tanh(), nn.Linear(12, 1))


def normed():
    hidden = [nn.Linear(1, 12), nn.BatchNorm1d(12), nn.Tanh()]
    return nn.Sequential(*hidden, nn.Linear(12, 1)).double()


def frozen():
    net = plain()
    net[0].weight.requires_grad_(False)
    return net


class Branching(nn.Module):
    """What it does depends on the numbers: no single call for all members."""

    def __init__(self):
        super().__init__()
        self.line = nn.Linear(1, 1)

    def forward(self, x):
        z = self.line(x)
        return (z if z.sum() > 0 else 2 * z)[:, 0]


def by_hand(make, seed, steps=20):
    torch.manual_seed(seed)
    net = make()
    x, y = (torch.tensor(a, dtype=net[0].weight.dtype)[:, None] for a in (X, Y))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    for _ in range(steps):
        optimizer.zero_grad()
        (net(x) - y).square().mean().backward()
        optimizer.step()
    net(x)  # as for the last record, which batch norm sees
    return net


@pytest.mark.parametrize("make", [plain, frozen, normed])
def test_members_are_what_they_are_alone(make):
    """Statistics of batch norm, too, and what is not to be trained stays."""
    nets = fp.wrap(make, seeds=[3, 5])
    assert nets.together
    run = fp.train(nets, X, Y, steps=20, lr=1e-2, progress=False)
    assert run.outputs.shape == (2, 2, 32)
    for number, seed in enumerate([3, 5]):
        alone, member = by_hand(make, seed), nets.member(number)
        for name, value in alone.state_dict().items():
            assert torch.allclose(member.state_dict()[name], value, atol=1e-4), name


def test_what_no_single_call_can_do_is_done_in_turn():
    nets = fp.wrap(Branching, seeds=[3, 5])
    assert not nets.together
    run = fp.train(nets, X, X, steps=50, lr=1e-2, progress=False)
    assert (run.losses[:, -1] < run.losses[:, 0]).all()
    x = torch.linspace(-1, 1, 5)[:, None]
    for number in range(2):
        assert torch.equal(nets(x)[number, :, 0], nets.member(number)(x))


def test_a_single_module_is_taken_as_it_is_and_left_alone():
    net = plain()
    before = [p.clone() for p in net.parameters()]
    nets = fp.wrap(net)
    x = torch.tensor(X, dtype=torch.float32)[:, None]
    assert torch.allclose(nets(x)[0], net(x), atol=1e-6)
    fp.train(nets, X, Y, steps=3, lr=1e-2, progress=False)
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))
    assert not torch.equal(nets.member(0)(x), net(x))


def test_dropout_follows_the_mode():
    nets = fp.wrap(lambda: nn.Sequential(plain(), nn.Dropout(0.5)))
    x = torch.ones(64, 1)
    assert (nets(x) == 0).any()
    assert not (nets.eval()(x) == 0).any()


def test_a_wrapped_training_goes_on_from_its_checkpoint(tmp_path):
    whole = fp.train(fp.wrap(normed, seeds=[1]), X, Y, steps=8, lr=1e-2, progress=False)
    kept = {"lr": 1e-2, "steps": 8, "progress": False, "checkpoint": tmp_path / "run.pt"}
    fp.train(fp.wrap(normed, seeds=[1]), X, Y, **kept)
    again = fp.train(fp.wrap(normed, seeds=[1]), X, Y, **kept)
    assert np.array_equal(again.outputs, whole.outputs)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fp.wrap(plain()), None),
        (lambda: fp.wrap(plain(), seeds=[0, 1]), "module: got one module for 2 seeds"),
        (lambda: fp.wrap(plain, inputs=2), r"module: it does not take points of shape \(3, 2\)"),
        (lambda: fp.wrap(nn.Tanh()), "module: expected parameters to train, got none"),
        (lambda: fp.wrap(lambda z: z), "module: expected a function without arguments .*'z'"),
        (lambda: fp.wrap(nn.Linear), "module: .* without arguments .*'in_features'"),
        (lambda: fp.wrap(dict), "module: expected it to make a torch module, got {}"),
        (lambda: fp.wrap(3), "module: expected a module or a function that makes one, got 3"),
        (lambda: fp.wrap(plain, inputs=0), "inputs: expected a whole number of at least 1"),
        (
            lambda: fp.wrap(lambda: nn.Sequential(plain(), nn.Flatten(0))),
            None,
        ),
        (
            lambda: fp.wrap(lambda: nn.Sequential(plain(), nn.Unflatten(1, (1, 1)))),
            r"module: expected outputs \(N,\) or \(N, outputs\)",
        ),
    ],
)
def test_errors_name_the_argument(call, message):
    if message is None:
        assert call().size == 1
        return
    with pytest.raises(ValueError, match=message):
        call()
