"""Keep the state of a long training on disk, so that an interrupted one goes on where it was."""

from __future__ import annotations

import hashlib
import io
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .files import check_writable, replace_file, user_path

__all__ = ["Checkpoint"]

# Bytes at the beginning of a checkpoint: the SHA-256 of the rest.
CHECKSUM = 32


def _bytes(part: Any) -> bytes:
    if isinstance(part, np.ndarray):  # whose numbers alone may be another array's
        return f"{part.dtype} {part.shape} ".encode() + part.tobytes()
    return repr(part).encode()


class Checkpoint:
    """State of one training in the file ``path``, written at most every ``seconds``.

    ``identity`` lists everything that decides the run (data, initial parameters, settings); a
    file with another identity is refused rather than continued. So is a file of which any byte
    was changed: a run that went on from it would end in other numbers, and nobody would know.
    ValueError if no file can be written there.
    """

    def __init__(self, path: Path, identity: list[Any], seconds: float = 20.0) -> None:
        self.path = user_path("checkpoint", path)
        self.seconds = seconds
        digest = hashlib.sha256()
        for part in identity:
            digest.update(b"|")
            digest.update(_bytes(part))
        self._identity = digest.hexdigest()
        self._saved_at = time.monotonic()
        check_writable(self.path.parent, ValueError, "checkpoint: ")

    def load(self) -> dict[str, Any] | None:
        """Return the saved state, or None if there is no file yet."""
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        checksum, content = raw[:CHECKSUM], raw[CHECKSUM:]
        if checksum != hashlib.sha256(content).digest():  # torch itself compares no checksums
            raise ValueError(f"checkpoint: {self.path} is damaged; delete it")
        # weights_only: tensors and plain containers, never code.
        saved = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        if saved.pop("identity") != self._identity:
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
        buffer = io.BytesIO()
        torch.save({"identity": self._identity, **state}, buffer)
        content = buffer.getvalue()
        full = hashlib.sha256(content).digest() + content
        replace_file(self.path, lambda temporary: temporary.write_bytes(full))
        self._saved_at = time.monotonic()
