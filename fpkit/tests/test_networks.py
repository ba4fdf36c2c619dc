"""Ensembles are their members; a member is a plain network."""

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn

from book.convnets import ConvNet
from book.limits.derivatives import Derivative
from book.linear_theory.two_layer import TwoLayer
from book.ntk.wide import WideMLP
from fpkit import MLP, train
from fpkit.networks import ACTIVATIONS

WIDTHS = [1, 20, 30, 1]
POINTS = torch.linspace(-1, 1, 17, dtype=torch.float64)[:, None]

# Written out, not taken from the package.
ORACLES = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "sin": np.sin,
    "gelu": lambda z: z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "ricker": lambda z: (1 - z**2) * np.exp(-(z**2) / 2),
    "linear": lambda z: z,
}


def plain_network(nets: MLP, member: int = 0) -> nn.Sequential:
    """Return one tanh member as the network that torch's tutorials build."""
    modules = []
    for weight, bias in zip(nets.weights, nets.biases, strict=True):
        linear = nn.Linear(*weight.shape[1:], dtype=weight.dtype)
        with torch.no_grad():
            linear.weight.copy_(weight[member].T)
            linear.bias.copy_(bias[member, 0])
        modules += [linear, nn.Tanh()]
    return nn.Sequential(*modules[:-1])


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activation_is_its_formula(name):
    z = np.linspace(-4, 4, 101)
    result = ACTIVATIONS[name](torch.from_numpy(z)).numpy()
    np.testing.assert_allclose(result, ORACLES[name](z), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("member", [0, 2])
def test_forward_is_that_of_a_plain_network(member):
    nets = MLP(WIDTHS, weight_std=0.5, seeds=[4, 5, 6], dtype=torch.float64)
    expected = plain_network(nets, member)(POINTS)
    torch.testing.assert_close(nets(POINTS)[member], expected, rtol=1e-13, atol=1e-14)


def test_forward_shape():
    assert MLP([2, 5, 3], seeds=range(4))(torch.zeros(7, 2)).shape == (4, 7, 3)


@pytest.mark.parametrize("antisymmetric", [False, True])
def test_every_member_can_have_its_own_inputs(antisymmetric):
    nets = MLP([2, 9, 1], seeds=range(3), dtype=torch.float64, antisymmetric=antisymmetric)
    with torch.no_grad():
        for weight in nets.weights:
            weight.add_(torch.arange(weight.numel(), dtype=torch.float64).reshape(weight.shape) / 9)
    own = torch.from_numpy(np.random.default_rng(0).standard_normal((3, 11, 2)))
    alone = torch.stack([nets(own[member])[member] for member in range(3)])
    torch.testing.assert_close(nets(own), alone, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("antisymmetric", [False, True])
def test_inputs_for_one_serve_every_member(antisymmetric):
    kind = {"antisymmetric": antisymmetric, "dtype": torch.float64}
    nets = MLP(WIDTHS, weight_std=0.5, seeds=range(3), **kind)
    nets.weights[0].data[0] += 1  # not antisymmetric any more
    assert torch.equal(nets(POINTS[None]), nets(POINTS))


@pytest.mark.parametrize("antisymmetric", [False, True])
def test_ensemble_equals_single_networks_before_training(antisymmetric):
    kind = {"weight_std": 0.4, "antisymmetric": antisymmetric, "dtype": torch.float64}
    together = MLP(WIDTHS, seeds=range(8), **kind)(POINTS)
    alone = torch.cat([MLP(WIDTHS, seeds=[seed], **kind)(POINTS) for seed in range(8)])
    torch.testing.assert_close(together, alone, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_ensemble_equals_single_networks_after_200_adam_steps(dtype, tolerance):
    x = np.linspace(-1, 1, 30)
    y = np.stack([np.sin((member + 1) * x) for member in range(8)])
    stds = np.linspace(0.1, 0.8, 8)
    how = {"steps": 200, "lr": 1e-3, "progress": False}
    together = MLP(WIDTHS, seeds=range(8), weight_std=stds, dtype=dtype)
    train(together, x, y, **how)
    for member in range(8):
        alone = MLP(WIDTHS, seeds=[member], weight_std=stds[member], dtype=dtype)
        train(alone, x, y[member], **how)
        for ours, theirs in zip(together.parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(ours[member], theirs[0], rtol=0, atol=tolerance)


@pytest.mark.parametrize(("weight_std", "bias_std"), [(0.1, None), (0.3, 2.0), (1.0, 0.5)])
def test_initial_parameters_have_the_wanted_spread(weight_std, bias_std):
    nets = MLP([1, 400, 400, 1], weight_std=weight_std, bias_std=bias_std)
    weights, biases = nets.weights[1].detach(), torch.cat(list(nets.biases[:2]), 2).detach()
    for values, std in ((weights, weight_std), (biases, bias_std or weight_std)):
        error = 1 / math.sqrt(values.numel())  # one standard error, in units of std
        assert abs(values.mean() / std) < 4 * error
        assert abs(values.std() / std - 1) < 4 * error


def test_initial_weights_are_normal():
    weights = MLP([1, 300, 300, 1], weight_std=1.0).weights[1].detach().flatten()
    for bound, share in ((1.0, 0.682689), (2.0, 0.954500)):
        assert (weights.abs() < bound).double().mean() == pytest.approx(share, abs=0.005)


def test_standard_deviations_per_member():
    nets = MLP([1, 50, 1], weight_std=[0.1, 1.0], bias_std=[2.0, 0.0], seeds=[7, 7])
    torch.testing.assert_close(10 * nets.weights[0][0], nets.weights[0][1])
    assert nets.biases[0][0].abs().max() > 1
    assert (nets.biases[0][1] == 0).all()


@pytest.mark.parametrize("std", [np.float32(0.5), np.float64(0.5), np.array([0.5])])
def test_standard_deviation_from_numpy(std):
    assert torch.equal(
        MLP(WIDTHS, weight_std=std).weights[0], MLP(WIDTHS, weight_std=0.5).weights[0]
    )


@pytest.mark.parametrize("seeds", [range(2), np.arange(2), (np.int64(0), 1)])
def test_seeds_from_any_integers(seeds):
    assert MLP(WIDTHS, seeds=seeds).seeds == [0, 1]


def test_same_seed_same_network():
    one, other = MLP(WIDTHS, seeds=[3]), MLP(WIDTHS, seeds=[3])
    assert all(map(torch.equal, one.parameters(), other.parameters()))


def test_other_seed_other_network():
    weights = MLP(WIDTHS, seeds=[3, 4]).weights[0]
    assert not torch.equal(weights[0], weights[1])


def test_a_member_does_not_depend_on_its_ensemble():
    large, small = MLP(WIDTHS, seeds=[9, 3, 5]), MLP(WIDTHS, seeds=[5])
    for many, one in zip(large.parameters(), small.parameters(), strict=True):
        assert torch.equal(many[2], one[0])


def test_dtype_does_not_change_the_draw():
    double, single = MLP(WIDTHS, dtype=torch.float64), MLP(WIDTHS)
    assert torch.equal(double.weights[1].float(), single.weights[1])


BUILD = {
    "dense": lambda seeds: MLP(WIDTHS, seeds=seeds),
    "double": lambda seeds: MLP(WIDTHS, seeds=seeds, dtype=torch.float64),
    "antisymmetric": lambda seeds: MLP(WIDTHS, seeds=seeds, antisymmetric=True),
    "wide": lambda seeds: WideMLP(WIDTHS, seeds=seeds),
    "derivative": lambda seeds: Derivative(2, [4, 3], seeds=seeds),
    "images": lambda seeds: ConvNet((9, 11), 2, channels=(3,), hidden=(4,), seeds=seeds),
    "two layers": lambda seeds: TwoLayer(5, outer=1.0, inner=1.0, seeds=seeds),
    "circle": lambda seeds: TwoLayer(5, outer=1.0, inner=1.0, dim=2, trained="wru", seeds=seeds),
}


@pytest.fixture(params=sorted(BUILD))
def build(request):
    """Make an ensemble of each kind from its seeds."""
    return BUILD[request.param]


@pytest.mark.parametrize(("dtype", "device"), [(torch.float64, "meta"), (torch.float16, "cpu")])
def test_a_seed_is_a_seed_whatever_torch_takes_by_default(build, dtype, device):
    expected = list(build([3, 5]).tensors())
    torch.set_default_dtype(dtype)
    torch.set_default_device(device)
    try:
        found = list(build([3, 5]).tensors())
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_default_device(None)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.device == other.device
        assert torch.equal(one, other)


def test_a_part_is_the_ensemble_of_those_seeds(build):
    nets, few = build([3, 5, 7, 9]), build([5, 7])
    part = nets.part(range(1, 3))
    assert part.seeds == [5, 7]
    assert part.size == 2
    for one, other in zip(part.tensors(), few.tensors(), strict=True):
        assert torch.equal(one, other)
    x = torch.linspace(-1, 1, 4 * nets.widths[0], dtype=nets.dtype).reshape(4, -1)
    assert torch.equal(part(x), few(x))


def test_a_part_shares_nothing_until_it_is_taken_back(build):
    nets, before = build([3, 5, 7]), build([3, 5, 7])
    part = nets.part(range(1, 3))
    for tensor in part.tensors():
        tensor.data += 1
    assert all(map(torch.equal, nets.tensors(), before.tensors()))
    nets.take_back(part, range(1, 3))
    for now, then in zip(nets.tensors(), before.tensors(), strict=True):
        for row, (one, other) in enumerate(zip(now, then, strict=True)):
            assert torch.equal(one, other if row % 3 == 0 else other + 1)


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ([], "seeds: expected at least one seed, got none"),
        (8, r"seeds: expected a list of integers, such as range\(8\), got 8"),
        (None, r"seeds: expected a list of integers, such as range\(8\), got None"),
        ([1.5], r"seeds: expected a list of integers, .*got \[1.5\]"),
        ("12", "seeds: expected a list of integers, .*got '12'"),
        ([-1], "seeds: expected a whole number of at least 0, got -1"),
        ([True], "seeds: expected a whole number of at least 0, got True"),
        (np.array(3), r"seeds: expected a list of integers, .*got array\(3\)"),
    ],
)
def test_bad_seeds(build, seeds, message):
    with pytest.raises(ValueError, match=message):
        build(seeds)


def test_seeds_may_come_one_by_one(build):
    assert build(iter([4, 2])).seeds == [4, 2]


@pytest.mark.parametrize(
    ("x", "got"),
    [(np.zeros((4, 1)), "ndarray"), (torch.zeros(4, 1, dtype=torch.float16), "torch.float16"),
     (torch.zeros(4, 1, dtype=torch.int64), "torch.int64")],
    ids=["array", "half", "whole"],
)  # fmt: skip
def test_inputs_of_another_type_are_refused(build, x, got):
    nets = build([0])
    with pytest.raises(ValueError, match=rf"x: expected a tensor of {nets.dtype}, got {got}"):
        nets(x)


def test_building_leaves_global_random_state_alone():
    before = torch.get_rng_state()
    MLP(WIDTHS, seeds=range(3))
    assert torch.equal(torch.get_rng_state(), before)


def test_antisymmetric_starts_at_exactly_zero():
    nets = MLP(WIDTHS, weight_std=1.0, seeds=range(3), antisymmetric=True)
    assert (nets(POINTS.float()) == 0).all()


def test_antisymmetric_has_gradients_at_the_start():
    nets = MLP(WIDTHS, weight_std=1.0, antisymmetric=True)
    nets(POINTS.float()).sum().backward()
    assert all(parameter.grad.abs().max() > 0 for parameter in nets.weights)


def test_antisymmetric_is_the_difference_of_two_networks():
    nets = MLP(WIDTHS, weight_std=0.7, seeds=[1, 2], antisymmetric=True, dtype=torch.float64)
    x = np.linspace(-1, 1, 20)
    train(nets, x, np.sin(3 * x), steps=20, lr=1e-2, progress=False)
    first, second = copy.deepcopy(MLP(WIDTHS, seeds=[1, 2])), MLP(WIDTHS, seeds=[1, 2])
    for half, part in ((0, first), (1, second)):
        for target, source in zip(part.parameters(), nets.parameters(), strict=True):
            target.data = source.data[2 * half : 2 * half + 2]
    expected = (first(POINTS) - second(POINTS)) / math.sqrt(2)
    assert expected.abs().max() > 0.01
    torch.testing.assert_close(nets(POINTS), expected, rtol=1e-12, atol=1e-13)


def test_size_counts_members_not_copies():
    assert MLP(WIDTHS, seeds=range(5), antisymmetric=True).size == 5


def test_repr_names_the_shape():
    assert "8 x 1-20-30-1, relu" in repr(MLP(WIDTHS, seeds=range(8), activation="relu"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"activation": nn.Tanh}, r"activation: expected a name or .*; give what it makes, Tanh"),
        ({"activation": 3}, "activation: expected a name or a function of a tensor, got 3"),
        ({"activation": "tahn"}, "activation: 'tahn' is not known; did you mean 'tanh'"),
        ({"weight_std": [0.1, 0.2], "seeds": [0]},
         r"weight_std: expected one number, or one per seed \(1\), got 2"),
        ({"bias_std": [0.1], "seeds": [0, 1]},
         r"bias_std: expected one number, or one per seed \(2\), got 1"),
        ({"weight_std": -0.1}, "weight_std: expected finite numbers of at least 0, got -0.1"),
        ({"weight_std": [0.1, math.nan], "seeds": [0, 1]}, "weight_std: .* got nan"),
        ({"bias_std": math.inf}, "bias_std: expected finite numbers of at least 0, got inf"),
        ({"weight_std": None}, "weight_std: expected one number, or one per seed .1., got None"),
        ({"weight_std": np.array(None)}, "weight_std: expected one number, or .* got array"),
        ({"weight_std": ["a"]}, "weight_std: expected finite numbers of at least 0, got 'a'"),
        ({"dtype": torch.int64}, "dtype: expected torch.float32 or torch.float64, got torch.int64"),
        ({"dtype": "float64"}, "dtype: expected torch.float32 or torch.float64, got 'float64'"),
        ({"widths": 5}, "widths: expected a list of layer sizes, got 5"),
        ({"widths": [1]}, r"widths: expected an input and an output size, got \[1\]"),
        ({"widths": []}, r"widths: expected an input and an output size, got \[\]"),
        ({"widths": [1, 0, 1]}, "widths: expected a whole number of at least 1, got 0"),
        ({"widths": [1, "a", 1]}, "widths: expected a whole number of at least 1, got 'a'"),
        ({"widths": [1, None, 1]}, "widths: expected a whole number of at least 1, got None"),
        ({"widths": [1, 2.5, 1]}, "widths: expected a whole number of at least 1, got 2.5"),
    ],
)  # fmt: skip
def test_bad_argument(arguments, message):
    with pytest.raises(ValueError, match=message):
        MLP(**{"widths": WIDTHS, **arguments})


@pytest.mark.parametrize("shape", [(5,), (5, 2), (3, 5, 1), (4, 5, 1), (2, 2, 5, 1)])
@pytest.mark.parametrize("antisymmetric", [False, True])
@pytest.mark.parametrize("kind", [MLP, WideMLP])
def test_inputs_of_another_shape_are_refused(shape, antisymmetric, kind):
    nets = kind(WIDTHS, seeds=[0, 1], antisymmetric=antisymmetric)
    with pytest.raises(ValueError, match=r"x: expected shape \(N, 1\) or \(2, N, 1\), got \("):
        nets(torch.zeros(shape))


@pytest.mark.parametrize("given", [torch.tanh, nn.Tanh()])
def test_an_activation_may_be_a_function(given):
    x = torch.linspace(-1, 1, 9)[:, None]
    named, own = (MLP([1, 5, 1], activation=each, seeds=[3]) for each in ("tanh", given))
    torch.testing.assert_close(own(x), named(x), rtol=0, atol=0)
    assert "anh" in repr(own)


def test_a_training_with_an_activation_of_ones_own_goes_on_from_its_checkpoint(tmp_path):
    x = np.linspace(-1, 1, 9)
    how = {"steps": 4, "lr": 0.01, "record_every": 2, "progress": False}
    runs = [
        train(MLP([1, 5, 1], activation=torch.atan), x, x, **how, checkpoint=tmp_path / "a.pt")
        for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0].losses, runs[1].losses)
    with pytest.raises(ValueError, match="other settings"):
        train(MLP([1, 5, 1], activation=torch.sin), x, x, **how, checkpoint=tmp_path / "a.pt")


def test_an_activation_with_parameters_is_refused():
    with pytest.raises(ValueError, match="activation: expected no parameters"):
        MLP([1, 5, 1], activation=nn.PReLU())
