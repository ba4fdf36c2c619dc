"""The file of a stored result: how it is written, read and checked.

One ``.npz`` without pickle: what was asked (settings), what came out (losses and relative errors
at every record, outputs at some records as float16), where it came from (provenance), and a
checksum of each array, so that a number that was changed afterwards is found whichever it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..files import DAMAGE, save_arrays
from . import chapters

__all__ = ["MissingError", "Result", "ResultError", "checksum", "load", "plain", "save"]

FORMAT = "fpkit-result-2"


class ResultError(ValueError):
    """A stored result cannot be read, does not fit the code, or cannot be written."""


class MissingError(ResultError):
    """There is no stored result."""


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
    frames, eval_x, outputs
        Some of the steps ``(F,)``, and the outputs there at ``eval_x`` ``(M,)`` for the first
        members, ``(S' ≤ S, F, M)``.
    phase
        Position of each recorded point in cycles ``(M,)`` (see `fpkit.reproduce.Trial`).
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
    eval_x: NDArray
    outputs: NDArray
    phase: NDArray
    series: Mapping[str, NDArray]

    def frame_near(self, step: float) -> int:
        """Return which of the kept ``frames`` is nearest to a step."""
        return int(np.abs(self.frames - step).argmin())


ARRAYS = ("x", "y", "peaks", "steps", "losses", "errors", "frames", "eval_x", "outputs", "phase")

SERIES = "series/"


def save(result: Result, path: Path) -> None:
    """Write a result atomically: ``path`` stays as it was if anything goes wrong."""
    arrays = {key: getattr(result, key) for key in ARRAYS}
    arrays |= {f"{SERIES}{name}": values for name, values in result.series.items()}
    about = {
        "format": FORMAT,
        "name": result.name,
        "settings": result.settings,
        "provenance": result.provenance,
        "checksums": {key: checksum(values) for key, values in arrays.items()},
    }
    try:
        save_arrays(path, json.dumps(about), arrays)
    except OSError as error:
        raise ResultError(
            f"cannot write {path}: {error.strerror or error}; the file is as it was before"
        ) from error


def checksum(values: NDArray) -> str:
    """Return the SHA-256 of an array's type, shape and numbers."""
    digest = hashlib.sha256(f"{values.dtype.str} {values.shape} ".encode())
    digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()


def load(path: Path) -> Result:
    """Read a stored result.

    MissingError if there is none, ResultError if it is damaged, changed, foreign, or of other
    settings.
    """
    remedy = f"compute it again with: python -m fpkit run {path.stem}"
    try:
        # Opened here, because numpy leaves a damaged file open.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            if about["format"] != FORMAT or about["name"] != path.stem:
                raise KeyError(f"result of {path.stem!r} in {FORMAT!r}")
            settings, provenance = dict(about["settings"]), dict(about["provenance"])
            checksums = dict(about["checksums"])
            series = [key for key in file.files if key.startswith(SERIES)]
            arrays = {key: file[key] for key in (*ARRAYS, *series)}
    except FileNotFoundError:
        raise MissingError(f"{path} does not exist; {remedy}") from None
    except KeyError as missing:
        raise ResultError(f"{path} is not a stored result: no {missing}; {remedy}") from None
    except DAMAGE as error:
        raise ResultError(f"{path} is damaged ({error}); {remedy}") from error
    for key in sorted({*arrays, *checksums}):
        if key not in arrays or checksum(arrays[key]) != checksums.get(key):
            raise ResultError(f"{path} was changed: {key} has not the stored checksum; {remedy}")
    named = {key.removeprefix(SERIES): arrays.pop(key) for key in series}
    result = Result(about["name"], settings, provenance, **arrays, series=named)
    _check_settings(result, f"{path} was computed with", remedy)
    _check_shapes(result, f"{path} is damaged", remedy)
    return result


def _check_settings(result: Result, text: str, remedy: str) -> None:
    wanted = plain(chapters.get(result.name).settings)
    for key in sorted({*wanted, *result.settings}):
        stored, asked = result.settings.get(key, "nothing"), wanted.get(key, "nothing")
        if key == "seeds" and stored:  # the first of them will do: the rest may come later
            asked = asked[: len(stored)]
        if stored != asked:
            raise ResultError(
                f"{text} {key}={stored!r}, the experiment now says {asked!r}; {remedy}"
            )


def _check_shapes(result: Result, text: str, remedy: str) -> None:
    for key in ARRAYS:
        if getattr(result, key).ndim == 0:
            raise ResultError(f"{text}: {key} is one number, not an array; {remedy}")
    # One member for each seed, or a whole number of them: a sweep has one in each of its cells.
    seeds, records = len(result.settings["seeds"]), len(result.steps)
    members = seeds * max(1, len(result.losses) // seeds)
    wanted = {
        "losses": (members, records),
        "errors": (members, records, len(result.peaks)),
        "outputs": (min(members, len(result.outputs)), len(result.frames), len(result.eval_x)),
        "phase": (len(result.eval_x),),
    }
    for key, shape in wanted.items():
        if getattr(result, key).shape != shape:
            raise ResultError(
                f"{text}: {key} has shape {getattr(result, key).shape}, not {shape}; {remedy}"
            )


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they come back from JSON: tuples, ranges and arrays become lists."""
    return json.loads(
        json.dumps(settings, default=lambda v: v.tolist() if hasattr(v, "tolist") else list(v))
    )
