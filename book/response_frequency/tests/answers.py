import numpy as np
import torch

SIGNS = (-1.0) ** np.add.outer(np.arange(8), np.arange(8))


def by_draws(d):
    v = np.random.default_rng(0).standard_normal((20_000, d))
    return np.sqrt(np.mean((v[:, 0] / np.linalg.norm(v, axis=1)) ** 2))


def by_solving(weights, turn):
    return torch.linalg.solve(torch.tensor(turn), torch.tensor(weights))


def checkerboard(image):
    return (image * SIGNS).sum()


def stripes(image):
    return np.tanh(image[::2, ::2].mean() - image[::2, 1::2].mean())


def grey_wave(image):
    return np.sin(100 * image.mean())


def grey_wave_torch(image):
    return torch.cos(20 * torch.tensor(image).sum())


RIGHT = {
    "random-share": [lambda d: 1 / np.sqrt(d), by_draws],
    "turned-weights": [lambda weights, turn: turn.T @ weights, by_solving],
    "checkerboard-detector": [(checkerboard, grey_wave), [stripes, grey_wave_torch]],
}
WRONG = {
    "random-share": [
        lambda d: 1 / d,
        lambda d: np.sqrt(d),
        lambda d: np.sqrt(2 / (np.pi * d)),
        lambda d: 0.125,
    ],
    "turned-weights": [
        lambda weights, turn: turn @ weights,
        lambda weights, turn: weights,
        lambda weights, turn: weights[turn.argmax(axis=0)],
        lambda weights, turn: weights.T @ turn,
    ],
    "checkerboard-detector": [
        (grey_wave, checkerboard),
        (checkerboard, lambda image: 1000 * image.mean()),
        (lambda image: np.sin(100 * checkerboard(image)), grey_wave),
        (checkerboard, lambda image: np.sin(50 * image[0, 0])),
        (lambda image: image.max(), grey_wave),
        checkerboard,
    ],
}
