"""The claim about interpolation (row R27)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from book.mystery.interpolation import interpolants, variation
from fpkit.reproduce import Result, Verdict, judge, load_or_run

__all__ = ["variations"]

# Ours: a curve oscillates if it goes up and down by so many times what its points do; a network
# fits if its loss is at most this.
OSCILLATES, FITS = 1.5, 1e-3


def variations(result: Result) -> dict[str, NDArray[np.float64]]:
    """Return how far the network and the classical curves go up and down, ``(S,)`` for each name.

    See `book.mystery.interpolation.variation`. "network" is the last stored output.
    """
    curves = [interpolants(result.x, y) for y in result.y]
    found = {
        name: np.array([
            variation(c[name](result.eval_x), y) for c, y in zip(curves, result.y, strict=True)
        ])
        for name in curves[0]
    }  # fmt: skip
    kept = len(result.outputs)
    last = result.outputs[:, -1].astype(np.float64)
    return {**found, "network": variation(last, result.y[:kept])}


def R27() -> Verdict:
    runs = [load_or_run(name) for name in ("few_points", "few_points_uneven")]
    measured = [variations(run) for run in runs]
    together = {name: np.concatenate([m[name] for m in measured]) for name in measured[0]}
    network, polynomial = together["network"], together["polynomial"]
    fits = np.concatenate([run.losses[:, -1] < FITS for run in runs])
    wild = variations(load_or_run("few_points_large_init"))["network"]
    return Verdict(
        figure="ours, after Zhang and Luo, slides, the mystery",
        claim="through few points, polynomial interpolation oscillates and the network does not",
        seeds=len(runs[0].losses),
        effect=f"ups and downs over those of the points: network {network.min():.2f} to "
        f"{network.max():.2f}, polynomial {polynomial.min():.2f} to {polynomial.max():.2f}, cubic "
        f"spline {together['cubic spline'].min():.2f} to {together['cubic spline'].max():.2f}",
        control=f"network with large initial weights: {wild.min():.2f} to {wild.max():.2f}",
        control_fails=bool((wild > OSCILLATES).all()),
        outcome=judge(
            fits & (network < OSCILLATES) & (polynomial > OSCILLATES),
            fits & (network < polynomial),
            control=wild < OSCILLATES,
            seeds=len(runs[0].losses),
            finished=fits,
        ),
    )
