import numpy as np
import torch
from scipy.interpolate import CubicSpline

from book.initialization import aliasing
from book.natural_image import image_rows
from fpkit import spectra


def by_filter(row):
    spectrum = np.fft.fft(row)
    k = np.abs(np.fft.fftfreq(len(row), 1 / len(row)))
    return np.square(np.fft.ifft(np.where(k > len(row) / 4, spectrum, 0)).real).mean()


def by_sum(row):
    n = len(row)
    power = torch.fft.fft(torch.as_tensor(row)).abs().square() / n**2
    return sum(power[k] for k in range(n) if min(k, n - k) > n / 4)


def beyond(row, start, double=True):
    power = np.abs(spectra.dft(row)) ** 2
    times = np.full(len(power), 2.0 if double else 1.0)
    times[-1] = 1
    return (times * power)[start:].sum()


def neighbours(seen):
    left = np.concatenate([seen[:, :1], seen[:, :-1]], axis=1)
    return (left + seen) / 2


def with_rows(seen, share=0.2):
    mean = neighbours(seen)
    above, below = np.vstack([mean[:1], mean[:-1]]), np.vstack([mean[1:], mean[-1:]])
    return (1 - share) * mean + share * (above + below) / 2


def six_around(seen):
    height, width = seen.shape
    guess = np.zeros((height, width))
    for r in range(height):
        for c in range(width):
            rows, columns = (r, max(r - 1, 0), min(r + 1, height - 1)), (max(c - 1, 0), c)
            values = [[float(seen[row, column]) for column in columns] for row in rows]
            guess[r, c] = np.dot([0.7, 0.15, 0.15], np.mean(values, axis=1))
    return guess.tolist()


def cubic(seen):
    return CubicSpline(np.arange(1, 48, 2), seen, axis=1)(np.arange(0, 48, 2))


RIGHT = {
    "image-columns": [4, aliasing.alias(20, 24), 4.0],
    "image-dot": [np.abs(spectra.dft(np.eye(24)[10])), [1 / 24] * 13],
    "image-energy": [by_filter, by_sum, lambda row: image_rows.above_nyquist(row[None])],
    "image-guess": [with_rows, six_around],
}
WRONG = {
    "image-columns": [20, 8, 10, 2.5],
    "image-dot": [
        np.ones(13),
        np.eye(13)[10] / 24,
        spectra.dft(np.eye(24)[10]).real,
        np.full(13, 24**-0.5),
        np.full(24, 1 / 24),
    ],
    "image-energy": [
        lambda row: beyond(row, len(row) // 4 + 1, double=False),
        lambda row: 2 * beyond(row, len(row) // 4 + 1, double=False),
        lambda row: beyond(row, len(row) // 4),
        lambda row: beyond(row, len(row) // 2 + 1),
        lambda row: np.square(row).mean() - by_filter(row),
        lambda row: by_filter(row) * len(row),
    ],
    "image-guess": [
        neighbours,
        cubic,
        lambda seen: seen,
        lambda seen: 0 * seen,
        lambda seen: np.repeat(seen, 2, axis=1),
    ],
}
