from itertools import product

import numpy as np
import torch


def by_recursion(grid, finished):
    if not grid:
        return []
    names = list(grid)
    cells = [{}]
    for name in names:
        cells = [{**cell, name: value} for cell in cells for value in grid[name]]
    return [cell for cell in cells if cell not in finished]


def by_product(grid, finished):
    cells = (dict(zip(grid, values, strict=True)) for values in product(*grid.values()))
    return list(filter(lambda cell: cell not in finished, cells))


def backwards(grid, finished):
    return by_product(dict(reversed(grid.items())), finished)


def by_halving(count):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 - middle) ** count > 0.05 else (low, middle)
    return low


def by_torch(low, high):
    return (torch.tensor(low) < torch.tensor(high)).double().mean() - np.mean(high < low)


RIGHT = {
    "first-std": [lambda g, width: g / width**0.5, lambda g, n: torch.tensor(g**2 / n).sqrt()],
    "order-tendency": [lambda low, high: np.mean(low < high) - np.mean(low > high), by_torch],
    "cells-left": [by_product, by_recursion],
    "chance-left": [lambda count: 1 - 0.05 ** (1 / count), by_halving],
}
WRONG = {
    "first-std": [
        lambda g, width: g * width**0.5,
        lambda g, width: g / width,
        lambda g, width: g * (2 / width) ** 0.5,
        lambda g, width: -g,
    ],
    "order-tendency": [
        lambda low, high: np.mean(low > high) - np.mean(low < high),
        lambda low, high: np.mean(low < high),
        lambda low, high: 2 * np.mean(low <= high) - 1,
        lambda low, high: 2 * np.mean(low < high) - 1,
        lambda low, high: np.mean(np.sign(high - low)),
        lambda low, high: (np.sum(low < high) - np.sum(low > high)) / max(1, np.sum(low != high)),
    ],
    "cells-left": [
        lambda grid, finished: by_product(grid, []),
        lambda grid, finished: finished,
        backwards,
        lambda grid, finished: [tuple(cell.values()) for cell in by_product(grid, finished)],
    ],
    "chance-left": [
        lambda count: 0.05 ** (1 / count),
        lambda count: 1 - 0.95 ** (1 / count),
        lambda count: 0.05,
        lambda count: 1 / count,
        lambda count: 0,
    ],
}
