"""The papers' claims as functions of results, and the verdicts on them.

Each row (R1, R2, …) is one statement of a paper. Its function measures the statement on results
and returns a `Verdict`: computed, never typed. The rule is the same for all rows:

- *reproduced*: the statement holds for every network (seed) that was run;
- *weaker*: it fails for some, but in each of them the tendency is there (for an order: a positive
  rank correlation), or part of the statement holds for every network;
- *not reproduced*: otherwise;
- *undecided*: a run ended before an order could be seen (two or more frequencies not learned).

Each verdict names a negative control: something for which the same statement must fail, else the
measurement proves nothing. A control may still show the tendency.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import checks, results
from . import (
    early_stopping,
    filtering,
    fourier_loss,
    general_theory,
    generalization,
    gradient_runs,
    gradient_theory,
    information_plane,
    initialization,
    initialization_mnist,
    linear_theory,
    mystery,
    natural_image,
    ntk,
    one_dimension,
    parity,
    principal_component,
    response,
    robustness,
)
from .core import Order, Verdict, judge, order
from .gradient_runs import knocks, norm_change
from .gradient_theory import (
    equal_pull_sample,
    exponent_ratios,
    gradient_deviation,
    printed_gradients,
    printed_spectrum,
    random_nets,
)
from .initialization import Unseen, fluctuation, per_seed, unseen
from .linear_theory import (
    course_distance,
    limits_apart,
    predicted_course,
    square_with_directions,
)
from .mystery import variations
from .natural_image import (
    RowOrder,
    UnseenPixels,
    amplitude_shares,
    dot_when_fitted,
    loss_ratio,
    pairs,
    row_order,
    unseen_pixels,
    without_initial_output,
)
from .one_dimension import SECTION_3_1, component_order, outside, turning_points
from .robustness import SWEEPS, by_cell, growth, learned_enough

__all__ = [
    "ROWS",
    "SECTION_3_1",
    "SWEEPS",
    "Order",
    "RowOrder",
    "Unseen",
    "UnseenPixels",
    "Verdict",
    "amplitude_shares",
    "by_cell",
    "component_order",
    "course_distance",
    "dot_when_fitted",
    "equal_pull_sample",
    "exponent_ratios",
    "fluctuation",
    "gradient_deviation",
    "growth",
    "judge",
    "knocks",
    "learned_enough",
    "limits_apart",
    "loss_ratio",
    "norm_change",
    "order",
    "outside",
    "pairs",
    "per_seed",
    "predicted_course",
    "printed_gradients",
    "printed_spectrum",
    "random_nets",
    "row_order",
    "square_with_directions",
    "table",
    "turning_points",
    "unseen",
    "unseen_pixels",
    "variations",
    "verdict",
    "without_initial_output",
]

# One module per chapter, or two; a new one is named here.
CHAPTERS = (
    one_dimension,
    fourier_loss,
    early_stopping,
    initialization,
    initialization_mnist,
    information_plane,
    gradient_theory,
    gradient_runs,
    robustness,
    principal_component,
    filtering,
    general_theory,
    generalization,
    linear_theory,
    mystery,
    parity,
    response,
    ntk,
    natural_image,
)

ROWS: dict[str, Callable[[], Verdict]] = {
    row: measure for chapter in CHAPTERS for row, measure in chapter.ROWS.items()
}


def verdict(row: str) -> Verdict:
    """Return the verdict on one row, such as ``"R3"``; RuntimeError if its control passes."""
    measure = ROWS[checks.known("row", row, ROWS)]
    with results.noted() as trainings:
        measured = replace(measure(), trainings=trainings)
    if not measured.control_fails:
        raise RuntimeError(f"{row}: the negative control passes ({measured.control})")
    return measured


def table() -> list[Verdict]:
    """Return the verdicts on all rows, by number."""
    return [verdict(row) for row in sorted(ROWS, key=lambda row: int(row[1:]))]
