import numpy as np
import torch

from fpkit import losses, spectra, targets


def times(n):
    count = [0] * (n // 2 + 1)
    for k in range(n):
        count[min(k, n - k)] += 1
    return count


def all_modes(output, target, weights):
    n = len(output)
    power = np.abs(np.fft.fft(np.asarray(output) - target) / n) ** 2
    return sum(weights[min(k, n - k)] * power[k] for k in range(n))


def from_package(output, target, weights):
    o, t = (torch.tensor(values)[None, :, None] for values in (output, target))
    return losses.WeightedFourier(weights).double()(o, t)


def half(output, target, weights):
    return (weights * np.abs(spectra.dft(np.asarray(output) - target)) ** 2).sum()


def slope(lowest=36):
    x, y = targets.staircase(n=120)
    a, b = spectra.dft(x)[lowest:], spectra.dft(y)[lowest:]
    return (a.conj() @ b).real / (abs(a) ** 2).sum()


def slope_by_search():
    x, y = targets.staircase(n=120)
    w = np.arange(61) >= 36
    slopes = np.linspace(0, 2, 4001)
    return slopes[np.argmin([all_modes(a * x, y, w) for a in slopes])]


def squares(n, length):
    return (2 * np.pi * np.arange(n // 2 + 1) / length) ** 2


def squares_without_last(n, length):
    w = squares(n, length)
    if n % 2 == 0:
        w[-1] = 0
    return w.tolist()


RIGHT = {
    "two-sides": [
        times,
        lambda n: [1] + [2] * ((n - 1) // 2) + [1] * (n % 2 == 0),
    ],
    "own-fourier-loss": [all_modes, from_package],
    "line-slope": [slope(), slope_by_search()],
    "derivative-weights": [squares, squares_without_last],
}
WRONG = {
    "two-sides": [
        lambda n: [2] * (n // 2 + 1),
        lambda n: [1] + [2] * (n // 2),
        lambda n: [1] + [2] * (n // 2 - 1) + [1],
        lambda n: [1] * n,
    ],
    "own-fourier-loss": [
        half,
        lambda o, t, w: len(o) ** 2 * all_modes(o, t, w),
        lambda o, t, w: all_modes(o, t, w) ** 0.5,
        lambda o, t, w: all_modes(
            np.fft.irfft(abs(np.fft.rfft(o)), len(o)), np.fft.irfft(abs(np.fft.rfft(t)), len(t)), w
        ),
    ],
    "line-slope": [1.0, slope(1), 1 / slope(), -slope()],
    "derivative-weights": [
        lambda n, length: np.arange(n // 2 + 1) ** 2,
        lambda n, length: 2 * np.pi * np.arange(n // 2 + 1) / length,
        lambda n, length: (2 * np.pi * np.arange(n // 2 + 1)) ** 2,
        lambda n, length: (2 * np.pi * np.arange(n // 2 + 1) * length) ** 2,
    ],
}
