import numpy as np
import torch


def by_autograd(x, y, w, b, a):
    x, y, w, b, a = (torch.tensor(values) for values in (x, y, w, b, a))
    w.requires_grad_()
    (((torch.tanh(torch.outer(x, w) + b) @ a) - y) ** 2).mean().backward()
    return w.grad


def by_loops(x, y, w, b, a, *, factor=2.0, unit_slope=True, by=None):
    gradient = np.zeros(len(w))
    for xi, yi in zip(x, y, strict=True):
        units = np.tanh(w * xi + b)
        slope = 1 - units**2 if unit_slope else 1.0
        gradient += factor * (units @ a - yi) * a * slope * (xi if by is None else by) / len(x)
    return gradient


def central(loss, parameters, i, step=1e-5):
    away = step * np.eye(len(parameters))[i]
    return (loss(parameters + away) - loss(parameters - away)) / (2 * step)


def five_points(loss, parameters, i, step=1e-3):
    near, far = (central(loss, parameters, i, step=s) for s in (step, 2 * step))
    return (4 * near - far) / 3


def in_place(loss, parameters, i):
    parameters[i] += 1e-5
    high = loss(parameters)
    parameters[i] -= 3e-5
    return (high - loss(parameters)) / 3e-5


def by_torch(gradients, lr):
    theta, mean, square = torch.zeros(3, 1, dtype=torch.float64)
    for step, g in enumerate(torch.tensor(gradients, dtype=torch.float64), start=1):
        mean, square = mean.lerp(g, 0.1), square.lerp(g**2, 0.001)
        root = (square / (1 - 0.999**step)).sqrt()
        theta = torch.addcdiv(theta, mean / (1 - 0.9**step), root + 1e-8, value=-lr)
    return theta


def by_sums(gradients, lr, *, corrected=True, root=True):
    g, moved = np.asarray(gradients), 0.0
    for n in range(1, len(g) + 1):
        age = np.arange(n)[::-1]
        mean, square = 0.1 * 0.9**age @ g[:n], 0.001 * 0.999**age @ g[:n] ** 2
        if corrected:
            mean, square = mean / (1 - 0.9**n), square / (1 - 0.999**n)
        moved -= lr * mean / ((np.sqrt(square) if root else square) + 1e-8)
    return moved


RIGHT = {
    "backward-by-hand": [by_autograd, by_loops],
    "slope-by-differences": [central, five_points],
    "adam-by-hand": [by_torch, by_sums],
}
WRONG = {
    "backward-by-hand": [
        lambda *arguments: by_loops(*arguments, factor=1.0),
        lambda *arguments: by_loops(*arguments, unit_slope=False),
        lambda *arguments: by_loops(*arguments, by=1.0),
        lambda *arguments: -by_loops(*arguments),
        lambda *arguments: by_loops(*arguments) * len(arguments[0]),
    ],
    "slope-by-differences": [
        lambda loss, parameters, i: 2 * central(loss, parameters, i),
        lambda loss, parameters, i: central(loss, parameters, i, step=0.1),
        lambda loss, parameters, i: (loss(parameters + 1e-5) - loss(parameters - 1e-5)) / 2e-5,
        lambda loss, parameters, i: (
            (loss(parameters + 1e-3 * np.eye(len(parameters))[i]) - loss(parameters)) / 1e-3
        ),
        in_place,
        lambda loss, parameters, i: -central(loss, parameters, i),
    ],
    "adam-by-hand": [
        lambda gradients, lr: -lr * np.sum(gradients),
        lambda gradients, lr: by_sums(gradients, lr, corrected=False),
        lambda gradients, lr: by_sums(gradients, lr, root=False),
        lambda gradients, lr: -by_sums(gradients, lr),
        lambda gradients, lr: -lr * np.sum(np.sign(gradients)),
    ],
}
