import numpy as np

from book.initialization import aliasing


def by_bins(amplitudes, n):
    found = [0.0] * (n // 2 + 1)
    for k, amplitude in enumerate(amplitudes):
        found[aliasing.alias(k, n)] += amplitude
    return found


def by_fit(amplitudes, n):
    j = np.arange(n)
    values = np.cos(2 * np.pi * np.outer(j, np.arange(len(amplitudes))) / n) @ amplitudes
    slow = np.cos(2 * np.pi * np.outer(j, np.arange(n // 2 + 1)) / n)
    return np.linalg.lstsq(slow, values, rcond=None)[0]


def cut(amplitudes, n):
    padded = np.zeros(max(len(amplitudes), n))
    padded[: len(amplitudes)] = amplitudes
    return padded[: n // 2 + 1]


def only_shifted(amplitudes, n):
    found = np.zeros(n)
    np.add.at(found, np.arange(len(amplitudes)) % n, amplitudes)
    return found[: n // 2 + 1]


def only_mirrored(amplitudes, n):
    found = cut(amplitudes, n)
    for k in range(n // 2 + 1, min(n, len(amplitudes))):
        found[n - k] += amplitudes[k]
    return found


RIGHT = {
    "which-alias": [[20, 1, 0, 25], np.array([aliasing.alias(k, 50) for k in (30, 49, 50, 75)])],
    "seen-sums": [by_bins, by_fit],
    "frozen-wave": [0.25, 0.5**2 / 2 + 0.5**2 / 2, 0.2503],
}
WRONG = {
    "which-alias": [[30, 49, 0, 25], [20, 49, 50, 25], [20, 1, 0, 0], [20, 1, 25, 25], [20, 1]],
    "seen-sums": [
        cut,
        only_shifted,
        only_mirrored,
        lambda amplitudes, n: np.abs(cut(amplitudes, n)),
    ],
    "frozen-wave": [0.125, 0.5, 1.0, 0.0],
}
