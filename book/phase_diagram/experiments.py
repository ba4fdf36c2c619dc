"""Where the order holds: two equal waves, over the size of the first weights and the gap. Ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from fpkit import spectra, targets
from fpkit.networks import MLP
from fpkit.recording import Run, recorded_steps
from fpkit.reproduce import SEEDS, Between, Trial, experiment, series_only
from fpkit.sweep import Sweep, sweep
from fpkit.training import train

__all__ = ["by_cell", "two_waves_learned"]

GAINS = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0)
# With large weights both waves are learned within a few steps of each other, and early.
RECORDS = (*range(0, 200, 5), *range(200, 400, 10), *range(400, 800, 25))


def two_waves_learned(
    *,
    gain: float,
    gap: int,
    low: int = 2,
    n: int = 40,
    width: int = 64,
    depth: int = 3,
    seeds: Sequence[int] = SEEDS,
    steps: int = 800,
    lr: float = 2e-3,
    record_every: int | Sequence[int] = RECORDS,
    **how: Any,
) -> dict[str, NDArray]:
    """Train one network for each seed on two equal waves: one cell of the map.

    The waves are modes ``low`` and ``low + gap``, with phases drawn from the seed. All initial
    weights and biases have the standard deviation gain/√width, so the sum over a layer's units
    is about ``gain`` times as large as one of them.

    Returns "loss", "low error" and "high error" at every record, each ``(S, R)``: the training
    loss, and the relative error Δ_F of either wave.
    """
    modes = [low, low + gap]
    curves = [targets.equal_amplitudes(n, modes, seed) for seed in seeds]
    x, y = curves[0][0], np.stack([values for _, values in curves])
    nets = MLP([1, *[width] * depth, 1], weight_std=gain / width**0.5, seeds=seeds)
    how = {"progress": False, **how}
    run = train(nets, x, y, steps=steps, lr=lr, record_every=record_every, **how)
    if not run.completed:
        raise KeyboardInterrupt("the sweep was stopped by hand")
    output, target = spectra.dft(run.outputs)[..., modes], spectra.dft(y)[:, None, modes]
    error = spectra.relative_error(output, target)
    return {"loss": run.losses, "low error": error[..., 0], "high error": error[..., 1]}


@experiment("ours")
def phase_diagram(
    *,
    gains: Annotated[Sequence[float], Between(0.3, 20, log=True), "first weights g"] = GAINS,
    gaps: Annotated[Sequence[int], Between(1, 12), "gap"] = (1, 2, 3, 4, 5, 6, 7, 8),
    low: Annotated[int, Between(1, 6), "low mode"] = 2,
    n: int = 40,
    width: int = 64,
    depth: int = 3,
    seeds: Sequence[int] = SEEDS,
    steps: int = 800,
    lr: float = 2e-3,
    record_every: int | Sequence[int] = RECORDS,
    **how: Any,
) -> Trial:
    """Two equal waves, for every pair of initial size and gap: which is learned first?

    "low error" and "high error" are the relative errors of the two waves. Members are ordered
    seed by seed, with every pair once for each; `by_cell` puts them on the grid again.
    """
    kept: Path | None = how.pop("checkpoint", None)
    progress = how.pop("progress", True)
    cell = partial(
        two_waves_learned,
        low=low,
        n=n,
        width=width,
        depth=depth,
        seeds=list(seeds),
        steps=steps,
        lr=lr,
        record_every=record_every,
        **how,
    )
    grid = {"gain": gains, "gap": gaps}
    with TemporaryDirectory() as passing:
        found = sweep(cell, grid, folder=kept or passing, progress=progress)
    return _joined(found, seeds, recorded_steps(steps, record_every))


def _joined(found: Sweep, seeds: Sequence[int], steps: NDArray[np.int64]) -> Trial:
    """Return the cells of a sweep as one trial: ``(gains, gaps, S, R)`` becomes ``(S·C, R)``."""
    rows = {
        name: np.moveaxis(values, 2, 0).reshape(-1, len(steps))
        for name, values in found.values.items()
    }
    losses, nothing = rows.pop("loss"), np.empty(0)
    members = tuple(np.repeat(seeds, len(losses) // len(seeds)).tolist())
    run = Run(nothing, nothing, nothing, steps, losses, losses[..., None], {}, members)
    return replace(series_only(run, rows), half=True)


def by_cell(values: NDArray, settings: dict[str, Any]) -> NDArray:
    """Return what the experiment has for each member on its grid: ``(gains, gaps, S, …)``."""
    shape = [len(settings[axis]) for axis in ("seeds", "gains", "gaps")]
    return np.moveaxis(values.reshape(*shape, *values.shape[1:]), 0, 2)
