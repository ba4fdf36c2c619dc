import math

import numpy as np

from book.generalization import fp_norm


def by_package(modes, coefficients, a, b):
    f = fp_norm.Periodic(np.asarray(modes), np.asarray(coefficients))
    return fp_norm.fp_norm(f, fp_norm.FPWeight(a, b))


def by_loop(modes, coefficients, a, b, *, root=True, twice=2):
    total = 0.0
    for k, c in zip(modes, coefficients, strict=True):
        total += twice * abs(c) ** 2 / (a / k**4 + b / k**2)
    return math.sqrt(total) if root else total


def dear_low(modes, coefficients, a, b):
    k = np.asarray(modes, dtype=float)
    return np.sqrt(2 * np.sum(np.abs(coefficients) ** 2 * (a / k**4 + b / k**2)))


def not_complex(modes, coefficients, a, b):
    return by_loop(modes, np.real(coefficients), a, b)


def brackets(delta, n=64):
    return 2 / math.sqrt(n) + 4 * math.sqrt(2 * math.log(4 / delta) / n)


RIGHT = {
    "price-of-modes": [by_package, by_loop],
    "edge-power": [
        lambda d: d + 0.5,
        lambda d: next(p for p in np.arange(0, 20, 0.25) if fp_norm.in_fp_space(p + 0.01, w(d))),
    ],
    "bound-delta": [brackets(0.001) / brackets(0.05), f"{brackets(0.001) / brackets(0.05):.2f}"],
}
WRONG = {
    "price-of-modes": [
        lambda *arguments: by_loop(*arguments, root=False),
        lambda *arguments: by_loop(*arguments, twice=1),
        dear_low,
        not_complex,
    ],
    "edge-power": [
        lambda d: d + 1.5,
        lambda d: d / 2 + 1,
        lambda d: 1.5,
        lambda d: d + 1,
    ],
    "bound-delta": [
        math.log(4000) / math.log(80),
        math.sqrt(math.log(4000) / math.log(80)),
        brackets(0.05) / brackets(0.001),
        50,
    ],
}


def w(d):
    return fp_norm.FPWeight(1.0, 1.0, dimension=d)
