"""Low and high frequencies on images, by filtering: slides of Zhang and Luo; settings are ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from book import datasets
from book.convnets import ConvNet
from book.filtering import parts
from book.filtering.high_first import HighFirst
from fpkit import losses, validation
from fpkit.networks import MLP, Ensemble
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, series_only
from fpkit.training import Run, train

__all__ = ["RIDGE", "linear_predictor"]

# Added to the diagonal of the linear predictor's normal equations, per image.
RIDGE = 1e-4


def linear_predictor(images: NDArray, labels: NDArray) -> NDArray[np.float64]:
    """Return what least squares with an intercept predicts at its training images, ``(n, c)``."""
    x = images.astype(np.float64) - images.mean(axis=0)
    y = labels - labels.mean(axis=0)
    weights = np.linalg.solve(x.T @ x + RIDGE * len(x) * np.eye(x.shape[1]), x.T @ y)
    return x @ weights + labels.mean(axis=0)


def filtered(
    *,
    data: str = "mnist",
    n: Annotated[int, Between(100, 1_400), "images"] = 5_000,
    network: str = "dense",
    hidden: Sequence[int] = (100, 100),
    activation: str = "tanh",
    weight_std: float = 0.1,
    low_weight: Annotated[float, Between(1e-5, 1, log=True), "weight of the low part"] = 1.0,
    shuffled: bool = False,
    deltas: Annotated[Sequence[float], Between(0.3, 5), "width δ"] = (3.0, 7.0, 10.0, 20.0),
    seeds: Sequence[int] = SEEDS,
    steps: int = 300,
    batch_size: int | None = 200,
    lr: float = 5e-4,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """Learn centred one-hot labels of images; e_low and e_high for several filters.

    Only errors are kept, no image, label or output. For each δ the series are ``low`` and ``high``,
    and, the same at every record, ``linear_low`` and ``linear_high`` of the linear predictor,
    ``neighbours`` (median effective number) and ``share``, ‖y_high‖/‖y‖. ``hidden`` and
    ``weight_std`` are those of the dense network. A ``low_weight`` other than 1 trains with
    `HighFirst`, whose filter has the third δ, or the last of fewer. ``shuffled`` labels are those
    of other images, drawn once for all networks.
    """
    chosen = datasets.load(data).first(n)
    x, y = chosen.images, chosen.one_hot(centred=True)
    if shuffled:
        y = np.random.default_rng(0).permutation(y)
    if validation.known("network", network, ("dense", "convolutional")) == "dense":
        widths = [x.shape[1], *hidden, y.shape[1]]
        nets: Ensemble = MLP(
            widths, activation=activation, weight_std=weight_std, seeds=seeds, antisymmetric=True
        )
    else:
        nets = ConvNet(chosen.shape, activation=activation, seeds=seeds, antisymmetric=True)
    loss = losses.mse
    if low_weight != 1:
        loss = HighFirst(x, deltas[:3][-1], low_weight)
    run = train(
        nets,
        x,
        y,
        steps=steps,
        lr=lr,
        record_every=record_every,
        batch_size=batch_size,
        loss=loss,
        **how,
    )
    return series_only(run, _series(run, deltas))


def _series(run: Run, deltas: Sequence[float]) -> dict[str, NDArray]:
    """Return what `filtered` keeps, ``(S, R)`` for each name."""
    x, y = run.x, run.y[0]
    members, records = run.losses.shape
    every = np.append(run.outputs.reshape(-1, *y.shape), linear_predictor(x, y)[None], axis=0)
    errors = parts.band_errors(x, y, every, deltas)
    neighbours = np.median(parts.reach(x, deltas).neighbours, axis=1)
    series = {}
    for d, delta in enumerate(deltas):
        for name, values in (("low", errors.low[d]), ("high", errors.high[d])):
            series[f"{name} {delta:g}"] = values[:-1].reshape(members, records)
            series[f"linear_{name} {delta:g}"] = np.full((members, records), values[-1])
        series[f"neighbours {delta:g}"] = np.full((members, records), neighbours[d])
        series[f"share {delta:g}"] = np.full((members, records), errors.share[d])
    return series


SLIDES = "Zhang and Luo, slides"
DIGITS = {
    "data": "digits",
    "n": 600,
    "deltas": (0.3, 0.7, 1.0, 3.0),
    "batch_size": None,
    "steps": 200,
}
# The first images of data_batch_1.bin.
CIFAR = {"data": "cifar-10", "deltas": (10.0, 20.0, 30.0, 60.0)}

filtering_mnist = Experiment(filtered, SLIDES)
filtering_mnist_convolutional = Experiment(filtered, SLIDES, network="convolutional")
filtering_cifar = Experiment(filtered, SLIDES, **CIFAR)
filtering_cifar_convolutional = Experiment(filtered, SLIDES, **CIFAR, network="convolutional")
filtering_digits = Experiment(filtered, SLIDES, **DIGITS)
filtering_mnist_shuffled = Experiment(filtered, "control", shuffled=True)
filtering_mnist_convolutional_shuffled = Experiment(
    filtered, "control", network="convolutional", shuffled=True
)
filtering_digits_shuffled = Experiment(filtered, "control", **DIGITS, shuffled=True)
filtering_digits_high_first = Experiment(filtered, "control", **DIGITS, low_weight=1e-5)
