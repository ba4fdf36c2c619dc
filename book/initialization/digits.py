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

from book import datasets
from book.datasets import ImageSet
from fpkit import losses, validation
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Experiment, Trial, series_only
from fpkit.training import train

__all__ = ["FIG_1", "FIG_4", "QUICK", "SMALL", "accuracy", "magnitudes"]

# Updates in an epoch: 60,000 images in batches of 400, and 10,000 in batches of 100.
EPOCH, QUICK_EPOCH = 150, 100
# Images that pass through the networks at once when a record is made.
CHUNK = 1_000
LOSSES = {"mean square": losses.mse, "cross-entropy": losses.cross_entropy}


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
            loss=LOSSES[validation.known("loss", loss, LOSSES)],
            eval_x=x[:2],
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
    validation.known("products", precision, ("highest", "medium"))
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
# names of the runs.
FIG_1 = {0.06: "mnist_std_006", 0.2: "mnist_std_02", 0.6: "mnist_std_06"}
FIG_4 = {
    (0.01, 0.01): "mnist_small_weights",
    (0.3, 0.01): "mnist_large_weights",
    (0.01, 2.5): "mnist_large_biases",
}
# The same at a faster rate of ours.
QUICK = {stds: f"{name}_quick" for stds, name in FIG_4.items()}
# A small network with the smallest std of Fig. 1.
SMALL = "mnist_small_net_std_006"


def epochs(count: int, length: int) -> dict[str, Any]:
    """Return the settings of a run of so many epochs of ``length`` updates."""
    return {"steps": count * length, "record_every": recorded(count, length)}


mnist_std_006 = Experiment(digit_reader, P2_1, weight_std=0.06, seeds=SEEDS)
mnist_std_02 = Experiment(digit_reader, P2_1, weight_std=0.2, seeds=SEEDS)
mnist_std_06 = Experiment(digit_reader, P2_1, weight_std=0.6, seeds=SEEDS)
mnist_small_net_std_006 = Experiment(
    digit_reader,
    "control",
    hidden=(20, 20, 20, 20),
    weight_std=0.06,
    seeds=SEEDS,
    **epochs(60, EPOCH),
)

# Fig. 4 at the paper's rate, for as many epochs as we had time for.
mnist_small_weights = Experiment(
    digit_reader, P2_4, weight_std=0.01, bias_std=0.01, products="medium", **epochs(500, EPOCH)
)
mnist_large_weights = Experiment(
    digit_reader, P2_4, weight_std=0.3, bias_std=0.01, products="medium", **epochs(600, EPOCH)
)
mnist_large_biases = Experiment(
    digit_reader, P2_4, weight_std=0.01, bias_std=2.5, products="medium", **epochs(340, EPOCH)
)

# The same at our faster rate, with fewer images and cross-entropy.
FASTER = {"n": 10_000, "loss": "cross-entropy", "seeds": SEEDS, "lr": 3e-4, "batch_size": 100}
mnist_small_weights_quick = Experiment(
    digit_reader, P2_4, weight_std=0.01, bias_std=0.01, **FASTER, **epochs(36, QUICK_EPOCH)
)
mnist_large_weights_quick = Experiment(
    digit_reader, P2_4, weight_std=0.3, bias_std=0.01, **FASTER, **epochs(16, QUICK_EPOCH)
)
mnist_large_biases_quick = Experiment(
    digit_reader, P2_4, weight_std=0.01, bias_std=2.5, **FASTER, **epochs(60, QUICK_EPOCH)
)

# What a linear classifier can do with the same images.
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
