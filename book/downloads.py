"""Files of image sets: found where they are, else downloaded, and never trusted unchecked.

A file is looked for in the folder that the environment variable ``FPKIT_DATA`` names, then in the
user's cache folder, and downloaded if it is in neither. Only a file with the known SHA-256 is used.
What an interrupted download has got is kept, and the next one goes on from there.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pooch

from fpkit.files import check_writable, replace_file, user_path

__all__ = ["SHA256", "DataError", "fetch", "find", "own_folder"]

SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
    "cifar-10-binary.tar.gz": "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
}
# Seconds in which a mirror that says nothing is given up.
TIMEOUT = 30
# What HTTP says if a file has no bytes from there on.
NO_SUCH_RANGE = 416
# Errors that say the disk is full, or as full as it may be: another mirror is of no use.
NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}

# Folders that FPKIT_DATA may name by mistake, and how many folders above is the right one.
INNER = {"mnist": 1, "MNIST": 1, "raw": 2, "cifar-10-batches-bin": 1, "cifar-10-batches-py": 1}


class DataError(ValueError):
    """An image set cannot be found, read or downloaded; the message says what to do."""


def own_folder() -> Path | None:
    """Return the folder that ``FPKIT_DATA`` names, if it is set; ``~`` is the user's home."""
    if not (named := os.environ.get("FPKIT_DATA")):
        return None
    try:
        folder = user_path("FPKIT_DATA", named)
    except ValueError as error:
        raise DataError(str(error)) from error
    if not folder.is_dir():
        raise DataError(f"FPKIT_DATA: {folder} is not a folder")
    if depth := INNER.get(folder.name):
        above = folder.parents[depth - 1]
        raise DataError(f"FPKIT_DATA: name the folder above, {above}, instead of {folder}")
    return folder


def _cache_folder() -> Path:
    return Path(pooch.os_cache("fpkit"))


def _is_intact(path: Path) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[path.name]


def find(relative: str) -> Path | None:
    """Return an intact file from ``FPKIT_DATA`` or the cache; None if it must be downloaded."""
    own = own_folder()
    for path in _places(own, relative) if own else ():
        if path.is_file():
            if not _is_intact(path):
                raise DataError(
                    f"{path} is not the known file (its SHA-256 differs): it may be truncated, "
                    "damaged, or of another set; replace it, or unset FPKIT_DATA"
                )
            return path
    cached = _cache_folder() / relative
    return cached if cached.is_file() and _is_intact(cached) else None


def _places(own: Path, relative: str) -> tuple[Path, Path]:
    """Return where a file may be in ``FPKIT_DATA``: as here, or as torchvision keeps MNIST."""
    return own / relative, own / "MNIST" / "raw" / Path(relative).name


def _check_unusable(own: Path, relative: str) -> None:
    """Raise if ``FPKIT_DATA`` has the images of a file, but in a form that is not read."""
    expected = f"expected {relative} in {own}"
    for path in _places(own, relative):
        if path.suffix == ".gz" and path.with_suffix("").is_file():
            raise DataError(f"FPKIT_DATA: {path.with_suffix('')} is unpacked; {expected}")
    pickled = own / "cifar-10-batches-py", own / "cifar-10-python.tar.gz"
    for path in pickled if relative.startswith("cifar-10") else ():
        if path.exists():
            raise DataError(
                f"FPKIT_DATA: {path} is the version for Python, whose pickles may run programs; "
                f"{expected}, or the folder cifar-10-batches-bin"
            )


def fetch(relative: str, mirrors: Sequence[str]) -> Path:
    """Return an intact local file, downloaded if need be; the mirrors are tried in turn."""
    if found := find(relative):
        return found
    if own := own_folder():
        _check_unusable(own, relative)
    target = _cache_folder() / relative
    try:
        check_writable(target.parent)
    except OSError as error:
        raise DataError(
            f"cannot write to {target.parent}: {error.strerror or error}; set FPKIT_DATA to a "
            f"folder that holds {relative}"
        ) from error
    failures = []
    for mirror in mirrors:
        try:
            _download(mirror + target.name, target)
        except (OSError, ValueError) as error:  # no network, or another checksum
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise DataError(f"cannot write {target}: {error.strerror}") from error
            said = (str(error) or repr(error)).splitlines()[0]
            failures.append(f"{mirror}: {said[:120]}")
        else:
            return target
    raise DataError(
        f"{target.name} is neither in FPKIT_DATA nor in {target.parent} and could not be "
        f"downloaded ({'; '.join(failures)}); put the file at {target}, or at {relative} in a "
        "folder that FPKIT_DATA names"
    )


def _download(address: str, target: Path) -> None:
    """Download a file, from where an earlier download of it was interrupted."""
    begun = _kept(target).exists()
    try:
        replace_file(target, lambda temporary: _receive(address, target, temporary))
    except (OSError, ValueError):
        if not begun or _kept(target).exists():
            raise
        # What was there is of no use, with this mirror at least: from the beginning.
        replace_file(target, lambda temporary: _receive(address, target, temporary))


def _kept(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _receive(address: str, target: Path, temporary: Path) -> None:
    """Write the whole of a file; if that is interrupted, keep what has come."""
    with suppress(FileNotFoundError):
        os.replace(_kept(target), temporary)  # so that two downloads do not go on in one file
    try:
        with temporary.open("ab") as file:
            there = file.tell()
            downloader = pooch.HTTPDownloader(
                progressbar="FPKIT_STATIC" not in os.environ,
                timeout=TIMEOUT,
                headers={"Range": f"bytes={there}-"} if there else {},
            )
            downloader(address, file, None)
    except BaseException as error:
        # A mirror that is silent or away says nothing of what is there; one that refuses to go on
        # from there does. A full disk needs the room.
        refused = getattr(getattr(error, "response", None), "status_code", None) == NO_SUCH_RANGE
        no_room = isinstance(error, OSError) and error.errno in NO_ROOM
        if temporary.stat().st_size and not refused and not no_room:
            os.replace(temporary, _kept(target))
        raise
    found = hashlib.sha256(temporary.read_bytes()).hexdigest()
    if found != SHA256[target.name]:
        raise ValueError(f"its SHA-256 hash is {found}, not {SHA256[target.name]}")
