import numpy as np

from book.equations import iterating, poisson


def share_by_sum():
    x = np.linspace(0, 1, 20_001)
    fast = 0.1 * (50 * np.pi) ** 2 * np.sin(50 * np.pi * x)
    return np.square(fast).mean() / np.square(poisson.bend(x)).mean()


def by_matrix(k, n, omega):
    a = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    wave = iterating.sines(n)[k - 1]
    return wave @ (wave - omega / 2 * a @ wave) / (wave @ wave)


RIGHT = {
    "loss-share": [250**2 / (250**2 + 4**2), share_by_sum()],
    "jacobi-factor": [
        lambda k, n, omega: 1 - 2 * omega * np.sin(k * np.pi / (2 * (n + 1))) ** 2,
        lambda k, n, omega: 1 - omega + omega * np.cos(k * np.pi / (n + 1)),
        by_matrix,
    ],
}
WRONG = {
    "loss-share": [0.0099, 250 / 254, 0.5, 2.5, 0.8621],
    "jacobi-factor": [
        lambda k, n, omega: 1 - 2 * omega * np.sin(k * np.pi / (2 * n)) ** 2,
        lambda k, n, omega: 1 - omega * np.sin(k * np.pi / (2 * (n + 1))) ** 2,
        lambda k, n, omega: np.cos(k * np.pi / (n + 1)),
        lambda k, n, omega: 1 - omega,
    ],
}
