"""Claims about how widely the order holds (rows R37, R38)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from book.one_dimension.claims import NO_ORDER
from book.robustness.experiments import cell_name
from fpkit.convergence import convergence_step
from fpkit.reproduce import Order, Result, Verdict, chapters, judge, load_or_run, order

__all__ = ["SWEEPS", "by_cell", "growth", "learned_enough"]

CHAPTER = "robustness"
SWEEPS = ("widths", "depths", "optimizers", "optimizers_batches", "activations")


def by_cell(result: Result) -> dict[str, Order]:
    """Return the order in every cell of a sweep, by the cell's name."""
    cells = result.settings["cells"]
    return {
        cell_name(cell): Order.of(convergence_step(result.steps, result.errors[i :: len(cells)]))
        for i, cell in enumerate(cells)
    }


def learned_enough(measured: Order) -> NDArray[np.bool]:
    """Tell for each network whether at most one frequency was not learned, so that order shows."""
    return measured.unlearned <= 1


def growth(result: Result) -> NDArray[np.float64]:
    """Return how often the mean weight fits into its value at the end: ``(cells, seeds)``."""
    weights = result.series["mean weight"]
    return (weights[:, -1] / weights[:, 0]).reshape(-1, len(result.settings["cells"])).T


def R38() -> Verdict:
    sweeps = {name: Order.together([*by_cell(load_or_run(name)).values()]) for name in SWEEPS}
    together = Order.together([*sweeps.values()])
    enough = learned_enough(together)
    strict, correlation = together.strict[enough], together.correlation[enough]
    parts = ", ".join(
        f"{name.replace('_', ' in ')} {o.strict.sum()}/{learned_enough(o).sum()}"
        for name, o in sweeps.items()
    )
    disorder = by_cell(load_or_run("activations_disorder"))
    failing = {name: disorder[name] for name in disorder if "size 7" in name}
    return Verdict(
        figure=chapters.get("widths").figure,
        chapter=CHAPTER,
        claim="the order holds for widths of tens to a thousand, 1 to 12 hidden layers, several "
        "optimisers and units",
        seeds=len(enough),
        effect=f"strict order {strict.sum()}/{len(strict)} ({parts}), rank correlation "
        f"{correlation.min():.2f} to {correlation.max():.2f}; {(~enough).sum()} more networks "
        "learned too little to tell",
        control="; ".join(
            f"{name}: strict order {o.strict.sum()}/{len(o.strict)}" for name, o in failing.items()
        ),
        control_fails=not any(o.strict.all() for o in failing.values()),
        outcome=judge(strict, correlation > 0),
        ordered=SWEEPS,
    )


def R37() -> Verdict:
    absolute, large = by_cell(load_or_run("mean_absolute")).values()
    by_width = growth(load_or_run("widths"))
    small, wide = by_width[0], by_width[-1]
    decayed = load_or_run("weight_decay")
    loss = decayed.series["true loss"][:, -1].reshape(-1, len(decayed.settings["cells"])).T
    best = loss[1:].min(axis=0) / loss[0]
    noise = order(load_or_run("white_noise"))
    enough = learned_enough(absolute)
    parts = [
        (absolute.strict & enough).all(),
        (small > wide).all(),
        (best < 1).all(),
        (np.abs(noise.correlation) < NO_ORDER).all(),
    ]
    return Verdict(
        figure=chapters.get("mean_absolute").figure,
        chapter=CHAPTER,
        claim="the order holds with the mean absolute error; weights grow in small networks; "
        'weight decay helps against noise; the principle can apply "to low-frequency dominant '
        'functions but not pure noise data"',
        seeds=len(absolute.strict),
        effect=f"absolute error: {absolute}; weights of the smallest network grow by "
        f"{small.min():.2f} to {small.max():.2f}, of the largest by {wide.min():.2f} to "
        f"{wide.max():.2f}; best decay leaves {best.min():.2f} to {best.max():.2f} of the error; "
        f"white noise: {noise}",
        control=f"absolute error, large weights: strict order "
        f"{large.strict.sum()}/{len(large.strict)}",
        control_fails=not large.strict.all(),
        outcome=judge(np.all(parts), np.any(parts)),
    )
