"""When networks fail: parity and random labels. Slides of Zhang and Luo; settings are ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from book import datasets
from book.parity import cube
from fpkit import validation
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, each, experiment, series_only
from fpkit.training import Run, train

__all__ = ["CUBES", "IMAGES"]

# One network's problem, by its seed: seen points, their labels; unseen points, their labels.
Problem = Callable[[int], tuple[NDArray, NDArray, NDArray, NDArray]]


def on_a_cube(
    *,
    n: Annotated[int, Between(4, 14), "dimension"] = 10,
    seen: Annotated[int, Between(16, 1_000), "corners seen"] = 400,
    bits: int | None = None,
    unseen: Annotated[int, Between(100, 2_000), "unseen corners"] = 2_000,
    shuffled: bool = False,
    hidden: Sequence[int] = (500, 100),
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 600,
    lr: float = 5e-4,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """Learn the product of the first ``bits`` coordinates, of all if None, from some corners.

    Every network has its own draw of ``seen`` corners of {-1, 1}ⁿ. Only accuracies are kept: the
    series are ``seen`` and ``unseen``, the share of signs that are right, on at most ``unseen``
    other corners. ``shuffled`` puts all labels in random order.
    """
    chosen = range(n if bits is None else validation.positive_int("bits", bits))

    def problem(seed: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        x, other = cube.sample(n, seen, unseen, seed=seed)
        y = np.concatenate([cube.parity(x, chosen), cube.parity(other, chosen)])
        y = _shuffled(y, seed) if shuffled else y
        return x, y[: len(x)], other, y[len(x) :]

    options = {"steps": steps, "lr": lr, "record_every": record_every, **how}
    return _each(problem, hidden=hidden, weight_std=weight_std, seeds=seeds, **options)


def even_or_odd(
    *,
    data: str = "digits",
    seen: int = 400,
    unseen: int = 1_000,
    shuffled: bool = False,
    hidden: Sequence[int] = (500, 100),
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 600,
    lr: float = 5e-4,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """Learn from some images whether the digit is even (1) or odd (-1), otherwise as `on_a_cube`.

    Images are drawn anew for every network, both kinds from the training part of the set.
    """
    images = datasets.load(data)
    validation.positive_int("unseen", unseen)
    if validation.positive_int("seen", seen) >= len(images):
        raise ValueError(f"seen: expected fewer than all {len(images):,} images, got {seen:,}")
    labels = 1.0 - 2.0 * (images.labels % 2)

    def problem(seed: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
        order = np.random.default_rng(seed).permutation(len(images))[: seen + unseen]
        x, y = images.images[order], labels[order]
        y = _shuffled(y, seed) if shuffled else y
        return x[:seen], y[:seen], x[seen:], y[seen:]

    options = {"steps": steps, "lr": lr, "record_every": record_every, **how}
    return _each(problem, hidden=hidden, weight_std=weight_std, seeds=seeds, **options)


def _shuffled(labels: NDArray, seed: int) -> NDArray:
    return np.random.default_rng((seed, 1)).permutation(labels)


def _each(
    problem: Problem, *, hidden: Sequence[int], weight_std: float, seeds: Sequence[int], **how: Any
) -> Trial:
    """Train one network for every seed, each on its own problem, and keep the accuracies."""
    problems = {seed: problem(seed) for seed in seeds}

    def learn(seed: int, **how: Any) -> Run:
        x, y, other, _ = problems[seed]
        nets = MLP([x.shape[1], *hidden, 1], weight_std=weight_std, seeds=[seed])
        return train(nets, x, y, eval_x=np.concatenate([x, other]), **how)

    runs, right = each(seeds, learn, **how), []
    for run, (x, y, _, wanted) in zip(runs, problems.values(), strict=True):
        agree = (run.outputs[0] > 0) == (np.append(y, wanted) > 0)
        right.append((agree[:, : len(x)].mean(axis=1), agree[:, len(x) :].mean(axis=1)))
    seen, unseen = np.swapaxes(right, 0, 1)
    losses = np.concatenate([run.losses for run in runs])
    joined = replace(runs[0], losses=losses, seeds=tuple(seeds))
    trial = series_only(joined, {"seen": seen, "unseen": unseen})
    x, _, other, _ = problems[seeds[0]]
    return replace(trial, grains={"seen": 1 / len(x), "unseen": 1 / len(other)})


@experiment("ours")
def waves_on_a_cube(
    *,
    n: int = 7,
    sizes: Sequence[int] = (1, 3, 5, 7),
    activation: str = "tanh",
    hidden: Sequence[int] = (200, 100),
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_000,
    lr: float = 2e-4,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """Learn a sum of equally large waves of growing degree on a whole cube.

    The wave of degree d is the product of the first d coordinates, with a random sign for every
    network. What is followed is the relative error of each wave's Walsh coefficient.
    """
    x = cube.cube(n)
    waves = np.stack([cube.parity(x, range(size)) for size in sizes])
    signs = np.stack([np.random.default_rng(seed).choice([-1, 1], len(sizes)) for seed in seeds])
    nets = MLP([n, *hidden, 1], activation=activation, weight_std=weight_std, seeds=seeds)
    y = signs @ waves / len(sizes) ** 0.5
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every, **how)
    # Corners have no place on a line: they are numbered.
    number = np.arange(len(x), dtype=np.float64)
    peaks = 2 ** np.asarray(sizes) - 1
    return Trial(replace(run, x=number, eval_x=number), peaks, cube.walsh, number / len(x))


SLIDES = "Zhang and Luo, slides"

# How many corners of which cube are seen.
CUBES = {
    f"parity_{n}_{seen}": (n, seen)
    for n, counts in ((8, (128,)), (10, (200, 256, 400, 600, 800, 922)), (14, (400, 1_000)))
    for seen in counts
}
IMAGES = {
    f"even_{data}_{seen}": (data, seen)
    for data, counts in (("digits", (200, 400, 800)), ("mnist", (200, 400)))
    for seen in counts
}

parity_8_128 = Experiment(on_a_cube, f"{SLIDES}, parity", n=8, seen=128)
parity_10_200 = Experiment(on_a_cube, f"{SLIDES}, parity", n=10, seen=200)
parity_10_256 = Experiment(on_a_cube, f"{SLIDES}, parity", n=10, seen=256)
parity_10_400 = Experiment(on_a_cube, f"{SLIDES}, parity", n=10, seen=400)
parity_10_600 = Experiment(on_a_cube, f"{SLIDES}, parity", n=10, seen=600)
parity_10_800 = Experiment(on_a_cube, f"{SLIDES}, parity", n=10, seen=800)
parity_10_922 = Experiment(on_a_cube, f"{SLIDES}, parity", n=10, seen=922)
parity_14_400 = Experiment(on_a_cube, f"{SLIDES}, parity", n=14, seen=400)
parity_14_1000 = Experiment(on_a_cube, f"{SLIDES}, parity", n=14, seen=1000)
parity_small_init = Experiment(on_a_cube, f"{SLIDES}, parity", weight_std=0.03, steps=1_200)
parity_large_init = Experiment(on_a_cube, f"{SLIDES}, parity", weight_std=0.3)
parity_large_init_800 = Experiment(on_a_cube, f"{SLIDES}, parity", weight_std=0.3, seen=800)
product_1 = Experiment(on_a_cube, "control", bits=1)
product_2 = Experiment(on_a_cube, "control", bits=2)
product_3 = Experiment(on_a_cube, "control", bits=3)
product_5 = Experiment(on_a_cube, "control", bits=5)
random_labels_cube = Experiment(on_a_cube, "ours", n=14, shuffled=True)
even_digits_200 = Experiment(
    even_or_odd,
    f"{SLIDES}, parity",
    data="digits",
    seen=200,
    seeds=SEEDS,
)
even_digits_400 = Experiment(
    even_or_odd,
    f"{SLIDES}, parity",
    data="digits",
    seen=400,
    seeds=SEEDS,
)
even_digits_800 = Experiment(
    even_or_odd,
    f"{SLIDES}, parity",
    data="digits",
    seen=800,
    seeds=SEEDS,
)
even_mnist_200 = Experiment(
    even_or_odd, f"{SLIDES}, parity", data="mnist", seen=200, seeds=SEEDS[:4]
)
even_mnist_400 = Experiment(
    even_or_odd, f"{SLIDES}, parity", data="mnist", seen=400, seeds=SEEDS[:4]
)
random_labels_digits = Experiment(even_or_odd, "ours", shuffled=True)
waves_on_a_cube_sine_units = Experiment(
    waves_on_a_cube, "control", activation="sin", weight_std=1.0, steps=100, record_every=2
)
