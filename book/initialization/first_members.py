"""Several results as one, to compare settings in one figure."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fpkit.reproduce import Result, load_or_run

__all__ = ["first_members"]

# Must be equal in results of which one is made.
SAME = ("x", "y", "eval_x", "peaks", "phase", "steps", "frames")


def first_members(names: Sequence[str]) -> Result:
    """Return the first member of each of several stored results as the members of one.

    For a control that compares settings. ValueError if they differ in points, targets, peaks or
    recorded steps. Series are left out.
    """
    parts = [load_or_run(name) for name in names]
    for part in parts[1:]:
        for key in SAME:
            if not np.array_equal(getattr(part, key), getattr(parts[0], key)):
                raise ValueError(f"names: {part.name} and {parts[0].name} differ in {key}")
    losses, errors, outputs = (
        np.concatenate([getattr(part, key)[:1] for part in parts])
        for key in ("losses", "errors", "outputs")
    )
    named = replace(parts[0], name=" and ".join(names), series={})
    return replace(named, losses=losses, errors=errors, outputs=outputs)
