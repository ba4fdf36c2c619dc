"""Files of image sets: found where they are, else downloaded, and never trusted unchecked.

A file is looked for in the folder that the environment variable ``FPKIT_DATA`` names, then in the
user's cache folder, and downloaded if it is in neither. Only a file with the known SHA-256 is used.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pooch

from .checkpoint import check_writable

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
# Errors that say the disk is full, or as full as it may be: another mirror is of no use.
NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


class DataError(ValueError):
    """An image set cannot be found, read or downloaded; the message says what to do."""


def own_folder() -> Path | None:
    """Return the folder that ``FPKIT_DATA`` names, if it is set."""
    named = os.environ.get("FPKIT_DATA")
    if not named:
        return None
    folder = Path(named)
    if not folder.is_dir():
        raise DataError(f"FPKIT_DATA: {folder} is not a folder")
    if folder.name in ("mnist", "cifar-10-batches-bin"):
        raise DataError(f"FPKIT_DATA: name the folder above, {folder.parent}, instead of {folder}")
    return folder


def _cache_folder() -> Path:
    return Path(pooch.os_cache("fpkit"))


def _is_intact(path: Path) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[path.name]


def find(relative: str) -> Path | None:
    """Return an intact file from ``FPKIT_DATA`` or the cache; None if it must be downloaded."""
    own = own_folder()
    if own and (own / relative).is_file():
        if not _is_intact(own / relative):
            raise DataError(
                f"{own / relative} is not the known file (its SHA-256 differs): it may be "
                "truncated, damaged, or of another set; replace it, or unset FPKIT_DATA"
            )
        return own / relative
    cached = _cache_folder() / relative
    return cached if cached.is_file() and _is_intact(cached) else None


def fetch(relative: str, mirrors: Sequence[str]) -> Path:
    """Return an intact local file, downloaded if need be; the mirrors are tried in turn."""
    found = find(relative)
    if found:
        return found
    target = _cache_folder() / relative
    try:
        check_writable(target.parent)
    except OSError as error:
        raise DataError(
            f"cannot write to {target.parent}: {error.strerror or error}; set FPKIT_DATA to a "
            f"folder that holds {relative}"
        ) from error
    pooch.get_logger().setLevel("WARNING")  # it reports each download on stderr
    progress = "FPKIT_STATIC" not in os.environ
    failures = []
    for mirror in mirrors:
        try:
            pooch.retrieve(
                mirror + target.name,
                known_hash=f"sha256:{SHA256[target.name]}",
                fname=target.name,
                path=target.parent,
                downloader=pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT),
            )
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
