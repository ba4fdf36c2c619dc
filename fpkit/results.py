"""Results of the experiments: computed here, or read from the stored file.

A stored result is one ``.npz`` file without pickle: what was asked (settings), what came out
(losses and relative errors at every record, outputs at some records as float16) and where it came
from (provenance). The settings in the file must be those of the code; and `replay` runs the first
records again and compares, so a stored number is never trusted blindly.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray

from . import experiments, spectra
from .checkpoint import replace_file
from .experiments import Trial

__all__ = ["Result", "ResultError", "folder", "load", "load_or_run", "replay", "run", "summarise"]

FORMAT = "fpkit-result-1"
FRAMES = 64
# Outputs are kept for as many members as fit in this many values (2 bytes each).
OUTPUT_VALUES = 160_000


class ResultError(ValueError):
    """A stored result cannot be read, does not fit the code, or cannot be written."""


@dataclass(frozen=True)
class Result:
    """What is kept of a finished experiment; S members, R records, K peaks, F frames, M points.

    Attributes
    ----------
    name, settings, provenance
        What was asked, and when, where and with which versions it was computed.
    x, y
        Training points ``(N,)`` and targets ``(S or 1, N)``.
    peaks, steps
        Followed modes ``(K,)`` and recorded steps ``(R,)``.
    losses, errors
        Training loss ``(S, R)`` and relative error Δ_F at the peaks ``(S, R, K)``.
    frames, record_x, outputs
        Some of the steps ``(F,)``, and the outputs there at ``record_x`` ``(M,)`` for the first
        members, ``(S' ≤ S, F, M)``.
    phase
        Position of each recorded point in cycles ``(M,)`` (see `fpkit.experiments.Trial`).
    series
        Other quantities at every record, ``(S, R)`` for each name.

    """

    name: str
    settings: Mapping[str, Any]
    provenance: Mapping[str, Any]
    x: NDArray
    y: NDArray
    peaks: NDArray
    steps: NDArray
    losses: NDArray
    errors: NDArray
    frames: NDArray
    record_x: NDArray
    outputs: NDArray
    phase: NDArray
    series: Mapping[str, NDArray]


ARRAYS = ("x", "y", "peaks", "steps", "losses", "errors", "frames", "record_x", "outputs", "phase")

SERIES = "series/"


def folder() -> Path:
    """Return the folder of stored results: ``FPKIT_RESULTS``, or ``book/results`` beside fpkit."""
    default = Path(__file__).resolve().parent.parent / "book" / "results"
    return Path(os.environ.get("FPKIT_RESULTS", default))


def summarise(name: str, settings: Mapping[str, Any], trial: Trial, seconds: float) -> Result:
    """Reduce a trial to what is kept."""
    run, peaks = trial.run, trial.peaks
    if len(peaks):
        target = trial.spectrum(run.y)[:, None, peaks]
        errors = spectra.relative_error(trial.spectrum(run.outputs)[..., peaks], target)
    else:
        errors = np.empty((*run.losses.shape, 0))
    # Frames lie denser early, where the output changes fastest.
    last = len(run.steps) - 1
    chosen = np.unique(np.round(last * np.linspace(0, 1, FRAMES) ** 1.5).astype(int))
    members = max(1, OUTPUT_VALUES // (FRAMES * len(run.record_x)))
    return Result(
        name=name,
        settings=_plain(settings),
        provenance={
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 1),
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "threads": torch.get_num_threads(),
            "device": "cpu",
        },
        x=run.x,
        y=run.y,
        peaks=np.asarray(peaks, dtype=np.int64),
        steps=run.steps,
        losses=run.losses,
        errors=errors.astype(np.float32),
        frames=run.steps[chosen],
        record_x=run.record_x,
        outputs=run.outputs[:members, chosen].astype(np.float16),
        phase=trial.phase,
        series={name: np.asarray(s, dtype=np.float32) for name, s in trial.series.items()},
    )


def run(
    name: str, *, progress: bool = True, checkpoint: Path | None = None, **changes: Any
) -> Result:
    """Run experiment ``name`` now, with ``changes`` to its settings, and return the result."""
    asked = experiments.get(name)
    settings = asked.merged(changes)
    start = time.perf_counter()
    trial = asked.function(**settings, progress=progress, checkpoint=checkpoint)
    if not trial.run.completed:
        raise KeyboardInterrupt(f"{name} was stopped by hand")
    return summarise(name, settings, trial, time.perf_counter() - start)


def load_or_run(name: str, *, recompute: bool = False, **changes: Any) -> Result:
    """Return the stored result of ``name``; run it if there is none, or if asked.

    With ``changes`` to the settings it is always run: what is stored is the result of the
    defaults. Nothing is written; ``python -m fpkit run NAME`` does that.
    """
    path = folder() / f"{experiments.get(name).name}.npz"
    if changes or recompute or not path.exists():
        return run(name, **changes)
    return load(path)


def store(name: str, *, progress: bool = True) -> Path:
    """Run ``name`` and write the result; an interrupted run goes on where it was."""
    path = folder() / f"{experiments.get(name).name}.npz"
    _check_writable(path.parent)
    checkpoint = path.with_suffix(".checkpoint.part")
    save(run(name, progress=progress, checkpoint=checkpoint), path)
    return path


def save(result: Result, path: Path) -> None:
    """Write a result atomically: ``path`` stays as it was if anything goes wrong."""
    about = {
        "format": FORMAT,
        "name": result.name,
        "settings": result.settings,
        "provenance": result.provenance,
    }
    arrays = {key: getattr(result, key) for key in ARRAYS}
    arrays |= {f"{SERIES}{name}": values for name, values in result.series.items()}

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez_compressed(file, about=json.dumps(about), **arrays)

    try:
        replace_file(path, write)
    except OSError as error:
        raise ResultError(
            f"cannot write {path}: {error.strerror or error}; the file is as it was before"
        ) from error


def load(path: Path) -> Result:
    """Read a stored result; ResultError if it is damaged, foreign, or of other settings."""
    remedy = f"compute it again with: python -m fpkit run {path.stem}"
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            if about["format"] != FORMAT:
                raise KeyError(f"format {FORMAT!r}")
            arrays = {key: file[key] for key in ARRAYS}
            names = [key for key in file.files if key.startswith(SERIES)]
            series = {name.removeprefix(SERIES): file[name] for name in names}
    except FileNotFoundError:
        raise ResultError(f"{path} does not exist; {remedy}") from None
    except KeyError as missing:
        raise ResultError(f"{path} is not a stored result: no {missing}; {remedy}") from None
    except (BadZipFile, ValueError, OSError, EOFError) as error:
        raise ResultError(f"{path} is damaged ({error}); {remedy}") from error
    wanted = _plain(experiments.get(about["name"]).settings)
    for key in sorted({*wanted, *about["settings"]}):
        stored, asked = about["settings"].get(key), wanted.get(key)
        if stored != asked:
            raise ResultError(
                f"{path} was computed with {key}={stored!r}, the experiment now says {asked!r}; "
                f"{remedy}"
            )
    return Result(about["name"], about["settings"], about["provenance"], **arrays, series=series)


def replay(
    name: str, *, records: int = 6, tolerance: float = 0.02, progress: bool = False
) -> float:
    """Run the first ``records`` records of a stored result again and compare.

    Returns the largest deviation: of the losses, relative to the stored ones, and of the relative
    errors Δ_F, absolute. Raises ResultError if it is above ``tolerance``.

    The numbers are not compared bit by bit, because the order of floating-point sums depends on
    the machine and its number of threads, and training amplifies the difference.
    """
    stored = load(folder() / f"{experiments.get(name).name}.npz")
    every = int(stored.steps[1])
    fresh = run(name, steps=every * (records - 1), progress=progress)
    losses, errors = stored.losses[:, :records], stored.errors[:, :records]
    deviation = max(
        float(np.max(np.abs(fresh.losses - losses) / losses)),
        float(np.max(np.abs(fresh.errors - errors), initial=0.0)),
    )
    if not deviation <= tolerance:
        raise ResultError(
            f"{name}: the first {records} records differ from the stored ones by {deviation:.3g} "
            f"(tolerance {tolerance:g}); if the change is meant, run: python -m fpkit run {name}"
        )
    return deviation


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they come back from JSON: tuples and ranges become lists."""
    return json.loads(json.dumps(settings, default=list))


def _check_writable(path: Path) -> None:
    """Fail before a long run, not after it."""
    try:
        replace_file(path / "write-test", lambda temporary: temporary.touch())
        (path / "write-test").unlink()
    except OSError as error:
        raise ResultError(f"cannot write to {path}: {error.strerror or error}") from error
