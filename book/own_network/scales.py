"""A scale without training: is the choice of the kernel at the start as good as that of a sweep?

Networks with Fourier features (scale σ) and SIREN (scale ω₀) are trained with each of several
scales, and the error at points that were held out is noted: the sweep. `expected` takes untrained
networks alone. It was fixed on the first half of the signals; then the other half was looked at:

    python -m book.own_network.scales fix|judge

adds what is missing to scales.json beside this file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import fpkit as fp
from book.own_network.diagnoses import Features

FILE = Path(__file__).with_name("scales.json")
HALVES = ("fix", "judge")
SCALES = {"features": (0.5, 1, 2, 4, 8, 16, 32), "siren": (2.5, 5, 10, 20, 40, 80, 160)}
SEEDS = (0, 1)  # each scale is trained twice, and the mean square errors are averaged
WIDTH, STEPS = 64, 1_000
LR = {"features": 2e-3, "siren": 1e-3}
RIDGE, DRAWS = 1e-5, 3
GOOD = 1.5  # times the best error of the sweep
POINTS, ELSEWHERE = 96, 300
PHOTOS = {"fix": ("camera", "astronaut"), "judge": ("chelsea", "rocket")}


class Sine(nn.Module):
    """A layer of a SIREN, with the first weights of Sitzmann et al. (2020)."""

    def __init__(self, inputs: int, scale: float, *, first: bool) -> None:
        super().__init__()
        self.line, self.scale = nn.Linear(inputs, WIDTH), scale
        bound = 1 / inputs if first else float(np.sqrt(6 / inputs)) / scale
        nn.init.uniform_(self.line.weight, -bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        """Return sines of scaled sums."""
        return torch.sin(self.scale * self.line(x))


def maker(knob: str) -> Callable[[float], nn.Module]:
    """Return a function that makes a network of a scale, for points ``(N, 1)`` between 0 and 1."""

    def features(scale: float) -> nn.Module:
        hidden = [nn.Linear(2 * WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU()]
        return nn.Sequential(Features(2 * WIDTH, scale), *hidden, nn.Linear(WIDTH, 1))

    def siren(scale: float) -> nn.Module:
        layers = [Sine(1, 2 * scale, first=True), Sine(WIDTH, 1.0, first=False)]
        return nn.Sequential(*layers, nn.Linear(WIDTH, 1))  # 2: as ω₀ on an interval from -1 to 1

    return features if knob == "features" else siren


def signals(half: str) -> dict[str, Callable[[NDArray], NDArray]]:
    """Return twelve functions of points ``(N, 1)`` between 0 and 1, by name."""
    from skimage.transform import resize

    rng = np.random.default_rng([HALVES.index(half), 1])
    made: dict[str, Callable[[NDArray], NDArray]] = {}
    for number in range(2):
        for power in (0.5, 1, 2):
            made[f"spectrum k^-{power}, {number}"] = _waves(np.arange(1, 33)[:, None], power, rng)
        made[f"three waves {number}"] = _waves(rng.integers(1, 20, (3, 1)), 0, rng)
        made[f"steps {number}"] = _steps(rng.standard_normal(8))
        photo = resize(_photo(PHOTOS[half][number]), (128, 128), anti_aliasing=True)
        made[f"a line of a photograph {number}"] = _line(photo[60])
    return made


def _photo(name: str) -> NDArray:
    """Return a photograph as grey values."""
    from skimage import color, data

    found = getattr(data, name)()
    return color.rgb2gray(found) if found.ndim == 3 else found / 255.0


def _steps(levels: NDArray) -> Callable[[NDArray], NDArray]:
    return lambda x: levels[(x[:, 0] * len(levels)).astype(int)]


def _line(values: NDArray) -> Callable[[NDArray], NDArray]:
    last = len(values) - 1
    return lambda x: np.interp(x[:, 0] * last, np.arange(last + 1), values)


def _waves(k: NDArray, power: float, rng: np.random.Generator) -> Callable[[NDArray], NDArray]:
    sizes, phases = np.linalg.norm(k, axis=1) ** -power, rng.uniform(0, 2 * np.pi, len(k))
    return lambda x: np.sin(2 * np.pi * x @ k.T + phases) @ sizes


def sampled(half: str) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Return points, targets ``(signals, N)`` of mean 0 and variance 1, and both held out."""
    rng = np.random.default_rng(7)
    x, others = rng.random((POINTS, 1)), rng.random((ELSEWHERE, 1))
    functions = signals(half).values()
    y, wanted = (np.stack([f(points) for f in functions]) for points in (x, others))
    middle, size = y.mean(axis=1, keepdims=True), y.std(axis=1, keepdims=True)
    return x, (y - middle) / size, others, (wanted - middle) / size


def swept(half: str, knob: str) -> NDArray[np.float64]:
    """Return the mean square error where points were held out, of each signal and scale."""
    x, y, others, wanted = sampled(half)
    make, found = maker(knob), []
    for scale in SCALES[knob]:
        nets = fp.wrap(partial(make, scale), seeds=[*SEEDS] * len(y))
        every = np.repeat(y, len(SEEDS), axis=0)
        fp.train(nets, x, every, steps=STEPS, lr=LR[knob], progress=False)
        with torch.no_grad():
            outputs = nets(torch.as_tensor(others, dtype=torch.float32))[..., 0].double().numpy()
        wrong = np.square(outputs - np.repeat(wanted, len(SEEDS), axis=0)).mean(axis=1)
        found.append(wrong.reshape(len(y), len(SEEDS)).mean(axis=1))
    return np.stack(found, axis=1)


def expected(half: str, knob: str) -> NDArray[np.float64]:
    """Return the leave-one-out mean square error of kernels at the start, as `swept` does.

    With the kernel K = J Jᵀ of a network that says f, and A = K + λ·mean(diag K), the error at a
    point that ridge regression has not seen is [A⁻¹(y - f)]ᵢ / [A⁻¹]ᵢᵢ.
    """
    x, y, _, _ = sampled(half)
    make, found = maker(knob), []
    for scale, draw in product(SCALES[knob], range(DRAWS)):
        torch.manual_seed(100 + draw)
        kernel, output = _kernel(make(scale).double(), torch.as_tensor(x))
        inverse = np.linalg.inv(kernel + RIDGE * np.diag(kernel).mean() * np.eye(len(x)))
        found.append(np.square((y - output) @ inverse / np.diag(inverse)).mean(axis=1))
    return np.reshape(found, (len(SCALES[knob]), DRAWS, len(y))).mean(axis=1).T


def _kernel(net: nn.Module, x: Tensor) -> tuple[NDArray, NDArray]:
    output = net(x)[:, 0]
    weights = list(net.parameters())
    rows = [torch.autograd.grad(value, weights, retain_graph=True) for value in output]
    slopes = torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])
    return (slopes @ slopes.T).numpy(), output.detach().numpy()


def ratios(half: str, knob: str) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return the error with the kernel's choice over the best one of the sweep, for each signal.

    Then the same with one scale for all signals, and that scale: the one that is good for most
    signals of the first half, and of those the one with the smallest median. An error is the root
    of a mean square.
    """
    kept = json.loads(FILE.read_text(encoding="utf-8"))

    def relative(which: str) -> NDArray[np.float64]:
        real = np.sqrt([row["swept"] for row in kept[which][knob].values()])
        return real / real.min(axis=1, keepdims=True)

    first, found = relative(HALVES[0]), relative(half)
    told = np.argmin([row["expected"] for row in kept[half][knob].values()], axis=1)
    same = np.lexsort((np.median(first, axis=0), -(first <= GOOD).sum(axis=0)))[0]
    return found[np.arange(len(found)), told], found[:, same], SCALES[knob][same]


def table(half: str) -> str:
    """Return for how many signals each way to choose was good, as a table."""
    rows = ["| network | signals | by the kernel | one scale for all |", "|---|---|---|---|"]
    for knob, title in {"features": "Fourier features, σ", "siren": "SIREN, ω₀"}.items():
        kernel, same, scale = ratios(half, knob)
        good = [f"{(values <= GOOD).sum()} of {len(values)}" for values in (kernel, same)]
        rows.append(f"| {title} | {len(kernel)} | {good[0]} | {good[1]} ({scale:g}) |")
    return "\n".join(rows)


def held(half: str, which: int) -> float:
    """Return the part of all signals for which a way to choose (see `ratios`) was good."""
    return float(np.mean([ratios(half, knob)[which] <= GOOD for knob in SCALES]))


def main(half: str) -> None:
    """Sweep what is not in the file yet."""
    known: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
    done = known.setdefault(half, {})
    for knob in SCALES:
        if knob in done:
            continue
        arrays = swept(half, knob), expected(half, knob)
        done[knob] = {
            signal: {"swept": real.tolist(), "expected": told.tolist()}
            for signal, real, told in zip(signals(half), *arrays, strict=True)
        }
        FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
