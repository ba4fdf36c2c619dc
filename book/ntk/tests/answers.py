import numpy as np
import torch
from scipy.integrate import solve_ivp
from scipy.linalg import circulant, expm


def by_products(c):
    n, matrix = len(c), circulant(c)
    waves = np.exp(2j * np.pi * np.outer(np.arange(n), np.arange(n)) / n)
    return [(matrix @ v)[0].real for v in waves]


def by_exponential(kernel, y, t):
    return torch.as_tensor(-expm(-2 * t / len(y) * kernel) @ y)


def by_solver(kernel, y, t):
    if t == 0:
        return -y
    rate = 2 / len(y)
    return solve_ivp(lambda _, e: -rate * kernel @ e, (0, t), -y, rtol=1e-6, atol=1e-8).y[:, -1]


def by_loop(kernel, y, lr, steps):
    e = -np.array(y)
    for _ in range(steps):
        e = e - lr * 2 / len(y) * kernel @ e
    return e


def by_powers(kernel, y, lr, steps):
    values, u = np.linalg.eigh(kernel)
    return (-u @ ((1 - 2 * lr / len(y) * values) ** steps * (u.T @ y))).tolist()


RIGHT = {
    "circulant-values": [lambda c: np.fft.fft(c).real, by_products],
    "flow-errors": [by_exponential, by_solver],
    "finite-steps": [by_loop, by_powers],
}
WRONG = {
    "circulant-values": [
        lambda c: np.fft.fft(c).real / len(c),
        lambda c: np.linalg.eigvalsh(circulant(c))[::-1],
        lambda c: np.abs(np.fft.fft(c)),
        lambda c: np.fft.rfft(c).real,
    ],
    "flow-errors": [
        lambda kernel, y, t: -by_exponential(kernel, y, t),
        lambda kernel, y, t: torch.as_tensor(y) + by_exponential(kernel, y, t),
        lambda kernel, y, t: by_exponential(kernel, y, t * len(y)),
        lambda kernel, y, t: -y * np.exp(-2 * np.diag(kernel) * t / len(y)),
    ],
    "finite-steps": [
        lambda kernel, y, lr, steps: by_exponential(kernel, y, lr * steps),
        lambda kernel, y, lr, steps: by_loop(kernel, y, lr, steps + 1),
        lambda kernel, y, lr, steps: by_loop(kernel, y, lr * len(y) / 2, steps),
        lambda kernel, y, lr, steps: -by_loop(kernel, y, lr, steps),
    ],
}
