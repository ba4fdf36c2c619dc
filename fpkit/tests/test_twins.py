"""A rounding twin: the same networks, one unit in the last place away."""

import numpy as np
import pytest
import torch

from book.convnets import ConvNet
from fpkit import MLP, train, twins


def arrays(nets):
    return [p.numpy(force=True).copy() for p in nets.parameters()]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_parameter_moves_by_one_unit_in_the_last_place(dtype):
    nets = MLP([1, 20, 1], seeds=[0, 1], dtype=dtype)
    before = arrays(nets)
    twins.move(nets, 0)
    for old, new in zip(before, arrays(nets), strict=True):
        up, down = np.nextafter(old, np.inf), np.nextafter(old, -np.inf)
        assert ((new == up) | (new == down)).all()
        assert old.dtype == new.dtype
    weights = before[1], arrays(nets)[1]
    assert 0.2 < np.mean(weights[1] > weights[0]) < 0.8  # in both directions


def test_the_directions_are_those_of_the_seed():
    moved = []
    for seed in (0, 0, 1):
        nets = MLP([1, 20, 1], seeds=[0])
        twins.move(nets, seed)
        moved.append(arrays(nets))
    assert all(np.array_equal(a, b) for a, b in zip(moved[0], moved[1], strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(moved[0], moved[2], strict=True))


def test_both_copies_of_an_antisymmetric_network_move_on_their_own():
    nets = ConvNet((8, 8), 1, channels=(2,), seeds=[0], antisymmetric=True)
    assert nets(torch.ones(1, 64)).abs().max() == 0
    twins.move(nets, 0)
    assert 0 < nets(torch.ones(1, 64)).abs().max() < 1e-5


def test_training_moves_the_first_weights_and_nothing_else():
    x = np.linspace(-1, 1, 16)
    how = {"steps": 4, "lr": 1e-3, "record_every": 1, "progress": False}
    runs = []
    for twin in (None, 3):
        nets = MLP([1, 20, 1], seeds=[0])
        runs.append(train(nets, x, np.sin(3 * x), twin=twin, **how))
    moved = MLP([1, 20, 1], seeds=[0])
    twins.move(moved, 3)
    by_hand = train(moved, x, np.sin(3 * x), **how)
    assert np.array_equal(runs[1].outputs, by_hand.outputs)
    assert 0 < np.abs(runs[1].outputs - runs[0].outputs).max() < 1e-5


def test_the_seed_of_a_twin_is_checked():
    with pytest.raises(ValueError, match="twin: expected a whole number of at least 0, got -1"):
        twins.move(MLP([1, 4, 1]), -1)
