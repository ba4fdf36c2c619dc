"""Controls: the same ES module is an anywidget in Jupyter and mounted by the static page."""

from __future__ import annotations

import base64
import html
import json
import os
import re
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

__all__ = [
    "Control",
    "Curves",
    "Scrubber",
    "Splines",
    "curves",
    "encode",
    "esm",
    "scrubber",
    "splines",
]

ASSETS = Path(__file__).parent / "assets"

# How one module names another: to import it, or to run it as a worker.
NEIGHBOUR = r'(from |URL\()"\./(\w+)\.js"'
LOADER = """\
const sources = %s;
const addresses = {};
for (const [name, source] of Object.entries(sources)) {
  const linked = source.replace(/%s/g, (_, before, other) => `${before}"${addresses[other]}"`);
  addresses[name] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
}
export default (await import(addresses.%s)).default;
"""


def esm(name: str) -> str:
    """Return the module ``assets/NAME.js`` and all it needs as one module.

    A page loads modules by their addresses. A notebook is handed one text, so this one brings the
    others along and gives each an address of its own, those first that others import.
    """
    sources: dict[str, str] = {}

    def collect(module: str) -> None:
        source = (ASSETS / f"{module}.js").read_text(encoding="utf-8")
        for _, other in re.findall(NEIGHBOUR, source):
            if other not in sources:
                collect(other)
        sources[module] = source

    collect(name)
    return LOADER % (json.dumps(sources), NEIGHBOUR.replace("/", r"\/"), name)


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
    fallback = (
        "This figure moves: it needs a browser with JavaScript, and the page must come from a web "
        "server. The figures around it show the same run."
    )
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
            f'<p class="fp-fallback">{html.escape(self.fallback)}</p>'
            f'<script type="application/json">{data}</script></div>'
        )


class Scrubber(Control):
    """Move through a recorded run: fit, spectrum and relative error at the chosen step."""

    module = "scrubber"
    _esm = esm("scrubber")
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


class Curves(Control):
    """Named curves over training, for one value of a parameter at a time."""

    module = "curves"
    _esm = esm("curves")
    _css = ASSETS / "widgets.css"
    frame = traitlets.Int(0).tag(sync=True)
    member = traitlets.Int(0).tag(sync=True)


def curves(
    steps: ArrayLike,
    values: ArrayLike,
    *,
    names: Sequence[str],
    parameter: str,
    settings: Sequence[object],
    y_label: str,
    references: ArrayLike | None = None,
    notes: Sequence[str] = (),
) -> Curves:
    """Return a control with two sliders: for a parameter, and for the training step.

    Parameters
    ----------
    steps
        Recorded steps, ``(R,)``, from 0.
    values
        The curves, of at least 0, ``(P, C, R)``: for each setting of the parameter and each name.
    names
        Name of each curve, ``(C,)``. They are coloured in this order, low to high frequency.
    parameter, settings
        Name of the parameter, and its values, ``(P,)``.
    y_label
        What the curves are.
    references
        A dashed horizontal line for each curve, ``(P, C)``.
    notes
        Something to say about each setting, ``(P,)``.

    """
    recorded = checks.real_array("steps", steps)
    table = checks.real_array("values", values, ndim=(3,))
    wanted = (len(settings), len(names), len(recorded))
    if table.shape != wanted:
        raise ValueError(
            f"values: expected one curve for each of {wanted[0]} settings and {wanted[1]} names, "
            f"with {wanted[2]} steps, got shape {table.shape}"
        )
    lines = None if references is None else checks.real_array("references", references, ndim=(2,))
    if lines is not None and lines.shape != wanted[:2]:
        raise ValueError(f"references: expected shape {wanted[:2]}, got {lines.shape}")
    if notes and len(notes) != len(settings):
        raise ValueError(f"notes: expected one per setting ({len(settings)}), got {len(notes)}")
    data = {
        "steps": recorded.tolist(),
        "values": encode(table),
        "references": None if lines is None else encode(lines),
        "names": list(names),
        "colors": plots.frequency_colors(range(len(names))),
        "parameter": parameter,
        "settings": [str(setting) for setting in settings],
        "notes": list(notes) or [""] * len(settings),
        "y_label": y_label,
    }
    return Curves(data=data)


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
    _esm = esm("splines")
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
