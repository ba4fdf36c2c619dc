"""Why a network is wrong: rates against derivatives written out, parts against what was put in."""

import numpy as np
import pytest
import torch
from torch import nn

import fpkit as fp
from fpkit.bands import bands_of
from fpkit.diagnosis import noise_of

GRID = torch.linspace(0, 1, 65)[:-1, None]


def wave(x, *cycles):
    return sum(torch.sin(2 * torch.pi * k * x) for k in cycles)


def network(outputs=1):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Dropout(0.5), nn.Linear(16, outputs))


class Known(nn.Module):
    """A network that says a known function; it can change the function's height alone."""

    def __init__(self, function, parameters=400):
        super().__init__()
        self.function, self.height = function, nn.Parameter(torch.ones(()))
        self.idle = nn.Parameter(torch.zeros(parameters))

    def forward(self, x):
        return self.height * self.function(x)


def random_points(count, seed, dimension=1):
    return torch.rand(count, dimension, generator=torch.Generator().manual_seed(seed))


def noise(count, seed, size):
    return size * torch.randn(count, 1, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("outputs", [1, 2])
def test_rates_are_those_of_derivatives_written_out(outputs):
    net, y = network(outputs), torch.cat([wave(GRID, 1, 4), wave(GRID, 4)][:outputs], dim=1)
    found = fp.diagnose(net, GRID, y)
    assert net.training
    weights = list(net.parameters())
    net.eval()
    rows = [
        torch.cat([g.flatten() for g in torch.autograd.grad(v, weights, retain_graph=True)])
        for v in net(GRID).flatten()
    ]
    pulls = []
    for k in (1, 4):
        part = torch.stack([wave(GRID[:, 0], k), 0 * GRID[:, 0] if k == 1 else wave(GRID[:, 0], k)])
        v = part[:outputs].T.flatten()
        pulls.append(float((torch.stack(rows).T @ v).square().sum() / v.square().sum()))
    assert found.rates == pytest.approx(np.array(pulls) / max(pulls), rel=1e-4)
    assert found.bands.names == ["1", "4"]
    assert found.order == ["1", "4"]


HELD_OUT = random_points(200, seed=1)


def case(name):
    """Return a model, its points and targets, and those held out."""
    x = random_points(300, seed=0)
    few = torch.arange(8)[:, None] / 8
    if name == "unpredictable":
        targets = wave(x, 1) + noise(300, 2, 1.0), wave(HELD_OUT, 1) + noise(200, 3, 1.0)
        return Known(lambda x: wave(x, 1)), x, targets[0], (HELD_OUT, targets[1])
    models = {
        "learned": (Known(lambda x: wave(x, 1, 5)), x),
        "slow": (Known(lambda x: wave(x, 1)), x),
        "unseen": (Known(lambda x: wave(x, 1) - wave(x, 3)), few),  # 5 looks like -3 there
    }
    model, points = models[name]
    return model, points, wave(points, 1, 5), (HELD_OUT, wave(HELD_OUT, 1, 5))


@pytest.mark.parametrize("name", ["learned", "slow", "unseen", "unpredictable"])
def test_what_was_put_in_is_found(name):
    model, x, y, held_out = case(name)
    found = fp.diagnose(model, x, y, held_out=held_out)
    assert found.verdict == name
    assert found.report().startswith(f"{name.capitalize()}: ")


def told(found):
    return found.report().replace("\n", " ")


def test_who_knows_the_noise_gets_an_answer():
    """Neighbours on a steep curve differ, and they may by noise if none are nearer than others."""
    x = torch.arange(60)[:, None] / 60 + random_points(60, seed=0) / 600
    others = x + 1 / 120
    model, held_out = Known(lambda x: wave(x, 1)), (others, wave(others, 1, 20))
    unsure = fp.diagnose(model, x, wave(x, 1, 20), held_out=held_out)
    assert unsure.verdict == "cannot tell"
    assert unsure.noise.shape == (2,)
    assert "if you know its variance, hand over noise." in told(unsure)
    assert "noise that differs between near points is 0.0% to" in told(unsure)
    low, high = (unsure.parts(noise) for noise in unsure.noise)
    share = unsure.noise[1] / unsure.variance
    assert (
        f"Of what is wrong: slow {low['slow']:.0%} if noise is 0.0%; slow {high['slow']:.0%}, "
        f"unpredictable {high['unpredictable']:.0%} if it is {share:.1%}."
    ) in told(unsure)
    for noise, verdict, parts in (
        (0, "slow", "slow 100%"),
        (1.0, "unpredictable", "unpredictable 1"),
    ):
        found = fp.diagnose(model, x, wave(x, 1, 20), held_out=held_out, noise=noise)
        assert found.verdict == verdict
        assert found.noise.tolist() == [noise]
        assert f"noise, as given, is {noise / found.variance:.1%}." in told(found)
        assert f"Of what is wrong: {parts}" in told(found)


def test_what_needs_no_telling_is_left_out():
    """Of what was learned no causes, of a network that has begun no order to expect."""
    model, x, y, held_out = case("learned")
    learned = told(fp.diagnose(model, x, y, held_out=held_out))
    assert "Of what is wrong" not in learned
    assert "Pull on" not in learned
    assert "Expected order" not in learned
    model, x, y, held_out = case("slow")
    slow = fp.diagnose(model, x, y, held_out=held_out)
    assert "Expected order" not in told(slow)
    few, many = len(x), slow.parameters
    assert f"(slow asks for less than 20%). {many} parameters for {few} points: enough." in told(
        slow
    )
    assert "Pull on what is wrong: " in told(slow)
    small = fp.diagnose(Known(lambda x: wave(x, 1), parameters=20), x, y)
    assert "21 parameters for 300 points: it may be too small." in told(small)
    none = fp.diagnose(Known(lambda x: 0 * wave(x, 1)), GRID, wave(GRID, 1, 4))
    assert f"Expected order of learning: {', '.join(none.order)}." in told(none)
    for left, expected in ((0.7, True), (0.3, False)):
        some = fp.diagnose(Known(lambda x, r=left: (1 - r) * wave(x, 1)), GRID, wave(GRID, 1, 4))
        assert ("Expected order" in told(some)) == expected
    assert "Pull on what is wrong: under 0.1% of the strongest" in told(none)


@pytest.mark.parametrize(("name", "said"), [("learned", "cannot tell"), ("unseen", "cannot tell"),
                                            ("slow", "slow")])  # fmt: skip
def test_without_held_out_points_only_what_is_wrong_at_the_others_is_told(name, said):
    model, x, y, _ = case(name)
    found = fp.diagnose(model, x, y)
    assert found.verdict == said
    assert "it may be" not in found.report()
    assert ("hand over held_out" in found.report()) == (name != "slow")
    assert "Without held-out points nothing can be told" in found.report()


def test_a_small_network_or_one_that_is_pulled_strongly_is_not_called_slow():
    x = random_points(300, seed=0)
    y, held_out = wave(x, 1, 5), (HELD_OUT, wave(HELD_OUT, 1, 5))
    small = fp.diagnose(Known(lambda x: wave(x, 1), parameters=20), x, y, held_out=held_out)
    assert (small.verdict, small.parameters) == ("cannot tell", 21)
    too_large = fp.diagnose(Known(lambda x: 3 * wave(x, 1, 5)), x, y, held_out=held_out)
    assert too_large.verdict == "cannot tell"
    assert too_large.pull > 1


def test_what_the_noise_leaves_open_is_named():
    few = random_points(14, seed=2)
    found = fp.diagnose(Known(lambda x: wave(x, 1)), few, wave(few, 1, 4))
    assert found.verdict == "cannot tell"
    first = found.report().splitlines()[0]
    assert first == "Cannot tell: it may be slow or unpredictable, for noise is not known"


def test_the_first_sentence_names_the_bands_that_are_missing():
    x = random_points(300, seed=0)
    found = fp.diagnose(Known(lambda x: wave(x, 1)), x, wave(x, 1, 6, 12))
    assert found.report().startswith(
        "Slow: the network is still wrong at its own points, mostly at 5 to 16\n"
    )
    for known, missing in (((1, 12), "6"), ((1,), "6 to 12"), ((6,), "1 and 12")):
        grid = fp.diagnose(Known(lambda x, k=known: wave(x, *k)), GRID, wave(GRID, 1, 6, 12))
        first = grid.report().splitlines()[0]
        assert first.startswith("Slow: the network is still wrong at its own points, mostly at ")
        assert first.endswith(f" {missing}" if " " in missing else f"{missing} cycles.")
    cube = random_points(100, seed=0, dimension=4).repeat(2, 1)
    rough = fp.diagnose(Known(lambda x: x[:, :1]), cube, cube[:, :1] + wave(cube[:, 1:2], 20))
    assert "mostly in its rough part" in rough.report().replace("\n", " ")


def test_few_points_in_which_no_band_stands_out_get_a_verdict():
    with pytest.raises(ValueError, match="expected power at frequencies that the points can tell"):
        fp.Monitor(nn.Linear(1, 1), *nothing_stands_out())
    some = fp.diagnose(nn.Linear(1, 1), *nothing_stands_out())
    assert not some.shares.any()
    assert np.isnan(some.errors).all()
    assert "others     100.0%  not followed" in some.report()
    assert "nan" not in some.report()


def test_errors_of_bands_without_power_are_no_numbers():
    """An even grid leaves rounding errors there, to which nothing is relative."""
    x = torch.cartesian_prod(*[torch.arange(8.0) / 8] * 2)
    y = torch.cos(torch.pi * 8 * x.sum(dim=1))  # |k| = 5.7, above 4
    found = fp.diagnose(nn.Linear(2, 1), x, y)
    assert np.isnan(found.errors).all()


def nothing_stands_out():
    """Return points, and waves beyond what they can tell that have less than white power there."""
    for seed in range(200):
        x = random_points(8, seed=seed)
        y = torch.sin(2 * torch.pi * 40 * x)
        bands = bands_of(x)
        if not bands.power((y - y.mean())[:, 0]).any():
            return x, y
    raise AssertionError("no such points")


@pytest.mark.parametrize("size", [0, 0.5])
def test_noise_lies_between_its_bounds(size):
    """A standard error: in two of three cases."""
    inside = 0
    for seed in range(40):
        x = random_points(300, seed)
        y = wave(x, 2, 5) + noise(300, 100 + seed, size)
        low, high = noise_of(x.double().numpy(), y.double().numpy())
        assert high < size**2 + 0.2
        inside += low <= size**2 + 1e-3 and size**2 <= high + 1e-3
    assert 20 <= inside <= 40


def test_noise_of_points_that_are_repeated():
    x, inside = random_points(40, seed=0).repeat(6, 1), 0
    for seed in range(40):
        y = wave(x, 7) + noise(240, seed, 0.5)
        low, high = noise_of(x.double().numpy(), y.double().numpy())
        assert high - low < 0.25
        inside += low <= 0.25 <= high
    assert 20 <= inside <= 36


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": np.sin}, "model: expected a torch module, got <ufunc 'sin'>"),
        ({"y": torch.ones(64)}, "y: expected values that vary"),
        ({"y": wave(GRID[:-1], 1)}, r"y: expected shape \(64, 1\), a row for each point"),
        ({"held_out": (GRID, torch.ones(3))}, r"held_out: expected shape \(64, 1\)"),
        ({"model": Known(lambda x: x / 0)}, "model: expected finite numbers, got"),
        ({"x": torch.full((64, 1), torch.nan)}, "expected finite numbers, got nan"),
        ({"x": torch.zeros(64, 1)}, "x: expected at least 4 that differ"),
        ({"noise": -1.0}, "noise: expected a finite number of at least 0, got -1.0"),
        ({"held_out": (GRID,)}, r"held_out: expected \(points, targets\), got 1"),
        ({"held_out": GRID}, r"held_out: expected \(points, targets\), got Tensor"),
        (
            {"held_out": (torch.ones(9, 2), torch.ones(9))},
            r"model: it does .* shape \(9, 2\) float",
        ),
        ({"model": network(3), "y": torch.arange(64) % 3}, r"got \(64,\); of classes give one_hot"),
    ],
)
def test_errors_name_the_argument(change, message):
    given = {"model": network(), "x": GRID, "y": wave(GRID, 1), **change}
    with pytest.raises(ValueError, match=message):
        fp.diagnose(**given)
