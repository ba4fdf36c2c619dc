"""Claims about how widely the order holds (rows R37, R38, R62, R65, R66)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from book.robustness.experiments import cell_name
from fpkit.convergence import convergence_step, settling_step
from fpkit.reproduce import (
    Order,
    Orders,
    Result,
    Verdict,
    chapters,
    counted,
    judge,
    load_or_run,
    orders,
)

__all__ = [
    "FALLING",
    "SWEEPS",
    "best_decay",
    "by_cell",
    "growth",
    "learned_enough",
    "lost_again",
    "tallest_first",
]

# The sweeps whose networks count together: of equal waves, and of waves of falling height.
SWEEPS = ("widths", "depths", "optimizers", "optimizers_batches", "activations")
FALLING = ("falling_adam", "falling_slow")
# Ours, since 2026-11-30: weights grow if their mean size becomes at least so many times as large.
GROWN = 2.0


def by_cell(
    result: Result, find: Callable[..., NDArray[np.float64]] = convergence_step
) -> dict[str, Order]:
    """Return the order in every cell of a sweep, by the cell's name; ``find`` finds the steps."""
    cells = result.settings["cells"]
    return {
        cell_name(cell): Order.of(find(result.steps, result.errors[i :: len(cells)]))
        for i, cell in enumerate(cells)
    }


def _cells(name: str) -> dict[str, Orders]:
    """Return the order in every cell of a sweep by both readings of "learned", by its name."""
    result = load_or_run(name)
    first, settled = (by_cell(result, find) for find in (convergence_step, settling_step))
    return {cell: Orders(first[cell], settled[cell]) for cell in first}


def learned_enough(measured: Order) -> NDArray[np.bool]:
    """Tell for each network whether at most one frequency was not learned, so that order shows."""
    return measured.unlearned <= 1


def growth(result: Result) -> NDArray[np.float64]:
    """Return how often the mean weight fits into its value at the end: ``(cells, seeds)``."""
    weights = result.series["mean weight"]
    return (weights[:, -1] / weights[:, 0]).reshape(-1, len(result.settings["cells"])).T


def _fewest(names: Sequence[str]) -> int:
    """Return how many networks the setting with the fewest has: settings are not pooled."""
    return min(len(o.strict) for name in names for o in by_cell(load_or_run(name)).values())


def _only(found: Orders, chosen: NDArray[np.bool]) -> Orders:
    """Return the orders of some networks."""
    some = (
        Order(o.strict[chosen], o.correlation[chosen], o.unlearned[chosen])
        for o in (found.first, found.settled)
    )
    return Orders(*some)


def _widely(
    claim: str,
    names: Sequence[str],
    parts: Mapping[str, Sequence[Orders]],
    told: str,
    failing: Mapping[str, Orders],
) -> Verdict:
    """Return the verdict on strict order in all networks of ``names``, told part by part.

    ``told`` is added to the effect. The first of ``failing`` is the control; others are told.
    If some networks learned too little, the effect has what the verdict would be without these.
    """
    sweeps = {part: Orders.together(orders) for part, orders in parts.items()}
    together, seeds = Orders.together([*sweeps.values()]), _fewest(names)
    enough, matched = together.finished, next(iter(failing.values()))
    correlation = together.first.correlation[enough]

    def counts(reading: str) -> str:
        strict = {"": together} | sweeps
        each = (
            f"{part} {counted(getattr(o, reading).strict[o.finished])}"
            for part, o in strict.items()
        )
        return f"strict order{next(each)}: {', '.join(each)}"

    little = f"{(~enough).sum()} more learned too little to tell"
    if not enough.all() and enough.any():
        little += f"; if left out: {_only(together, enough).judge(matched, seeds)}"
    return Verdict(
        figure=chapters.get(names[0]).figure,
        claim=claim,
        seeds=seeds,
        effect=f"by first crossing {counts('first')}; rank correlation {correlation.min():.2f} to "
        f"{correlation.max():.2f}; by settling {counts('settled')}; {told}; {little}",
        control="; ".join(f"{name}: {found}" for name, found in failing.items()),
        control_fails=not matched.strict.all(),
        ordered=names,
        outcome=together.judge(matched, seeds),
    )


def tallest_first(result: Result) -> NDArray[np.bool]:
    """Tell for each network whether its first wave was learned before every other."""
    learned = convergence_step(result.steps, result.errors)
    return learned[:, 0] < learned[:, 1:].min(axis=1)


def lost_again(result: Result) -> NDArray[np.bool]:
    """Tell for each network whether a wave that was learned passes the limit again."""
    first, settled = (
        find(result.steps, result.errors) for find in (convergence_step, settling_step)
    )
    return (first != settled).any(axis=1)


def R38() -> Verdict:
    # Together is told what changes the same: the widths, the depths.
    groups: dict[tuple[str, ...], list[tuple[str, Orders]]] = {}
    for name in FALLING:
        cells = load_or_run(name).settings["cells"]
        for cell, labelled in zip(cells, _cells(name).items(), strict=True):
            groups.setdefault(tuple(key for key in cell if key != "lr"), []).append(labelled)
    names = (", ".join(keys) if len(group) > 1 else group[0][0] for keys, group in groups.items())
    parts = {
        name.replace("sgd", "gradient descent"): [found for _, found in group]
        for name, group in zip(names, groups.values(), strict=True)
    }
    first = np.concatenate([tallest_first(load_or_run(name)) for name in FALLING])
    return _widely(
        'for "a function with dominant low-frequency components" networks "first capture these '
        'low-frequency components", which "can be widely observed for DNNs with different neuron '
        "numbers (tens to thousands in each layer), layer numbers (one to tens), training "
        'algorithms (GD, SGD, Adam), and activation functions (tanh and ReLU)" (waves of height '
        '1/k, "first" as strict order, and to stop at 1,000 units and 12 layers are ours; that '
        "high ones stay small is not judged)",
        FALLING,
        parts,
        f"the tallest wave comes first in {counted(first)}",
        {f"large first weights, {name}": o for name, o in _cells("falling_large_init").items()},
    )


def R65() -> Verdict:
    disorder = _cells("activations_disorder")
    batches = lost_again(load_or_run("optimizers_batches"))
    return _widely(
        "the order holds for equal waves, too, with widths of tens to a thousand, 1 to 12 hidden "
        "layers, several optimisers and units",
        SWEEPS,
        {name.replace("_", " in "): [*_cells(name).values()] for name in SWEEPS},
        f"with batches errors go up and down across the limit in {counted(batches)}, so that "
        "hardly any network settles in order",
        # What has other units than the sweeps is told, but does not stand in for them.
        {name: disorder[name] for name in ("tanh, size 7", "sin, size 7")},
    )


def best_decay(result: Result) -> NDArray[np.float64]:
    """Return how much of the error without weight decay the best decay leaves, ``(seeds,)``."""
    loss = result.series["true loss"][:, -1].reshape(-1, len(result.settings["cells"])).T
    return loss[1:].min(axis=0) / loss[0]


def R37() -> Verdict:
    small, *_, wide = growth(load_or_run("widths"))
    best = best_decay(load_or_run("weight_decay"))
    noise, dominant = (orders(load_or_run(name)) for name in ("white_noise", "dominant_low"))
    holds = bool((small > GROWN).all()), bool((best < 1).all())
    seeds = min(len(best), len(small))
    return Verdict(
        figure=chapters.get("weight_decay").figure,
        claim='in small networks weights grow ("often"; to twice their size: ours), and weight '
        'decay helps against noise (that the principle can "well apply to low-frequency dominant '
        'functions but not pure noise data" is told and not judged: on 40 points with all waves '
        "no network is in strict order, noise or not)",
        seeds=seeds,
        effect=f"weights of the smallest network grow by {small.min():.2f} to {small.max():.2f}, "
        f"of the largest by {wide.min():.2f} to {wide.max():.2f}; best decay leaves "
        f"{best.min():.2f} to {best.max():.2f} of the error; white noise: {noise}; waves of "
        f"height 1/k: {dominant}",
        control=f"the largest network: weights grow by {wide.max():.2f} at most (of weight decay "
        "there is no control)",
        control_fails=bool((wide <= GROWN).all()),
        outcome=judge(all(holds), any(holds), control=wide > GROWN, seeds=seeds),
    )


def _with_mean_absolute_error(name: str, claim: str) -> Verdict:
    absolute, large = _cells(name).values()
    return Verdict(
        figure=chapters.get(name).figure,
        claim=claim,
        seeds=len(absolute.strict),
        effect=f"{absolute}",
        control=f"large first weights: {large}",
        control_fails=not large.strict.all(),
        outcome=absolute.judge(large, len(absolute.strict)),
    )


def R62() -> Verdict:
    return _with_mean_absolute_error(
        "mean_absolute",
        "the order holds with the mean absolute error for five equal waves (the source has "
        '"low-frequency dominant functions")',
    )


def R66() -> Verdict:
    return _with_mean_absolute_error(
        "falling_absolute",
        'with the mean absolute error "we can still observe the convergence order from low to high '
        'frequency when the DNN is fitting low-frequency dominant functions" (waves of height 1/k, '
        "and that the order is strict, are ours)",
    )
