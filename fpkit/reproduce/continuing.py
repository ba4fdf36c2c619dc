"""More networks for a stored result, without training the stored ones again.

Networks share points and batches and nothing else, so those of other seeds can be trained by
themselves and joined to the stored ones. A replay trains all of them together, and so checks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import chapters
from .storage import Result, ResultError, load

__all__ = ["begun", "extended"]

# What all networks of a result have in common.
COMMON = ("x", "peaks", "steps", "frames", "eval_x", "phase")


def begun(name: str, seeds: Sequence[Any]) -> Result | None:
    """Return the stored result of ``name`` if it has some of the ``seeds``, but not all.

    At least two networks: of one it cannot be told what belongs to it and what to all.
    """
    try:
        stored = load(chapters.place(name))
    except ResultError:  # missing, damaged, or of other settings: there is nothing to go on from
        return None
    return stored if 1 < len(stored.settings["seeds"]) < len(seeds) else None


def extended(first: Result, more: Result, shown: int) -> Result:
    """Return both results as one, with the outputs of its first ``shown`` networks.

    Seconds add up, and each part says where it comes from. ResultError if the two have not the
    same points, peaks and records.
    """
    for key in COMMON:
        if not np.array_equal(getattr(first, key), getattr(more, key)):
            raise ResultError(f"{first.name}: further seeds have other {key} than the stored ones")

    def join(old: NDArray, new: NDArray) -> NDArray:
        shared = len(old) < len(first.losses) or len(new) < len(more.losses)
        return old if shared else np.concatenate([old, new])

    return replace(
        first,
        settings={**first.settings, "seeds": [*first.settings["seeds"], *more.settings["seeds"]]},
        provenance={
            **more.provenance,
            "seconds": round(first.provenance["seconds"] + more.provenance["seconds"], 1),
            "parts": [*_parts(first), *_parts(more)],
        },
        y=join(first.y, more.y),
        losses=join(first.losses, more.losses),
        errors=join(first.errors, more.errors),
        outputs=np.concatenate([first.outputs, more.outputs])[:shown],
        series={name: join(values, more.series[name]) for name, values in first.series.items()},
    )


def _parts(result: Result) -> Sequence[Mapping[str, Any]]:
    about = dict(result.provenance)
    return about.pop("parts", None) or [{"seeds": result.settings["seeds"], **about}]
