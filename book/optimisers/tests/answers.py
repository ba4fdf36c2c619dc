import math

import numpy as np


def by_hand(value, top, mu):
    part, largest = 1 - mu / (value + mu), 1 - mu / (top + mu)
    return part / largest


def counted(eta, share):
    left, steps = 1.0, 0
    while left > share:
        left, steps = left * (1 - eta), steps + 1
    return steps


RIGHT = {
    "damped-share": [by_hand, lambda value, top, mu: value / (value + mu) * (top + mu) / top],
    "gauss-newton-steps": [
        counted,
        lambda eta, share: 1 if eta == 1 else math.ceil(math.log(share, 1 - eta)),
    ],
}
WRONG = {
    "damped-share": [
        lambda value, top, mu: value / (value + mu),
        lambda value, top, mu: value / top,
        lambda value, top, mu: mu / (value + mu),
        lambda value, top, mu: 1.0,
    ],
    "gauss-newton-steps": [
        lambda eta, share: np.ceil(-np.log(share) / eta),
        lambda eta, share: counted(eta, share) - 1,
        lambda eta, share: np.log(share) / np.log(1 - min(eta, 0.999)),
        lambda eta, share: round(1 / eta),
    ],
}
