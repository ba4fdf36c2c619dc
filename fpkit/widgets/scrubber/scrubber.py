"""A scrubber: move through a recorded run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ... import plots
from ...convergence import convergence_step
from ...reproduce import Result
from ..widget import Widget, encode

__all__ = ["Scrubber", "scrubber"]


class Scrubber(Widget):
    """Move through a recorded run: fit, spectrum and relative error at the chosen step."""

    module = "scrubber"


def scrubber(
    result: Result,
    *,
    modes: int = 41,
    records: int = 200,
    members: int | None = None,
    labels: Sequence[str] | None = None,
    parameter: str = "network",
    threshold: float = 0.1,
) -> Scrubber:
    """Return a scrubber over a result.

    Parameters
    ----------
    result
        From `fpkit.reproduce.results.load_or_run`; it needs targets on the recorded points.
    modes
        Show frequency indices below this.
    records
        Thin the curves of the relative error to about so many points.
    members
        Show the first so many members; None shows all whose outputs are kept.
    labels
        Name of each member; None takes the seeds.
    parameter
        What the names tell apart.

    """
    if not np.array_equal(result.x, result.eval_x):
        raise ValueError("result: a scrubber needs outputs recorded at the training points")
    shown = slice(0, members if members is not None else len(result.outputs))
    kept = len(result.outputs[shown])
    names = [f"seed {seed}" for seed in result.settings["seeds"]] if labels is None else labels
    if len(names) < kept:
        raise ValueError(f"labels: expected one per member shown ({kept}), got {len(names)}")
    if len(result.peaks) and result.peaks.max() >= modes:
        raise ValueError(
            f"modes: expected more than the highest peak ({result.peaks.max()}), got {modes}"
        )
    thin = _thinned(result, records, threshold)
    data = {
        "x": encode(result.eval_x),
        "t": encode(result.phase),
        "modes": min(modes, len(result.x) // 2),
        "peaks": result.peaks.tolist(),
        "colors": plots.frequency_colors(result.peaks),
        "members": list(names[:kept]),
        "parameter": parameter,
        "targets": encode(result.y[shown]),
        "frames": result.frames.tolist(),
        "outputs": encode(result.outputs[shown], bits=16),
        "steps": result.steps[thin].tolist(),
        "errors": encode(result.errors[shown][:, thin]),
        "losses": encode(result.losses[shown][:, thin]),
        "threshold": threshold,
    }
    return Scrubber(data=data)


def _thinned(result: Result, wanted: int, threshold: float) -> NDArray[np.int64]:
    """Return the indices of about ``wanted`` records, denser early.

    The records of all frames are among them, and those at which a peak is learned, so that the
    widget states the same numbers as the result.
    """
    even = np.round((len(result.steps) - 1) * np.linspace(0, 1, wanted) ** 1.5).astype(np.int64)
    learned = convergence_step(result.steps, result.errors, threshold)
    named = np.append(result.frames, learned[np.isfinite(learned)])
    return np.union1d(even, np.searchsorted(result.steps, named))
