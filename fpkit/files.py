"""Files that are written whole or not at all, and folders that can be written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4
from zipfile import BadZipFile
from zlib import error as ZlibError

import numpy as np

__all__ = ["DAMAGE", "check_writable", "replace_file", "save_arrays", "user_path"]

# What numpy and zipfile raise for .npz files with changed or missing bytes.
DAMAGE = (BadZipFile, ValueError, TypeError, OSError, EOFError, ZlibError, RuntimeError)


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


def check_writable(folder: Path, failure: type[Exception] = OSError, argument: str = "") -> None:
    """Make ``folder`` and raise ``failure`` if no file can be written there: before a long run."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        reason = error.strerror or error
        raise failure(f"{argument}cannot write to {folder}: {reason}") from error


def save_arrays(path: Path, about: str, arrays: Mapping[str, Any]) -> None:
    """Write an ``.npz`` file of arrays, and a text ``about`` them, whole or not at all."""

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:  # to a path, numpy would add its ending
            np.savez_compressed(file, about=about, **arrays)

    replace_file(path, write)
