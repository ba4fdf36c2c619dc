"""Claims about three stages of training in general networks (row R36)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from book.general_theory import loss_stages
from book.general_theory.experiments import ETAS, LOSSES
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run

__all__ = ["FLOOR", "SMOOTH_RUNS", "STAGES", "falloff", "shares", "stage_records"]

# The stages that the paper names.
STAGES = ("initial", "intermediate", "final")
# Ours: activations, then depths, then losses, all with a smooth target.
SMOOTH_RUNS = (
    "stages_relu",
    "stages_tanh",
    "stages_gelu",
    "stages_softplus",
    "stages_relu_deep",
    "stages_tanh_deep",
    "stages_relu_log_cosh",
    "stages_tanh_log_cosh",
)
# Ours: the same for a target with jumps.
JUMP_RUNS = ("stages_relu_jumps", "stages_tanh_jumps")
# Ours: shares below this may be rounding errors: one factor of a rate is known to 1e-16 of its
# largest coefficient, and if the other has jumps it does not make up for that.
FLOOR = 1e-10
# Ours: the exponent is measured above the target's own frequencies, from here on.
LOWEST = 32
# Ours, since 2026-11-29: what else the fit might begin at, to see how much the exponent depends on
# it.
BEGINNINGS = (8, 16, LOWEST)
# Ours: a share that does not even fall like η^{-1/2} does not count as falling.
LEAST = 0.5


def stage_records(result: Result) -> NDArray[np.int64]:
    """Return per network the records of the three stages, ``(S, 3)``.

    Initial: before training. Intermediate: the first record whose loss is at most half of what the
    best constant has (the last, if there is none). Final: the last. The papers' text that we have
    does not define the stages; these are ours.
    """
    y = torch.as_tensor(result.y[0])[None, :, None]
    constant = LOSSES[result.settings["loss"]](y.mean().expand_as(y), y).item()
    below = result.losses <= constant / 2
    last = len(result.steps) - 1
    middle = np.where(below.any(axis=1), below.argmax(axis=1), last)
    return np.stack([np.zeros_like(middle), middle, np.full_like(middle, last)], axis=1)


def shares(result: Result) -> NDArray[np.float64]:
    """Return the share of the loss's change above each η in `ETAS`, ``(S, 3, E)``."""
    series = np.stack([result.series[f"above {eta}"] for eta in ETAS], axis=-1)
    at = stage_records(result)
    return np.take_along_axis(series, at[..., None], axis=1).astype(np.float64)


def falloff(result: Result, lowest: float = LOWEST) -> NDArray[np.float64]:
    """Return the exponent m of share ∝ η^{-m} for η from ``lowest`` to 128, ``(S, 3)``.

    Where the share runs into rounding errors m is fitted up to there, a lower bound; where it has
    done so before ``lowest`` already, m is ∞.
    """
    eta = np.array(ETAS)
    usable = shares(result)[..., eta >= lowest]
    eta = eta[eta >= lowest]
    found = np.full(usable.shape[:2], np.inf)
    for index in np.ndindex(found.shape):
        values = usable[index]
        if values[0] > FLOOR:
            count = max(2, int((values > FLOOR).sum()))
            found[index] = loss_stages.exponent(np.maximum(values, FLOOR)[:count], eta[:count])
    return found


def _spread(values: NDArray) -> str:
    """Return the medians over networks at the three stages, such as "2.1, 1.9, 2.0"."""
    middle = np.median(values, axis=0)
    return ", ".join("∞" if np.isinf(m) else f"{m:.1f}" for m in middle)


def _least(lowest: float) -> tuple[float, float]:
    """Return the smallest exponents for smooth targets and for jumps if the fit begins there."""
    smooth, jumps = (
        min(falloff(load_or_run(name), lowest).min() for name in names)
        for names in (SMOOTH_RUNS, JUMP_RUNS)
    )
    return smooth, jumps


def R36() -> Verdict:
    found = {name: falloff(load_or_run(name)) for name in (*SMOOTH_RUNS, *JUMP_RUNS)}
    every, control = np.stack([*found.values()]), falloff(load_or_run("stages_sine_units"))
    relu, analytic = (
        np.concatenate([found[name] for name in SMOOTH_RUNS if ("relu" in name) is kinked])
        for kinked in (True, False)
    )
    smallest = {low: _least(low) for low in BEGINNINGS}
    steep = min(jumps for _, jumps in smallest.values()) > LEAST
    ranges = "; ".join(f"η ≥ {low}: {a:.2f}, {b:.2f}" for low, (a, b) in smallest.items())
    return Verdict(
        figure=f"ours, {chapters.get('stages_relu').figure}",
        claim="at the initial, intermediate and final stage, for several activations, depths and "
        "losses, the share of the loss change above frequency η falls at least like η^(-1/2)",
        seeds=every.shape[1],
        effect=f"exponent m of η^(-m) at the three stages, medians: ReLU {_spread(relu)}; tanh, "
        f"GELU, softplus {_spread(analytic)} (∞: nothing above rounding errors); for a target "
        f"with jumps ReLU {_spread(found['stages_relu_jumps'])}, tanh "
        f"{_spread(found['stages_tanh_jumps'])}. Above {LEAST} in {(every > LEAST).sum()} of "
        f"{every.size} cases. It depends on where the fit begins; smallest for smooth targets, and "
        f"with jumps: {ranges}",
        control=f"sine units with large weights: {_spread(control)}",
        control_fails=bool((control <= LEAST).any(axis=1).all()),
        outcome=judge(
            (every > LEAST) & steep,
            every > 0,
            control=control.min(axis=1) >= every.min(),
            seeds=every.shape[1],
        ),
    )
