"""Keep the state of a long training on disk, so that an interrupted one goes on where it was."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np
import torch

__all__ = ["DAMAGE", "Checkpoint", "check_writable", "replace_file"]

# What numpy and zipfile raise for .npz files with changed or missing bytes.
DAMAGE = (BadZipFile, ValueError, TypeError, OSError, EOFError, ZlibError, RuntimeError)


def replace_file(path: Path, write: Any) -> None:
    """Call ``write(temporary)`` and move the finished file to ``path`` in one step.

    Whatever goes wrong (a full disk, an interruption), ``path`` is either what it was or the
    whole new file, and the temporary one is gone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Make ``folder`` and raise OSError if no file can be written there: before a long run."""
    test = folder / f"write-test.{os.getpid()}"
    replace_file(test, lambda temporary: temporary.touch())
    test.unlink()


class Checkpoint:
    """State of one training in the file ``path``, written at most every ``seconds``.

    ``identity`` lists everything that decides the run (data, initial parameters, settings); a
    file with another identity is refused rather than continued.
    """

    def __init__(self, path: Path, identity: list[Any], seconds: float = 20.0) -> None:
        self.path = Path(path)
        self.seconds = seconds
        digest = hashlib.sha256()
        for part in identity:
            digest.update(b"|")
            digest.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        self._identity = digest.hexdigest()
        self._saved_at = time.monotonic()

    def load(self) -> dict[str, Any] | None:
        """Return the saved state, or None if there is no file yet."""
        if not self.path.exists():
            return None
        try:
            # weights_only: tensors and plain containers, never code.
            saved = torch.load(self.path, weights_only=True)
            identity = saved.pop("identity")
        except Exception as error:  # torch raises whatever the damaged bytes lead it to
            raise ValueError(f"checkpoint: {self.path} is damaged; delete it") from error
        if identity != self._identity:
            raise ValueError(
                f"checkpoint: {self.path} belongs to a run with other settings; "
                "delete it to start anew"
            )
        return saved

    def due(self) -> bool:
        """Tell whether the last save is long enough ago."""
        return time.monotonic() - self._saved_at >= self.seconds

    def save(self, **state: Any) -> None:
        """Write the state atomically."""
        full = {"identity": self._identity, **state}
        replace_file(self.path, lambda temporary: torch.save(full, temporary))
        self._saved_at = time.monotonic()

    def remove(self) -> None:
        """Delete the file: the run is finished."""
        self.path.unlink(missing_ok=True)
