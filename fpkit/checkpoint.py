"""Keep the state of a long training on disk, so that an interrupted one goes on where it was."""

from __future__ import annotations

import hashlib
import io
import os
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np
import torch

__all__ = ["DAMAGE", "Checkpoint", "check_writable", "replace_file", "user_path"]

# What numpy and zipfile raise for .npz files with changed or missing bytes.
DAMAGE = (BadZipFile, ValueError, TypeError, OSError, EOFError, ZlibError, RuntimeError)

# Bytes at the beginning of a checkpoint: the SHA-256 of the rest.
CHECKSUM = 32


def replace_file(path: Path, write: Any) -> None:
    """Call ``write(temporary)`` and move the finished file to ``path`` in one step.

    Whatever goes wrong (a full disk, an interruption, a second writer), ``path`` is either what it
    was or the whole of one new file, and the temporary one is gone. Only a process that is killed,
    or a power cut, leaves a temporary one behind; it is of no use and no harm.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not the number of the process: two machines that share a folder may have the same.
    temporary = path.with_name(f"{path.name}.{uuid4().hex[:12]}.part")
    try:
        write(temporary)
        with temporary.open("r+b") as written:  # Windows syncs no file that is open to be read
            os.fsync(written.fileno())  # else a power cut may leave the new name on an empty file
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def user_path(argument: str, path: str | Path) -> Path:
    """Return a path that a user gave, in which ``~`` is their home; ValueError if it is nobody's.

    A shell does this only where ``~`` begins a word, and never for what is written in a program.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:  # "~nobody/folder"
        raise ValueError(f"{argument}: {path} names a home that is not there") from error


def check_writable(folder: Path) -> None:
    """Make ``folder`` and raise OSError if no file can be written there: before a long run."""
    folder.mkdir(parents=True, exist_ok=True)
    TemporaryFile(dir=folder).close()


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
            digest.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        self._identity = digest.hexdigest()
        self._saved_at = time.monotonic()
        try:
            check_writable(self.path.parent)
        except OSError as error:
            text = f"checkpoint: cannot write to {self.path.parent}: {error.strerror or error}"
            raise ValueError(text) from error

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
        saved = torch.load(io.BytesIO(content), weights_only=True)
        identity = saved.pop("identity")
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
        buffer = io.BytesIO()
        torch.save({"identity": self._identity, **state}, buffer)
        content = buffer.getvalue()
        full = hashlib.sha256(content).digest() + content
        replace_file(self.path, lambda temporary: temporary.write_bytes(full))
        self._saved_at = time.monotonic()
