from collections import Counter

import numpy as np

from book.information_plane import information
from fpkit import targets


def by_counter(values, width, log=np.log2):
    counts = Counter(round(float(v) / width) for v in values)
    return sum(-c / len(values) * log(c / len(values)) for c in counts.values())


def by_unique(values, width, to_bin=np.round):
    _, counts = np.unique(to_bin(np.asarray(values) / width), return_counts=True)
    share = counts / counts.sum()
    return -(share * np.log2(share)).sum()


def by_pairs(first, second, width):
    u, v = (np.round(np.asarray(values) / width).tolist() for values in (first, second))

    def bits(things):
        shares = np.array(list(Counter(things).values())) / len(things)
        return -(shares @ np.log2(shares))

    return bits(u) + bits(v) - bits(list(zip(u, v, strict=True)))


def by_table(first, second, width):
    table = np.zeros((61, 61))
    for a, b in zip(first, second, strict=True):
        table[round(a / width) + 30, round(b / width) + 30] += 1 / len(first)
    rows, columns = table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True)
    full = table > 0
    return (table[full] * np.log2(table[full] / (rows * columns)[full])).sum()


def joint(first, second, width):
    return by_counter(first, width) + by_counter(second, width) - by_pairs(first, second, width)


def by_walk():
    x, y = targets.staircase(n=300)
    s, found = np.linspace(0, 1, 201)[:, None], []
    for b in (0.25, 0.05, 0.01):
        bits = information.entropy(information.bins((1 - s) * x + s * y, b))
        found.append(s[np.argmax(bits <= bits[-1] + 1e-9), 0])
    return found


RIGHT = {
    "entropy-by-hand": [1.5, 2 * 0.25 * np.log2(4) + 0.5 * np.log2(2)],
    "own-entropy": [
        by_counter,
        by_unique,
        lambda values, width: information.entropy(information.bins(values, width)),
    ],
    "shared-bits": [by_pairs, by_table],
    "blend": [by_walk(), [0.5, 0.9, 0.98]],
}
WRONG = {
    "entropy-by-hand": [np.log2(3), 1.5 * np.log(2), np.log2(5), 2.25],
    "own-entropy": [
        lambda values, width: by_counter(values, width, np.log),
        lambda values, width: by_unique(values, width, np.floor),
        lambda values, width: -by_unique(values, width),
        lambda values, width: by_unique(values, 1.0),
        lambda values, width: np.log2(len(np.unique(np.round(values / width)))),
    ],
    "shared-bits": [
        joint,
        lambda first, second, width: by_counter(first, width) + by_counter(second, width),
        lambda first, second, width: min(by_counter(first, width), by_counter(second, width)),
        lambda first, second, width: abs(np.corrcoef(first, second)[0, 1]),
        lambda first, second, width: (
            by_counter(first, width) + by_counter(second, width) - by_counter(first + second, width)
        ),
    ],
    "blend": [[0.75, 0.95, 0.99], [0.98, 0.9, 0.5], [0.0, 0.8, 0.96], [0.5, 0.1, 0.02]],
}
