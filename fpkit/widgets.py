"""Controls: the same ES module is an anywidget in Jupyter and mounted by the static page."""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from . import checks, plots
from .convergence import convergence_step
from .results import Result

__all__ = ["Control", "Scrubber", "Splines", "encode", "scrubber", "splines"]

ASSETS = Path(__file__).parent / "assets"


def encode(values: ArrayLike, bits: int = 32) -> dict[str, Any]:
    """Pack an array for the page: little-endian base64 of float32, or of int16 with a scale.

    ``bits=16`` keeps 1 part in 65,534 of the range, which is finer than a pixel.
    """
    array = checks.real_array("values", values, ndim=(1, 2, 3)).astype(np.float64)
    scale, offset, raw = 1.0, 0.0, array.astype("<f4")
    if bits == 16:
        low, high = float(array.min()), float(array.max())
        scale, offset = (high - low) / 65_534 or 1.0, (high + low) / 2
        raw = np.round((array - offset) / scale).astype("<i2")
    return {
        "dtype": "int16" if bits == 16 else "float32",
        "shape": list(array.shape),
        "scale": scale,
        "offset": offset,
        "data": base64.b64encode(raw.tobytes()).decode(),
    }


class Control(anywidget.AnyWidget):
    """A widget whose module also runs on a page without a kernel.

    While the book is built (``FPKIT_STATIC`` is set) it shows itself as HTML that the page's
    loader brings to life; in Jupyter it is an ordinary widget.
    """

    module: str
    data = traitlets.Dict().tag(sync=True)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if "FPKIT_STATIC" not in os.environ:
            return super()._repr_mimebundle_(**options)
        return {"text/html": self.to_html()}

    def to_html(self) -> str:
        """Return the control as HTML for the static page."""
        # No "<" in the data, so that no label can end the script element or open another.
        data = json.dumps(self.data, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<div class="fp-widget" data-module="{html.escape(self.module)}">'
            '<p class="fp-fallback">This figure moves: it needs a browser with JavaScript, and the '
            "page must come from a web server. The figures around it show the same run.</p>"
            f'<script type="application/json">{data}</script></div>'
        )


class Scrubber(Control):
    """Move through a recorded run: fit, spectrum and relative error at the chosen step."""

    module = "scrubber"
    _esm = ASSETS / "scrubber.js"
    _css = ASSETS / "widgets.css"
    frame = traitlets.Int(0).tag(sync=True)
    member = traitlets.Int(0).tag(sync=True)


def scrubber(
    result: Result,
    *,
    modes: int = 41,
    records: int = 200,
    members: int | None = None,
    labels: Sequence[str] | None = None,
    threshold: float = 0.1,
) -> Scrubber:
    """Return a scrubber over a result.

    Parameters
    ----------
    result
        From `fpkit.results.load_or_run`; it needs targets on the recorded points.
    modes
        Show frequency indices below this.
    records
        Thin the curves of the relative error to about so many points.
    members
        Show the first so many members; None shows all whose outputs are kept.
    labels
        Name of each member; None takes the seeds.

    """
    if not np.array_equal(result.x, result.record_x):
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
        "x": encode(result.record_x),
        "t": encode(result.phase),
        "x_label": "x",
        "modes": min(modes, len(result.x) // 2),
        "peaks": result.peaks.tolist(),
        "colors": plots.frequency_colors(result.peaks),
        "members": list(names[:kept]),
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
    control states the same numbers as the result.
    """
    even = np.round((len(result.steps) - 1) * np.linspace(0, 1, wanted) ** 1.5).astype(np.int64)
    learned = convergence_step(result.steps, result.errors, threshold)
    named = np.append(result.frames, learned[np.isfinite(learned)])
    return np.union1d(even, np.searchsorted(result.steps, named))


class Splines(Control):
    """Points to move, and curves through them that the browser solves."""

    module = "splines"
    _esm = ASSETS / "splines.js"
    _css = ASSETS / "widgets.css"


CURVES = ("polynomial", "linear", "cubic", "kinked")
MOST_POINTS = 12


def splines(
    x: ArrayLike,
    y: ArrayLike,
    *,
    curves: Sequence[str] = ("polynomial", "linear", "cubic"),
    sizes: tuple[float, float] | None = None,
) -> Splines:
    """Return a control with points to move and interpolants through them.

    Parameters
    ----------
    x, y
        Where the points are at first: 3 to 12, x increasing.
    curves
        Any of "polynomial", "linear" (straight lines), "cubic" (natural cubic spline) and "kinked"
        (kinked cubic spline), drawn in this order.
    sizes
        With "kinked": the smallest and the largest initial weight s of a slider. The curve is the
        limit of a wide network w·ReLU(r(x + l)) with w and r even on ±s, A = 2s²/3, B = s⁴/9.

    """
    points, values = (checks.real_array(name, v).astype(float) for name, v in (("x", x), ("y", y)))
    checks.matching_points(points, "y", values)
    if not 3 <= len(points) <= MOST_POINTS:
        raise ValueError(f"x: expected 3 to {MOST_POINTS} points, got {len(points)}")
    if not (np.diff(points) > 0).all():
        raise ValueError(f"x: expected increasing points, got {points.tolist()}")
    names = [checks.known("curves", name, CURVES) for name in curves]
    if ("kinked" in names) != (sizes is not None):
        raise ValueError(f"sizes: expected with the curve 'kinked', and only then; got {sizes}")
    slider = None
    if sizes is not None:
        low, high = (float(np.log10(checks.positive("sizes", size))) for size in sizes)
        slider = {"low": low, "high": high, "value": (low + high) / 2}
    wide, tall = 0.08 * np.ptp(points), 0.35 * (np.ptp(values) or 1.0)
    data = {
        "x": points.tolist(),
        "y": values.tolist(),
        "domain": [float(points[0] - wide), float(points[-1] + wide)],
        "range": [float(values.min() - tall), float(values.max() + tall)],
        "curves": names,
        "slider": slider,
    }
    return Splines(data=data)
