import cmath
import math

import numpy as np


def by_wave(values):
    return [value * (-1) ** j for j, value in enumerate(values)]


def by_spectrum(values):
    spectrum = np.fft.rfft(values)
    return np.fft.irfft(spectrum[::-1], len(values))


RIGHT = {
    "alternating": [by_wave, by_spectrum, lambda values: -np.array(by_wave(values))],
    "silent-bias": [
        lambda k, w, f: w * np.angle(-f) / k,
        lambda k, w, f: (cmath.phase(f) + 3 * math.pi) * w / k,
    ],
}
WRONG = {
    "alternating": [
        lambda values: values[::-1],
        lambda values: np.abs(by_wave(values)),
        lambda values: np.roll(values, len(values) // 2),
        lambda values: np.fft.rfft(values).real,
    ],
    "silent-bias": [
        lambda k, w, f: 0.0,
        lambda k, w, f: k * np.angle(-f) / w,
        lambda k, w, f: -w * np.angle(-f) / k,
        lambda k, w, f: w * (np.angle(-f) + np.pi / 2) / k,
    ],
}
