"""Replays: is a stored result what the code computes, on whatever processor?

The first records are computed again. The new numbers differ from the stored ones, because another
processor rounds sums differently and training amplifies this at a rate of its own. So what may
differ is not a number that somebody chose: it is measured, with *rounding twins* of the new run
(see `fpkit.twins`). They are run only if something differs by more than single precision may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..recording import recorded_steps
from . import chapters
from .experiment import Trial
from .results import errors_at_peaks, frame_records, trial_of
from .storage import Result, ResultError, load

__all__ = ["Deviation", "Tolerance", "deviation", "replay", "tolerance"]

TWINS = 3
# Another processor moved a record by up to 10 times as much as the twins, a rate that is off by
# 1 % by hundreds of times as much.
MARGIN = 30
# Added for what twins do not move, such as a record before the first update: the part of a
# quantity's size to which numbers in single precision can be told apart after some sums.
FLOOR = 1e-5
# So much, relative to their size, may points and targets differ: functions such as exp do.
GIVEN = 1e-12
# A count, such as an accuracy, jumps when a point crosses an edge, and three twins show not every
# jump: so many points may have crossed at a record.
CROSSED = 3
# Half precision moves a number by up to this part of it, and a tiny one by up to this much.
HALF, HALF_TINY = 2.0**-11, 2.0**-25
# How a series is named among the quantities.
SERIES = "series "

# Losses, errors, outputs and series by name, each ``(S, R, …)``.
Quantities = Mapping[str, NDArray]
# What rounding can do to each of them, at each record, ``(1, R, 1, …)``.
Tolerance = Mapping[str, NDArray]


@dataclass(frozen=True)
class Deviation:
    """Where a stored result is furthest from a new run, for what rounding can do there.

    Attributes
    ----------
    quantity, member, record, step
        Which number it is.
    stored, new
        The two numbers.
    ratio
        How far apart they are, in units of what rounding can do: up to 1 is no difference.

    """

    quantity: str
    member: int
    record: int
    step: int
    stored: float
    new: float
    ratio: float

    def __str__(self) -> str:
        return (
            f"{self.quantity} of member {self.member} at record {self.record} (step {self.step}) "
            f"is {self.stored:.7g}, a new run gives {self.new:.7g}: {self.ratio:.3g} times what "
            "rounding can do"
        )


def replay(
    name: str, *, records: int = 4, members: int | None = None, progress: bool = False
) -> Deviation:
    """Check a stored result against a new run of its first ``records`` records.

    - Steps, peaks and frames must be equal, points, targets and phases to 10⁻¹² of their size, and
      all numbers finite.
    - Losses, relative errors, outputs and other series at the first records may be as far from the
      new run as 30 times the furthest that three rounding twins came from it up to that record
      (over all members and modes), plus 10⁻⁵ of the quantity's size. Outputs, and what else is
      stored in half precision, may differ by what that can do besides, and counts by three.
    - At *every* frame, the relative error of the stored outputs must be the stored relative error,
      but for what half precision can do, so that the rest of the file hangs together with its
      beginning. (That no array was changed, at any record, its checksum says: see `storage`.)

    With ``members``, networks of the first so many seeds only are run again.

    Returns the largest deviation; raises ResultError if it is more than rounding can do.
    """
    worst = deviation(name, records=records, members=members, progress=progress)
    if not worst.ratio <= 1:
        raise ResultError(
            f"{name}: the stored {worst}; if the change is meant, run: python -m fpkit run {name}"
        )
    return worst


def deviation(
    name: str,
    *,
    records: int = 4,
    members: int | None = None,
    allowed: Tolerance | None = None,
    progress: bool = False,
) -> Deviation:
    """Return the largest deviation of a stored result from a new run; arguments as for `replay`.

    What is ``allowed`` is measured with twins of the new run, if need be, or given.
    """
    stored = load(chapters.place(name))
    trial = _again(stored, records, members, progress=progress)
    _check_given(stored, trial)
    new = _computed(stored, trial)
    found = _first_records(stored, trial, new, allowed or _rounding(new))
    if allowed is None and max(each.ratio for each in found) > 1:
        twins = _twins(stored, records, members, progress=progress)
        found = _first_records(stored, trial, new, _rounding(new, twins))
    return max([*_at_frames(stored, trial), *found], key=lambda each: each.ratio)


def tolerance(name: str, *, records: int = 4, members: int | None = None) -> Tolerance:
    """Return what rounding can do to the first records, by a new run and three twins of it."""
    stored = load(chapters.place(name))
    new = _computed(stored, _again(stored, records, members))
    return _rounding(new, _twins(stored, records, members))


def _again(stored: Result, records: int, members: int | None, **how: Any) -> Trial:
    """Return a new run of the first records of a stored result, of the first members."""
    seeds = stored.settings["seeds"][:members]
    return trial_of(
        stored.name, {"steps": int(_steps(stored)[:records][-1]), "seeds": seeds}, **how
    )


def _twins(stored: Result, records: int, members: int | None, **how: Any) -> list[Quantities]:
    trials = (_again(stored, records, members, twin=seed, **how) for seed in range(TWINS))
    return [_computed(stored, trial) for trial in trials]


def _steps(stored: Result) -> NDArray[np.int64]:
    return recorded_steps(stored.settings["steps"], stored.settings["record_every"])


def _check_given(stored: Result, trial: Trial) -> None:
    """Raise unless the stored result was asked the same as the trial, and is all numbers."""
    run, expected = trial.run, _steps(stored)
    same: dict[str, tuple[ArrayLike, ArrayLike]] = {
        "peaks": (stored.peaks, trial.peaks),
        "steps": (stored.steps, expected),
        "frames": (stored.frames, expected[frame_records(len(expected))]),
        "series": (sorted(stored.series), sorted(trial.series)),
    }
    near = {
        "x": (stored.x, run.x),
        "y": (stored.y[: len(run.losses)], run.y),
        "eval_x": (stored.eval_x, run.eval_x),
        "phase": (stored.phase, trial.phase),
    }
    equal = {key: np.array_equal(*pair) for key, pair in same.items()}
    equal |= {key: _near(*pair) for key, pair in near.items()}
    for key, is_equal in equal.items():
        if not is_equal:
            raise ResultError(
                f"{stored.name}: the stored {key} differ from those of the experiment"
            )
    for numbers in (stored.losses, stored.errors, stored.outputs, *stored.series.values()):
        if not np.isfinite(numbers).all():
            raise ResultError(f"{stored.name}: the stored numbers are not all finite")


def _near(old: NDArray, new: NDArray) -> bool:
    if old.shape != new.shape:
        return False
    return bool((np.abs(old - new) <= GIVEN * np.max(np.abs(new), initial=0)).all())


def _first_records(
    stored: Result, trial: Trial, new: Quantities, allowed: Tolerance
) -> list[Deviation]:
    """Return the largest deviation of each ``new`` quantity at the records of the trial."""
    run = trial.run
    members, records = run.losses.shape
    shown = _shown(stored, trial)
    old = _quantities(
        stored.losses, stored.errors, stored.outputs[:members, : len(shown)], stored.series
    )
    found = []
    for name, values in new.items():
        if values.size == 0:
            continue
        apart = np.abs(old[name][:members, :records].astype(np.float64) - values)
        excess = np.maximum(apart - _grain(trial, name, values), 0)
        at = shown if name == "output" else np.arange(records)
        found.append(_largest(name, old[name], values, excess, allowed[name], run.steps, at))
    return found


def _shown(stored: Result, trial: Trial) -> NDArray[np.int64]:
    """Return the records at which outputs are stored."""
    return np.nonzero(np.isin(trial.run.steps, stored.frames))[0]


def _computed(stored: Result, trial: Trial) -> Quantities:
    """Return what a trial computed, with the outputs that are stored."""
    run = trial.run
    errors = errors_at_peaks(trial, run.outputs, run.y)
    outputs = run.outputs[: len(stored.outputs), _shown(stored, trial)]
    found = _quantities(run.losses, errors, outputs, trial.series)
    return {name: np.asarray(values, dtype=np.float32) for name, values in found.items()}


def _quantities(
    losses: NDArray, errors: NDArray, outputs: NDArray, series: Quantities
) -> dict[str, NDArray]:
    """Return what is compared, ``(S, R, …)`` by name."""
    named = {"loss": losses, "relative error": errors, "output": outputs}
    return named | {f"{SERIES}{name}": values for name, values in series.items()}


def _rounding(new: Quantities, twins: Sequence[Quantities] = ()) -> dict[str, NDArray]:
    """Return what rounding can do to each quantity; without twins, the least that it can do."""
    return {name: _moved(values, [twin[name] for twin in twins]) for name, values in new.items()}


def _moved(values: NDArray, twins: Sequence[NDArray]) -> NDArray:
    """Return what rounding can do to values ``(S, R, …)`` at each record, ``(1, R, 1, …)``."""
    others = (0, *range(2, values.ndim))
    apart = [np.abs(twin - values) for twin in (values, *twins)]
    furthest = np.max(apart, axis=0).max(axis=others, keepdims=True, initial=0)
    size = np.abs(values).max(initial=0)
    return MARGIN * np.maximum.accumulate(furthest, axis=1) + FLOOR * size


def _grain(trial: Trial, name: str, values: NDArray) -> NDArray | float:
    """Return how finely values are kept or counted: below that, a difference says nothing."""
    if name == "output" or (trial.half and name != "relative error"):
        return HALF * np.abs(values) + HALF_TINY
    return CROSSED * trial.grains.get(name.removeprefix(SERIES), 0.0)


def _largest(
    name: str,
    old: NDArray,
    new: NDArray,
    excess: NDArray,
    rounding: NDArray | float,
    steps: NDArray[np.int64],
    at: NDArray[np.int64],
) -> Deviation:
    """Return the largest ratio of ``excess`` ``(S, R, …)`` to what rounding can do.

    ``at`` is the record of each column, and ``steps`` the step of each record.
    """
    with np.errstate(divide="ignore"):  # where nothing may differ, any difference is infinite
        ratio = np.divide(excess, rounding, out=np.zeros(excess.shape), where=excess > 0)
    place = np.unravel_index(ratio.argmax(), ratio.shape)
    record = int(at[place[1]])
    numbers = float(old[place]), float(new[place]), float(ratio[place])
    return Deviation(name, int(place[0]), record, int(steps[record]), *numbers)


def _at_frames(stored: Result, trial: Trial) -> list[Deviation]:
    """Return how far the relative errors of the stored outputs are from the stored ones, if any."""
    if len(stored.peaks) == 0:
        return []
    at = np.searchsorted(stored.steps, stored.frames)
    old = stored.errors[: len(stored.outputs), at]
    new = errors_at_peaks(trial, stored.outputs, stored.y)
    excess = np.maximum(np.abs(old - new) - _half_in_errors(stored, trial), 0)
    name = "relative error, beside that of the stored outputs,"
    return [_largest(name, old, new, excess, FLOOR * np.abs(new).max(), stored.steps, at)]


def _half_in_errors(stored: Result, trial: Trial) -> NDArray:
    """Return the most that half precision of the outputs can do to Δ_F at the peaks.

    It is ``(S, frames, K)``. A coefficient is a mean of values: it moves at most as far as that
    which moved furthest. (In a plain part of an image all values move together.)
    """
    outputs = stored.outputs.astype(np.float32)
    size = np.abs(trial.spectrum(stored.y)[: len(outputs), None, trial.peaks])
    return (HALF * np.abs(outputs).max(axis=-1, keepdims=True) + HALF_TINY) / size
