import itertools

import numpy as np
import torch

from book.parity import cube


def by_loop(f, members, n, *, mean=True, wave=np.prod):
    total = 0.0
    for corner in itertools.product((-1, 1), repeat=n):
        total += f(np.array(corner)) * wave([corner[j] for j in members])
    return total / 2**n if mean else total


def by_transform(f, members, n):
    values = [f(x) for x in cube.cube(n)]
    return torch.tensor(cube.walsh(values)[sum(2**j for j in members)])


def by_eigenvalues(kernel, labels):
    sizes, waves = np.linalg.eigh(kernel)
    return (sizes * (waves.T @ labels) ** 2).mean() - sizes.mean()


def by_sums(kernel, labels):
    n = len(labels)
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    return sum(labels[i] * kernel[i, j] * labels[j] for i, j in pairs) / n


RIGHT = {
    "walsh-coefficient": [by_loop, by_transform],
    "majority-spectrum": [[0, 0.75, 0, 0.25], np.array([0, 3, 0, 1]) / 4],
    "first-move": [by_eigenvalues, by_sums],
}
WRONG = {
    "walsh-coefficient": [
        lambda f, members, n: by_loop(f, members, n, mean=False),
        lambda f, members, n: by_loop(f, members, n, wave=np.sum),
        lambda f, members, n: by_loop(f, [j for j in range(n) if j not in members], n),
        lambda f, members, n: by_loop(f, members, n) if members else 0.0,
        lambda f, members, n: by_loop(f, members, n) ** 2,
    ],
    "majority-spectrum": [
        [0, 0.5, 0, -0.5],
        [0, 0.25, 0, 0.25],
        [0, 1, 0, 0],
        [0.25, 0.25, 0.25, 0.25],
        [0, 0.5, 0, 0.5],
    ],
    "first-move": [
        lambda kernel, labels: labels @ kernel @ labels / len(labels),
        lambda kernel, labels: labels @ kernel @ labels - np.trace(kernel),
        lambda kernel, labels: -by_sums(kernel, labels),
        lambda kernel, labels: labels @ kernel @ labels / len(labels) - np.trace(kernel),
    ],
}
