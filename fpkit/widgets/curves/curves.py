"""Curves over training steps, for one value of a parameter at a time."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from ... import plots, validation
from ..widget import Widget, encode

__all__ = ["Curves", "curves"]


class Curves(Widget):
    """Named curves over training, for one value of a parameter at a time."""

    module = "curves"


def curves(
    steps: ArrayLike,
    values: ArrayLike,
    *,
    names: Sequence[str],
    colors: Sequence[str] = (),
    parameter: str,
    settings: Sequence[object],
    y_label: str,
    references: ArrayLike | None = None,
    notes: Sequence[str] = (),
    log: tuple[float, float] | None = None,
    percent: bool = False,
) -> Curves:
    """Return a widget in which a reader chooses a parameter and moves through training.

    Parameters
    ----------
    steps
        Recorded steps, ``(R,)``, from 0.
    values
        The curves, of at least 0, ``(P, C, R)``: for each setting of the parameter and each name.
    names, colors
        Name and colour of each curve, ``(C,)``; without colours, low to high frequency.
    parameter, settings
        Name of the parameter, and its values, ``(P,)``.
    y_label
        What the curves are.
    references
        A dashed horizontal line for each curve, ``(P, C)``; a grey one where all are the same.
    notes
        Something to say about each setting, ``(P,)``.
    log
        The lowest and the highest value of a logarithmic axis; values outside sit on its edges.
        None is a linear axis from 0 to the largest value.
    percent
        Write the values as shares of a hundred.

    """
    recorded = validation.real_array("steps", steps)
    table = validation.real_array("values", values, ndim=(3,))
    wanted = (len(settings), len(names), len(recorded))
    if table.shape != wanted:
        raise ValueError(
            f"values: expected one curve for each of {wanted[0]} settings and {wanted[1]} names, "
            f"with {wanted[2]} steps, got shape {table.shape}"
        )
    ref = None if references is None else validation.real_array("references", references, ndim=(2,))
    if ref is not None and ref.shape != wanted[:2]:
        raise ValueError(f"references: expected shape {wanted[:2]}, got {ref.shape}")
    if colors and len(colors) != len(names):
        raise ValueError(f"colors: expected one per name ({len(names)}), got {len(colors)}")
    if notes and len(notes) != len(settings):
        raise ValueError(f"notes: expected one per setting ({len(settings)}), got {len(notes)}")
    if log is not None and not 0 < log[0] < log[1]:
        raise ValueError(f"log: expected two positive numbers, the lower one first, got {log}")
    data = {
        "steps": recorded.tolist(),
        "values": encode(table),
        "references": None if ref is None else encode(ref),
        "names": list(names),
        "colors": list(colors) or plots.frequency_colors(range(len(names))),
        "parameter": parameter,
        "settings": [str(setting) for setting in settings],
        "notes": list(notes) or [""] * len(settings),
        "y_label": y_label,
        "log": None if log is None else list(log),
        "percent": percent,
    }
    return Curves(data=data)
