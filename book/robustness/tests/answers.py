import numpy as np
import torch
from scipy.stats import spearmanr


def by_differences(steps):
    ranks = np.argsort(np.argsort(steps))
    n = len(ranks)
    return 1 - 6 * ((ranks - np.arange(n)) ** 2).sum() / (n * (n**2 - 1))


def by_hand(x, a, w):
    by_a, by_w = np.tanh(w * x), a * x / np.cosh(w * x) ** 2
    return by_a[:, None] * by_a + by_w[:, None] * by_w


def by_autograd(x, a, w):
    points = torch.as_tensor(x)
    jacobian = torch.autograd.functional.jacobian(
        lambda p: p[0] * torch.tanh(p[1] * points), torch.tensor([a, w], dtype=torch.float64)
    )
    return jacobian @ jacobian.T


def quotient(kernel, k):
    n = len(kernel)
    v = np.exp(2j * np.pi * k * np.arange(n) / n)
    return 2 / n * (v.conj() @ kernel @ v).real / n


def by_cosine_and_sine(kernel, k):
    n = len(kernel)
    total = 0.0
    for wave in (np.cos, np.sin):
        v = wave(2 * np.pi * k * np.arange(n) / n)
        total += sum(v[i] * kernel[i, j] * v[j] for i in range(n) for j in range(n))
    return 2 * total / n**2


def cosine_only(kernel, k):
    v = np.cos(2 * np.pi * k * np.arange(len(kernel)) / len(kernel))
    return 2 / len(kernel) * (v @ kernel @ v) / (v @ v)


RIGHT = {
    "order-by-ranks": [by_differences, lambda steps: spearmanr(range(len(steps)), steps)[0]],
    "unit-kernel": [by_hand, by_autograd],
    "wave-rate": [quotient, by_cosine_and_sine],
}
WRONG = {
    "order-by-ranks": [
        lambda steps: np.corrcoef(np.arange(len(steps)), steps)[0, 1],
        lambda steps: np.corrcoef(np.arange(len(steps)), np.log(steps))[0, 1],
        lambda steps: -by_differences(steps),
        lambda steps: np.mean(np.diff(steps) > 0),
    ],
    "unit-kernel": [
        lambda x, a, w: np.outer(np.tanh(w * x), np.tanh(w * x)),
        lambda x, a, w: by_hand(x, a, w) - np.outer(np.tanh(w * x), np.tanh(w * x)),
        lambda x, a, w: by_hand(x, np.sqrt(abs(a)), w),
        lambda x, a, w: np.diag(by_hand(x, a, w)),
    ],
    "wave-rate": [
        lambda kernel, k: quotient(kernel, k) * len(kernel) / 2,
        lambda kernel, k: quotient(kernel, k) * len(kernel),
        lambda kernel, k: quotient(kernel, k + 1),
        lambda kernel, k: np.linalg.eigvalsh(kernel)[::-1][k],
        cosine_only,
    ],
}
