import math

import numpy as np
import torch


def bisect(rate, amplitude, level):
    low, high = 0.0, 1e3
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (
            (middle, high) if amplitude * math.exp(-rate * middle) > level else (low, middle)
        )
    return 0 if amplitude <= level else low


def curve(n, ratio, fast, *, endpoint=False, scale=True, phase=0.3):
    x = np.linspace(0, 2 * np.pi, n, endpoint=endpoint)
    y = np.cos(x + phase) + ratio * np.sin(fast * x)
    return y / np.sqrt(np.mean(y**2)) if scale else y


def by_spectrum(n, ratio, fast):
    spectrum = torch.zeros(n // 2 + 1, dtype=torch.complex128)
    spectrum[[1, fast]] = torch.tensor([1, 1j * ratio], dtype=torch.complex128)
    y = torch.fft.irfft(spectrum, n)
    return (y / y.square().mean().sqrt()).tolist()


RIGHT = {
    "flip-ratio": [
        lambda slow, fast, w: np.exp(np.pi * (fast - slow) / (2 * abs(w))),
        lambda slow, fast, w: (
            math.exp(-math.pi * slow / 2 / abs(w)) / math.exp(-math.pi * fast / 2 / abs(w))
        ),
    ],
    "waiting-time": [
        lambda rate, amplitude, level: max(0, math.log(amplitude / level) / rate),
        bisect,
    ],
    "two-wave-curve": [curve, by_spectrum],
}
WRONG = {
    "flip-ratio": [
        lambda slow, fast, w: np.pi * (fast - slow) / (2 * abs(w)),
        lambda slow, fast, w: np.exp(-np.pi * (fast - slow) / (2 * abs(w))),
        lambda slow, fast, w: np.exp(np.pi * (fast - slow) / (2 * w)),
        lambda slow, fast, w: np.exp(np.pi * (fast - slow) / 2 * abs(w)),
    ],
    "waiting-time": [
        lambda rate, amplitude, level: math.log(1 / level) / rate,
        lambda rate, amplitude, level: math.log(amplitude / level) / rate,
        lambda rate, amplitude, level: math.log(amplitude / level) * rate,
        lambda rate, amplitude, level: math.log10(amplitude / level) / rate,
    ],
    "two-wave-curve": [
        lambda n, ratio, fast: curve(n, ratio, fast, endpoint=True),
        lambda n, ratio, fast: curve(n, ratio, fast, scale=False),
        lambda n, ratio, fast: curve(n, 1 / ratio, fast),
        lambda n, ratio, fast: curve(n, ratio, 2 * fast),
    ],
}
