import numpy as np
import torch


def by_loop(steps, held_out, patience):
    best = 0
    for i, loss in enumerate(held_out):
        if loss < held_out[best]:
            best = i
        elif i - best >= patience:
            break
    return steps[best]


def by_array(steps, held_out, patience):
    lowest = np.minimum.accumulate(held_out)
    best = [int(np.argmin(held_out[: i + 1])) for i in range(len(lowest))]
    over = [i for i, b in enumerate(best) if i - b >= patience]
    return torch.tensor(steps[best[over[0]] if over else best[-1]])


def where_it_stops(steps, held_out, patience):
    best = 0
    for i, loss in enumerate(held_out):
        if loss < held_out[best]:
            best = i
        elif i - best >= patience:
            return steps[i]
    return steps[-1]


def first_rise(steps, held_out, patience):
    rises = np.flatnonzero(np.diff(held_out) > 0)
    return steps[rises[0]] if len(rises) else steps[-1]


def by_rfft(values, highest):
    spectrum = np.fft.rfft(values)
    spectrum[highest + 1 :] = 0
    return np.fft.irfft(spectrum, len(values))


def by_waves(values, highest):
    n = len(values)
    j = np.arange(n)
    total = np.full(n, np.mean(values))
    for k in range(1, highest + 1):
        for wave in (np.cos(2 * np.pi * j * k / n), np.sin(2 * np.pi * j * k / n)):
            total = total + (wave @ values) / (wave @ wave) * wave
    return total.tolist()


def hard(values, highest):
    spectrum = np.fft.fft(values)
    spectrum[highest + 1 :] = 0
    return np.fft.ifft(spectrum).real


RIGHT = {
    "noise-share": [11 / 300, sum(min(k, 300 - k) <= 5 for k in range(300)) / 300],
    "patience-stop": [by_loop, by_array],
    "without-fast": [by_rfft, by_waves],
    "fools-both": [
        lambda x: np.sin(1000 * x**2),
        lambda x: [np.sign(np.sin(1e4 * value)) for value in np.exp(x / 3)],
    ],
}
WRONG = {
    "noise-share": [5 / 300, 6 / 151, 10 / 300, (11 / 300) ** 0.5],
    "patience-stop": [
        where_it_stops,
        first_rise,
        lambda steps, held_out, patience: steps[np.argmin(held_out)],
        lambda steps, held_out, patience: by_loop(steps, held_out, patience + 1),
        lambda steps, held_out, patience: np.argmin(held_out),
    ],
    "without-fast": [
        lambda values, highest: by_rfft(values, highest - 1) if highest else values,
        lambda values, highest: values - by_rfft(values, highest),
        lambda values, highest: by_rfft(values, highest) - np.mean(values),
        hard,
    ],
    "fools-both": [
        lambda x: np.sin(x),
        lambda x: np.sin(40 * x),
        lambda x: np.sign(np.sin(17 * x)),
        lambda x: 3 * np.sin(1000 * x**2),
        lambda x: np.random.default_rng().uniform(-1, 1, len(x)),
    ],
}
