import numpy as np
import torch

from book.general_theory import loss_stages


def spectra(slope, speed):
    return np.fft.rfft(slope, norm="forward"), np.fft.rfft(speed, norm="forward")


def by_full_transform(slope, speed):
    n = len(slope)
    both = (np.fft.fft(slope).conj() * np.fft.fft(speed)).real / n**2
    folded = np.zeros(n // 2 + 1)
    for k, value in enumerate(both):
        folded[min(k, n - k)] += value
    return folded


def by_projection(slope, speed):
    n, terms = len(slope), []
    for k in range(n // 2 + 1):
        v = np.exp(2j * np.pi * k * np.arange(n) / n)
        weight = 1 if k in (0, n / 2) else 2
        terms.append(weight * (np.conj(v.conj() @ slope) * (v.conj() @ speed)).real / n**2)
    return torch.tensor(terms)


def once(slope, speed):
    first, second = spectra(slope, speed)
    return (first.conj() * second).real


def search(edge):
    low, high = 1e-3, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        root = np.exp(-1 / (2 * middle**2)) ** 0.5
        low, high = (middle, high) if root < edge else (low, middle)
    return low


RIGHT = {
    "size-share": [
        lambda rates, eta: np.abs(rates[eta + 1 :]).sum() / np.abs(rates).sum(),
        lambda rates, eta: 1 - sum(abs(r) for r in rates[: eta + 1]) / sum(abs(r) for r in rates),
        lambda rates, eta: loss_stages.share_above(rates, eta),
    ],
    "split-rate": [by_full_transform, by_projection],
    "count-powers": [
        lambda p, q: min(p, q) + p,
        lambda p, q: min(p + 1, q + 1) + p - 1,
    ],
    "widest-sigma": [lambda edge: (-4 * np.log(edge)) ** -0.5, search],
}
WRONG = {
    "size-share": [
        lambda rates, eta: rates[eta + 1 :].sum() / rates.sum(),
        lambda rates, eta: np.abs(rates[eta:]).sum() / np.abs(rates).sum(),
        lambda rates, eta: np.abs(rates[: eta + 1]).sum() / np.abs(rates).sum(),
        lambda rates, eta: np.square(rates[eta + 1 :]).sum() / np.square(rates).sum(),
    ],
    "split-rate": [
        once,
        lambda slope, speed: 2 * once(slope, speed),
        lambda slope, speed: by_full_transform(slope, speed) * len(slope),
        lambda slope, speed: np.abs(spectra(slope, speed)[0] * spectra(slope, speed)[1]),
        lambda slope, speed: (
            np.full(len(slope) // 2 + 1, 0.0) + np.mean(slope * speed) / (len(slope) // 2 + 1)
        ),
    ],
    "count-powers": [
        lambda p, q: min(p, q) + p + 1,
        lambda p, q: 2 * p,
        lambda p, q: min(p, q) + p - 1,
        lambda p, q: min(p, q),
    ],
    "widest-sigma": [
        lambda edge: (-2 * np.log(edge)) ** -0.5,
        lambda edge: 1 / (-4 * np.log(edge)),
        lambda edge: (-4 * np.log10(edge)) ** -0.5,
        lambda edge: edge,
    ],
}
