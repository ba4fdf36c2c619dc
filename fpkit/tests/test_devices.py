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


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")
def test_a_graphics_card_trains_what_the_processor_trains():
    """The numbers come back, and the networks stay where they were sent."""
    runs = []
    for device in ("cpu", "cuda"):
        nets = MLP([1, 8, 1], weight_std=1.0, seeds=[0, 1], dtype=torch.float64)
        how = {"steps": 20, "lr": 1e-2, "progress": False, "device": device}
        runs.append(train(nets, X, np.sin(3 * X), **how))
        assert {parameter.device.type for parameter in nets.parameters()} == {device}
    np.testing.assert_allclose(runs[1].outputs, runs[0].outputs, rtol=1e-9)
