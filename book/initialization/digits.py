"""Networks that read digits, from several initial scales: Xu (2018), Fig. 1 and 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from fpkit import checks, datasets, losses
from fpkit.datasets import ImageSet
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Experiment, Trial, series_only
from fpkit.training import train

__all__ = ["FIG_1", "FIG_4", "QUICK", "SMALL", "accuracy", "magnitudes"]

# Updates in an epoch: 60,000 images in batches of 400, and 10,000 in batches of 100.
EPOCH, QUICK_EPOCH = 150, 100
# Images that pass through the networks at once when a record is made.
CHUNK = 1_000
LOSSES = {"mean square": losses.mean_square, "cross-entropy": losses.cross_entropy}


def recorded(epochs: int, length: int) -> tuple[int, ...]:
    """Return steps 0, 10, 20, 30, then epochs 1 to 4, every second one to 12, every fourth."""
    later = [*range(1, 5), *range(6, 13, 2), *range(16, epochs, 4)]
    return (0, 10, 20, 30, *(epoch * length for epoch in later if epoch < epochs))


def digit_reader(
    *,
    data: str = "mnist",
    n: int = 60_000,
    hidden: Sequence[int] = (800, 400, 200, 100),
    weight_std: float = 0.01,
    bias_std: float | None = None,
    loss: str = "mean square",
    judged: int = 2_500,
    seeds: Sequence[int] = (0, 1),
    steps: int = 8 * EPOCH,
    lr: float = 1e-5,
    batch_size: int = 400,
    record_every: Sequence[int] = recorded(8, EPOCH),
    products: str = "highest",
    **how: Any,
) -> Trial:
    """Learn one-hot labels of images from given initial scales of weights and biases.

    Only numbers are kept, no image, label or output. Series: "train accuracy", like the training
    loss of the first ``judged`` images; "test accuracy", of all test images; and those of
    `magnitudes`.

    ``products`` is the precision of matrix products while training, a value of
    `torch.set_float32_matmul_precision`; with "medium" their factors are rounded to bfloat16,
    which halves the time where a processor has it. Parameters keep their precision.
    """
    seen, new = datasets.load(data).first(n), datasets.load(data, "test")
    x, y = seen.images, seen.one_hot()
    nets = MLP(
        [x.shape[1], *hidden, y.shape[1]], weight_std=weight_std, bias_std=bias_std, seeds=seeds
    )
    sets = {"train": seen.first(judged), "test": new}

    with matrix_products(products):
        run = train(
            nets,
            x,
            y,
            steps=steps,
            lr=lr,
            record_every=record_every,
            batch_size=batch_size,
            loss=LOSSES[checks.known("loss", loss, LOSSES)],
            record_x=x[:2],
            loss_points=judged,
            observe=partial(accuracies_and_magnitudes, sets),
            **how,
        )
    grains = {f"{name} accuracy": 1 / len(images) for name, images in sets.items()}
    return replace(series_only(run, run.observed), grains=grains)


class Bfloat16Factors(TorchDispatchMode):
    """Rounds the factors of products of matrices to bfloat16, also where the processor would not.

    Without it the same call would give other numbers there: after 30 updates 2·10⁻⁵ apart.
    """

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        if func in PRODUCTS:
            others = PRODUCTS[func]
            args = (*args[:others], *(factor.bfloat16().float() for factor in args[others:]))
        return func(*args, **(kwargs or {}))


# The products of matrices in an `MLP` and in its gradient, and how many arguments stand in front of
# the factors.
PRODUCTS = {torch.ops.aten.baddbmm.default: 1, torch.ops.aten.bmm.default: 0}


@contextmanager
def matrix_products(precision: str) -> Iterator[None]:
    """Let torch compute products of matrices in a precision, and then as before."""
    checks.known("products", precision, ("highest", "medium"))
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision)
    try:
        with Bfloat16Factors() if precision == "medium" else nullcontext():
            yield
    finally:
        torch.set_float32_matmul_precision(before)


def accuracy(nets: MLP, images: ImageSet) -> Tensor:
    """Return the share of images whose largest output is that of their class, ``(S,)``."""
    device = nets.weights[0].device
    right = torch.zeros(nets.size, device=device)
    with torch.no_grad():
        for start in range(0, len(images), CHUNK):
            x, labels = (
                torch.from_numpy(values[start : start + CHUNK]).to(device)
                for values in (images.images, images.labels)
            )
            right += (nets(x).argmax(dim=2) == labels).sum(dim=1)
    return right / len(images)


def accuracies_and_magnitudes(sets: Mapping[str, ImageSet], nets: MLP) -> dict[str, Tensor]:
    """Return "NAME accuracy" for each set of images, and `magnitudes`."""
    right = {f"{name} accuracy": accuracy(nets, images) for name, images in sets.items()}
    return {**right, **magnitudes(nets)}


def magnitudes(nets: MLP) -> dict[str, Tensor]:
    """Return the mean of |weight| and of |bias|, ``(S,)`` each, of all layers and of each.

    "weight" and "bias" are over all layers, "weight spread" and "bias spread" the standard
    deviation there (Xu 2018, Fig. 1); "weight 1", "bias 1", … are those of one layer.
    """
    found = {}
    for name, layers in (("weight", nets.weights), ("bias", nets.biases)):
        sizes = [layer.detach().flatten(1).abs() for layer in layers]
        everything = torch.cat(sizes, dim=1)
        found[name] = everything.mean(dim=1)
        found[f"{name} spread"] = everything.std(dim=1, correction=0)
        found |= {f"{name} {i}": size.mean(dim=1) for i, size in enumerate(sizes, start=1)}
    return found


P2_1, P2_4 = "Xu (2018), Fig. 1", "Xu (2018), Fig. 4"
# Std of weights and biases of Fig. 1, and std of weights and std of biases of Fig. 4, with the
# names of the runs; epochs of those of Fig. 4: as many as we had time for.
FIG_1 = {0.06: "mnist_std_006", 0.2: "mnist_std_02", 0.6: "mnist_std_06"}
FIG_4 = {
    (0.01, 0.01): "mnist_small_weights",
    (0.3, 0.01): "mnist_large_weights",
    (0.01, 2.5): "mnist_large_biases",
}
FIG_4_EPOCHS = (500, 600, 340)
# The same at a faster rate of ours.
QUICK = {stds: f"{name}_quick" for stds, name in FIG_4.items()}
QUICK_EPOCHS = (36, 16, 60)
# A small network with the smallest std of Fig. 1.
SMALL = "mnist_small_net_std_006"


def _fig_4(name: str, stds: tuple[float, float], epochs: int) -> Experiment:
    """Return a run of Fig. 4 at the paper's rate."""
    return Experiment(
        name,
        P2_4,
        digit_reader,
        weight_std=stds[0],
        bias_std=stds[1],
        steps=epochs * EPOCH,
        record_every=recorded(epochs, EPOCH),
        products="medium",
    )


def _quick(name: str, stds: tuple[float, float], epochs: int) -> Experiment:
    """Return a run of Fig. 4 at our faster rate, with fewer images and cross-entropy."""
    return Experiment(
        name,
        P2_4,
        digit_reader,
        n=10_000,
        weight_std=stds[0],
        bias_std=stds[1],
        loss="cross-entropy",
        seeds=SEEDS,
        steps=epochs * QUICK_EPOCH,
        lr=3e-4,
        batch_size=100,
        record_every=recorded(epochs, QUICK_EPOCH),
    )


mnist_std_006 = Experiment(digit_reader, "Xu (2018), Fig. 1", weight_std=0.06)
mnist_std_02 = Experiment(digit_reader, "Xu (2018), Fig. 1", weight_std=0.2)
mnist_std_06 = Experiment(digit_reader, "Xu (2018), Fig. 1", weight_std=0.6)
mnist_small_net_std_006 = Experiment(
    digit_reader,
    "control",
    hidden=(20, 20, 20, 20),
    weight_std=0.06,
    seeds=(0, 1, 2, 3, 4, 5, 6, 7),
    steps=9000,
    record_every=(
        0,
        10,
        20,
        30,
        150,
        300,
        450,
        600,
        900,
        1200,
        1500,
        1800,
        2400,
        3000,
        3600,
        4200,
        4800,
        5400,
        6000,
        6600,
        7200,
        7800,
        8400,
    ),
)
mnist_small_weights = Experiment(
    digit_reader,
    "Xu (2018), Fig. 4",
    weight_std=0.01,
    bias_std=0.01,
    steps=75000,
    record_every=(
        0,
        10,
        20,
        30,
        150,
        300,
        450,
        600,
        900,
        1200,
        1500,
        1800,
        2400,
        3000,
        3600,
        4200,
        4800,
        5400,
        6000,
        6600,
        7200,
        7800,
        8400,
        9000,
        9600,
        10200,
        10800,
        11400,
        12000,
        12600,
        13200,
        13800,
        14400,
        15000,
        15600,
        16200,
        16800,
        17400,
        18000,
        18600,
        19200,
        19800,
        20400,
        21000,
        21600,
        22200,
        22800,
        23400,
        24000,
        24600,
        25200,
        25800,
        26400,
        27000,
        27600,
        28200,
        28800,
        29400,
        30000,
        30600,
        31200,
        31800,
        32400,
        33000,
        33600,
        34200,
        34800,
        35400,
        36000,
        36600,
        37200,
        37800,
        38400,
        39000,
        39600,
        40200,
        40800,
        41400,
        42000,
        42600,
        43200,
        43800,
        44400,
        45000,
        45600,
        46200,
        46800,
        47400,
        48000,
        48600,
        49200,
        49800,
        50400,
        51000,
        51600,
        52200,
        52800,
        53400,
        54000,
        54600,
        55200,
        55800,
        56400,
        57000,
        57600,
        58200,
        58800,
        59400,
        60000,
        60600,
        61200,
        61800,
        62400,
        63000,
        63600,
        64200,
        64800,
        65400,
        66000,
        66600,
        67200,
        67800,
        68400,
        69000,
        69600,
        70200,
        70800,
        71400,
        72000,
        72600,
        73200,
        73800,
        74400,
    ),
    products="medium",
)
mnist_large_weights = Experiment(
    digit_reader,
    "Xu (2018), Fig. 4",
    weight_std=0.3,
    bias_std=0.01,
    steps=90000,
    record_every=(
        0,
        10,
        20,
        30,
        150,
        300,
        450,
        600,
        900,
        1200,
        1500,
        1800,
        2400,
        3000,
        3600,
        4200,
        4800,
        5400,
        6000,
        6600,
        7200,
        7800,
        8400,
        9000,
        9600,
        10200,
        10800,
        11400,
        12000,
        12600,
        13200,
        13800,
        14400,
        15000,
        15600,
        16200,
        16800,
        17400,
        18000,
        18600,
        19200,
        19800,
        20400,
        21000,
        21600,
        22200,
        22800,
        23400,
        24000,
        24600,
        25200,
        25800,
        26400,
        27000,
        27600,
        28200,
        28800,
        29400,
        30000,
        30600,
        31200,
        31800,
        32400,
        33000,
        33600,
        34200,
        34800,
        35400,
        36000,
        36600,
        37200,
        37800,
        38400,
        39000,
        39600,
        40200,
        40800,
        41400,
        42000,
        42600,
        43200,
        43800,
        44400,
        45000,
        45600,
        46200,
        46800,
        47400,
        48000,
        48600,
        49200,
        49800,
        50400,
        51000,
        51600,
        52200,
        52800,
        53400,
        54000,
        54600,
        55200,
        55800,
        56400,
        57000,
        57600,
        58200,
        58800,
        59400,
        60000,
        60600,
        61200,
        61800,
        62400,
        63000,
        63600,
        64200,
        64800,
        65400,
        66000,
        66600,
        67200,
        67800,
        68400,
        69000,
        69600,
        70200,
        70800,
        71400,
        72000,
        72600,
        73200,
        73800,
        74400,
        75000,
        75600,
        76200,
        76800,
        77400,
        78000,
        78600,
        79200,
        79800,
        80400,
        81000,
        81600,
        82200,
        82800,
        83400,
        84000,
        84600,
        85200,
        85800,
        86400,
        87000,
        87600,
        88200,
        88800,
        89400,
    ),
    products="medium",
)
mnist_large_biases = Experiment(
    digit_reader,
    "Xu (2018), Fig. 4",
    weight_std=0.01,
    bias_std=2.5,
    steps=51000,
    record_every=(
        0,
        10,
        20,
        30,
        150,
        300,
        450,
        600,
        900,
        1200,
        1500,
        1800,
        2400,
        3000,
        3600,
        4200,
        4800,
        5400,
        6000,
        6600,
        7200,
        7800,
        8400,
        9000,
        9600,
        10200,
        10800,
        11400,
        12000,
        12600,
        13200,
        13800,
        14400,
        15000,
        15600,
        16200,
        16800,
        17400,
        18000,
        18600,
        19200,
        19800,
        20400,
        21000,
        21600,
        22200,
        22800,
        23400,
        24000,
        24600,
        25200,
        25800,
        26400,
        27000,
        27600,
        28200,
        28800,
        29400,
        30000,
        30600,
        31200,
        31800,
        32400,
        33000,
        33600,
        34200,
        34800,
        35400,
        36000,
        36600,
        37200,
        37800,
        38400,
        39000,
        39600,
        40200,
        40800,
        41400,
        42000,
        42600,
        43200,
        43800,
        44400,
        45000,
        45600,
        46200,
        46800,
        47400,
        48000,
        48600,
        49200,
        49800,
        50400,
    ),
    products="medium",
)
mnist_small_weights_quick = Experiment(
    digit_reader,
    "Xu (2018), Fig. 4",
    n=10000,
    weight_std=0.01,
    bias_std=0.01,
    loss="cross-entropy",
    seeds=(0, 1, 2, 3, 4, 5, 6, 7),
    steps=3600,
    lr=0.0003,
    batch_size=100,
    record_every=(
        0,
        10,
        20,
        30,
        100,
        200,
        300,
        400,
        600,
        800,
        1000,
        1200,
        1600,
        2000,
        2400,
        2800,
        3200,
    ),
)
mnist_large_weights_quick = Experiment(
    digit_reader,
    "Xu (2018), Fig. 4",
    n=10000,
    weight_std=0.3,
    bias_std=0.01,
    loss="cross-entropy",
    seeds=(0, 1, 2, 3, 4, 5, 6, 7),
    steps=1600,
    lr=0.0003,
    batch_size=100,
    record_every=(0, 10, 20, 30, 100, 200, 300, 400, 600, 800, 1000, 1200),
)
mnist_large_biases_quick = Experiment(
    digit_reader,
    "Xu (2018), Fig. 4",
    n=10000,
    weight_std=0.01,
    bias_std=2.5,
    loss="cross-entropy",
    seeds=(0, 1, 2, 3, 4, 5, 6, 7),
    steps=6000,
    lr=0.0003,
    batch_size=100,
    record_every=(
        0,
        10,
        20,
        30,
        100,
        200,
        300,
        400,
        600,
        800,
        1000,
        1200,
        1600,
        2000,
        2400,
        2800,
        3200,
        3600,
        4000,
        4400,
        4800,
        5200,
        5600,
    ),
)
mnist_linear_quick = Experiment(
    digit_reader,
    "baseline",
    n=10_000,
    hidden=(),
    loss="cross-entropy",
    steps=3_000,
    lr=1e-3,
    batch_size=100,
    record_every=(0, 10, 20, 30, 1_000, 2_000),
)
