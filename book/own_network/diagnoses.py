"""Networks whose fault is known, to judge what `fpkit.diagnose` says of them.

Why a network is wrong is found by trying the cures: four times as many steps, or, with as many
steps, four times as many points. The noise is known, for we put it there. The rules were fixed on
the first half of the signals, then the other half was looked at:

    python -m book.own_network.diagnoses fix|judge

adds what is missing to diagnoses.json beside this file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import fpkit as fp

FILE = Path(__file__).with_name("diagnoses.json")
SIGNALS = {"fix": range(12), "judge": range(12, 24)}
LONGER, MORE = 4, 4
# An error is cured if no more than this part of it is left.
CURED = 0.5
# Of what is left, the noise that we put there is at least this part: nothing helps.
NOISE = 0.4
HELD_OUT = 200


First = Callable[[int, int], nn.Module]


class Sine(nn.Module):
    """A first layer with large weights and sines, as in SIREN."""

    def __init__(self, inputs: int, width: int, scale: float) -> None:
        super().__init__()
        self.line, self.scale = nn.Linear(inputs, width), scale

    def forward(self, x: Tensor) -> Tensor:
        """Return sines of scaled sums."""
        return torch.sin(self.scale * self.line(x))


class Features(nn.Module):
    """Sines and cosines of 2π times random frequencies, which are not trained."""

    def __init__(self, inputs: int, width: int, scale: float) -> None:
        super().__init__()
        self.register_buffer("frequencies", scale * torch.randn(inputs, width // 2))

    def forward(self, x: Tensor) -> Tensor:
        """Return the waves, side by side."""
        turns = 2 * torch.pi * x @ self.get_buffer("frequencies")
        return torch.cat([turns.sin(), turns.cos()], dim=1)


@dataclass(frozen=True)
class Kind:
    """Networks that are made, trained and measured alike; the signals differ."""

    name: str
    first: First
    act: Callable[[], nn.Module]
    points: int
    steps: int
    width: int = 32
    lr: float = 5e-3
    even: bool = False
    repeats: int = 1
    noise: float = 0.0
    jitter: float = 0.0
    held_out: bool = True

    def make(self, inputs: int) -> Callable[[], nn.Module]:
        """Return what makes a network."""
        hidden = [nn.Linear(self.width, self.width), self.act()]
        return lambda: nn.Sequential(
            self.first(inputs, self.width), *hidden, nn.Linear(self.width, 1)
        )

    def sample(self, signal: Signal, rng: np.random.Generator, x: NDArray) -> NDArray:
        """Return what is measured at points: with noise, or from places a little off."""
        moved = x + self.jitter * rng.standard_normal(x.shape)
        return signal(moved) + self.noise * signal.size * rng.standard_normal(len(x))

    def unpredictable(self, signal: Signal) -> float:
        """Return the variance of what no function of the points can tell."""
        rng = np.random.default_rng(0)
        x = rng.random((500, signal.inputs))
        seen = [self.sample(signal, rng, x) for _ in range(100)]
        return float(np.var(seen, axis=0, ddof=1).mean())


class Signal:
    """A sum of waves with random phases over one or two inputs, from slow to fast."""

    def __init__(self, number: int) -> None:
        rng = np.random.default_rng(1000 + number)
        self.inputs = 2 if number % 3 == 2 else 1
        if self.inputs == 2:
            ends = rng.permutation([[1, 0], [1, 2], [3, -2], [4, 3]])
            self.k = ends.astype(float)
            self.amplitudes = rng.uniform(0.5, 1.5, 4)
        elif number % 3:
            self.k = np.arange(1, 17)[:, None].astype(float)
            self.amplitudes = 2 * self.k[:, 0] ** -rng.uniform(0.3, 1)
        else:
            low, middle, high = rng.integers([1, 5, 11], [4, 9, 17])
            self.k = np.array([[low], [middle], [high]], float)
            self.amplitudes = rng.uniform(0.5, 1.5, 3)
        self.phases = rng.uniform(0, 2 * np.pi, len(self.k))
        self.size = float(np.sqrt(np.square(self.amplitudes).sum() / 2))

    def __call__(self, x: NDArray) -> NDArray:
        """Return values at points ``(N, inputs)``."""
        return np.sin(2 * np.pi * x @ self.k.T + self.phases) @ self.amplitudes


def _line(inputs: int, width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, width), nn.Tanh())


def _sines(scale: float) -> First:
    return lambda inputs, width: Sine(inputs, width, scale)


def _features(scale: float) -> First:
    return lambda inputs, width: Features(inputs, width, scale / inputs)


KINDS = [
    Kind("slow, tanh", _line, nn.Tanh, 150, 120),
    Kind("slow, ReLU, even points", _line, nn.ReLU, 144, 120, even=True),
    Kind("slow, with noise", _line, nn.Tanh, 200, 120, noise=0.15),
    Kind("slow, nothing held out", _line, nn.Tanh, 150, 120, held_out=False),
    Kind("too few points, features", _features(8), nn.ReLU, 24, 250),
    Kind("too few points, sines", _sines(40), nn.Tanh, 20, 250),
    Kind("too few points, even", _features(8), nn.Tanh, 25, 250, even=True),
    Kind("too few points, with noise", _features(8), nn.Tanh, 25, 250, noise=0.1),
    Kind("noise, plateau", _features(4), nn.Tanh, 300, 80, noise=1.0),
    Kind("noise, memorised", _features(8), nn.ReLU, 120, 250, noise=0.7),
    Kind("noise, repeated points", _features(6), nn.Tanh, 60, 150, repeats=4, noise=0.7),
    Kind("places not known", _features(6), nn.Tanh, 250, 120, jitter=0.04),
    Kind("memorised, nothing held out", _features(8), nn.ReLU, 24, 250, held_out=False),
    Kind("narrow", _line, nn.Tanh, 100, 600, width=4, lr=2e-2),
    Kind("steps too large", _line, nn.Tanh, 100, 100, lr=1.0),
]


def trials(kind: Kind, signals: list[Signal]) -> list[dict[str, Any]]:
    """Train networks of a kind on signals with equally many inputs, and try the cures."""
    inputs, seed = signals[0].inputs, sum(kind.name.encode())
    rng = np.random.default_rng([seed, inputs, len(signals)])
    x = _points(kind, kind.points, inputs, rng)
    others = rng.random((HELD_OUT, inputs))
    y, wanted = (np.stack([kind.sample(s, rng, p) for s in signals]) for p in (x, others))
    dense = _points(kind, MORE * kind.points, inputs, rng)
    values = np.stack([kind.sample(s, rng, dense) for s in signals])
    nets = _trained(kind, signals, x, y)
    said = [_said(nets.member(i), x, y[i], others, wanted[i], kind) for i in range(len(signals))]
    left = [_left(nets, others, wanted)]
    fp.train(nets, x, y, steps=(LONGER - 1) * kind.steps, lr=kind.lr, progress=False)
    left.append(_left(nets, others, wanted))
    more = _trained(kind, signals, dense, values, LONGER)
    left.append(_left(more, others, wanted))
    return [
        {"left": [float(one[i]) for one in left], "unpredictable": kind.unpredictable(signal),
         **said[i]} for i, signal in enumerate(signals)
    ]  # fmt: skip


def _said(
    net: nn.Module, x: NDArray, y: NDArray, others: NDArray, wanted: NDArray, kind: Kind
) -> dict[str, Any]:
    """Return the numbers that the verdict rests on."""
    held_out = (others, wanted) if kind.held_out else None
    said = fp.diagnose(net, x, y, held_out=held_out)
    return {
        "variance": said.variance, "wrong": said.wrong, "held_out": said.held_out,
        "noise": said.noise.tolist(), "rates": said.rates.tolist(), "errors": said.errors.tolist(),
    }  # fmt: skip


def _left(nets: Any, points: NDArray, wanted: NDArray) -> NDArray:
    """Return the mean square error of each member."""
    with torch.no_grad():
        outputs = nets(torch.as_tensor(points, dtype=torch.float32))[..., 0].numpy()
    return np.square(outputs - wanted).mean(axis=1)


def _points(kind: Kind, count: int, inputs: int, rng: np.random.Generator) -> NDArray:
    if kind.even:
        side = round(count ** (1 / inputs))
        axis = np.arange(side) / side
        return np.stack(np.meshgrid(*[axis] * inputs), axis=-1).reshape(-1, inputs)
    return np.repeat(rng.random((count, inputs)), kind.repeats, axis=0)


def _trained(kind: Kind, signals: list[Signal], x: NDArray, y: NDArray, times: int = 1) -> Any:
    nets = fp.wrap(kind.make(x.shape[1]), inputs=x.shape[1], seeds=range(len(signals)))
    fp.train(nets, x, y, steps=times * kind.steps, lr=kind.lr, progress=False)
    return nets


def truth(trial: dict[str, Any], *, held_out: bool) -> str:
    """Return what is right to say of a network, by what cured it."""
    now, longer, more = trial["left"]
    if not held_out and trial["wrong"] < fp.diagnosis.LEARNED * trial["variance"]:
        return "cannot tell"
    if now < fp.diagnosis.LEARNED * trial["variance"]:
        return "learned"
    if longer < CURED * now:
        return "slow"
    if more < CURED * now:
        return "unseen"
    return "unpredictable" if trial["unpredictable"] > NOISE * now else "cannot tell"


def main(half: str) -> None:
    """Train what is not in the file yet."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    done = known.setdefault(half, {})
    for kind in KINDS:
        if kind.name in done:
            continue
        signals = [Signal(number) for number in SIGNALS[half]]
        done[kind.name] = [
            trial for inputs in (1, 2)
            for trial in trials(kind, [s for s in signals if s.inputs == inputs])
        ]  # fmt: skip
        FILE.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
