import itertools

import numpy as np

from book.mystery import interpolation


def by_loop(curve, heights):
    def way(values):
        return sum(abs(b - a) for a, b in itertools.pairwise(values))

    return way(list(curve)) / way(list(heights))


def zero_at_points(x, t):
    return np.prod([t - point for point in x], axis=0)


def added_product(x, y, t):
    return np.interp(t, x, y) + 1e7 * zero_at_points(x, t)


def added_wave(x, y, t):
    place = np.interp(t, x, np.arange(len(x)))
    return interpolation.newton(x, y)(t) + 100 * np.sin(np.pi * place)


SORTED = interpolation.divided_differences([0, 1, 2, 3], [1, 3, 0, 1])

RIGHT = {
    "newton-by-hand": [
        [1, 2, -1, 3 / 2],
        interpolation.divided_differences([0, 1, 3, 2], [1, 3, 1, 0]),
    ],
    "ups-and-downs": [
        by_loop,
        lambda curve, heights: np.abs(np.diff(curve)).sum() / np.abs(np.diff(heights)).sum(),
    ],
    "wild-curve": [added_product, added_wave],
}
WRONG = {
    "newton-by-hand": [
        SORTED,
        [1, 3, -1, 1.5],
        [1, 2, -1.5, 1.5],
        [1, 2, -1, -3],
        [1, 2, -1],
    ],
    "ups-and-downs": [
        lambda curve, heights: np.abs(np.diff(curve)).sum(),
        lambda curve, heights: np.diff(curve).sum() / np.diff(heights).sum(),
        lambda curve, heights: np.ptp(curve) / np.ptp(heights),
        lambda curve, heights: np.abs(np.diff(curve)).mean() / np.abs(np.diff(heights)).mean(),
    ],
    "wild-curve": [
        lambda x, y, t: np.interp(t, x, y),
        lambda x, y, t: np.interp(t, x, y) + 100 * np.sin(40 * t),
        lambda x, y, t: np.interp(t, x, y) + 1e-3 * zero_at_points(x, t),
        lambda x, y, t: y,
    ],
}
