import math

import numpy as np
import torch

from book.gradient_theory import unit_spectra


def by_product(k, a, w, b, f):
    unit = unit_spectra.unit_spectrum(k, w, b)
    return (np.conj(a * unit - f) * unit).real


def by_difference(k, a, w, b, f, step=1e-5):
    def loss(a):
        return abs(a * unit_spectra.unit_spectrum(k, w, b) - f) ** 2 / 2

    return (loss(a + step) - loss(a - step)) / (2 * step)


def by_grid(k, s):
    w = torch.linspace(-10 * s, 10 * s, 200_000, dtype=torch.float64)
    p = torch.exp(-(w**2) / 2 / s**2)
    return (p * torch.exp(-math.pi * k / 2 / w.abs())).sum() / p.sum()


def by_draws(k, s):
    w = np.random.default_rng(0).normal(0, s, 400_000)
    return np.exp(-np.pi * k / 2 / abs(w)).mean()


RIGHT = {
    "pull-on-a": [by_product, by_difference],
    "mean-decay": [by_grid, by_draws],
}
WRONG = {
    "pull-on-a": [
        lambda k, a, w, b, f: 2 * by_product(k, a, w, b, f),
        lambda k, a, w, b, f: -by_product(k, a, w, b, f),
        lambda k, a, w, b, f: abs(a * unit_spectra.unit_spectrum(k, w, b) - f),
        lambda k, a, w, b, f: (
            by_product(k, a, w, b, f) / abs(a * unit_spectra.unit_spectrum(k, w, b) - f)
        ),
    ],
    "mean-decay": [
        lambda k, s: np.exp(-np.pi * k / 2 / s),
        lambda k, s: np.exp(-1.5 * (np.pi * k / 2 / s) ** (2 / 3)),
        lambda k, s: by_grid(k, s) / 2,
        lambda k, s: by_grid(2 * k, s),
    ],
}
