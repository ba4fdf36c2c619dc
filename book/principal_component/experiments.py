"""Labels of images along a principal direction: Xu, Zhang, Xiao (2018), Section 2.1 and Fig. 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from book import datasets
from book.convnets import ConvNet
from book.datasets import ImageSet
from book.filtering.experiments import linear_predictor
from book.principal_component import projection
from fpkit import spectra, validation
from fpkit.networks import MLP, Ensemble
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, series_only
from fpkit.training import Run, train

__all__ = ["along", "labels_of"]

LABELS = ("number", "centred", "one-hot", "waves")
# Waves over the range of the images, all of the same size, for labels="waves".
WAVES = (1, 2, 3, 4)
CHANNELS = (32, 32)


# Which principal direction a line follows, and whether images are spread evenly on it.
LINES = {"first": (1, False), "second": (2, False), "first even": (1, True)}


def along(images: NDArray, line: str = "first") -> NDArray[np.float64]:
    """Return where images lie on a line, ``(n,)``: from 0 to 1 along a principal direction.

    On "first even" the places are ranks, 0, 1/n, … along the first direction, so that a constant
    has no spectrum above k = 0, and waves do not leak into each other.
    """
    j, even = LINES[validation.known("line", line, LINES)]
    direction = projection.principal_direction(images, j, method="randomised")
    t = projection.project(images, direction)
    return t.argsort(kind="stable").argsort() / len(t) if even else t


def labels_of(images: ImageSet, kind: str) -> NDArray[np.float32]:
    """Return labels ``(n, columns)`` of a kind.

    "number": the class as one number, 0 … 9, as in the paper. "centred": the same minus its mean.
    "one-hot": ten columns minus their means. "waves": Σ cos(2πk t) over four k, with t the place on
    "first even", a function of t alone.
    """
    number = images.labels.astype(np.float32)[:, None]
    validation.known("labels", kind, LABELS)
    if kind == "centred":
        return number - number.mean()
    if kind == "one-hot":
        return images.one_hot(centred=True)
    if kind == "waves":
        turns = 2 * np.pi * np.outer(along(images.images, "first even"), WAVES)
        return np.cos(turns).sum(axis=1, keepdims=True).astype(np.float32)
    return number


def direction(
    *,
    data: str = "mnist",
    part: str = "test",
    n: Annotated[int, Between(200, 1_400), "images"] = 10_000,
    labels: Literal["number", "centred", "one-hot", "waves"] = "number",
    network: str = "dense",
    hidden: Sequence[int] = (200, 100, 100),
    activation: str = "tanh",
    weight_std: float = 1e-4,
    lines: Sequence[str] = tuple(LINES),
    modes: Annotated[int, Between(6, 41), "components"] = 41,
    seeds: Sequence[int] = SEEDS,
    steps: int = 8_000,
    batch_size: int | None = 100,
    lr: float = 1e-5,
    record_every: int = 200,
    **how: Any,
) -> Trial:
    """Learn labels of images; the spectra of outputs along principal directions.

    Only spectra are kept, no image, label or output. For each line (see `along`) the series are,
    split into ``real`` and ``imaginary``, ``output`` ``(S, R, columns, modes)`` at modes 0, 1, …,
    and with 1 for S and R ``labels``, ``linear`` (the best linear predictor) and ``density`` (a
    constant 1), and ``floor`` ``(1, 1, modes)``, what centred labels in random order stay below.
    Mode 0 is the mean, so a spectrum minus its mode 0 times the density is that of the centred
    function.
    ``weight_std`` is that of the dense network.
    """
    chosen = datasets.load(data, part).first(n)
    y = labels_of(chosen, labels)
    nets: Ensemble
    if validation.known("network", network, ("dense", "convolutional")) == "dense":
        widths = [chosen.images.shape[1], *hidden, y.shape[1]]
        nets = MLP(widths, activation=activation, weight_std=weight_std, seeds=seeds)
    else:
        nets = ConvNet(
            chosen.shape,
            y.shape[1],
            channels=CHANNELS,
            hidden=hidden,
            activation=activation,
            seeds=seeds,
        )
    run = train(
        nets,
        chosen.images,
        y[None],
        steps=steps,
        lr=lr,
        record_every=record_every,
        batch_size=batch_size,
        **how,
    )
    beside = _beside(data, part, n, labels, tuple(lines), modes)
    return series_only(run, _series(run, y, beside, np.arange(modes)))


def _series(run: Run, y: NDArray, beside: Beside, modes: NDArray) -> dict[str, NDArray]:
    """Return what `direction` keeps."""
    outputs = run.outputs.reshape(*run.outputs.shape[:2], *y.shape)
    series = dict(beside.series)
    for line, t in beside.places.items():
        series |= _spectrum(f"output {line}", outputs, t, modes)
    return series


def _spectrum(name: str, values: NDArray, t: NDArray, modes: NDArray) -> dict[str, NDArray]:
    """Return real and imaginary part of the spectrum of values ``(S, R, n, columns)`` at t."""
    spectrum = spectra.nudft(values.swapaxes(2, 3), t, modes, length=1.0)
    return {f"{name} real": spectrum.real, f"{name} imaginary": spectrum.imag}


class Beside(NamedTuple):
    """What is the same for all networks: where images lie on each line, and series."""

    places: dict[str, NDArray]
    series: dict[str, NDArray]


@lru_cache(maxsize=1)  # a replay runs the same four times, and this takes longer than its training
def _beside(
    data: str, part: str, n: int, labels: str, lines: tuple[str, ...], modes: int
) -> Beside:
    chosen = datasets.load(data, part).first(n)
    y, numbers = labels_of(chosen, labels), np.arange(modes)
    functions: dict[str, NDArray] = {
        "labels": y[None, None],
        "linear": linear_predictor(chosen.images, y)[None, None],
        "density": np.ones((1, 1, len(y), 1)),
    }
    places = {line: along(chosen.images, line) for line in lines}
    series: dict[str, NDArray] = {}
    for line, t in places.items():
        for name, values in functions.items():
            series |= _spectrum(f"{name} {line}", values, t, numbers)
        series[f"floor {line}"] = projection.noise_floor(y, t, numbers).floor[None, None]
    return Beside(places, series)


FIGURE = "Xu, Zhang, Xiao (2018), Fig. 1"
CIFAR = {"data": "cifar-10", "part": "train", "n": 7_500, "seeds": (0, 1, 2)}
CONVOLUTIONAL = {
    "network": "convolutional",
    "hidden": (128, 64),
    "activation": "relu",
    "seeds": (0, 1, 2, 3),
    "steps": 480,
    "batch_size": 128,
    "lr": 1e-4,
    "record_every": 12,
}
# An initial size and a rate as in the other chapters, to be done in 20 passes.
USUAL = {"weight_std": 0.05, "lr": 2e-5, "steps": 2_000, "record_every": 50}
# Labels that are waves along the line, so that their order can be seen if there is one.
WAVES_ON_DIGITS = {
    "data": "digits",
    "part": "train",
    "n": 600,
    "labels": "waves",
    "hidden": (50, 50),
    "lines": ("first even",),
    "modes": 13,
    "steps": 800,
    "batch_size": None,
    "lr": 1e-3,
    "record_every": 20,
}

principal_mnist = Experiment(direction, FIGURE, seeds=(0, 1, 2, 3))
principal_mnist_convolutional = Experiment(direction, FIGURE, **CONVOLUTIONAL)
principal_cifar = Experiment(direction, FIGURE, **CIFAR, steps=8_000)
principal_cifar_convolutional = Experiment(
    direction, FIGURE, **{**CONVOLUTIONAL, **CIFAR, "steps": 1_200, "record_every": 30}
)
principal_mnist_centred = Experiment(direction, FIGURE, labels="centred", **USUAL)
principal_mnist_one_hot = Experiment(
    direction,
    "ours",
    labels="one-hot",
    **{**USUAL, "lines": ("first",), "modes": 16, "seeds": (0, 1, 2, 3)},
)
principal_digits_waves = Experiment(direction, "ours", **WAVES_ON_DIGITS, weight_std=0.1)
principal_digits_waves_large_init = Experiment(
    direction, "control", **WAVES_ON_DIGITS, weight_std=1.0
)
