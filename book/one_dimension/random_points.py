"""Points that are not even, on a curve."""

import numpy as np

from fpkit import targets, validation

__all__ = ["random_points"]


def random_points(
    function: targets.Function, *, n: int, candidates: int, seed: int, height: float = 0.0
) -> targets.Samples:
    """Draw ``n`` of ``candidates`` even points of [-1, 1] without repetition, in rising order.

    The non-uniform sample of Xu, Zhang, Xiao (2018), Fig. 7b: 600 of 3,000 points.
    """
    size = validation.positive_int("n", n)
    if size > validation.positive_int("candidates", candidates):
        raise ValueError(f"n: expected at most candidates={candidates} points, got {n}")
    x, y = targets.sample(function, n=candidates, height=height)
    generator = np.random.default_rng(validation.seed("seed", seed))
    chosen = np.sort(generator.choice(len(x), size=size, replace=False))
    return x[chosen], y[chosen]
