import numpy as np
import torch


def by_wave(omega, n=20_001):
    x = np.linspace(0, 2 * np.pi / omega, n)
    wave, h = np.sin(omega * x), x[1] - x[0]
    change = (wave[2:] - 2 * wave[1:-1] + wave[:-2]) / h**2 - wave[1:-1]
    return np.square(change).sum() / np.square(wave[1:-1]).sum()


def by_loop(errors, limit=0.1):
    learned = lost = 0
    for peak in np.asarray(errors).T:
        places = [place for place, error in enumerate(peak) if error < limit]
        learned += bool(places)
        lost += bool(places) and any(error >= limit for error in peak[places[0] :])
    return lost / learned


def by_steps(errors):
    below = torch.tensor(errors) < 0.1
    falls = (below[:-1] & ~below[1:]).any(dim=0)
    return falls[below.any(dim=0)].double().mean()


RIGHT = {
    "limits-second": [lambda omega: (omega**2 + 1) ** 2, lambda omega: abs(1 + omega**2) ** 2.0],
    "limits-weights": [
        lambda rates: (1 / rates) / (1 / rates).mean(),
        lambda rates: [len(rates) / (r * sum(1 / rates)) for r in rates],
    ],
    "lost-again": [by_loop, by_steps],
}
WRONG = {
    "limits-second": [
        lambda omega: omega**2 + 1,
        lambda omega: -(omega**2 + 1),
        lambda omega: (omega**2 - 1) ** 2,
        lambda omega: omega**4 + 1,
        lambda omega: omega**4,
    ],
    "limits-weights": [
        lambda rates: 1 / rates,
        lambda rates: rates / rates.mean(),
        lambda rates: rates**-0.5 / (rates**-0.5).mean(),
        lambda rates: np.ones(len(rates)),
        lambda rates: -1 / rates / (1 / rates).mean(),
    ],
    "lost-again": [
        lambda errors: np.mean(errors[-1][(errors < 0.1).any(axis=0)] >= 0.1),
        lambda errors: by_loop(errors) * (errors < 0.1).any(axis=0).mean(),
        lambda errors: np.mean((errors >= 0.1).any(axis=0)[(errors < 0.1).any(axis=0)]),
        lambda errors: by_loop(errors, limit=0.3),
        lambda errors: 1 - by_loop(errors),
    ],
}
