"""The playground's engine in Chromium, against torch, numpy and fpkit; its units: its .test.js."""

import numpy as np
import pytest
import torch

import fpkit as fp
from book.gradient_theory.flipped import flipped_line
from book.tools.benchmarks.browser import profile
from fpkit.widgets.playground import playground

PAGE = "book/playground/playground.html"
TRAIN = """async ({widths, activation, optimizer, lr, weights, biases, x, y, steps, plain}) => {
  const engine = await import("/_static/playground/engine.js");
  const { OPTIMIZERS, PLAIN, backward, forward, network, pass } = engine;
  const { arithmetic } = await import("/_static/playground/arithmetic.js");
  const way = plain ? PLAIN : arithmetic();
  const net = network(widths, activation, way);
  net.layers.forEach((layer, l) => {
    layer.weights.set(weights[l]);
    layer.biases.set(biases[l]);
  });
  const room = pass(net, x);
  const update = OPTIMIZERS[optimizer](net.parameters.length, lr, way);
  const first = [...forward(net, room)];
  const losses = [];
  let gradient;
  for (let step = 0; step < steps; step++) {
    forward(net, room);
    losses.push(backward(net, room, y));
    gradient ??= [...net.gradient];
    update(net.parameters, net.gradient);
  }
  const type = net.parameters.constructor.name;
  return { first, gradient, losses, last: [...forward(net, room)], type };
}"""


@pytest.fixture(scope="module")
def page(chromium, address):
    with profile(chromium) as context:
        page = context.new_page()
        page.goto(f"{address}/{PAGE}")
        yield page


def job(nets, x, y, **settings):
    """Return what the page needs to train as fpkit does."""
    weights, biases = (
        [tensor[0].flatten().tolist() for tensor in tensors]
        for tensors in (nets.weights, nets.biases)
    )
    start = {"widths": nets.widths, "activation": nets.activation}
    data = {"weights": weights, "biases": biases, "x": x.tolist(), "y": y.tolist()}
    return {**start, **data, **settings}


def gradient(nets, x, y):
    """Return the gradient of the loss in the page's order, layer by layer."""
    inputs, wanted = (torch.as_tensor(array, dtype=nets.dtype)[:, None] for array in (x, y))
    fp.losses.mse(nets(inputs), wanted).sum().backward()
    parts = zip(nets.weights, nets.biases, strict=True)
    found = torch.cat([part.grad.flatten() for pair in parts for part in pair])
    nets.zero_grad(set_to_none=True)
    return found.numpy()


def deviation(found, expected):
    """Return the largest difference relative to the largest value."""
    found, expected = np.asarray(found), np.asarray(expected)
    return np.abs(found - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float64, 1e-6), (torch.float32, 1e-4)], ids=["64", "32"]
)
@pytest.mark.parametrize(("optimizer", "lr"), [("adam", 1e-3), ("sgd", 3e-2)])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sin", "ricker"])
def test_same_start_same_run(page, activation, optimizer, lr, dtype, tolerance):
    x, y = fp.targets.staircase(40)
    nets = fp.MLP([1, 17, 32, 9, 1], activation=activation, weight_std=0.3, dtype=dtype)
    how = {"steps": 200, "lr": lr, "optimizer": optimizer}
    found = page.evaluate(TRAIN, job(nets, x, y, plain=True, **how))
    expected_gradient = gradient(nets, x, y)
    run = fp.train(nets, x, y, record_every=1, progress=False, **how)
    deviations = {
        "outputs": deviation(found["first"], run.outputs[0, 0]),
        "gradient": deviation(found["gradient"], expected_gradient),
        "losses": deviation(found["losses"], run.losses[0, :-1]),
        "last outputs": deviation(found["last"], run.outputs[0, -1]),
    }
    print(f"\n{activation}, {optimizer}, {dtype}:", *(f"{d:.0e}" for d in deviations.values()))
    assert max(deviations.values()) < tolerance  # records are 32-bit


@pytest.mark.parametrize("activation", ["tanh", "relu", "sin", "ricker"])
@pytest.mark.parametrize("hidden", [[17, 32, 9], [200, 200, 200, 100]], ids=["small", "papers"])
def test_webassembly_differs_from_torch_by_rounding(page, hidden, activation):
    x, y = fp.targets.staircase(40)
    nets = fp.MLP([1, *hidden, 1], activation=activation, weight_std=0.1)
    how = {"steps": 50, "lr": 1e-4, "optimizer": "adam"}
    found = page.evaluate(TRAIN, job(nets, x, y, plain=False, **how))
    assert found["type"] == "Float32Array"  # else this browser has no such thing
    assert deviation(found["gradient"], gradient(nets, x, y)) < 1e-5
    run = fp.train(nets, x, y, record_every=1, progress=False, **how)
    assert deviation(found["losses"], run.losses[0, :-1]) < 1e-5
    assert deviation(found["last"], run.outputs[0, -1]) < 1e-4


# --- spectra ---------------------------------------------------------------------------------

SPECTRUM = """async ({values, target, modes}) => {
  const s = await import("/_static/playground/spectrum.js");
  const f = await import("/_static/shared/fourier.js");
  const of = f.transform(f.even(values.length));
  const [output, wanted] = [of(values), of(target)];
  return { re: [...output.re], im: [...output.im], peaks: s.peaks(f.amplitudes(output)),
           errors: s.relativeErrors(output, wanted, modes) };
}"""


@pytest.mark.parametrize("n", [16, 40, 41, 200])
def test_spectrum(page, n):
    values, target = np.random.default_rng(n).normal(size=(2, n))
    modes = list(range(1, n // 2))
    job = {"values": values.tolist(), "target": target.tolist(), "modes": modes}
    found = page.evaluate(SPECTRUM, job)
    output, wanted = fp.spectra.dft(values), fp.spectra.dft(target)
    np.testing.assert_allclose(np.array(found["re"]) + 1j * np.array(found["im"]), output)
    assert found["peaks"] == fp.spectra.peaks(output).tolist()
    np.testing.assert_allclose(
        found["errors"], fp.spectra.relative_error(output[modes], wanted[modes])
    )


@pytest.mark.parametrize("make", [fp.targets.staircase, fp.targets.sine_sum])
@pytest.mark.parametrize("n", [40, 120, 200])
def test_peaks_of_targets(page, make, n):
    values = make(n)[1].tolist()
    found = page.evaluate(SPECTRUM, {"values": values, "target": values, "modes": [1]})["peaks"]
    strong = [k for k in fp.spectra.peaks(fp.spectra.dft(values)) if k in found]
    assert found == strong
    assert found[:3] == fp.spectra.peaks(fp.spectra.dft(values), 3).tolist()


# --- targets ---------------------------------------------------------------------------------

SAMPLE = """async (choice) => {
  const { sample } = await import("/_static/playground/targets.js");
  const { DEFAULTS } = await import("/_static/playground/parameters.js");
  const { x, y, clean, testX, testY, modes } = sample({ ...DEFAULTS, ...choice });
  return { x: [...x], y: [...y], clean: [...clean], testX: [...testX], testY: [...testY], modes };
}"""


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"target": "staircase"}, fp.targets.staircase(40)),
        ({"target": "flipped"}, flipped_line(40)),
        ({"target": "sines"}, fp.targets.sine_sum(40, height=0)),
        ({"target": "sines", "amplitudes": [0, 1, 0.5]}, fp.targets.sine_sum(40, 0, (0, 1, 0.5))),
        ({"target": "sine"}, fp.targets.sample(np.sin, n=40, interval=(-10, 10), height=0.5)),
        ({"target": "drawn", "drawing": [0.5, -1, 1]},
         fp.targets.sample(lambda x: np.interp(x, [-1, 0, 1], [0.5, -1, 1]), n=40)),
    ],
)  # fmt: skip
def test_targets_are_those_of_the_package(page, choice, expected):
    found = page.evaluate(SAMPLE, {"samples": 40, **choice})
    np.testing.assert_allclose(found["x"], expected[0], atol=1e-12)
    np.testing.assert_allclose(found["clean"], expected[1], atol=1e-12)
    assert found["y"] == found["clean"]
    middles = (np.array(found["x"])[1:] + np.array(found["x"])[:-1]) / 2
    np.testing.assert_allclose(found["testX"], middles, atol=1e-12)


def test_both_sides_know_the_same_parameters(page):
    names = page.evaluate(
        """async () => Object.keys((await import("/_static/playground/parameters.js")).DEFAULTS)"""
    )
    assert set(names) == set(playground.PARAMETERS)
