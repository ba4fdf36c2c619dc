import numpy as np
import torch

from book.linear_theory import lfp_splines, wide_limit


def crossover(outer, inner, share=1 / 3):
    w2, r2 = share * outer**2, share * inner**2
    return np.sqrt((w2 + r2) / (w2 * r2)) / (2 * np.pi)


def by_moments(outer, inner):
    sizes = wide_limit.Moments.uniform(outer), wide_limit.Moments.uniform(inner)
    return wide_limit.coefficients(*sizes).crossover


def closed(first, second, reach):
    return (first * second + reach**2 / 3) / 2 + abs(first - second) ** 3 / 24 / reach


def by_grid(first, second, reach, count=20_001):
    c = torch.linspace(-reach, reach, count, dtype=torch.float64)
    right = (first - c).clamp(min=0) * (second - c).clamp(min=0)
    left = (c - first).clamp(min=0) * (c - second).clamp(min=0)
    return (right.mean() + left.mean()) / 2


def only_right(first, second, reach):
    c = np.linspace(-reach, reach, 20_001)
    return (np.maximum(first - c, 0) * np.maximum(second - c, 0)).mean()


def weights(x, y, cubic, linear, *, sign=-1, conditions=2):
    n, distance = len(x), np.abs(np.subtract.outer(x, x))
    flat = np.stack([np.ones(n), x], axis=1)[:, :conditions]
    gram = cubic * distance**3 / 12 + sign * linear * distance / 2
    corner = np.zeros((conditions, conditions))
    system = np.block([[gram, flat], [flat.T, corner]])
    return np.linalg.solve(system, [*y, *np.zeros(conditions)])


RIGHT = {
    "crossover-of": [crossover, by_moments],
    "hinge-integral": [closed, by_grid],
    "spline-weights": [
        lambda x, y, cubic, linear: weights(x, y, cubic, linear)[: len(x)],
        lambda x, y, cubic, linear: list(
            lfp_splines.kinked_spline(x, y, cubic=cubic, linear=linear).weights
        ),
    ],
}
WRONG = {
    "crossover-of": [
        lambda outer, inner: crossover(outer, inner, share=1),
        lambda outer, inner: 2 * np.pi * crossover(outer, inner),
        lambda outer, inner: crossover(outer, inner) ** 2,
        lambda outer, inner: 1 / crossover(outer, inner),
    ],
    "hinge-integral": [
        only_right,
        lambda first, second, reach: 2 * closed(first, second, reach),
        lambda first, second, reach: (first * second + reach**2 / 3) / 2,
        lambda first, second, reach: first * second + reach**2 / 3,
    ],
    "spline-weights": [
        weights,
        lambda x, y, cubic, linear: weights(x, y, cubic, linear, conditions=1)[: len(x)],
        lambda x, y, cubic, linear: weights(x, y, cubic, linear, sign=1)[: len(x)],
        lambda x, y, cubic, linear: weights(x, y, 2 * cubic, 2 * linear)[: len(x)],
        lambda x, y, cubic, linear: cubic * weights(x, y, cubic, linear)[: len(x)],
    ],
}
