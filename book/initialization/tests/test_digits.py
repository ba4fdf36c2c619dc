"""Networks that read digits: what is recorded, on scikit-learn's digits; the claims, by hand."""

import dataclasses
import re

import numpy as np
import pytest
import torch

import fpkit as fp
from book import datasets
from book.initialization import digits_claims
from book.initialization.digits import FIG_1, FIG_4, QUICK, SMALL, accuracy, magnitudes
from fpkit.reproduce import chapters, judgement, results
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

TINY = {
    "data": "digits",
    "n": 200,
    "judged": 150,
    "hidden": [10],
    "seeds": [0, 5],
    "steps": 9,
    "batch_size": 50,
    "record_every": [0, 1, 4],
}


def test_what_is_kept_of_a_reader_of_digits():
    run = results.run("mnist_std_006", progress=False, **TINY)
    assert run.steps.tolist() == [0, 1, 4, 9]
    assert run.x.size == run.y.size == run.outputs.size == run.errors.size == 0
    net = fp.MLP([64, 10, 10], weight_std=0.06, seeds=[5])
    seen, new = datasets.load("digits"), datasets.load("digits", "test")
    right = [
        (net(torch.from_numpy(images))[0].argmax(dim=1).numpy() == labels).mean()
        for images, labels in ((seen.images[:150], seen.labels[:150]), (new.images, new.labels))
    ]
    for part, expected in zip(("train", "test"), right, strict=True):
        assert run.series[f"{part} accuracy"][1, 0] == pytest.approx(expected)
    loss = net(torch.from_numpy(seen.images[:150]))[0] - torch.from_numpy(seen.one_hot()[:150])
    assert run.losses[1, 0] == pytest.approx(loss.square().mean().item())
    assert (run.losses[:, -1] < run.losses[:, 0]).all()


@pytest.mark.parametrize("loss", ["mean square", "cross-entropy"])
def test_digits_are_learned(loss):
    how = {**TINY, "n": 1_500, "hidden": [50], "steps": 200, "lr": 3e-3, "loss": loss}
    run = results.run("mnist_std_006", progress=False, **how)
    assert run.series["test accuracy"][:, -1].min() > 0.75


def test_accuracy_is_counted_over_all_parts_of_a_set():
    nets = fp.MLP([64, 10], weight_std=0.3, seeds=[0, 1, 2])
    images = datasets.load("digits")
    expected = (nets(torch.from_numpy(images.images)).argmax(2).numpy() == images.labels).mean(1)
    np.testing.assert_allclose(accuracy(nets, images), expected, atol=1e-6)


def test_magnitudes_by_layer_and_of_all():
    nets = fp.MLP([3, 4, 2], weight_std=[0.5, 2.0], bias_std=1.0, seeds=[0, 1])
    found = {name: values.numpy() for name, values in magnitudes(nets).items()}
    for member in range(2):
        first, last = (np.abs(w[member].detach().numpy()).ravel() for w in nets.weights)
        both = np.concatenate([first, last])
        assert found["weight"][member] == pytest.approx(both.mean())
        assert found["weight spread"][member] == pytest.approx(both.std())
        assert found["weight 1"][member] == pytest.approx(first.mean())
        assert found["weight 2"][member] == pytest.approx(last.mean())
        assert found["bias 2"][member] == pytest.approx(
            np.abs(nets.biases[1][member].detach().numpy()).mean()
        )


def test_products_are_as_before_after_a_run():
    assert torch.get_float32_matmul_precision() == "highest"
    rounded = results.run("mnist_std_006", progress=False, **TINY, products="medium")
    assert torch.get_float32_matmul_precision() == "highest"
    exact = results.run("mnist_std_006", progress=False, **TINY)
    np.testing.assert_allclose(rounded.losses, exact.losses, rtol=1e-2)
    with pytest.raises(ValueError, match="products: 'low' is not known"):
        results.run("mnist_std_006", progress=False, **TINY, products="low")


def test_factors_of_medium_products_are_rounded_whatever_the_processor_would_do():
    rounded, exact = (
        results.run("mnist_std_006", progress=False, **TINY, products=products)
        for products in ("medium", "highest")
    )
    net, seen = fp.MLP([64, 10, 10], weight_std=0.06, seeds=[5]), datasets.load("digits").first(150)
    h, wanted = torch.from_numpy(seen.images), torch.from_numpy(seen.one_hot())
    first, second = (weight[0].bfloat16().float() for weight in net.weights)
    h = torch.tanh(h.bfloat16().float() @ first + net.biases[0][0])
    loss = (h.bfloat16().float() @ second + net.biases[1][0] - wanted).square().mean().item()
    assert rounded.losses[1, 0] == pytest.approx(loss, rel=1e-6)
    assert rounded.losses[1, -1] != pytest.approx(exact.losses[1, -1], rel=1e-6)


# --- claims ----------------------------------------------------------------------------------


def with_series(**series):
    """Return a result of two networks whose series go from the first value to the last."""
    return hand_made(
        series={
            name.replace("_", " "): np.tile(np.linspace(*ends, 5), (2, 1))
            for name, ends in series.items()
        }
    )


def test_epochs_until_half_is_read():
    run = with_series(test_accuracy=(0.1, 0.9))
    slow = with_series(test_accuracy=(0.1, 0.4))
    for result in (run, slow):
        result.settings.update(batch_size=5, n=100)
    assert digits_claims.epochs(run).tolist() == [0, 0.5, 1, 1.5, 2]
    assert digits_claims.half_read(run).tolist() == [1.5, 1.5]  # 0.1, 0.3, 0.5, 0.7, 0.9
    assert digits_claims.half_read(slow).tolist() == [np.inf, np.inf]


def growing(weight, bias=1.0, read=1.0):
    sizes = {"weight": (0.5, 0.5 * weight), "bias": (2, 2 * bias)}
    return with_series(**sizes, train_accuracy=(0.1, read))


def test_magnitude_ratio():
    run = with_series(weight=(0.5, 1), bias=(2, 1), weight_2=(1, 3))
    assert digits_claims.magnitude_ratio(run).tolist() == [2, 2]
    assert digits_claims.magnitude_ratio(run, "bias").tolist() == [0.5, 0.5]
    assert digits_claims.magnitude_ratio(run, layer=2).tolist() == [3, 3]
    for steps, ratio in ((40, 2), (99, 2), (20, 1.5), (19, 1.25), (0, 1)):  # records every 10
        assert digits_claims.magnitude_ratio(run, steps=steps).tolist() == [ratio, ratio]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda run: digits_claims.magnitude_ratio(run, "wait"), "kind: 'wait' is not known"),
        (
            lambda run: digits_claims.magnitude_ratio(run, layer=3),
            "series: 'weight 3' is not known",
        ),
    ],
)
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call(growing(1.0))


@pytest.mark.parametrize(
    ("large", "tiny", "outcome"),
    [
        ([1.05, 1, 0.95], 1.05, "reproduced"),
        ([1.05, 1, 0.95], 3, "reproduced"),  # a run of ours, which is told and not judged
        ([1.05, 1.2, 1], 1, "not reproduced"),
    ],
)
def test_verdict_on_magnitudes(monkeypatch, large, tiny, outcome):
    stored = dict(zip(FIG_1.values(), map(growing, large), strict=False))
    stored |= {SMALL: growing(2), QUICK[0.01, 0.01]: growing(tiny)}
    stored |= {QUICK[0.3, 0.01]: growing(1.04)}
    monkeypatch.setattr(digits_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R19")
    assert verdict.outcome == outcome
    assert f"std 0.3: |weight| x 1.040, but std 0.01: x {tiny:.2f} (ours" in verdict.effect
    assert "0.06: by 5.0% at most (100% of the training images read)" in verdict.effect
    assert verdict.control == (
        "small network: |weight| x 2.00 to 2.00 after as many steps, x 2.00 to 2.00 in the end"
    )


def steady(**changes):
    """Return results in which the first weights of large networks stay, with ``changes``."""
    stored = dict.fromkeys([*FIG_1.values(), *QUICK.values()], growing(1))
    return stored | {SMALL: growing(2), **changes}


def test_the_small_network_is_compared_after_as_many_steps(monkeypatch):
    longer = dataclasses.replace(growing(2), steps=np.arange(0, 500, 100))
    stored = steady(**{SMALL: longer})
    monkeypatch.setattr(digits_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R19")
    assert "small network, std 0.06: |weight| x 1.00 (10% read), after 400 steps x 2.00" in (
        verdict.effect
    )
    assert verdict.control == (
        "small network: |weight| x 1.00 to 1.00 after as many steps, x 2.00 to 2.00 in the end"
    )


def test_verdict_on_magnitudes_looks_at_biases_too(monkeypatch):
    stored = steady(**dict.fromkeys(FIG_1.values(), growing(1, bias=1.2)))
    monkeypatch.setattr(digits_claims, "load_or_run", stored.__getitem__)
    assert judgement.verdict("R19").outcome == "not reproduced"


def test_magnitudes_of_networks_that_read_nothing_yet_tell_nothing(monkeypatch):
    stored = dict.fromkeys(FIG_1.values(), growing(1, read=0.2))
    stored |= {SMALL: growing(2), **dict.fromkeys(QUICK.values(), growing(1))}
    monkeypatch.setattr(digits_claims, "load_or_run", stored.__getitem__)
    assert judgement.verdict("R19").outcome == "undecided (not trained to the end)"


def reader(train, test):
    return with_series(train_accuracy=(0.1, train), test_accuracy=(0.1, test))


SMALL_START, LARGE_BIASES = reader(1, 0.94), reader(1, 0.93)


def both_rates(*runs):
    """Return results of Fig. 4 at the paper's rate and at ours."""
    return {
        name: run
        for names in (FIG_4, QUICK)
        for name, run in zip(names.values(), runs, strict=True)
    }


@pytest.mark.parametrize(
    ("large_weights", "outcome"),
    [
        (reader(1, 0.77), "reproduced"),
        (reader(0.9, 0.77), "undecided (not trained to the end)"),
        (reader(1, 0.9), "weaker"),
        (reader(1, 0.95), "not reproduced"),
    ],
)
def test_verdict_on_accuracy(monkeypatch, large_weights, outcome):
    stored = both_rates(SMALL_START, large_weights, LARGE_BIASES)
    monkeypatch.setattr(digits_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R20")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    assert verdict.control == "than large biases, where both fit, by 0.010 to 0.010"


def test_control_of_the_accuracies_passes_if_biases_matter(monkeypatch):
    stored = both_rates(SMALL_START, reader(1, 0.77), reader(1, 0.6))
    monkeypatch.setattr(digits_claims, "load_or_run", stored.__getitem__)
    with pytest.raises(RuntimeError, match="R20: the negative control passes"):
        judgement.verdict("R20")


def test_the_settings_of_the_figures():
    for stds, name in (*FIG_4.items(), *QUICK.items()):
        settings = chapters.get(name).settings
        assert (settings["weight_std"], settings["bias_std"]) == stds
    paper = [chapters.get(name).settings for name in FIG_4.values()]
    assert {(how["lr"], how["batch_size"], how["hidden"]) for how in paper} == {
        (1e-5, 400, (800, 400, 200, 100))
    }
    for std, name in FIG_1.items():
        assert chapters.get(name).settings["weight_std"] == std
