import numpy as np
import torch

from fpkit import spectra, targets


def first(steps, error, threshold=0.1, strict=True):
    below = error < threshold if strict else error <= threshold
    return steps[np.flatnonzero(below)[0]]


def by_loop(steps, error):
    for step, value in zip(steps, error, strict=True):
        if value < 0.1:
            return step


def share(k=4, n=200):
    x, y = targets.staircase(n=n, height=0.5)
    return abs(np.fft.fft(x)[k]) / abs(np.fft.fft(y)[k])


def by_sum(output, target, k):
    wave = np.exp(-2j * np.pi * k * np.arange(len(target)) / len(target))
    return abs(wave @ (target - output)) / abs(wave @ target)


def by_dft(output, target, k):
    f, t = spectra.dft(target), spectra.dft(output)
    return torch.tensor(spectra.relative_error(t, f)[k])


RIGHT = {
    "nearest-index": [
        lambda omega, length: round(omega * length / (2 * np.pi)),
        lambda omega, length: np.argmin(abs(2 * np.pi * np.arange(100) / length - omega)),
    ],
    "delta-f": [by_sum, by_dft],
    "leakage-share": [share(), f"{share():.3f}"],
    "first-below": [first, by_loop],
}
WRONG = {
    "nearest-index": [
        lambda omega, length: round(omega * length),
        lambda omega, length: omega * length / (2 * np.pi),
        lambda omega, length: int(omega * length / (2 * np.pi)),
        lambda omega, length: round(omega / (2 * np.pi)),
    ],
    "delta-f": [
        lambda output, target, k: by_sum(target, output, k),
        lambda output, target, k: by_sum(output, target, k) ** 2,
        lambda output, target, k: abs(output - target).mean(),
        lambda output, target, k: abs(
            abs(spectra.dft(output)[k]) / abs(spectra.dft(target)[k]) - 1
        ),
    ],
    "leakage-share": [1 / share(), share(k=3), share() ** 2, 0.5, 1 - share()],
    "first-below": [
        lambda steps, error: first(steps, error, strict=False),
        lambda steps, error: int(np.flatnonzero(error < 0.1)[0]),
        lambda steps, error: steps[np.flatnonzero(error < 0.1)[-1]],
        lambda steps, error: first(steps, error, threshold=0.5),
    ],
}
