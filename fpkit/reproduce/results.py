"""Results of the experiments: run now, or read from the stored file.

A stored number is never trusted blindly: the settings in the file must be those of the code, and
`fpkit.reproduce.replays` runs the first records again and compares.
"""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from .. import spectra, validation
from ..files import check_writable
from . import chapters, continuing
from .experiment import Trial
from .storage import MissingError, Result, ResultError, load, plain, save

__all__ = [
    "MissingError",
    "Result",
    "ResultError",
    "errors_at_peaks",
    "frame_records",
    "load",
    "load_or_run",
    "noted",
    "run",
    "save",
    "store",
    "summarise",
    "trial_of",
]

# Ours: steps at which outputs are kept, as 16-bit numbers, which is enough to see a curve.
FRAMES = 64
# Ours: outputs are kept for as many members as fit in this many values (2 bytes each).
OUTPUT_VALUES = 160_000
# What `noted` fills.
_noted: ContextVar[dict[str, float] | None] = ContextVar("noted", default=None)


def summarise(name: str, settings: Mapping[str, Any], trial: Trial, seconds: float) -> Result:
    """Reduce a trial to what is kept."""
    run = trial.run
    chosen = frame_records(len(run.steps))
    digits = np.float16 if trial.half else np.float32
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
        losses=run.losses.astype(digits).astype(np.float32),
        errors=errors_at_peaks(trial, run.outputs, run.y).astype(np.float32),
        frames=run.steps[chosen],
        eval_x=run.eval_x,
        outputs=run.outputs[: shown(len(run.eval_x)), chosen].astype(np.float16),
        phase=trial.phase,
        series={
            name: np.asarray(s, dtype=digits).astype(np.float32) for name, s in trial.series.items()
        },
    )


def shown(points: int) -> int:
    """Return of how many networks outputs at so many points are kept."""
    return max(1, OUTPUT_VALUES // (FRAMES * max(1, points)))


def frame_records(records: int) -> NDArray[np.int64]:
    """Return the records kept with outputs: denser early, where the output changes fastest."""
    return np.unique(np.round((records - 1) * np.linspace(0, 1, FRAMES) ** 1.5).astype(np.int64))


def errors_at_peaks(trial: Trial, outputs: NDArray, y: NDArray) -> NDArray:
    """Return Δ_F at the peaks for outputs ``(S, records, M)``: ``(S, records, K)``."""
    if len(trial.peaks) == 0:
        return np.empty((*outputs.shape[:2], 0))
    target = trial.spectrum(y)[: len(outputs), None, trial.peaks]
    output = trial.spectrum(outputs.astype(np.float32))[..., trial.peaks]
    return spectra.relative_error(output, target)


def trial_of(name: str, changes: Mapping[str, Any], **how: Any) -> Trial:
    """Run experiment ``name`` with ``changes`` to its settings; KeyboardInterrupt if stopped."""
    asked = chapters.get(name)
    trial = asked.function(**asked.merged(changes), **how)
    if not trial.run.completed:
        raise KeyboardInterrupt(f"{name} was stopped by hand")
    return trial


def run(
    name: str, *, progress: bool = True, checkpoint: Path | None = None, **changes: Any
) -> Result:
    """Run experiment ``name`` now, with ``changes`` to its settings, and return the result."""
    settings = plain(chapters.get(name).merged(changes))
    start = time.perf_counter()
    trial = trial_of(name, changes, progress=progress, checkpoint=checkpoint)
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
    path = chapters.place(name)
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


def store(name: str, *, seeds: int | None = None, progress: bool = True) -> Path:
    """Run ``name`` and write the result; an interrupted run goes on where it was.

    With ``seeds``, only the first so many of the experiment's. A stored result of fewer seeds is
    continued with those that are missing (see `fpkit.reproduce.continuing`); one of more is not
    replaced.
    """
    path = chapters.place(name)
    check_writable(path.parent, ResultError)
    checkpoint = path.with_suffix(".checkpoint.part")
    wanted = _seeds(name, seeds)
    stored = continuing.begun(name, wanted)
    missing = wanted[len(stored.settings["seeds"]) if stored else 0 :]
    result = run(name, progress=progress, checkpoint=checkpoint, seeds=missing)
    if stored:
        result = continuing.extended(stored, result, shown(len(stored.eval_x)))
    save(result, path)
    # Only now: if the disk is full, what was trained must outlive the result that was not written.
    # Experiments of several trainings keep one for each, and sweeps a folder of cells.
    for kept in (checkpoint, *path.parent.glob(f"*.{checkpoint.name}")):
        if kept.is_dir():
            shutil.rmtree(kept, ignore_errors=True)
        else:
            kept.unlink(missing_ok=True)
    return path


def _seeds(name: str, count: int | None) -> list[Any]:
    """Return the first ``count`` seeds of an experiment, or all; ValueError if more are stored."""
    seeds = plain(chapters.get(name).settings)["seeds"]
    if count is None:
        return seeds
    validation.positive_int("seeds", count)
    with suppress(ResultError):
        done = len(load(chapters.place(name)).settings["seeds"])
        if done >= count:
            raise ValueError(f"seeds: {done} are stored of {name} already, got {count}")
    return seeds[:count]
