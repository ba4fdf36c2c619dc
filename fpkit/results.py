"""Results of the experiments: run now, or read from the stored file.

A stored number is never trusted blindly: the settings in the file must be those of the code, and
`replay` runs the first records again and compares.
"""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from . import experiments, spectra
from .checkpoint import check_writable
from .experiments import Trial
from .recording import recorded_steps
from .storage import MissingError, Result, ResultError, folder, load, plain, save

__all__ = [
    "MissingError",
    "Result",
    "ResultError",
    "first_members",
    "folder",
    "load",
    "load_or_run",
    "noted",
    "replay",
    "run",
    "save",
    "store",
    "summarise",
]

# Steps at which outputs are kept.
FRAMES = 64
# Outputs are kept for as many members as fit in this many values (2 bytes each).
OUTPUT_VALUES = 160_000
# Must be equal in a stored result and a new run.
SAME = ("x", "y", "record_x", "peaks", "phase")
# What `noted` fills.
_noted: ContextVar[dict[str, float] | None] = ContextVar("noted", default=None)
# A series smaller than this is zero up to rounding, and rounding differs between machines.
ZERO = 1e-12


def summarise(name: str, settings: Mapping[str, Any], trial: Trial, seconds: float) -> Result:
    """Reduce a trial to what is kept."""
    run = trial.run
    chosen = _frames(len(run.steps))
    members = max(1, OUTPUT_VALUES // (FRAMES * max(1, len(run.record_x))))
    return Result(
        name=name,
        settings=settings,
        provenance={
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 1),
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "numpy": np.__version__,
            "threads": torch.get_num_threads(),
            "device": "cpu",
        },
        x=run.x,
        y=run.y,
        peaks=np.asarray(trial.peaks, dtype=np.int64),
        steps=run.steps,
        losses=run.losses,
        errors=_errors(trial, run.outputs, run.y).astype(np.float32),
        frames=run.steps[chosen],
        record_x=run.record_x,
        outputs=run.outputs[:members, chosen].astype(np.float16),
        phase=trial.phase,
        series={name: np.asarray(s, dtype=np.float32) for name, s in trial.series.items()},
    )


def _frames(records: int) -> NDArray[np.int64]:
    """Return the records kept with outputs: denser early, where the output changes fastest."""
    return np.unique(np.round((records - 1) * np.linspace(0, 1, FRAMES) ** 1.5).astype(np.int64))


def _errors(trial: Trial, outputs: NDArray, y: NDArray) -> NDArray:
    """Return Δ_F at the peaks for outputs ``(S, records, M)``: ``(S, records, K)``."""
    if len(trial.peaks) == 0:
        return np.empty((*outputs.shape[:2], 0))
    target = trial.spectrum(y)[: len(outputs), None, trial.peaks]
    output = trial.spectrum(outputs.astype(np.float32))[..., trial.peaks]
    return spectra.relative_error(output, target)


def _rounding(trial: Trial, outputs: NDArray, y: NDArray) -> NDArray:
    """Return what half precision of the outputs can do to Δ_F at the peaks, ``(S, frames, K)``.

    Rounding moves a value by up to 2⁻¹¹ of the largest; this is four standard deviations of the
    mean of M such errors, relative to the target's coefficient.
    """
    if len(trial.peaks) == 0:
        return np.empty((*outputs.shape[:2], 0))
    size = np.abs(trial.spectrum(y)[: len(outputs), None, trial.peaks])
    largest = np.abs(outputs.astype(np.float32)).max(axis=-1, keepdims=True)
    return 4 * 2.0**-11 * largest / np.sqrt(3 * outputs.shape[-1]) / size


def _trial(name: str, changes: Mapping[str, Any], **how: Any) -> Trial:
    asked = experiments.get(name)
    trial = asked.function(**asked.merged(changes), **how)
    if not trial.run.completed:
        raise KeyboardInterrupt(f"{name} was stopped by hand")
    return trial


def run(
    name: str, *, progress: bool = True, checkpoint: Path | None = None, **changes: Any
) -> Result:
    """Run experiment ``name`` now, with ``changes`` to its settings, and return the result."""
    settings = plain(experiments.get(name).merged(changes))
    start = time.perf_counter()
    trial = _trial(name, changes, progress=progress, checkpoint=checkpoint)
    return summarise(name, settings, trial, time.perf_counter() - start)


@contextmanager
def noted() -> Iterator[dict[str, float]]:
    """Yield a dictionary that gets the training seconds of every result that is loaded inside."""
    names: dict[str, float] = {}
    token = _noted.set(names)
    try:
        yield names
    finally:
        _noted.reset(token)


def load_or_run(name: str, *, recompute: bool = False, **changes: Any) -> Result:
    """Return the stored result of ``name``; run it if there is none, or if asked.

    A missing one is announced. With ``changes`` to the settings it is always run: what is stored
    is the result of the defaults. Nothing is written; ``python -m fpkit run NAME`` does that.
    """
    path = folder() / f"{experiments.get(name).name}.npz"
    if changes or recompute:
        return run(name, **changes)
    try:
        result = load(path)
    except MissingError:
        print(f"{name} is not stored in {path.parent}: training now, which may take minutes")
        return run(name)
    if (names := _noted.get()) is not None:
        names[result.name] = result.provenance["seconds"]
    return result


def store(name: str, *, progress: bool = True) -> Path:
    """Run ``name`` and write the result; an interrupted run goes on where it was."""
    path = folder() / f"{experiments.get(name).name}.npz"
    _check_writable(path.parent)
    checkpoint = path.with_suffix(".checkpoint.part")
    save(run(name, progress=progress, checkpoint=checkpoint), path)
    # Only now: if the disk is full, what was trained must outlive the result that was not written.
    # Experiments of several trainings keep one for each, and sweeps a folder of cells.
    for kept in (checkpoint, *path.parent.glob(f"*.{checkpoint.name}")):
        if kept.is_dir():
            shutil.rmtree(kept, ignore_errors=True)
        else:
            kept.unlink(missing_ok=True)
    return path


def replay(
    name: str,
    *,
    records: int = 4,
    members: int | None = None,
    tolerance: float = 0.02,
    progress: bool = False,
) -> float:
    """Check a stored result against a new run of its first ``records`` records.

    - Points, targets, peaks, steps and frames must be equal, and all numbers finite.
    - Losses, relative errors, outputs and other series at the first records must agree with the
      new run within ``tolerance``; losses and series relative to their size.
    - At *every* frame, the relative error of the stored outputs must be the stored relative
      error, so that the rest of the file hangs together with its beginning. Outputs are stored
      in half precision; what that alone can do, where a target has little power, is no deviation.

    With ``members``, networks of the first so many seeds only are run again.

    Returns the largest deviation; raises ResultError if it is above ``tolerance`` or not a number.

    The numbers are not compared bit by bit, because the order of floating-point sums depends on
    the machine and its number of threads, and training amplifies the difference.
    """
    stored = load(folder() / f"{experiments.get(name).name}.npz")
    settings = stored.settings
    expected = recorded_steps(settings["steps"], settings["record_every"])
    part: dict[str, Any] = {"steps": int(expected[:records][-1])}
    if members is not None:
        part["seeds"] = settings["seeds"][:members]
    trial = _trial(name, part, progress=progress)
    fresh = summarise(name, settings, trial, 0.0)
    first = slice(len(fresh.losses))
    same = {key: (getattr(stored, key), getattr(fresh, key)) for key in SAME}
    same["y"] = (stored.y[first], fresh.y)
    same["steps"] = (stored.steps, expected)
    same["frames"] = (stored.frames, expected[_frames(len(expected))])
    same["series"] = (sorted(stored.series), sorted(fresh.series))
    for key, (old, new) in same.items():
        if not np.array_equal(old, new):
            raise ResultError(f"{name}: the stored {key} differ from those of the experiment")
    for numbers in (stored.losses, stored.errors, stored.outputs, *stored.series.values()):
        if not np.isfinite(numbers).all():
            raise ResultError(f"{name}: the stored numbers are not all finite")

    shown = len(stored.outputs)
    _, frame, again = np.intersect1d(stored.frames, fresh.frames, return_indices=True)
    at_frames = np.searchsorted(stored.steps, stored.frames)
    deviations = [
        np.abs(stored.losses[first, :records] / fresh.losses - 1),
        np.abs(stored.errors[first, :records] - fresh.errors),
        np.abs(stored.outputs[first, frame] - fresh.outputs[:shown, again]),
    ]
    apart = np.abs(stored.errors[:shown, at_frames] - _errors(trial, stored.outputs, stored.y))
    deviations.append(np.where(apart > _rounding(trial, stored.outputs, stored.y), apart, 0))
    for key, series in fresh.series.items():
        size = max(np.abs(series).max(), ZERO)
        deviations.append(np.abs(stored.series[key][first, :records] - series) / size)
    deviation = float(np.max([np.max(d) for d in deviations if d.size]))
    if not deviation <= tolerance:
        raise ResultError(
            f"{name}: the stored numbers differ from a new run by {deviation:.3g} (tolerance "
            f"{tolerance:g}); if the change is meant, run: python -m fpkit run {name}"
        )
    return deviation


def first_members(names: Sequence[str]) -> Result:
    """Return the first member of each of several stored results as the members of one.

    For a control that compares settings. ValueError if they differ in points, targets, peaks or
    recorded steps. Series are left out.
    """
    parts = [load_or_run(name) for name in names]
    for part in parts[1:]:
        for key in (*SAME, "steps", "frames"):
            if not np.array_equal(getattr(part, key), getattr(parts[0], key)):
                raise ValueError(f"names: {part.name} and {parts[0].name} differ in {key}")
    joined = {
        key: np.concatenate([getattr(part, key)[:1] for part in parts])
        for key in ("losses", "errors", "outputs")
    }
    return replace(parts[0], name=" and ".join(names), series={}, **joined)


def _check_writable(path: Path) -> None:
    try:
        check_writable(path)
    except OSError as error:
        raise ResultError(f"cannot write to {path}: {error.strerror or error}") from error
