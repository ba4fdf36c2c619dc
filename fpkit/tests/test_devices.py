"""Networks may be on another device than the processor's: here the one that holds no numbers.

On "meta" everything is computed but the numbers, and tensors of two devices do not mix, just as on
a graphics card. Where numbers are asked for at the end there are none, and torch says so.
"""

import numpy as np
import pytest
import torch

from book.general_theory import loss_stages
from book.gradient_theory import network_norms
from book.initialization import curvature
from book.response_frequency import image_lines
from fpkit import MLP, theory, train

X = np.linspace(-1, 1, 8, endpoint=False)
NETS = MLP([1, 4, 1], weight_std=1.0, seeds=[0, 1]).to("meta")
CLASSIFIER = MLP([3, 4, 2], weight_std=1.0).to("meta")
IMAGES = np.ones((2, 3))


def test_sharpness():
    assert curvature.sharpness(NETS, X, X).device.type == "meta"


@pytest.mark.parametrize(
    "measure",
    [
        lambda: network_norms.gradient_norms(NETS, X, X, [1, 2]),
        lambda: loss_stages.loss_rates(NETS, X, X, density=np.ones(8)),
        lambda: theory.kernel(NETS, X),
        lambda: network_norms.spectral_norms(NETS),
        lambda: image_lines.adversarial_directions(CLASSIFIER, IMAGES),
        lambda: image_lines.walk(CLASSIFIER, IMAGES, IMAGES, X),
    ],
    ids=["gradients", "loss rates", "kernel", "norms", "directions", "walk"],
)
def test_measures_end_with_numbers(measure):
    with pytest.raises(NotImplementedError, match="Cannot copy out of meta tensor; no data!"):
        measure()


def test_gradients_are_measured_where_they_are_switched_off():
    nets = MLP([1, 4, 1], weight_std=1.0)
    expected = network_norms.gradient_norms(nets, X, X, [1])
    with torch.no_grad():
        assert np.array_equal(network_norms.gradient_norms(nets, X, X, [1]), expected)


def accelerator(name, is_here, dtype, rounding):
    missing = pytest.mark.skipif(not is_here, reason=f"there is no {name} here")
    return pytest.param(name, dtype, rounding, marks=missing, id=name)


@pytest.mark.parametrize(
    ("device", "dtype", "rounding"),
    [
        accelerator("cuda", torch.cuda.is_available(), torch.float64, 1e-9),
        accelerator("mps", torch.backends.mps.is_available(), torch.float32, 1e-4),
    ],
)
def test_an_accelerator_trains_what_the_processor_trains(device, dtype, rounding):
    """The numbers come back, and the networks stay where they were sent."""
    runs = []
    for where in ("cpu", device):
        nets = MLP([1, 8, 1], weight_std=1.0, seeds=[0, 1], dtype=dtype)
        how = {"steps": 20, "lr": 1e-2, "progress": False, "device": where}
        runs.append(train(nets, X, np.sin(3 * X), **how))
        assert {parameter.device.type for parameter in nets.parameters()} == {where}
    np.testing.assert_allclose(runs[1].outputs, runs[0].outputs, rtol=rounding, atol=rounding / 10)
