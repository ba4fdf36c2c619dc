import numpy as np
import torch
from scipy.stats import rankdata
from sklearn.decomposition import PCA

from fpkit import spectra


def by_svd(images, *, centre=True):
    x = images - images.mean(axis=0) * centre
    return torch.linalg.svd(torch.tensor(x), full_matrices=False)[2][0]


def by_power(images):
    x = images - images.mean(axis=0)
    p = np.ones(x.shape[1])
    for _ in range(2_000):
        p = x.T @ (x @ p)
        p /= np.linalg.norm(p)
    return -p


def wave(places, k):
    return np.exp(-2j * np.pi * k * np.asarray(places)) / len(places)


def by_split(labels, places, k):
    return abs(wave(places, k) @ (labels - labels.mean())) / abs(wave(places, k) @ labels)


def by_spectra(labels, places, k):
    constant = np.full(len(labels), labels.mean())
    f, t = (spectra.nudft(v, places, [k], length=1.0) for v in (labels, constant))
    return spectra.relative_error(t, f)


def share(labels, places, k):
    return abs(labels.mean() * wave(places, k).sum()) / abs(wave(places, k) @ labels)


def by_loop(t):
    return [sum(other < value for other in t) / len(t) for value in t]


RIGHT = {
    "widest-direction": [by_svd, by_power, lambda x: PCA(1).fit(x).components_[0]],
    "constant-error": [by_split, by_spectra],
    "even-places": [by_loop, lambda t: (rankdata(t) - 1) / len(t)],
}
WRONG = {
    "widest-direction": [
        lambda x: by_svd(x, centre=False),
        lambda x: x.mean(axis=0) / np.linalg.norm(x.mean(axis=0)),
        lambda x: np.linalg.eigh(np.cov(x.T))[1][:, 0],
        lambda x: np.linalg.eigh(np.cov(x.T))[1][-1],
        lambda x: 3 * by_svd(x),
    ],
    "constant-error": [
        share,
        lambda labels, places, k: abs(1 - share(labels, places, k)),
        lambda labels, places, k: abs(wave(places, k) @ (labels - labels.mean())),
        lambda labels, places, k: 1 / by_split(labels, places, k),
        lambda labels, places, k: by_split(labels, np.arange(len(labels)) / len(labels), k),
    ],
    "even-places": [
        lambda t: np.argsort(t) / len(t),
        lambda t: rankdata(t) / len(t),
        lambda t: (rankdata(t) - 1) / (len(t) - 1),
        lambda t: np.arange(len(t)) / len(t),
        lambda t: (t - t.min()) / np.ptp(t),
    ],
}
