"""What each encoding costs and leaves wrong where points are held out, measured side by side.

Three signals of one variable and a photograph. Every encoding is trained with each of several
scales; a third of what is held out chooses the scale, the rest judges it. The numbers of points and
steps are small. Run

    python -m book.encodings.costs

It writes costs.json beside this file, with the machine and the date. Times are those of the
processor: that the machine is busy matters less for them.
"""

from __future__ import annotations

import json
import os
import platform
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

import fpkit as fp
from book.encodings.experiments import power_law
from book.encodings.networks import make
from book.natural_image.experiments import crop

__all__ = ["SCALES", "SIGNALS", "best", "judged", "relative", "signals", "slower", "table", "where"]

FILE = Path(__file__).with_name("costs.json")
SCALES: dict[str, tuple[float, ...]] = {
    "relu": (1,),
    "hat": (1, 4, 16),
    "siren": (10, 30, 90),
    "finer": (3, 10, 30),
    "wire": (5, 10, 20),
    "mscale": (8, 32, 128),
    "features": (2, 6, 18),
    "grid": (16, 32, 64),
}
SIGNALS = ("spectrum 1/k", "steps", "chirp")
SEEDS = (0, 1)
POINTS, SIZE = 128, 32
STEPS, LR, TIMED = 400, 2e-3, 60


def signals() -> tuple[NDArray, NDArray]:
    """Return even points ``(2N, 1)`` and the three signals there, of mean 0 and variance 1."""
    x = np.linspace(-1, 1, 2 * POINTS, endpoint=False)
    steps = np.random.default_rng(5).standard_normal(9)[((x + 1) * 4.5).astype(int)]
    rows = np.stack([power_law(2 * POINTS, 1.0, 50), steps, np.sin(4 * np.pi * (x + 1) ** 2)])
    rows -= rows.mean(axis=1, keepdims=True)
    return x[:, None], rows / rows.std(axis=1, keepdims=True)


def picture() -> tuple[NDArray, NDArray]:
    """Return places ``(SIZE², 2)`` and grey values of an eye, of mean 0 and variance 1."""
    grey = crop("chelsea", 72, 127, 3, SIZE)
    side = np.linspace(-1, 1, SIZE)
    places = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    return places, (grey / grey.std()).reshape(1, -1)


def errors(encoding: str, scale: float, x: NDArray, y: NDArray, known: NDArray) -> NDArray:
    """Return mean square errors, the mean over seeds: ``(targets, 2)``, to choose and to judge.

    ``known`` is the mask of the points that are trained on; of the others every third chooses.
    """
    net = partial(make, encoding, scale, inputs=x.shape[1])
    nets = fp.wrap(net, inputs=x.shape[1], seeds=[*SEEDS] * len(y))
    every, held = np.repeat(y, len(SEEDS), axis=0), np.flatnonzero(~known)
    how: dict[str, Any] = {"steps": STEPS, "lr": LR, "record_every": STEPS, "progress": False}
    run = fp.train(nets, x[known], every[:, known], eval_x=x[held], **how)
    wrong = np.square(run.outputs[:, -1] - every[:, held]).reshape(len(y), len(SEEDS), -1)
    chooses = np.arange(len(held)) % 3 == 0
    parts = [wrong[..., chosen].mean(axis=-1) for chosen in (chooses, ~chooses)]
    return np.stack([part.mean(axis=1) for part in parts], axis=-1)


def milliseconds(encoding: str, scale: float, x: NDArray, y: NDArray) -> float:
    """Return the processor time of a step of one network in a plain loop of torch."""
    torch.manual_seed(0)
    net = make(encoding, scale, inputs=x.shape[1])
    optimizer = torch.optim.Adam(net.parameters(), lr=LR)
    points, wanted = (torch.as_tensor(a, dtype=torch.float32) for a in (x, y[0][:, None]))
    for step in range(TIMED + 10):
        if step == 10:
            start = time.process_time()
        optimizer.zero_grad()
        (net(points) - wanted).square().mean().backward()
        optimizer.step()
    return 1e3 * (time.process_time() - start) / TIMED


def rows(encoding: str) -> dict[str, Any]:
    """Return all numbers of one encoding, for each of its scales."""
    line, eye = signals(), picture()
    half, chess = np.arange(2 * POINTS) % 2 == 0, np.indices((SIZE, SIZE)).sum(axis=0).ravel() % 2
    found: dict[str, Any] = {"scales": SCALES[encoding], "chosen": [], "judged": []}
    for scale in SCALES[encoding]:
        both = [errors(encoding, scale, *line, half), errors(encoding, scale, *eye, chess == 0)]
        for name, column in zip(("chosen", "judged"), np.concatenate(both).T, strict=True):
            found[name].append([float(f"{value:.3g}") for value in column])
    for name, (x, y), known in (("line", line, half), ("picture", eye, chess == 0)):
        net = make(encoding, SCALES[encoding][-1], inputs=x.shape[1])
        found[f"parameters, {name}"] = sum(p.numel() for p in net.parameters())
        spent = milliseconds(encoding, SCALES[encoding][-1], x[known], y[:, known])
        found[f"ms a step, {name}"] = round(spent, 2)
    return found


def _kept() -> dict[str, Any]:
    """Return what was measured."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def best(encoding: str) -> tuple[NDArray, NDArray]:
    """Return the scale chosen for each of the signals and the photograph, and the error there."""
    row = _kept()["encodings"][encoding]
    place, judged = np.argmin(row["chosen"], axis=0), np.array(row["judged"])
    return np.array(row["scales"])[place], judged[place, np.arange(judged.shape[1])]


def judged(encoding: str, scale: float) -> NDArray:
    """Return the errors with one scale, on each of the signals and on the photograph."""
    row = _kept()["encodings"][encoding]
    return np.array(row["judged"][row["scales"].index(scale)])


def relative(what: str) -> dict[str, float]:
    """Return a number of each other encoding, as "parameters, line", over that of ReLU."""
    kept = _kept()["encodings"]
    return {name: row[what] / kept["relu"][what] for name, row in kept.items() if name != "relu"}


def slower() -> tuple[float, str, str]:
    """Return how many times as long as with ReLU a step takes at most, with which, and on what."""
    kinds = {"line": "signals", "picture": "the photograph"}
    return max(
        (times, name, where)
        for kind, where in kinds.items()
        for name, times in relative(f"ms a step, {kind}").items()
    )


def where() -> str:
    """Return on what, and when, it was measured."""
    kept = _kept()
    return f"{kept['machine']}, {kept['date']}"


def table() -> str:
    """Return parameters, time and errors of every encoding, each at its chosen scale."""
    kept = _kept()["encodings"]
    columns = ["encoding", "parameters", "ms a step", *SIGNALS, "photograph"]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for encoding, row in kept.items():
        size, spent = (
            f"{row[f'{what}, line']:,} / {row[f'{what}, picture']:,}"
            for what in ("parameters", "ms a step")
        )
        cells = [
            f"{error:.2g} ({scale:g})" if len(row["scales"]) > 1 else f"{error:.2g}"
            for scale, error in zip(*best(encoding), strict=True)
        ]
        lines.append("| " + " | ".join([encoding, size, spent, *cells]) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure what is not in the file yet."""
    torch.set_num_threads(1)
    kept = _kept() if FILE.exists() else {"encodings": {}}
    for encoding in SCALES:
        if encoding not in kept["encodings"]:
            kept["encodings"][encoding] = rows(encoding)
            kept["machine"] = f"{os.cpu_count()} × {platform.machine()}, torch {torch.__version__}"
            kept["date"] = datetime.now(UTC).date().isoformat()
            FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
