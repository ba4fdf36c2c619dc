"""Image frequency and response frequency: slides of Zhang and Luo; settings are ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from book import datasets
from book.datasets import ImageSet
from book.response_frequency import image_lines
from fpkit import validation
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, experiment, series_only
from fpkit.training import train

__all__ = ["KINDS", "SIDE", "noise_images", "patterns", "readings"]

SLIDES = "Zhang and Luo, slides"

# The four parts of the target of `two_frequencies`: how fast the answer waves, the pattern read.
KINDS = ("slow, even", "slow, checkerboard", "fast, even", "fast, checkerboard")
SIDE = 8
# How lines run through an image.
WAYS = ("adversarial", "random")


def patterns() -> NDArray[np.float64]:
    """Return the patterns of lowest and of highest image frequency as unit vectors, ``(2, 64)``."""
    row, column = np.indices((SIDE, SIDE))
    return np.stack([np.ones(SIDE**2), (-1.0) ** (row + column).ravel()]) / SIDE


def noise_images(count: int, seed: int) -> NDArray[np.float64]:
    """Return images of white noise, ``(count, 64)``: every pattern is equally strong in them."""
    return np.random.default_rng(seed).standard_normal((count, SIDE**2))


def readings(images: ArrayLike, slow: float, fast: float) -> NDArray[np.float64]:
    """Return sin(ω·reading) for the four `KINDS`, each scaled to mean square 1, ``(4, N)``.

    The reading of a pattern is its product with the image; ω is ``slow`` or ``fast``, in radians.
    """
    read = patterns() @ np.asarray(images).T
    waves = np.concatenate([np.sin(slow * read), np.sin(fast * read)])
    return waves / np.sqrt(np.square(waves).mean(axis=1, keepdims=True))


@experiment(f"{SLIDES}, response frequency")
def two_frequencies(
    *,
    n: Annotated[int, Between(50, 600), "images"] = 300,
    slow: Annotated[float, Between(0.2, 4), "slow frequency ω"] = 0.5,
    fast: Annotated[float, Between(0.5, 8), "fast frequency ω"] = 4.0,
    images_seed: Annotated[int, Between(0, 10), "draw of the images"] = 0,
    hidden: Sequence[int] = (200, 100),
    weight_std: float = 0.05,
    seeds: Sequence[int] = SEEDS,
    steps: int = 600,
    lr: float = 2e-4,
    record_every: int = 5,
    **how: Any,
) -> Trial:
    """Learn four waves at once, slow and fast in the reading of an even and of a fine pattern.

    What is followed is how wrong the network's share of each wave is: the output's coefficients by
    least squares on the four waves, relative to the target's.
    """
    x = noise_images(validation.positive_int("n", n), images_seed)
    waves = readings(x, slow, fast)
    signs = np.stack([np.random.default_rng(seed).choice([-1, 1], len(KINDS)) for seed in seeds])
    nets = MLP([SIDE**2, *hidden, 1], weight_std=weight_std, seeds=seeds)
    y = signs @ waves / len(KINDS) ** 0.5
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every, **how)
    to_shares = np.linalg.pinv(waves)
    number = np.arange(n, dtype=np.float64)

    def shares(values: ArrayLike) -> NDArray:
        return np.asarray(values) @ to_shares

    return Trial(replace(run, x=number, eval_x=number), np.arange(len(KINDS)), shares, number / n)


# Weights as large as in the controls of the one-dimensional targets.
two_frequencies_large_init = Experiment(two_frequencies, "control", weight_std=1.0)


def lines(
    *,
    data: str = "digits",
    n: int = 1_500,
    judged: int = 100,
    radius: float = 2.0,
    hidden: Sequence[int] = (100, 100),
    weight_std: float = 0.1,
    seeds: Sequence[int] = SEEDS,
    steps: int = 400,
    batch_size: int = 100,
    lr: float = 1e-3,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Learn digits, and follow the answer along lines through the first ``judged`` test images.

    Lines run to ``radius`` on both sides, in units of pixel values, in the *adversarial* or in a
    *random* direction. The series are medians over images: for both kinds ``KIND distance`` at
    which the answer changes, at most ``radius``, ``KIND frequency``, the mean frequency of the
    response, and ``KIND slope``, its root mean square slope; and, the same at every record,
    ``nearest distance`` of an image of another class and ``linear distance`` at which the answer of
    a linear predictor changes. ``accuracy`` is that on all test images.
    """
    learned, fresh = datasets.load(data).first(n), datasets.load(data, "test")
    x, y = learned.images, learned.one_hot(centred=True)
    shown = fresh.first(judged)
    apart = cdist(shown.images, learned.images)
    apart[shown.labels[:, None] == learned.labels] = np.inf
    positions = np.linspace(-radius, radius, 65)
    nets = MLP([x.shape[1], *hidden, y.shape[1]], weight_std=weight_std, seeds=seeds)
    everywhere = (nets.size, *shown.images.shape)
    free = image_lines.random_directions(everywhere, seed=0)

    observe = partial(answers, fresh, shown.images, free, positions)
    run = train(
        nets, x, y, steps=steps, lr=lr, batch_size=batch_size, record_every=record_every,
        eval_x=x[:2], observe=observe, **how,
    )  # fmt: skip
    constants = {
        "nearest distance": np.median(apart.min(axis=1)),
        "linear distance": np.median(_linear_distances(x, y, shown.images)),
    }
    same = {name: np.full(run.losses.shape, value) for name, value in constants.items()}
    # One image more or less that is right, and, of a median, one position more or less.
    grains = {"accuracy": 1 / len(fresh)}
    grains |= {f"{kind} distance": float(positions[1] - positions[0]) for kind in WAYS}
    return replace(series_only(run, {**run.observed, **same}), grains=grains)


def answers(
    fresh: ImageSet, shown: NDArray, free: NDArray, positions: NDArray, now: MLP
) -> dict[str, torch.Tensor]:
    """Return the accuracy on ``fresh`` images, and what `lines` keeps of those that are shown."""
    labels = torch.from_numpy(fresh.labels.astype(np.int64))
    with torch.no_grad():
        right = now(torch.from_numpy(fresh.images)).argmax(dim=-1) == labels
    found: dict[str, torch.Tensor] = {"accuracy": right.float().mean(dim=1)}
    with torch.enable_grad():
        steepest = image_lines.adversarial_directions(now, shown)
    for kind, ways in zip(WAYS, (steepest, free), strict=True):
        walked = image_lines.walk(now, shown, ways, positions)
        margins = image_lines.margins(walked, start=len(positions) // 2)
        radius = positions[-1]
        distance = np.minimum(image_lines.flip_distance(margins, positions), radius)
        slope = np.gradient(margins, positions, axis=-1)
        for name, each in (
            ("distance", distance),
            ("frequency", image_lines.line_frequency(margins, positions)),
            ("slope", np.sqrt(np.square(slope).mean(axis=-1))),
        ):
            found[f"{kind} {name}"] = torch.from_numpy(np.median(each, axis=1))
    return found


def _linear_distances(x: NDArray, y: NDArray, images: NDArray) -> NDArray[np.float64]:
    """Return `image_lines.linear_flip_distance` of the ridge predictor learned from ``(x, y)``."""
    middle = x.mean(axis=0, dtype=np.float64)
    centred = x - middle
    ridge = 1e-4 * len(x) * np.eye(x.shape[1])
    weights = np.linalg.solve(centred.T @ centred + ridge, centred.T @ y)
    return image_lines.linear_flip_distance(weights, -middle @ weights, images)


lines_digits = Experiment(lines, f"{SLIDES}, response frequency")
lines_mnist = Experiment(
    lines,
    f"{SLIDES}, response frequency",
    data="mnist",
    n=3_000,
    judged=50,
    radius=4.0,
    record_every=25,
)
