"""The playground's engine in Chromium, against torch: 1-32-32-1 on 64 points, Adam."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import torch
from playwright.sync_api import Page

import fpkit as fp
from book.tools.benchmarks import loops
from book.tools.benchmarks.browser import chromium, profile, served
from book.tools.benchmarks.race import Row, compare, peak_memory
from fpkit.training import OPTIMIZERS
from fpkit.widgets import FOLDER

STEPS, ROUNDS, LR = 1000, 7, 1e-3
TRAIN = """async ({ x, y, steps, lr }) => {
  const engine = await import("/playground/engine.js");
  const { OPTIMIZERS, backward, forward, initialize, network, pass } = engine;
  const { normal } = await import("/playground/random.js");
  const before = performance.memory.usedJSHeapSize;
  const net = network([1, 32, 32, 1], "tanh");
  initialize(net, normal(0), 0.3, 0.3);
  const room = pass(net, x);
  const update = OPTIMIZERS.adam(net.parameters.length, lr);
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    forward(net, room);
    backward(net, room, y);
    update(net.parameters, net.gradient);
  }
  const seconds = (performance.now() - start) / 1000;
  return [seconds, (performance.memory.usedJSHeapSize - before) / 2 ** 20];
}"""


def eager(x: torch.Tensor, y: torch.Tensor) -> float:
    """Return the seconds that torch takes."""
    nets = fp.MLP([1, 32, 32, 1], weight_std=0.3)
    optimizer = OPTIMIZERS["adam"](nets.parameters(), lr=LR)
    start = time.perf_counter()
    for _ in range(STEPS):
        optimizer.zero_grad()
        fp.losses.mse(nets(x), y).sum().backward()
        optimizer.step()
    return time.perf_counter() - start


def in_page(page: Page, x: torch.Tensor, y: torch.Tensor) -> tuple[float, float]:
    """Return the seconds that the page takes, and the megabytes that it comes to need."""
    data = {"x": x.flatten().tolist(), "y": y.flatten().tolist()}
    return page.evaluate(TRAIN, {**data, "steps": STEPS, "lr": LR})


def rows() -> list[Row]:
    """Measure both in turns, torch on one core as the page is."""
    x, y = (torch.as_tensor(values, dtype=torch.float32)[:, None] for values in
            fp.targets.staircase(64))  # fmt: skip
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with served(FOLDER) as address, chromium() as browser, profile(browser) as context:
        page = context.new_page()
        page.goto(f"{address}/playground/engine.js")
        found = [(eager(x, y), *in_page(page, x, y)) for _ in range(ROUNDS + 1)][1:]
    torch.set_num_threads(threads)
    torch_seconds, page_seconds, megabytes = np.transpose(found)
    return [
        Row("in the page", float(np.median(page_seconds)) / STEPS, megabytes=float(max(megabytes))),
        compare("torch, one thread", torch_seconds, page_seconds, bar=1,
                seconds=float(np.median(torch_seconds)) / STEPS,
                megabytes=peak_memory(partial(eager, x, y), loops.prepare)),
    ]  # fmt: skip
