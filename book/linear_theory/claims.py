"""Claims about very wide two-layer networks (rows R33, R34, R64)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from book.linear_theory import lfp_splines, wide_limit
from book.linear_theory.experiments import SQUARE_X, SQUARE_Y
from fpkit.reproduce import Result, Verdict, judge, load_or_run

__all__ = [
    "directions_matter",
    "limits_apart",
    "predicted_trajectory",
    "square_with_directions",
    "trajectory_distance",
]

# Ours: three starts in one dimension, towards the cubic limit, between, towards the linear one.
LINE = ("lfp_small_init", "lfp_middle_init", "lfp_large_init")
# Ours: a network agrees with a prediction if its distance to it is less than this share of that of
# the two limits, cubic and linear, to each other. In the plane 16,000 neurons leave more noise.
CLOSE_LINE, CLOSE_SQUARE = 0.1, 0.2
# Ours: a network tends to a prediction if it is nearer to it than to the middle of the two limits.
NEARER = 0.5


def rms(values: NDArray) -> NDArray[np.float64]:
    """Return the root mean square over the last axis."""
    return np.sqrt(np.mean(np.square(values, dtype=np.float64), axis=-1))


def limits_apart(result: Result) -> float:
    """Return the RMS distance between the cubic and the linear prediction for a result's points."""
    cubic, linear = (
        lfp_splines.kinked_spline(result.x, result.y[0], cubic=a, linear=1 - a)(result.eval_x)
        for a in (1.0, 0.0)
    )
    return float(rms(cubic - linear))


def closed_form(result: Result) -> tuple[wide_limit.Coefficients, float, int]:
    """Return coefficients, half-width of the hinges and number of neurons of a result."""
    s = result.settings
    outer, inner = (wide_limit.Moments.uniform(s[key]) for key in ("outer", "inner"))
    return wide_limit.coefficients(outer, inner), s["half_width"], s["neurons"]


def predicted_trajectory(result: Result, speed: float = 1.0) -> NDArray[np.float64]:
    """Return the output that the closed form predicts at the stored frames, ``(F, M)``.

    ``speed`` multiplies the time, to see what a wrong factor in the law would do.
    """
    c, half_width, neurons = closed_form(result)
    gram, cross = (
        wide_limit.lfp_kernel(points, result.x, c, half_width=half_width, neurons=neurons)
        for points in (result.x, result.eval_x)
    )
    times = result.series["time"][0, np.searchsorted(result.steps, result.frames)]
    return wide_limit.evolve(gram, cross, result.y[0], speed * times)


def _end(result: Result, to: str) -> NDArray[np.float64]:
    """Return each network's last RMS distance to the "prediction", "cubic" or "linear" limit."""
    return result.series[f"to_{to}"][:, -1]


def trajectory_distance(result: Result, predicted: NDArray) -> NDArray[np.float64]:
    """Return the RMS distance of each network to a prediction at every frame, ``(S, F)``."""
    return rms(result.outputs.astype(np.float64) - predicted)


def square_with_directions(result: Result) -> NDArray[np.float64]:
    """Return the limit in the plane with the term that trained directions add, ``(M,)``."""
    c, half_width, neurons = closed_form(result)
    outer = wide_limit.Moments.uniform(result.settings["outer"])
    gram, cross = (
        wide_limit.lfp_kernel(points, result.x, c, half_width=half_width, neurons=neurons)
        + wide_limit.direction_term(points, result.x, outer, half_width=half_width, neurons=neurons)
        for points in (result.x, result.eval_x)
    )
    return wide_limit.evolve(gram, cross, result.y[0], np.inf)[0]


def directions_matter(outer: float, inner: float, *, half_width: float = 4.0) -> float:
    """Return the RMS distance between the limit of networks that train directions and the law's.

    XOR and its centre, learned by infinitely wide networks, weights even on ±outer and ±inner.
    """
    moments = [wide_limit.Moments.uniform(size) for size in (outer, inner)]
    c = wide_limit.coefficients(*moments)
    side = np.linspace(-1, 1, 11)
    square = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    at = SQUARE_X, square
    law = [wide_limit.lfp_kernel(p, SQUARE_X, c, half_width=half_width) for p in at]
    turning = [
        kernel + wide_limit.direction_term(p, SQUARE_X, moments[0], half_width=half_width)
        for kernel, p in zip(law, at, strict=True)
    ]
    ends = [wide_limit.evolve(gram, cross, SQUARE_Y, np.inf)[0] for gram, cross in (law, turning)]
    return float(rms(ends[0] - ends[1]))


def _span(values: NDArray) -> str:
    return f"{values.min():.4f} to {values.max():.4f}"


def R33() -> Verdict:
    runs = {name: load_or_run(name) for name in LINE}
    trajectory, lost = load_or_run("lfp_trajectory"), load_or_run("lfp_not_lazy")
    apart = limits_apart(trajectory)
    ends = {name: _end(run, "prediction") for name, run in runs.items()}
    way = trajectory_distance(trajectory, predicted_trajectory(trajectory)).max(axis=1)
    every = np.stack([*ends.values(), way])
    small, large = runs["lfp_small_init"], runs["lfp_large_init"]
    swapped = np.stack([_end(small, "linear"), _end(large, "cubic")])
    adrift = _end(lost, "prediction")
    listed = "; ".join(f"{name[4:].replace('_', ' ')} {_span(end)}" for name, end in ends.items())
    return Verdict(
        figure="Zhang and Luo, slides, LFP dynamics in 1-d",
        claim="wide two-layer ReLU networks follow the linear F-Principle and end at its limit",
        seeds=len(way),
        effect=f"RMS distance to the kinked cubic spline: {listed}; on the way, at most "
        f"{way.max():.4f} (the two limits, cubic and linear, are {apart:.4f} apart)",
        control=f"conditions swapped, as in our copy: {_span(swapped)}; a network that is "
        f"not lazy: {_span(adrift)}",
        control_fails=bool(min(swapped.min(), adrift.min()) > CLOSE_LINE * apart),
        outcome=judge(
            every.max(axis=0) < CLOSE_LINE * apart,
            every.max(axis=0) < NEARER * apart,
            control=swapped.max(axis=0) < NEARER * apart,
            seeds=len(way),
        ),
    )


def R34() -> Verdict:
    large, fixed = (
        load_or_run(f"lfp_square_{name}") for name in ("large_init", "fixed_directions")
    )
    apart = limits_apart(large)
    ends = np.stack([_end(run, "prediction") for run in (large, fixed)])
    other = np.stack([_end(large, "cubic"), _end(fixed, "linear")])
    close, exchanged = ((found < CLOSE_SQUARE * apart).all(axis=0) for found in (ends, other))
    return Verdict(
        figure="Zhang and Luo, slides, high-dimensional case",
        claim="the law in d dimensions tells where training ends (that it is about networks, with "
        "large weights or with fixed directions, is our reading)",
        seeds=ends.shape[1],
        effect=f"RMS distance in the plane: large init {_span(ends[0])}, small init with fixed "
        f"directions {_span(ends[1])} (the two limits are {apart:.3f} apart)",
        control=f"each prediction exchanged for the other limit: {_span(other)}",
        control_fails=not exchanged.any(),
        outcome=judge(close, close, control=exchanged, seeds=ends.shape[1]),
    )


def R64() -> Verdict:
    small, fixed = (
        load_or_run(f"lfp_square_{name}") for name in ("small_init", "fixed_directions")
    )
    apart, start = limits_apart(small), small.settings
    trained, kept, other = (
        _end(small, "prediction"),
        _end(fixed, "prediction"),
        _end(fixed, "linear"),
    )
    limit = CLOSE_SQUARE * apart
    repaired = rms(small.outputs[:, -1].astype(np.float64) - square_with_directions(small))
    return Verdict(
        figure="ours, beside Zhang and Luo, slides",
        claim="from small weights the law in d dimensions tells where training ends, whether "
        "directions are trained or fixed",
        seeds=len(trained),
        effect=f"RMS distance in the plane: fixed directions {_span(kept)}, all trained (outer "
        f"±{start['outer']:g}, inner ±{start['inner']:g}) {_span(trained)}, which one more term "
        f"explains to {_span(repaired)} (the two limits are {apart:.3f} apart)",
        control=f"the prediction exchanged for the other limit: {_span(other)}",
        control_fails=bool(other.min() > limit),
        outcome=judge(
            (trained < limit) & (kept < limit),
            kept < limit,
            control=other < limit,
            seeds=len(trained),
        ),
    )
