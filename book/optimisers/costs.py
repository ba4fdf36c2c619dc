"""What a step costs with each optimiser, and what SOAP and Shampoo do, which torch does not have.

    pip install --no-deps pytorch-optimizer==4.1.0
    python -m book.optimisers.costs rates
    python -m book.optimisers.costs elsewhere
    python -m book.optimisers.costs times
    python -m book.optimisers.costs still
    python -m book.optimisers.costs newton

writes costs.json beside this file. The book does not need the package. Times are those of a plain
loop of torch over one network, as a reader would write it, and of the processor: that the machine
is busy matters less for them.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module, metadata
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from book.ntk.experiments import on_the_circle
from book.optimisers.claims import COSTS, at_once
from book.optimisers.experiments import (
    HIDDEN,
    MODES,
    RIDGE,
    TUNED,
    WEIGHT_STD,
    Cell,
    early,
    factory,
    networks,
)
from book.optimisers.second_order import SEARCH, ByMember, gauss_newton, lbfgs, muon
from fpkit.arguments import Factory
from fpkit.recording import DivergenceError, Run
from fpkit.reproduce import SEEDS, even_trial
from fpkit.reproduce.judgement import READINGS
from fpkit.reproduce.results import errors_at_peaks
from fpkit.training import train

# Rates are found as those of `TUNED`; no weight decay.
ELSEWHERE: tuple[Cell, ...] = (("SOAP", 0.01, 0.0), ("Shampoo", 1.0, 0.0))
POINTS = on_the_circle(32, MODES)
# Networks on which rates are tried; they are none of the eight.
OTHERS = (100, 101)
# Less than this part of the mean square is wrong.
FITTED = 0.005


def make(name: str, rows: Sequence[nn.Parameter], lr: float) -> list[Optimizer]:
    """Return an optimiser of the package for one network."""
    return [getattr(import_module("pytorch_optimizer"), name)(rows, lr=lr, weight_decay=0.0)]


def trained(cell: Cell, seeds: Sequence[int], steps: int, records: Sequence[int]) -> Run:
    """Train some networks with an optimiser of either kind."""
    nets, (x, y) = networks(seeds), POINTS
    other = partial(ByMember, nets=nets, x=x, y=y, make=partial(make, cell[0]))
    foreign = cell[0] in [each[0] for each in ELSEWHERE]
    engine: Factory = other if foreign else factory(cell, nets, x, y)
    return train(nets, x, y, steps=steps, lr=cell[1], optimizer=engine, record_every=records,
                 progress=False)  # fmt: skip


class Pair(nn.Module):
    """Network ``seed`` of this chapter as modules of torch: two copies, one minus the other."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        drawn = networks([seed])
        first, second = nn.Sequential(), nn.Sequential()
        self.copies = nn.ModuleList((first, second))
        for number, copy in enumerate((first, second)):
            for layer, (w, b) in enumerate(zip(drawn.weights, drawn.biases, strict=True)):
                line = nn.Linear(w.shape[1], w.shape[2], dtype=w.dtype)
                line.weight.data, line.bias.data = w[number].T.contiguous(), b[number, 0].clone()
                copy.extend([nn.Tanh()] * (layer > 0)).append(line)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs ``(N, 1)``."""
        first, second = (copy(x) for copy in self.copies)
        return (first - second) / 2**0.5


def loop(cell: Cell, net: nn.Module, x: Tensor, y: Tensor) -> Callable[[], object]:
    """Return what makes one step of a plain loop with an optimiser."""
    name, lr, damping = cell
    if name == "gauss-newton":
        return partial(gauss_newton, net, x, y, lr, damping)
    rows = [*net.parameters()]
    plain: dict[str, Callable[[], list[Optimizer]]] = {
        "sgd": lambda: [torch.optim.SGD(rows, lr=lr)],
        "momentum": lambda: [torch.optim.SGD(rows, lr=lr, momentum=0.9)],
        "rmsprop": lambda: [torch.optim.RMSprop(rows, lr=lr)],
        "adam": lambda: [torch.optim.Adam(rows, lr=lr)],
        "l-bfgs": lambda: lbfgs(rows, lr),
        "muon": lambda: muon(rows, lr),
    }
    engines: list[Any] = plain.get(name, partial(make, name, rows, lr))()

    def closure() -> Tensor:
        for engine in engines:
            engine.zero_grad()
        loss = (net(x)[:, 0] - y).square().mean()
        loss.backward()
        return loss

    def step() -> None:
        if name == "l-bfgs":
            engines[0].step(closure)
            return
        closure()
        for engine in engines:
            engine.step()

    return step


def milliseconds(cell: Cell, seed: int, steps: int = 24) -> float:
    """Return the processor time of each of the first steps, in a plain loop that is warm."""
    x, y = (torch.as_tensor(each, dtype=torch.float64) for each in POINTS)
    for count in (3, steps):
        step = loop(cell, Pair(seed), x, y)
        start = time.process_time()
        for _ in range(count):
            step()
    return (time.process_time() - start) / steps * 1e3


def times(rounds: int = 3) -> dict[str, dict[str, float]]:
    """Return milliseconds a step of every optimiser in turns: the median, and the quartiles."""
    cells = (*TUNED, *ELSEWHERE)
    took: dict[str, list[float]] = {cell[0]: [] for cell in cells}
    for seed in [*SEEDS] * rounds:
        for cell in cells:
            took[cell[0]].append(milliseconds(cell, seed))
    spread = {name: np.percentile(every, [50, 25, 75]) for name, every in took.items()}
    return {
        kind: {name: round(float(values[i]), 2) for name, values in spread.items()}
        for i, kind in enumerate(("ms a step", "lower quartile", "upper quartile"))
    }


def learned(cell: Cell, seeds: Sequence[int] = SEEDS, steps: int = 800) -> dict[str, list]:
    """Return when networks learn each wave, by both readings of "learned", and all "at once"."""
    run = trained(cell, seeds, steps, early(steps))
    errors = errors_at_peaks(even_trial(run, MODES), run.outputs, run.y)
    found = {name: find(run.steps, errors).tolist() for name, find in READINGS.items()}
    return found | {"at once": at_once(run.steps, errors).tolist()}


def tried(cell: Cell) -> dict[str, float]:
    """Return by rate after how many steps all waves are right at once: the mean of two networks.

    Rates are …, 0.1, 0.2, 0.5, 1, 2, …, from that of the cell on, until the fastest (of equally
    fast ones the smallest) has a slower one on either side. ∞ where waves do not come, or the loss
    is not finite.
    """
    name, start, damping = cell
    found: dict[int, float] = {}
    place = begun = min(range(-15, 9), key=lambda i: abs(np.log(nice(i) / start)))
    while not {place - 1, place, place + 1} <= found.keys():
        for i in {place - 1, place, place + 1} - found.keys():
            try:
                done = learned((name, nice(i), damping), OTHERS)["at once"]
                found[i] = float(np.mean(done))
            except DivergenceError:
                found[i] = float("inf")
            print(name, nice(i), found[i], flush=True)
        place = min(found, key=lambda i: (found[i], i if found[i] < np.inf else abs(i - begun)))
    return {f"{nice(i):g}": found[i] for i in sorted(found)}


def nice(number: int) -> float:
    """Return the number-th of …, 0.1, 0.2, 0.5, 1, 2, …, of which 1 is the 0th."""
    tens, place = divmod(number, 3)
    return float(f"{(1, 2, 5)[place]}e{tens}")


def fastest(rates: dict[str, float]) -> float:
    """Return the rate that `tried` has found."""
    return min((float(rate) for rate in rates), key=lambda rate: (rates[f"{rate:g}"], rate))


def plain(seed: int, std: float | None, dtype: torch.dtype = torch.float64) -> nn.Module:
    """Return a network as modules of torch; ``std`` is that of first weights, or as torch has."""
    torch.manual_seed(seed)
    hidden = nn.Linear(2, HIDDEN[0]), nn.Tanh(), nn.Linear(*HIDDEN), nn.Tanh()
    net = nn.Sequential(*hidden, nn.Linear(HIDDEN[-1], 1)).to(dtype)
    if std:
        for parameter in net.parameters():
            nn.init.normal_(parameter, std=std)
    return net


def still(std: float | None, search: int | None, steps: int = 100) -> dict[str, list]:
    """Return what torch's L-BFGS does in eight networks with ``search`` looks at the loss a step.

    "still": whether the loss is the same after the last two steps; "loss": what it is in the end;
    "looks": how often it was computed for each step.
    """
    found: dict[str, list] = {"still": [], "loss": [], "looks": []}
    x, y = (torch.as_tensor(each, dtype=torch.float64) for each in POINTS)
    for seed in SEEDS:
        net, looks, losses = plain(seed, std), 0, []
        how: dict[str, Any] = {"history_size": 100, "line_search_fn": "strong_wolfe"}
        engine = torch.optim.LBFGS(net.parameters(), max_iter=1, max_eval=search, **how)

        def closure(net: nn.Module = net, engine: Optimizer = engine) -> Tensor:
            nonlocal looks
            looks += 1
            engine.zero_grad()
            loss = (net(x)[:, 0] - y).square().mean()
            loss.backward()
            return loss

        for _ in range(steps):
            losses.append(engine.step(closure).item())
        found["still"].append(losses[-1] == losses[-2])
        found["loss"].append(float(f"{losses[-1]:.3g}"))
        found["looks"].append(round(looks / steps, 2))
    return found


def newton(std: float | None, dtype: torch.dtype, c: float, most: int = 200) -> list[float]:
    """Return after how many Gauss-Newton steps less than 1/200 is wrong, in eight networks."""
    found = []
    x, y = (torch.as_tensor(each, dtype=dtype) for each in POINTS)
    for seed in SEEDS:
        net, step, wrong = plain(seed, std, dtype), 0, float("inf")
        while wrong >= FITTED and step < most:
            gauss_newton(net, x, y, c=c)
            step += 1
            with torch.no_grad():
                wrong = float((net(x)[:, 0] - y).square().mean() / y.square().mean())
        found.append(float(step) if wrong < FITTED else float("inf"))
    return found


def main(what: str) -> None:
    """Measure one of the things above, and put it into the file."""
    torch.set_num_threads(1)
    kept = json.loads(COSTS.read_text(encoding="utf-8")) if COSTS.exists() else {}
    starts = {"torch": None, "large": WEIGHT_STD}
    if what == "times":
        kept["date"] = datetime.now(UTC).date().isoformat()
        kept["machine"] = f"{os.cpu_count()} × {platform.machine()}, one thread, processor time"
        kept["versions"] = {name: metadata.version(name) for name in ("torch", "pytorch-optimizer")}
        kept |= times()
    elif what == "rates":
        kept.setdefault("rates", {})
        for cell in (*TUNED, *ELSEWHERE):
            if cell[0] not in kept["rates"]:
                kept["rates"][cell[0]] = tried(cell)
                COSTS.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    elif what == "still":
        searches = {"without": None, "with": SEARCH}
        kept["still"] = {
            f"{start}, {name}": still(std, search)
            for start, std in starts.items()
            for name, search in searches.items()
        }
    elif what == "newton":
        types = {"double": torch.float64, "single": torch.float32}
        kept["newton"] = {
            f"{start}, {kind}, {c:g}": newton(std, dtype, c)
            for start, std in starts.items()
            for kind, dtype in types.items()
            for c in (RIDGE, 1e-5)
        }
    else:
        kept["elsewhere"] = {cell[0]: learned(cell) for cell in ELSEWHERE}
    COSTS.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
