"""Any module in any loop, watched without being changed by a bit."""

import numpy as np
import pytest
import torch
from torch import nn

import fpkit as fp

X = torch.linspace(-1, 1, 33)[:-1, None]
Y = sum(torch.sin(k * torch.pi * X) for k in (1, 3))


class Frozen(nn.Module):
    """A network with dropout and batch norm, a part of which stays in a mode of its own."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(1, 24), nn.BatchNorm1d(24), nn.Tanh(), nn.Dropout(0.2))
        self.second = nn.Sequential(nn.Linear(24, 24), nn.BatchNorm1d(24), nn.Tanh())
        self.second[1].eval()
        self.last = nn.Linear(24, 1)

    def forward(self, x):
        return self.last(self.second(self.first(x)))


def adam(net, x, y, step):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    return optimizer, lambda i: step(optimizer, lambda: (net(x) - y).square().mean(), i)


def every_time(optimizer, loss, i):
    optimizer.zero_grad()
    loss().backward()
    optimizer.step()


def accumulated(optimizer, loss, i):
    (loss() / 3).backward()
    if i % 3 == 2:
        optimizer.step()
        optimizer.zero_grad()


def mixed(optimizer, loss, i):
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = loss()
    value.backward()
    optimizer.step()


def trained(step, *, watch, rounds=30):
    torch.manual_seed(0)
    net = Frozen()
    optimizer, update = adam(net, X, Y, step)
    monitor = fp.Monitor(net, X, Y, optimizer=optimizer, every=2) if watch else None
    for i in range(rounds):
        update(i)
    return net, monitor, torch.rand(3)


@pytest.mark.parametrize("step", [every_time, accumulated, mixed])
def test_training_is_the_same_to_the_last_bit(step):
    (watched, monitor, after), (alone, _, others) = (trained(step, watch=w) for w in (True, False))
    for a, b in zip(watched.state_dict().values(), alone.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    assert torch.equal(after, others)
    updates = 10 if step is accumulated else 30
    assert monitor.steps == list(range(0, updates + 1, 2))
    modes = {name: m.training for name, m in watched.named_modules() if not name.startswith("sec")}
    assert all(modes.values())
    assert not watched.second[1].training


def test_what_it_records_is_what_one_would_measure():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    monitor, outputs = fp.Monitor(net, X, Y, every=5), []
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for i in range(20):
        if i % 5 == 0:
            outputs.append(net(X).detach().numpy()[:, 0])
        every_time(optimizer, lambda: (net(X) - Y).square().mean(), i)
        monitor.step()
    found = monitor.measurement
    wanted = fp.measure(np.stack(outputs), Y[:, 0], [0, 5, 10, 15], x=X[:, 0])
    assert found.errors[:4] == pytest.approx(wanted.errors, rel=1e-5)
    assert found.report().startswith("5 records, steps 0 to 20; 32 even points.")


def test_inside_autocast_it_measures_in_full_precision():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 1))
    monitor = fp.Monitor(net, X, Y, every=1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert net(X).dtype == torch.bfloat16
        monitor.step()
    assert monitor.losses[1] == monitor.losses[0]


def test_that_nothing_was_counted_is_told():
    monitor = fp.Monitor(nn.Linear(1, 1), X, Y)
    assert monitor.report().endswith(
        "No update was counted: hand over `optimizer`, or call step()."
    )
    monitor.step()
    assert "No update" not in monitor.report()


def test_of_several_optimizers_the_given_one_counts_until_it_is_closed():
    net = Frozen()
    first, second = (torch.optim.SGD(p.parameters(), lr=0.1) for p in (net.first, net.last))
    monitor = fp.Monitor(net, X, Y, optimizer=second, every=1)
    for i in range(4):
        net(X).mean().backward()
        first.step()
        if i % 2:
            second.step()
    assert monitor.steps == [0, 1, 2]
    monitor.close()
    second.step()
    assert monitor.updates == 2


def test_a_model_may_change_its_precision_or_device_on_the_way():
    net = nn.Linear(1, 1)
    monitor = fp.Monitor(net, X, Y, every=1)
    net.double()
    monitor.step()
    assert monitor.losses == pytest.approx([monitor.losses[0]] * 2)


def test_a_model_that_breaks_keeps_its_record(tmp_path):
    net = nn.Linear(1, 1)
    monitor = fp.Monitor(net, X, Y, every=1)
    monitor.step()
    with torch.no_grad():
        net.weight.fill_(torch.nan)
    with pytest.warns(UserWarning, match="not finite after 2 updates; what was rec") as warned:
        monitor.step()
    assert warned[0].filename == __file__
    monitor.step()
    assert monitor.steps == [0, 1]
    assert monitor.report().endswith("\nStopped: not finite after 2 updates.")
    monitor.save(tmp_path / "run.npz")
    assert fp.Measurement.load(tmp_path / "run.npz").steps.tolist() == [0, 1]


def test_classes_are_compared_by_their_probabilities():
    side = torch.linspace(0, 1, 9)[:-1]
    points = torch.cartesian_prod(side, side)
    labels = (points[:, 0] > 0.4).long()
    net = nn.Linear(2, 2)
    monitor = fp.Monitor(net, points, labels)
    p = net(points).softmax(-1).detach().double().numpy()
    wrong = np.square(p - np.eye(2)[labels.numpy()]).mean()
    assert monitor.losses == [pytest.approx(wrong)]
    assert "a grid of 8 × 8 points" in monitor.report()


def test_many_dimensions_are_followed_by_smoothness(tmp_path):
    points = torch.rand(80, 6, generator=torch.Generator().manual_seed(0))
    monitor = fp.Monitor(nn.Linear(6, 1), points, points[:, 0] + torch.sin(40 * points[:, 1]))
    monitor.save(tmp_path / "run.npz")
    report = fp.Measurement.load(tmp_path / "run.npz").report()
    assert report == monitor.measurement.report()
    assert "others" not in report
    assert report.splitlines()[1].split()[:3] == ["part", "of", "target"]
    assert "80 scattered points in 6 dimensions" in report
    assert "frequencies cannot be told one by one" in report


@pytest.mark.parametrize(("scale", "said"), [(60, "34.7"), (1, ""), (3, ""), (0.01, "0.00578")])
def test_inputs_in_raw_units_are_told(scale, said):
    net, x = nn.Linear(1, 1), scale * torch.linspace(0, 1, 200)[:, None]
    reports = [fp.Monitor(net, x, x).report(), fp.diagnose(net, x, x).report()]
    inside = [f"Inputs are of size {said} (root mean square)" in report for report in reports]
    assert inside == [bool(said)] * 2
    turns = 9 * x / scale
    encoded = fp.Monitor(nn.Linear(2, 1), torch.cat([turns.sin(), turns.cos()], dim=1), x, points=x)
    assert "Inputs are of size" not in encoded.report()
    beside = fp.Monitor(nn.Linear(3, 1), torch.cat([0 * x, x / scale, x], dim=1), x, points=x)
    assert ("Inputs are of size" in beside.report()) == bool(said)


def test_frames_are_thinned_and_records_are_not():
    monitor = fp.Monitor(lambda x: 0 * x, X, Y, every=1)
    for _ in range(400):
        monitor.step()
    found = monitor.measurement
    assert len(found.steps) == 401
    assert len(found.frames) <= 128
    assert np.ptp(np.diff(found.frames)) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": np.ones(32)}, "y: expected values that vary"),
        ({"y": Y[:-1]}, r"y: expected shape \(32, 1\)"),
        ({"model": lambda x: x[:3]}, r"model: expected \(32,\) or \(32, outputs\)"),
        ({"every": 0}, "every: expected a whole number of at least 1"),
        ({"model": nn.Linear(1, 2), "y": np.arange(32)}, "y: expected classes 0 to 1, .*, got 31"),
        ({"model": nn.Linear(1, 2), "y": np.ones(32)}, r"y: .*got \(32,\); of classes give whole"),
        ({"model": nn.Linear(1, 2), "y": np.arange(9) % 2}, r"y: expected shape \(32,\), a class"),
        ({"model": 3}, "model: expected a module or a function of points, got 3"),
        ({"model": nn.Linear}, r"model: expected .*; give what it makes, Linear\(…\)"),
        ({"model": lambda x: x * np.nan}, "model: expected finite numbers, got nan"),
        ({"model": lambda x: (x, x)}, "model: expected a tensor, got tuple; of several outputs"),
        ({"model": lambda x: x + 0j}, "model: expected real outputs, got torch.complex64"),
        ({"model": nn.Linear(2, 1)}, r"model: it does not take points of shape \(32, 1\) float32"),
        ({"optimizer": "adam"}, "optimizer: expected one torch optimizer .*, got str"),
        ({"x": np.full((32, 1), np.inf)}, "x: expected finite numbers, got inf"),
        ({"x": X[:3]}, "x: expected at least 4 that differ along every axis, got 3"),
        ({"points": X[:9]}, "points: expected 32, a place for each row of x, got 9"),
    ],
)
def test_errors_name_the_argument(change, message):
    given = {"model": nn.Linear(1, 1), "x": X, "y": Y, **change}
    with pytest.raises(ValueError, match=message):
        fp.Monitor(**given)
