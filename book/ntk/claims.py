"""Claims about the tangent kernel of wide networks (row R32)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.ntk.experiments import wide_nets
from book.ntk.kernels import drift
from fpkit import theory
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run

__all__ = [
    "drifts",
    "kernel_trajectories",
    "spread",
    "steepness",
    "trajectory_error",
]

# Ours: "nearly constant" is a change of less than this, and the trajectory that the first kernel
# predicts is right if it is off by less than this while an error falls to a tenth.
NEARLY, CLOSE = 0.1, 0.1


def drifts(result: Result) -> NDArray[np.float64]:
    """Return ‖K - K₀‖/‖K₀‖ at the end for every seed and width of a sweep, ``(S, C)``."""
    widths = result.settings["widths"]
    return result.series["drift"][:, -1].astype(np.float64).reshape(-1, len(widths))


def steepness(values: ArrayLike, widths: ArrayLike) -> NDArray[np.float64]:
    """Return p of a fall like width^-p for every row of ``(S, C)``, by least squares: ``(S,)``."""
    return -np.polyfit(np.log(widths), np.log(values).T, 1)[0]


def spread(result: Result) -> NDArray[np.float64]:
    """Return how far the untrained kernels of the seeds are from their mean: ``(S, C)``."""
    apart = []
    for width in result.settings["widths"]:
        kernels = theory.kernel(wide_nets(result.settings, width), result.x)
        apart.append(drift(kernels, kernels.mean(axis=0)))
    return np.stack(apart, axis=1)


def kernel_trajectories(result: Result) -> NDArray[np.float64]:
    """Return Δ_F at the peaks that the kernels of the start predict, as ``result.errors``."""
    settings, trajectories = result.settings, []
    for width in settings["widths"]:
        rate = settings["lr"] * (width if settings["scaling"] == "mean field" else 1)
        kernels = theory.kernel(wide_nets(settings, width), result.x)
        trajectories.append(
            theory.mode_trajectories(kernels, result.y[0], result.peaks, rate * result.steps)
        )
    return np.stack(trajectories, axis=1).reshape(result.errors.shape)


def trajectory_error(result: Result) -> NDArray[np.float64]:
    """Return for each network and mode the largest relative error of the predicted Δ_F.

    Over the first decade of decay, that is while the prediction is above a tenth, ``(S·C, K)``.
    """
    predicted = kernel_trajectories(result)
    off = np.abs(result.errors / predicted - 1)
    return np.where(predicted > 0.1, off, 0).max(axis=1)


def _span(values: NDArray) -> str:
    return f"{values.min():.2f} to {values.max():.2f}"


def R32() -> Verdict:
    lazy, feature = load_or_run("ntk_widths"), load_or_run("ntk_widths_mean_field")
    widths = lazy.settings["widths"]
    moved, control = drifts(lazy), drifts(feature)
    falls = (np.diff(moved, axis=1) < 0).all(axis=1)
    steep = steepness(moved, widths)
    start, trajectory = spread(lazy), load_or_run("ntk_trajectory")
    off = trajectory_error(trajectory).max(axis=1)
    nearly = (moved[:, -1] < NEARLY) & (off < CLOSE)
    return Verdict(
        figure=f"ours, after {chapters.get('ntk_widths').figure}",
        claim="in wide networks the tangent kernel stays nearly constant in training, the more so "
        "the wider they are",
        seeds=len(moved),
        effect=f"relative change of the kernel: width {widths[0]}: {_span(moved[:, 0])}, width "
        f"{widths[-1]}: {moved[:, -1].min():.4f} to {moved[:, -1].max():.4f}; it falls like the "
        f"width to the -{steep.mean():.2f} ± {steep.std():.2f} (mean ± standard deviation over "
        f"{len(steep)} networks); kernels of different starts are "
        f"{start[:, 0].mean():.2f} and {start[:, -1].mean():.3f} from their mean; the first kernel "
        f"of width {trajectory.settings['widths'][0]} predicts every mode's first decade to "
        f"{off.max():.0%}",
        control=f"mean-field scaling: width {widths[0]}: {_span(control[:, 0])}, width "
        f"{widths[-1]}: {_span(control[:, -1])}; exponent "
        f"{-steepness(control, widths).mean():.2f}",
        control_fails=bool((control > NEARLY).all()),
        outcome=judge(
            falls & nearly,
            falls,
            control=(np.diff(control, axis=1) < 0).all(axis=1) & (control[:, -1] < NEARLY),
            seeds=len(moved),
        ),
    )
