import numpy as np
from scipy.optimize import brentq


def by_search(k, share):
    return brentq(lambda s: np.exp(-((k * s) ** 2) / 2) - share, 1e-9, 20)


def by_formula(k, share):
    return np.sqrt(-2 * np.log(share)) / k


def by_parts(wrong, held_out, noise):
    parts = {"unpredictable": min(noise, held_out)}
    parts["slow"] = min(max(wrong - noise, 0), held_out - parts["unpredictable"])
    parts["unseen"] = held_out - sum(parts.values())
    return max(parts, key=parts.get)


def by_questions(wrong, held_out, noise):
    if noise > held_out / 2:
        return "Unpredictable"
    return "slow" if wrong - noise > (held_out - noise) / 2 else "unseen"


RIGHT = {
    "largest-shift": [by_formula, by_search],
    "name-cause": [by_parts, by_questions],
}
WRONG = {
    "largest-shift": [
        lambda k, share: np.sqrt(-np.log(share)) / k,
        lambda k, share: np.sqrt(-np.log(share)) / k / np.sqrt(2) * 1.1,
        lambda k, share: by_formula(k, share) / (2 * np.pi),
        lambda k, share: -by_formula(k, share),
        lambda k, share: 1 / k,
    ],
    "name-cause": [
        lambda wrong, held_out, noise: "slow" if wrong > 0 else "unseen",
        lambda wrong, held_out, noise: "unpredictable" if noise > 0 else "slow",
        lambda wrong, held_out, noise: "unseen",
        lambda wrong, held_out, noise: by_parts(wrong, held_out, 0),
    ],
}
