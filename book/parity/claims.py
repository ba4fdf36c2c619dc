"""The claim about the parity function (row R30), and its chapter's measurements."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from book.parity import cube
from book.parity.experiments import CUBES
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run

__all__ = [
    "early",
    "final",
    "fitted",
    "nearest_agree",
    "power_on_top",
    "share_seen",
]

# Ours: "early" is the first time the training loss, which starts near 1, is below the first;
# "~50 %" is a mean over the networks within the second of one half; "few" is at most the third as a
# share of all corners.
EARLY, ABOUT, FEW = 0.7, 0.05, 0.1
# Ours: all of a function's power is more than this share of it.
ALL = 0.999


def final(result: Result) -> NDArray[np.float64]:
    """Return the accuracy on unseen points at the end, ``(S,)``."""
    return result.series["unseen"][:, -1].astype(np.float64)


def early(result: Result, loss: float = EARLY) -> NDArray[np.float64]:
    """Return the accuracy on unseen points at the first loss below ``loss``, ``(S,)``.

    The loss is that of training. NaN for a network that never gets there.
    """
    below = result.losses < loss
    at = result.series["unseen"][np.arange(len(below)), below.argmax(axis=1)].astype(np.float64)
    return np.where(below.any(axis=1), at, np.nan)


def fitted(result: Result, loss: float = 0.1) -> NDArray[np.float64]:
    """Return the first recorded step with a training loss below ``loss``, else inf, ``(S,)``.

    Labels are ±1, so a network that says 0 everywhere has loss 1.
    """
    below = result.losses < loss
    return np.where(below.any(axis=1), result.steps[below.argmax(axis=1)], np.inf)


def share_seen(name: str) -> float:
    """Return the share of all corners that the networks of a result in `CUBES` have seen."""
    n, seen = CUBES[name]
    return seen / 2**n


def nearest_agree(n: int, seen: int, *, seed: int, unseen: int = 500) -> float:
    """Return how often the nearest seen corners of an unseen one have, mostly, its parity.

    A tie among the nearest counts one half.
    """
    x, other = cube.sample(n, seen, unseen, seed=seed)
    apart = (n - other @ x.T) / 2
    nearest = apart == apart.min(axis=1, keepdims=True)
    vote = np.sign((nearest * cube.parity(x)).sum(axis=1)) * cube.parity(other)
    return float(np.mean((vote + 1) / 2))


def _chance(values: NDArray) -> bool:
    """Tell whether networks are right about half of the time, on average as the slide says it."""
    return bool(abs(values.mean() - 0.5) <= ABOUT)


def _told(names: Iterable[str], measure: Callable[[Result], NDArray]) -> str:
    """Say what a measure is on cubes: mean ± standard deviation over networks."""
    return "; ".join(
        f"n = {CUBES[name][0]}, {share_seen(name):.0%} seen: {values.mean():.3f} ± "
        f"{values.std():.3f}"
        for name in names
        for values in [measure(load_or_run(name))]
    )


def power_on_top(n: int) -> float:
    """Return the share of parity's power that has the highest degree, n."""
    return float(cube.power_by_degree(cube.walsh(cube.parity(cube.cube(n))))[-1])


def R30() -> Verdict:
    sparse, dense = (
        [name for name in CUBES if (share_seen(name) <= FEW) is few] for few in (True, False)
    )
    few = [final(load_or_run(name)) for name in sparse]
    images, one_bit = final(load_or_run("even_digits_400")), final(load_or_run("product_1"))
    power = power_on_top(10)
    high = power > ALL
    deepest = min(CUBES, key=lambda name: early(load_or_run(name)).mean())
    lowest = early(load_or_run(deepest))
    return Verdict(
        figure=chapters.get("parity_10_400").figure,
        claim='test accuracy on parity is "~50%, random guess", on average over networks and where '
        "few of all points are seen; parity has its power at the highest degree (ours)",
        seeds=min(len(end) for end in few),
        effect=f"power of degree n: {power:.0%}; accuracy on unseen points at the end, mean ± "
        f"standard deviation over networks: {_told(sparse, final)}; where more is seen (the slide "
        f"tells neither n nor how much): {_told(dense, final)}; early on as low as "
        f"{lowest.mean():.3f} ± {lowest.std():.3f} (n = {CUBES[deepest][0]}, "
        f"{share_seen(deepest):.0%} seen)",
        control=f"even or odd digits: {images.min():.2f} to {images.max():.2f}; the sign of one "
        f"coordinate: {one_bit.min():.2f} to {one_bit.max():.2f}",
        control_fails=not (_chance(images) or _chance(one_bit)),
        # What is left if they are not at chance: worse than any network on images.
        outcome=judge(
            [high and _chance(end) for end in few],
            [high and end.max() < images.min() for end in few],
            control=one_bit < images.min(),
            seeds=min(len(end) for end in few),
        ),
    )
