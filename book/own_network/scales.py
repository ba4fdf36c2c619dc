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
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import fpkit as fp

FILE = Path(__file__).with_name("scales.json")
HALVES = ("fix", "judge")
SCALES = {"features": (0.5, 1, 2, 4, 8, 16, 32), "siren": (2.5, 5, 10, 20, 40, 80, 160)}
SEEDS = (0, 1)  # each scale is trained twice, and the mean square errors are averaged
WIDTH, STEPS = 64, 1_000
LR = {"features": 2e-3, "siren": 1e-3}
RIDGE, DRAWS = 1e-5, 3
GOOD = 1.5  # times the best error of the sweep
POINTS, ELSEWHERE, SIDE = 96, 300, 20
PHOTOS = {
    "fix": ("camera", "astronaut", "coffee", "brick", "moon", "coins"),
    "judge": ("chelsea", "rocket", "grass", "gravel", "retina", "page"),
}


class Features(nn.Module):
    """Sines and cosines of 2π times random frequencies, which are not trained."""

    def __init__(self, inputs: int, scale: float) -> None:
        super().__init__()
        self.register_buffer("frequencies", scale * torch.randn(inputs, WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        """Return the waves, side by side."""
        turns = 2 * torch.pi * x @ self.get_buffer("frequencies")
        return torch.cat([turns.sin(), turns.cos()], dim=1)


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


def maker(knob: str, inputs: int) -> Callable[[float], nn.Module]:
    """Return a function that makes a network of a scale, for points between 0 and 1."""

    def features(scale: float) -> nn.Module:
        hidden = [nn.Linear(2 * WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU()]
        return nn.Sequential(Features(inputs, scale), *hidden, nn.Linear(WIDTH, 1))

    def siren(scale: float) -> nn.Module:
        layers = [Sine(inputs, 2 * scale, first=True), Sine(WIDTH, 1.0, first=False)]
        return nn.Sequential(*layers, nn.Linear(WIDTH, 1))  # 2: as ω₀ on an interval from -1 to 1

    return features if knob == "features" else siren


def signals(half: str, dimension: int) -> dict[str, Callable[[NDArray], NDArray]]:
    """Return twelve functions of points ``(N, d)`` between 0 and 1, by name."""
    rng = np.random.default_rng([HALVES.index(half), dimension])
    return (_curves if dimension == 1 else _fields)(half, rng)


def _curves(half: str, rng: np.random.Generator) -> dict[str, Callable[[NDArray], NDArray]]:
    from skimage.transform import resize

    made: dict[str, Callable[[NDArray], NDArray]] = {}
    for number in range(2):
        for power in (0.5, 1, 2):
            made[f"spectrum k^-{power}, {number}"] = _waves(np.arange(1, 33)[:, None], power, rng)
        made[f"three waves {number}"] = _waves(rng.integers(1, 20, (3, 1)), 0, rng)
        levels = rng.standard_normal(8)
        made[f"steps {number}"] = lambda x, v=levels: v[np.minimum(x[:, 0] * 8, 7).astype(int)]
        line = resize(_photo(PHOTOS[half][number]), (128, 128), anti_aliasing=True)[60]
        made[f"a line of a photograph {number}"] = lambda x, v=line: np.interp(
            x[:, 0] * 127, np.arange(128), v
        )
    return made


def _fields(half: str, rng: np.random.Generator) -> dict[str, Callable[[NDArray], NDArray]]:
    from skimage.transform import resize

    made: dict[str, Callable[[NDArray], NDArray]] = {}
    k = np.stack(np.meshgrid(np.arange(0, 9), np.arange(-8, 9)), -1).reshape(-1, 2)
    for power in (0.5, 1.5, 2.5):
        made[f"spectrum |k|^-{power}"] = _waves(k[(k != 0).any(axis=1)], power, rng)
    made["three waves"] = _waves(rng.integers(1, 8, (3, 2)), 0, rng)
    middle, width = rng.uniform(0.35, 0.65, 2), rng.uniform(0.15, 0.3)
    made["a disc"] = lambda x: (np.linalg.norm(x - middle, axis=1) < width) * 1.0
    centres, heights = rng.random((6, 2)), rng.standard_normal(6)
    made["hills"] = lambda x: np.exp(-np.square(x[:, None] - centres).sum(axis=-1) / 0.02) @ heights
    for name in PHOTOS[half]:
        photo = resize(_photo(name), (SIDE, SIDE), anti_aliasing=True)
        made[name] = lambda x, v=photo: v[tuple(np.round(x.T * (SIDE - 1)).astype(int))]
    return made


def _photo(name: str) -> NDArray:
    """Return a photograph as grey values."""
    from skimage import color, data

    found = getattr(data, name)()
    return color.rgb2gray(found) if found.ndim == 3 else found / 255.0


def _waves(k: NDArray, power: float, rng: np.random.Generator) -> Callable[[NDArray], NDArray]:
    sizes, phases = np.linalg.norm(k, axis=1) ** -power, rng.uniform(0, 2 * np.pi, len(k))
    return lambda x: np.sin(2 * np.pi * x @ k.T + phases) @ sizes


def sampled(half: str, dimension: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Return points, targets ``(signals, N)`` of mean 0 and variance 1, and both held out."""
    rng = np.random.default_rng(7)
    if dimension == 1:
        x, others = rng.random((POINTS, 1)), rng.random((ELSEWHERE, 1))
    else:
        axis = np.arange(SIDE) / (SIDE - 1)
        pixels = rng.permutation(np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2))
        x, others = np.split(pixels, 2)
    functions = signals(half, dimension).values()
    y, wanted = (np.stack([f(points) for f in functions]) for points in (x, others))
    middle, size = y.mean(axis=1, keepdims=True), y.std(axis=1, keepdims=True)
    return x, (y - middle) / size, others, (wanted - middle) / size


def swept(half: str, dimension: int, knob: str) -> NDArray[np.float64]:
    """Return the mean square error where points were held out, of each signal and scale."""
    x, y, others, wanted = sampled(half, dimension)
    make, found = maker(knob, dimension), []
    for scale in SCALES[knob]:
        nets = fp.wrap(lambda s=scale: make(s), inputs=dimension, seeds=[*SEEDS] * len(y))
        every = np.repeat(y, len(SEEDS), axis=0)
        fp.train(nets, x, every, steps=STEPS, lr=LR[knob], progress=False)
        with torch.no_grad():
            outputs = nets(torch.as_tensor(others, dtype=torch.float32))[..., 0].double().numpy()
        wrong = np.square(outputs - np.repeat(wanted, len(SEEDS), axis=0)).mean(axis=1)
        found.append(wrong.reshape(len(y), len(SEEDS)).mean(axis=1))
    return np.stack(found, axis=1)


def expected(half: str, dimension: int, knob: str) -> NDArray[np.float64]:
    """Return the leave-one-out mean square error of kernels at the start, as `swept` does.

    With the kernel K = J Jᵀ of a network that says f, and A = K + λ·mean(diag K), the error at a
    point that ridge regression has not seen is [A⁻¹(y - f)]ᵢ / [A⁻¹]ᵢᵢ.
    """
    x, y, _, _ = sampled(half, dimension)
    make, found = maker(knob, dimension), []
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


def main(half: str) -> None:
    """Sweep what is not in the file yet."""
    known: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}
    done = known.setdefault(half, {})
    for dimension, knob in product((1, 2), SCALES):
        name = f"{knob}, {dimension}-d"
        if name in done:
            continue
        arrays = swept(half, dimension, knob), expected(half, dimension, knob)
        done[name] = {
            signal: {"swept": real.tolist(), "expected": told.tolist()}
            for signal, real, told in zip(signals(half, dimension), *arrays, strict=True)
        }
        FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
