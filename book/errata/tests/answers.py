import numpy as np
import torch
from scipy.integrate import quad


def bell(w, k):
    return np.pi * k / w / np.sinh(np.pi * k / (2 * w))


def by_integral(w, k):
    return 2 * quad(lambda x: w / np.cosh(w * x) ** 2, 0, 30 / w, weight="cos", wvar=k)[0]


def speed(jacobian, outputs, labels, factor=-2.0):
    return factor * jacobian @ jacobian.T @ (outputs - labels)


def by_small_step(jacobian, outputs, labels):
    """Follow the flow of a linear model, h = outputs + J·θ, for a moment."""
    j, h, y = (torch.tensor(values) for values in (jacobian, outputs, labels))
    theta = torch.zeros(j.shape[1], dtype=j.dtype, requires_grad=True)
    (((h + j @ theta) - y) ** 2).sum().backward()
    return j @ -theta.grad


def crossing(r, w):
    return np.sqrt((r @ r + w @ w) / ((r * w) @ (r * w))) / (2 * np.pi)


def crossing_by_search(r, w):
    def difference(xi):
        return (np.mean(r**2) + np.mean(w**2)) / xi**4 - 4 * np.pi**2 * np.mean(
            (r * w) ** 2
        ) / xi**2

    low, high = 1e-4, 1e4
    for _ in range(200):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if difference(middle) > 0 else (low, middle)
    return low


def power(measure, c=3.0):
    a = np.arange(1.0, 6.0)
    return np.log(measure(c * a) / measure(a)) / np.log(c)


def power_by_slope(measure):
    sizes = np.geomspace(0.1, 10, 5)
    values = [measure(c * np.array([1.0, -2.0, 0.5])) for c in sizes]
    return np.polyfit(np.log(sizes), np.log(values), 1)[0]


RIGHT = {
    "bell-transform": [bell, by_integral],
    "flow-speed": [speed, by_small_step],
    "crossover-frequency": [crossing, crossing_by_search],
    "scaling-power": [power, power_by_slope],
}
WRONG = {
    "bell-transform": [
        lambda w, k: bell(w, k) / k,
        lambda w, k: bell(w, k) / np.sqrt(2 * np.pi),
        lambda w, k: bell(w, k) / w,
        lambda w, k: bell(w, 2 * np.pi * k),
        lambda w, k: np.pi * k / w / np.sinh(np.pi * k / w),
    ],
    "flow-speed": [
        lambda *arguments: speed(*arguments, factor=-1.0),
        lambda *arguments: speed(*arguments, factor=2.0),
        lambda jacobian, h, y: speed(jacobian, h, y) / len(h),
        lambda jacobian, h, y: -2 * (h - y),
        lambda jacobian, h, y: -2 * jacobian.T @ (h - y),
    ],
    "crossover-frequency": [
        lambda r, w: crossing(r, w) ** 2,
        lambda r, w: 1 / crossing(r, w),
        lambda r, w: 2 * np.pi * crossing(r, w),
        lambda r, w: (
            np.sqrt((np.mean(r**2) + np.mean(w**2)) / np.mean(r**2) / np.mean(w**2)) / (2 * np.pi)
        ),
    ],
    "scaling-power": [
        lambda measure: 2 ** power(measure),
        lambda measure: -power(measure),
        lambda measure: np.log(measure(np.full(3, 2.0))),
        lambda measure: round(power(measure)),
    ],
}
