"""Encodings are what their formulas say, the ruler is the kernel's, rows count what is there."""

import json
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

import fpkit as fp
from book.encodings import claims, costs, figures, networks, ruler
from book.encodings.experiments import POWERS, SCALES, between_points, power_law
from fpkit import theory
from fpkit.reproduce import SEEDS, judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")
X = torch.linspace(-1, 1, 9)[:, None]


@pytest.mark.parametrize("inputs", [1, 2])
@pytest.mark.parametrize("encoding", networks.ENCODINGS)
def test_every_encoding_takes_points_and_can_be_trained(encoding, inputs):
    nets = fp.wrap(partial(networks.make, encoding, 16.0, inputs=inputs), inputs=inputs)
    x = torch.rand(5, inputs) * 2 - 1
    nets(x).square().sum().backward()
    assert nets.together
    assert all(p.grad is not None and bool(p.grad.isfinite().all()) for p in nets.parameters())


def test_splines_and_hats_add_up_to_one():
    shifted = X + torch.arange(-3.0, 4.0)
    for unit, size in ((networks.Hat(), 1), (networks.Spline(), 2)):
        torch.testing.assert_close(unit(shifted).sum(dim=1), torch.full((9,), float(size)))


def test_finer_is_a_sine_that_gets_faster():
    z = torch.tensor([0.5, -2.0], requires_grad=True)
    out = networks.Sine(period=2.0)(z)
    torch.testing.assert_close(out, torch.sin(torch.tensor([0.625, -4.0])))
    (slope,) = torch.autograd.grad(out.sum(), z)
    factor = torch.tensor([1.25, 2.0])
    torch.testing.assert_close(slope, torch.cos(factor * z.detach()) * factor)


def test_gabor_units_are_waves_in_an_envelope():
    unit = networks.Gabor(1, 4, omega=3.0)
    with torch.no_grad():
        wave, envelope = unit.wave(X), unit.envelope(X)
        expected = torch.cos(3 * wave) * torch.exp(-100 * envelope**2)
        torch.testing.assert_close(unit(X), expected)


def test_scaled_units_see_the_input_larger():
    unit = networks.Scaled(1, 8, largest=8)
    assert unit.factors.tolist() == [1, 1, 2, 2, 4, 4, 8, 8]
    torch.testing.assert_close(unit(X), unit.factors * unit.line(X))


def test_features_have_norm_one_and_the_frequencies_they_are_given():
    torch.manual_seed(0)
    unit = networks.Features(1, 5.0, count=2)
    torch.testing.assert_close(unit(X).norm(dim=1), torch.ones(9))
    unit.frequencies[:] = torch.tensor([[1.0, 3.0]])
    torch.testing.assert_close(unit(X)[:, 1] * 2**0.5, torch.cos(3 * torch.pi * (X[:, 0] + 1)))


def test_grids_are_linear_between_their_nodes():
    line, plane = networks.Grid(1, 4), networks.Grid(2, 4)
    for grid in (line, plane):
        grid.tables[0].data = torch.rand_like(grid.tables[0])
    nodes = torch.linspace(-1, 1, 5)[:, None]
    torch.testing.assert_close(line(nodes), line.tables[0])
    torch.testing.assert_close(line(nodes[:-1] + 0.25), (line(nodes[1:]) + line(nodes[:-1])) / 2)
    corners = torch.tensor([[-1.0, -0.5], [-1, 0], [-0.5, -0.5], [-0.5, 0]])
    torch.testing.assert_close(plane(corners), plane.tables[0][[1, 2, 6, 7]])
    middle = plane(torch.tensor([[-0.75, -0.25]]))
    torch.testing.assert_close(middle[0], plane(corners).mean(dim=0))


def test_the_ruler_is_the_kernels():
    nets = fp.MLP([1, 12, 1], weight_std=1.0, seeds=[0, 1])
    x = np.linspace(-1, 1, 16, endpoint=False)
    by_kernel = theory.mode_rates(theory.kernel(nets, x), [1, 3]) * 16 / 2
    np.testing.assert_allclose(ruler.rates(nets, x, [1, 3]), by_kernel, rtol=1e-4)


def test_a_larger_gain_is_read_as_faster_waves():
    small, large = (ruler.reading("siren", w, (0, 1), 64, (2, 20)) for w in (5.0, 80.0))
    assert claims.ratios(small).max() < 0.1 < claims.ratios(large).min()


def test_signals_have_the_spectrum_that_they_are_given():
    signal = power_law(512, 1.5, 3)
    assert (signal.min(), signal.max()) == (-0.5, 0.5)
    power = np.abs(np.fft.rfft(signal))[1:] ** 2
    slope = np.polyfit(np.log(np.arange(2, 258)), np.log(power), 1)[0]
    assert slope == pytest.approx(-3, abs=0.4)


def test_errors_at_points_and_between_them():
    y = np.array([[1.0, -1.0, 1.0, -1.0]])
    run = fp.train(fp.MLP([1, 2, 1], weight_std=0.0), [0.0, 1], [0.0, 1], steps=1, lr=1.0,
                   eval_x=[0.0, 1, 2, 3], progress=False)  # fmt: skip
    run.outputs[:] = np.array([1, 0, 1, 1.0])
    at, between = between_points(run, y)
    assert at[0].tolist() == [0, 0]
    assert between[0].tolist() == [2.5, 2.5]


@pytest.mark.parametrize(
    ("errors", "inner", "fall"),
    [([1, 0.1, 1], True, False), ([1, 0.5, 0.1], False, True), ([0.1, 0.5, 1], False, False),
     ([1, 1e-9, 1e-7], True, True), ([0.5, 0.45, 0.5], False, False)],
)  # fmt: skip
def test_a_minimum_inside_and_an_error_that_falls(errors, inner, fall):
    assert claims.inside(errors) == inner
    assert claims.falls(errors) == fall


def swept(test, training):
    """Return two networks for each power with these errors over three scales."""
    count = 2 * len(POWERS)
    series = {name: np.tile(values, count)[:, None] * np.ones(2)
              for name, values in (("test", test), ("training", training))}  # fmt: skip
    settings = {"seeds": [0, 1], "powers": POWERS, "scales": SCALES[:3]}
    return hand_made(settings=settings, series=series, steps=np.array([0, 1]))


@pytest.mark.parametrize(
    ("test", "training", "outcome"),
    [([1, 0.1, 2], [1, 0.1, 0], "reproduced"),
     ([1, 0.1, 2], [0.1, 1, 0], "weaker"),
     ([0.11, 0.1, 2], [1, 0.1, 0], "weaker"),
     ([1, 0.1, 0.1], [1, 0.1, 0], "not reproduced")],
)  # fmt: skip
def test_verdict_on_scales(monkeypatch, test, training, outcome):
    monkeypatch.setattr(claims, "load_or_run", lambda _: swept(test, training))
    assert judgement.verdict("R44").outcome == outcome


def test_the_rule_is_held_against_the_best_of_all_scales(monkeypatch):
    test = np.tile([8.0, 4, 2, 3, 1], (2, 1))[..., None] * np.ones(2)
    settings = {"seeds": [0, 1], "powers": [1.0], "scales": [1.0, 2.0, 4.0, 8.0, 16.0]}
    result = hand_made(settings=settings, series={"test": test.reshape(10, 2)})
    monkeypatch.setattr(claims, "load_or_run", lambda _: result)
    monkeypatch.setattr(claims, "COUNTS", {32: "a", 64: "b"})
    begun, searched = claims.rule()
    assert begun.tolist() == [[4], [2]]
    assert searched.tolist() == [[2], [2]]


def test_the_control_is_held_against_the_same_encodings(monkeypatch):
    """Read from another gain, encodings come out as well as by their own: no "weaker"."""
    shares = {12: (0.95, 0.1), 2: (0.85, 0.05)}  # all, and those that have two scales

    def compared(names):
        share, over = shares[len(names)]
        return np.array([share]), np.array([over])

    monkeypatch.setattr(claims, "compared", compared)
    monkeypatch.setattr(claims, "AGAIN", {"a": "b", "b": "a"})
    for name, value in (("turned", (1, 0)), ("slow_first", 0.9)):
        monkeypatch.setattr(claims, name, lambda value=value: value)
    assert claims.R45().outcome == "undecided (the control shows as much)"


def test_pairs_are_counted_only_where_the_ruler_says_something():
    counted = claims.right([[8, 4, 3.9, 1]], [[1, 2, 9, np.inf]])
    assert counted.tolist() == [[5, 0]]
    assert claims.right([[8, 1]], [[5, 5]]).tolist() == [[0, 0]]
    assert claims.right([[8, 1]], [[np.inf, 5]]).tolist() == [[0, 1]]
    assert claims.right([[4, 1, 8]], [[3, 2, 1]]).tolist() == [[2, 1]]
    assert claims.right([[4, 1, 8]], [[3, 2, 1]], turned=True).tolist() == [[2, 0]]


def test_slow_waves_first_is_a_rule_to_beat(monkeypatch):
    monkeypatch.setattr(claims, "RUNS", {"a": "a"})
    monkeypatch.setattr(claims, "read", lambda _: np.array([[4.0, 1.0, 8.0]]))
    monkeypatch.setattr(claims, "load_or_run", lambda _: None)
    monkeypatch.setattr(claims, "steps_of", lambda _: np.array([[3.0, 2.0, 1.0]]))
    assert claims.turned() == (2, 0)
    assert claims.turned_by() == {"a": (2, 0)}
    assert claims.ties() == 0
    assert claims.slow_first() == 0
    monkeypatch.setattr(claims, "steps_of", lambda _: np.array([[1.0, 2.0, 3.0]]))
    assert claims.turned() == (0, 2)
    assert claims.slow_first() == 1


def test_what_is_chosen_is_judged_by_other_points(tmp_path, monkeypatch):
    chosen = [[[1, 2], [5, 5], [1, 1], [1, 1]], [[2, 1], [4, 4], [2, 2], [2, 2]]]
    judged = [[[7, 0], [0, 0], [7, 7], [7, 7]], [[0, 9], [8, 8], [0, 0], [0, 0]]]
    row = {"scales": [1, 2], "chosen": chosen, "judged": judged, "parameters, line": 1000,
           "parameters, picture": 20, "ms a step, line": 0.5, "ms a step, picture": 3}  # fmt: skip
    file = tmp_path / "costs.json"
    file.write_text(json.dumps({"encodings": {"relu": row}, "machine": "m", "date": "d"}))
    monkeypatch.setattr(costs, "FILE", file)
    scales, errors = costs.best("relu")
    assert scales.tolist() == [[1, 2], [2, 2], [1, 1], [1, 1]]
    assert errors.tolist() == [[7, 9], [8, 8], [7, 7], [7, 7]]
    assert "| relu | 1,000 / 20 | 0.50 / 3.00 | 8 (7–9) | 8 (8–8) |" in costs.table()
    assert costs.judged("relu", 2).tolist() == [4.5, 8, 0, 0]
    monkeypatch.setattr(costs, "SCALES", {"relu": (1, 2)})
    assert costs.at_the_edge() == (4, 4)
    monkeypatch.setattr(costs, "SCALES", {"relu": (1, 2, 3)})
    assert costs.at_the_edge() == (2, 4)
    assert costs.where() == "m, d"


def test_all_encodings_are_held_against_relu():
    assert costs.relative("parameters, line")["hat"] == 1
    assert costs.relative("ms a step, line").keys() == costs.SCALES.keys() - {"relu"}
    assert (costs.judged("relu", 1) == np.median(costs.best("relu")[1], axis=-1)).all()


def test_the_stored_costs_are_of_all_encodings():
    kept = json.loads(costs.FILE.read_text(encoding="utf-8"))["encodings"]
    assert kept.keys() == costs.SCALES.keys() == networks.ENCODINGS.keys()
    assert all(np.shape(row["judged"])[1:] == (4, len(SEEDS)) for row in kept.values())


def test_what_is_never_learned_is_drawn_above(closed):
    rates, steps = np.array([[4.0, 1.0]]), np.array([[20.0, np.inf]])
    fig = figures.against_training({"a": (rates, steps), "b": (rates, steps)}, [5, 50], last=100)
    drawn = [line.get_ydata().tolist() for line in fig.axes[0].lines]
    assert drawn == [[20], [160]]
    assert [ax.get_title(loc="left") or ax.get_title() for ax in fig.axes] == ["a", "b"]


def test_dots_have_the_numbers_of_the_table(closed):
    ax = plt.subplots()[1]
    figures.beside(ax, {"a": 0.1, "b": 1.0}, {"a": 2.0, "b": 3.0}, "error")
    assert [text.get_text() for text in ax.texts] == ["1", "2"]
    assert ax.get_ylabel() == "error"
