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

A module is imported when one of its rows, or something else in it, is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

from .. import checks, results
from .core import Order, Verdict, judge, order

# One module per chapter, or two, and its rows; a new module or row is named here.
CHAPTERS = {
    "one_dimension": "R1 R2 R3 R4 R5 R9 R10 R11 R28",
    "fourier_loss": "R6 R7",
    "early_stopping": "R8 R31",
    "initialization": "R26 R39 R40",
    "initialization_mnist": "R19 R20",
    "information_plane": "R12 R13 R14",
    "gradient_theory": "R21 R22 R23 R41",
    "gradient_runs": "R24 R25",
    "robustness": "R37 R38",
    "principal_component": "R15",
    "filtering": "R29",
    "general_theory": "R36",
    "generalization": "R35",
    "linear_theory": "R33 R34",
    "mystery": "R27",
    "parity": "R30",
    "response": "R42",
    "ntk": "R32",
    "natural_image": "R16 R17 R18",
}

# What is in a module and has a name of this package, too.
NAMES = {
    "gradient_runs": "knocks norm_change",
    "gradient_theory": "equal_pull_sample exponent_ratios gradient_deviation printed_gradients "
    "printed_spectrum random_nets",
    "initialization": "Unseen fluctuation per_seed unseen",
    "linear_theory": "course_distance limits_apart predicted_course square_with_directions",
    "mystery": "variations",
    "natural_image": "RowOrder UnseenPixels amplitude_shares dot_when_fitted loss_ratio pairs "
    "row_order unseen_pixels without_initial_output",
    "one_dimension": "SECTION_3_1 component_order outside turning_points",
    "robustness": "SWEEPS by_cell growth learned_enough",
}

# The module of each row and of each name.
_ROWS, _NAMES = (
    {name: module for module, names in table.items() for name in names.split()}
    for table in (CHAPTERS, NAMES)
)

__all__ = ["CHAPTERS", "Order", "Verdict", "judge", "order", "table", "verdict", *_NAMES]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__


def verdict(row: str) -> Verdict:
    """Return the verdict on one row, such as ``"R3"``; RuntimeError if its control passes."""
    chapter = import_module(f"{__name__}.{_ROWS[checks.known('row', row, _ROWS)]}")
    with results.noted() as trainings:
        measured = replace(chapter.ROWS[row](), trainings=trainings)
    if not measured.control_fails:
        raise RuntimeError(f"{row}: the negative control passes ({measured.control})")
    return measured


def table() -> list[Verdict]:
    """Return the verdicts on all rows, by number."""
    return [verdict(row) for row in sorted(_ROWS, key=lambda row: int(row[1:]))]
