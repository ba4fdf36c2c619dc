"""The playground's engine in Chromium, against itself without WebAssembly and against torch."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page

import fpkit as fp
from book.tools.benchmarks import loops
from book.tools.benchmarks.browser import chromium, profile, served
from book.tools.benchmarks.race import Row, compare
from fpkit.training import OPTIMIZERS
from fpkit.widgets import FOLDER

# Networks, points, steps of a round, and how many times as long torch should take; the last is the
# papers' own, for which torch need not be slower.
NETWORKS = (
    ((1, 32, 32, 1), 64, 1000, 1.0),
    ((1, 64, 64, 1), 64, 500, 1.0),
    (loops.WIDTHS, 40, 100, None),
)
ROUNDS, LR = 7, 1e-3
LEAST_PLAIN = 2.0  # how many times as long it should take without WebAssembly
TRAIN = """async ({ widths, x, y, steps, lr, plain }) => {
  const engine = await import("/playground/engine.js");
  const { PLAIN, adam, backward, forward, initialize, network, pass } = engine;
  const { arithmetic } = await import("/playground/arithmetic.js");
  const { normal } = await import("/playground/random.js");
  const way = plain ? PLAIN : arithmetic();
  if (!plain && way === PLAIN) throw new Error("no WebAssembly");
  const net = network(widths, "tanh", way);
  initialize(net, normal(0), 0.3, 0.3);
  const room = pass(net, x);
  const update = adam(net.parameters.length, lr, way);
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    forward(net, room);
    backward(net, room, y);
    update(net.parameters, net.gradient);
  }
  return (performance.now() - start) / 1000;
}"""


def eager(widths: Sequence[int], x: torch.Tensor, y: torch.Tensor, steps: int) -> float:
    """Return the seconds that torch takes."""
    nets = fp.MLP(widths, weight_std=0.3)
    optimizer = OPTIMIZERS["adam"](nets.parameters(), lr=LR)
    start = time.perf_counter()
    for _ in range(steps):
        optimizer.zero_grad()
        fp.losses.mse(nets(x), y).sum().backward()
        optimizer.step()
    return time.perf_counter() - start


def rows() -> Iterator[Row]:
    """Measure in turns, torch on one core as the page is."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with served(FOLDER) as address, chromium() as browser, profile(browser) as context:
        page = context.new_page()
        page.goto(f"{address}/playground/engine.js")
        for network in NETWORKS:
            yield from _rows(page, *network)
    torch.set_num_threads(threads)


def _rows(
    page: Page, widths: Sequence[int], points: int, steps: int, least: float | None
) -> Iterator[Row]:
    x, y = (torch.as_tensor(values, dtype=torch.float32)[:, None] for values in
            fp.targets.staircase(points))  # fmt: skip
    job: dict[str, Any] = {"widths": list(widths), "steps": steps, "lr": LR}
    job |= {"x": x.flatten().tolist(), "y": y.flatten().tolist()}
    found = [
        [*(page.evaluate(TRAIN, {**job, "plain": plain}) for plain in (False, True)),
         eager(widths, x, y, steps)]
        for _ in range(ROUNDS + 1)
    ][1:]  # fmt: skip
    page_seconds, plain_seconds, torch_seconds = np.transpose(found)
    what = f"{'-'.join(map(str, widths))}, N = {points}"
    yield Row(f"{what}: in the page", float(np.median(page_seconds)) / steps)
    for name, seconds, bar in (
        ("without WebAssembly", plain_seconds, LEAST_PLAIN),
        ("torch, one thread", torch_seconds, least),
    ):
        yield compare(f"{what}: {name}", seconds, page_seconds, bar=bar,
                      seconds=float(np.median(seconds)) / steps)  # fmt: skip
