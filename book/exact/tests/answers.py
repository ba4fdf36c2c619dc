import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from book.exact import circle_kernel, denoising


def by_quadrature(k):
    return quad(lambda u: circle_kernel.kernel([u], beta=0)[0] * np.cos(k * u), 0, np.pi)[0] / np.pi


def by_search(variance, sigma, share):
    end = denoising.linear_gain(variance, sigma, np.inf)

    def missing(time):
        return denoising.linear_gain(variance, sigma, time) / end - share

    return brentq(missing, 0, 1e4)


def by_formula(variance, sigma, share):
    return -np.log(1 - share) / (2 * (variance + sigma**2))


RIGHT = {
    "no-bias-waves": [[1, 2, 4, 6, 8], np.array([8, 6, 4, 2, 1])],
    "even-rate": [lambda k: 2 / np.pi**2 * (k**2 + 3) / (k**2 - 1) ** 2, by_quadrature],
    "gain-time": [by_formula, by_search],
}
WRONG = {
    "no-bias-waves": [[2, 4, 6, 8], [1, 3, 5, 7, 9], [1, 2, 3, 4, 6, 8], range(1, 10), [1, 2]],
    "even-rate": [
        lambda k: 4 / np.pi**2 * (k**2 + 3) / (k**2 - 1) ** 2,
        lambda k: 2 / np.pi**2 / (k**2 + 1),
        lambda k: 1 / (k**2 + 1),
        lambda k: 2 / np.pi * (k**2 + 3) / (k**2 - 1) ** 2,
    ],
    "gain-time": [
        lambda variance, sigma, share: -np.log(1 - share) / (2 * variance),
        lambda variance, sigma, share: 2 * by_formula(variance, sigma, share),
        lambda variance, sigma, share: -np.log(share) / (variance + sigma**2),
        lambda variance, sigma, share: -by_formula(variance, sigma, share),
        lambda variance, sigma, share: 1 / variance,
    ],
}
