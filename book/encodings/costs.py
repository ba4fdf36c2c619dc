"""What each encoding costs and leaves wrong where points are held out, measured side by side.

Three signals of one variable and a photograph. Every encoding is trained with each of several
scales; a third of what is held out chooses the scale, the rest judges it, for each network by
itself. The numbers of points and steps are small. Run

    python -m book.encodings.costs errors
    python -m book.encodings.costs times
    python -m book.encodings.costs diagnosed

They write costs.json beside this file, with the machine and the date. Times are those of the
processor, in turns and in loops that are warm: that the machine is busy matters less for them.
"""

from __future__ import annotations

import json
import os
import platform
import sys
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
from fpkit.reproduce import SEEDS

__all__ = ["SCALES", "SIGNALS", "at_the_edge", "best", "diagnosed", "judged"]
__all__ += ["relative", "signals", "table", "where"]

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
POINTS, SIZE = 128, 32
STEPS, LR = 400, 2e-3
TIMED, ROUNDS = 24, 8
# What `fp.diagnose` is asked about: Fourier features of these scales, this many steps and networks.
DIAGNOSED, LONG, ASKED = (8.0, 64.0, 128.0), 1_000, 4


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
    """Return mean square errors, to choose and to judge by: ``(2, targets, S)``.

    ``known`` is the mask of the points that are trained on; of the others every third chooses.
    """
    net = partial(make, encoding, scale, inputs=x.shape[1])
    nets = fp.wrap(net, inputs=x.shape[1], seeds=[*SEEDS] * len(y))
    every, held = np.repeat(y, len(SEEDS), axis=0), np.flatnonzero(~known)
    how: dict[str, Any] = {"steps": STEPS, "lr": LR, "record_every": STEPS, "progress": False}
    run = fp.train(nets, x[known], every[:, known], eval_x=x[held], **how)
    wrong = np.square(run.outputs[:, -1] - every[:, held]).reshape(len(y), len(SEEDS), -1)
    chooses = np.arange(len(held)) % 3 == 0
    return np.stack([wrong[..., chosen].mean(axis=-1) for chosen in (chooses, ~chooses)])


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


def _tasks() -> dict[str, tuple[NDArray, NDArray, NDArray]]:
    """Return places, targets and the mask of the points that are trained on, by name."""
    half, chess = np.arange(2 * POINTS) % 2 == 0, np.indices((SIZE, SIZE)).sum(axis=0).ravel() % 2
    return {"line": (*signals(), half), "picture": (*picture(), chess == 0)}


def rows(encoding: str) -> dict[str, Any]:
    """Return the errors and sizes of one encoding, for each of its scales."""
    found: dict[str, Any] = {"scales": SCALES[encoding], "chosen": [], "judged": []}
    for scale in SCALES[encoding]:
        both = np.concatenate([errors(encoding, scale, *task) for task in _tasks().values()], 1)
        for name, part in zip(("chosen", "judged"), both, strict=True):
            found[name].append([[float(f"{v:.3g}") for v in target] for target in part])
    for name, (x, _, _) in _tasks().items():
        net = make(encoding, SCALES[encoding][-1], inputs=x.shape[1])
        found[f"parameters, {name}"] = sum(p.numel() for p in net.parameters())
    return found


def times() -> dict[str, dict[str, float]]:
    """Return milliseconds a step of every encoding, one after the other in each round: medians."""
    took: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for encoding, scales in SCALES.items():
            for name, (x, y, known) in _tasks().items():
                spent = milliseconds(encoding, scales[-1], x[known], y[:, known])
                took.setdefault((encoding, f"ms a step, {name}"), []).append(spent)
    found: dict[str, dict[str, float]] = {}
    for (encoding, name), every in took.items():
        found.setdefault(encoding, {})[name] = round(float(np.median(every)), 3)
    return found


def asked(scale: float) -> dict[str, list]:
    """Return what `fp.diagnose` says of networks with features, and their held-out errors.

    Networks and signals are those of the chapter's sweep (amplitudes that fall as 1/k). Errors are
    over the variance.
    """
    said: dict[str, list] = {"said": [], "held out": []}
    x = np.linspace(-1, 1, 2 * POINTS, endpoint=False)[:, None]
    points = torch.as_tensor(x, dtype=torch.float32)
    for seed in range(ASKED):
        y = power_law(2 * POINTS, 1.0, seed)
        wanted = torch.as_tensor(y, dtype=torch.float32)[::2, None]
        torch.manual_seed(seed)
        net = make("features", scale)
        optimizer = torch.optim.Adam(net.parameters(), lr=LR)
        for _ in range(LONG):
            optimizer.zero_grad()
            (net(points[::2]) - wanted).square().mean().backward()
            optimizer.step()
        found = fp.diagnose(net, x[::2], y[::2], held_out=(x[1::2], y[1::2]))
        with torch.no_grad():
            wrong = net(points)[1::2, 0].numpy() - y[1::2]
        said["said"].append(found.verdict)
        said["held out"].append(float(f"{np.square(wrong).mean() / y.var():.3g}"))
    return said


def _kept() -> dict[str, Any]:
    """Return what was measured."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def best(encoding: str) -> tuple[NDArray, NDArray]:
    """Return the scale that each network chose for each target, and its error: ``(targets, S)``."""
    row = _kept()["encodings"][encoding]
    place = np.argmin(row["chosen"], axis=0)
    found = np.take_along_axis(np.array(row["judged"]), place[None], axis=0)[0]
    return np.array(row["scales"])[place], found


def judged(encoding: str, scale: float) -> NDArray:
    """Return the median error with one scale, on each of the signals and on the photograph."""
    row = _kept()["encodings"][encoding]
    return np.median(row["judged"][row["scales"].index(scale)], axis=-1)


def at_the_edge() -> tuple[int, int]:
    """Return for how many targets most networks chose the least or the largest scale, of all."""
    found = []
    for encoding, scales in SCALES.items():
        if len(scales) > 1:
            chosen = best(encoding)[0]
            found += [np.isin(target, (scales[0], scales[-1])).mean() > 1 / 2 for target in chosen]
    return sum(found), len(found)


def relative(what: str) -> dict[str, float]:
    """Return a number of each other encoding, as "parameters, line", over that of ReLU."""
    kept = _kept()["encodings"]
    return {name: row[what] / kept["relu"][what] for name, row in kept.items() if name != "relu"}


def diagnosed() -> dict[float, dict[str, list]]:
    """Return what `asked` found, by the scale."""
    return {float(scale): found for scale, found in _kept()["diagnosed"].items()}


def where() -> str:
    """Return on what, and when, times were measured."""
    kept = _kept()
    return f"{kept['machine']}, {kept['date']}"


def table() -> str:
    """Return parameters, time and errors of every encoding, each network at its chosen scale."""
    kept = _kept()["encodings"]
    columns = ["encoding", "parameters", "ms a step", *SIGNALS, "photograph"]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for encoding, row in kept.items():
        size = f"{row['parameters, line']:,} / {row['parameters, picture']:,}"
        spent = f"{row['ms a step, line']:.2f} / {row['ms a step, picture']:.2f}"
        cells = [
            f"{np.median(found):.2g} ({found.min():.2g}–{found.max():.2g})"
            for found in best(encoding)[1]
        ]
        lines.append("| " + " | ".join([encoding, size, spent, *cells]) + " |")
    return "\n".join(lines)


def main(what: str) -> None:
    """Measure one of the things above, and put it into the file."""
    torch.set_num_threads(1)
    kept = _kept() if FILE.exists() else {"encodings": {}}
    if what == "errors":
        kept["encodings"] = {name: kept["encodings"].get(name, {}) | rows(name) for name in SCALES}
    elif what == "times":
        for name, found in times().items():
            kept["encodings"][name] |= found
        kept["machine"] = f"{os.cpu_count()} × {platform.machine()}, torch {torch.__version__}"
        kept["date"] = datetime.now(UTC).date().isoformat()
    else:
        kept["diagnosed"] = {f"{scale:g}": asked(scale) for scale in DIAGNOSED}
    FILE.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
