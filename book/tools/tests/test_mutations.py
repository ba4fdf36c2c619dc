"""A replay finds a small fault of every kind, in every kind of result.

The faults are put behind the settings, into what the experiments call, so that the settings still
agree and the comparison of numbers has to find them. Each is so large that the smallest would be
missed by a tolerance three times as wide.
"""

from functools import cache

import pytest
import torch

from book.linear_theory import two_layer
from fpkit import backpropagation, networks
from fpkit.reproduce import replays
from fpkit.tests import need_data


def optimizer_with(monkeypatch, change):
    """Let every optimiser be made with changed defaults."""
    real = torch.optim.Optimizer.__init__

    def init(self, params, defaults):
        real(self, params, {**defaults, **change(defaults)})

    monkeypatch.setattr(torch.optim.Optimizer, "__init__", init)


def rate(monkeypatch):
    """A learning rate that is 1 % too large."""
    optimizer_with(monkeypatch, lambda defaults: {"lr": 1.01 * defaults["lr"]})


def memory(monkeypatch):
    """Adam's β₁, or a momentum, that is 1 % too small."""

    def change(defaults):
        if "betas" in defaults:
            first, second = defaults["betas"]
            return {"betas": (0.99 * first, second)}
        return {"momentum": 0.99 * defaults["momentum"]}

    optimizer_with(monkeypatch, change)


def scale(monkeypatch):
    """First weights that are 1 % too large."""
    randn, draw = torch.randn, two_layer.TwoLayer._draw

    def two_layers(self, seed, even):
        w, *others = draw(self, seed, even)
        return 1.01 * w, *others

    monkeypatch.setattr(torch, "randn", lambda *args, **options: 1.01 * randn(*args, **options))
    monkeypatch.setattr(two_layer.TwoLayer, "_draw", two_layers)


def seed(monkeypatch):
    """Networks of the next seed."""
    draw = two_layer.TwoLayer._draw

    class Next(torch.Generator):
        def manual_seed(self, seed):
            return super().manual_seed(seed + 1)

    monkeypatch.setattr(torch, "Generator", Next)
    monkeypatch.setattr(
        two_layer.TwoLayer, "_draw", lambda self, seed, even: draw(self, seed + 1, even)
    )


def activation(monkeypatch):
    """An activation of the same slope at 0, or of the same kind."""
    others = {"tanh": torch.atan, "relu": torch.nn.functional.gelu}
    for name, other in others.items():
        monkeypatch.setitem(networks.ACTIVATIONS, name, other)
        monkeypatch.delitem(backpropagation.RULES, name)  # so that autograd computes it

    def hinges(s, w, r, l):  # noqa: E741
        return (w[:, None] * torch.nn.functional.gelu(r[:, None] * (s + l[:, None]))).sum(-1)

    monkeypatch.setattr(two_layer.HingeSum, "apply", hinges)


FAULTS = (rate, memory, scale, seed, activation)
# An experiment of each kind of result.
KINDS = {
    "absolute_value_coarse": "a staircase learned by tanh networks with Adam",
    "stages_relu": "ReLU, a transform of uneven points, rates that are observed",
    "fourier_low_to_high": "a loss with a state",
    "optimizers_batches": "a sweep over settings, batches, four optimisers",
    "ntk_widths": "wide networks by plain gradient descent, beside their kernels",
    "phase_diagram": "cells of a map, kept in half precision",
    "parity_8_128": "one network at a time, of which only accuracies are kept",
    "waves_on_a_cube": "another transform",
    "image_eye_zero_start": "an image, by pairs of networks that start equal",
    "filtering_mnist_convolutional": "convolutions",
    "lfp_large_init": "two wide layers, at a rate that follows from their kernels",
    "mnist_small_net_std_006": "digits, of which only sums are kept",
}
# Of these, all networks, for their rate follows from the kernels of all; and other than the usual
# four records: more where thirty updates at a rate of 10⁻⁵ move the sums hardly more than rounding
# does, fewer of many cells, networks or points.
MEMBERS = {"lfp_large_init": None}
RECORDS = {
    "mnist_small_net_std_006": 6,
    "image_eye_zero_start": 3,
    "lfp_large_init": 2,
    "phase_diagram": 2,
}
# Plain gradient descent has no memory.
WITHOUT_MEMORY = ("ntk_widths",)


@cache
def asked(name):
    """Return how much of a result is run again, and what rounding can do to it, without a fault."""
    part = {"records": RECORDS.get(name, 4), "members": MEMBERS.get(name, 1)}
    return {**part, "allowed": replays.tolerance(name, **part)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(
            name, fault, id=f"{name}-{fault.__name__}", marks=pytest.mark.xdist_group(name)
        )
        for name in KINDS
        for fault in FAULTS
        if not (fault is memory and name in WITHOUT_MEMORY)
    ],
)
def test_a_fault_behind_the_settings_is_found(name, fault, monkeypatch):
    need_data(name)
    monkeypatch.delenv("FPKIT_RESULTS", raising=False)
    part = asked(name)
    fault(monkeypatch)
    worst = replays.deviation(name, **part)
    print(f"{fault.__doc__} {name}: {worst}")
    assert worst.ratio >= 3
