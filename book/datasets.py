"""Image sets: scikit-learn's digits, which need no network, MNIST and CIFAR-10.

`load` reads the files that `book.downloads` finds or fetches: the IDX files of MNIST, and the
binary version of CIFAR-10, in which nothing has to be unpickled.
"""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.downloads import DataError, fetch, find, own_folder
from fpkit import validation

__all__ = ["FULL", "SETS", "DataError", "ImageSet", "load", "local"]

CLASSES = 10

# How many images the whole sets have.
FULL = {
    "mnist": {"train": 60_000, "test": 10_000},
    "cifar-10": {"train": 50_000, "test": 10_000},
}

MNIST_MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
MNIST_PREFIX = {"train": "train", "test": "t10k"}
MNIST_KINDS = ("images-idx3-ubyte.gz", "labels-idx1-ubyte.gz")
CIFAR_MIRRORS = ("https://www.cs.toronto.edu/~kriz/",)
CIFAR_ARCHIVE, CIFAR_FOLDER = "cifar-10-binary.tar.gz", "cifar-10-batches-bin"


@dataclass(frozen=True)
class ImageSet:
    """Labelled images, one row each.

    Attributes
    ----------
    name
        Such as ``"mnist train"``.
    images
        Pixels in [0, 1], ``(n, pixels)``.
    labels
        Class of each image, 0 … 9, ``(n,)``.
    shape
        Shape of one image: ``(28, 28)``, or ``(3, 32, 32)`` with colours first.
    full
        Number of images of the whole set, of which ``n`` may be a part.

    """

    name: str
    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    shape: tuple[int, ...]
    full: int

    def __len__(self) -> int:
        return len(self.labels)

    def __str__(self) -> str:
        return f"{self.name}: {len(self):,} of {self.full:,} images"

    def first(self, count: int) -> ImageSet:
        """Return the first ``count`` images."""
        if validation.positive_int("count", count) > len(self):
            raise ValueError(f"count: {self.name} has {len(self)} images, got {count}")
        return replace(self, images=self.images[:count], labels=self.labels[:count])

    def only(self, classes: Sequence[int]) -> ImageSet:
        """Return the images of some classes, such as ``[0, 1]``; labels stay what they are."""
        wrong = [c for c in classes if not 0 <= c < CLASSES]
        if wrong or not len(classes):
            raise ValueError(f"classes: expected numbers from 0 to 9, got {list(classes)}")
        chosen = np.isin(self.labels, classes)
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def one_hot(self, *, centred: bool = False) -> NDArray[np.float32]:
        """Return labels as ``(n, 10)``: 1 at the class, else 0; ``centred`` subtracts the mean."""
        table = np.eye(CLASSES, dtype=np.float32)[self.labels]
        return table - table.mean(axis=0) if centred else table


def _read_idx(path: Path) -> NDArray[np.uint8]:
    """Read an IDX file: two zero bytes, type 8, the number of axes, their lengths, the bytes."""
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise DataError(f"{path} is damaged: {error}") from error
    axes = raw[3] if len(raw) > 3 else 0
    if raw[:3] != b"\0\0\x08" or not axes:
        raise DataError(f"{path} is not an IDX file of bytes: it begins with {raw[:4].hex(' ')}")
    start = 4 + 4 * axes
    shape = tuple(int(n) for n in np.frombuffer(raw[4:start], ">u4"))
    if len(raw) - start != np.prod(shape):
        raise DataError(f"{path}: {shape} announced, {len(raw) - start} bytes found")
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def _image_set(name: str, pixels: ArrayLike, labels: ArrayLike, full: int) -> ImageSet:
    pixels, labels = np.asarray(pixels), np.asarray(labels).astype(np.int64)
    if len(pixels) != len(labels):
        raise DataError(f"{name}: {len(pixels)} images but {len(labels)} labels")
    if labels.max() >= CLASSES:
        raise DataError(f"{name}: expected labels from 0 to 9, got {labels.max()}")
    images = pixels.reshape(len(pixels), -1).astype(np.float32) / np.float32(255)
    return ImageSet(name, images, labels, pixels.shape[1:], full)


def _mnist(part: str) -> ImageSet:
    images, labels = (
        _read_idx(fetch(f"mnist/{MNIST_PREFIX[part]}-{kind}", MNIST_MIRRORS))
        for kind in MNIST_KINDS
    )
    return _image_set(f"mnist {part}", images, labels, FULL["mnist"][part])


def _cifar(part: str) -> ImageSet:
    """Read the binary version, from loose files (perhaps a part of it) or from the archive."""
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] if part == "train" else ["test_batch.bin"]
    own = own_folder()
    if own and (own / CIFAR_FOLDER).is_dir():
        folder = own / CIFAR_FOLDER
        parts = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
        if not parts:
            raise DataError(f"{folder}: expected {names[0]}, found no file of the {part} images")
    else:
        folder = fetch(CIFAR_ARCHIVE, CIFAR_MIRRORS)
        with tarfile.open(folder) as archive:
            members = {name: archive.extractfile(f"{CIFAR_FOLDER}/{name}") for name in names}
            parts = {name: member.read() for name, member in members.items() if member}
    for name, content in parts.items():
        if not content or len(content) % 3073:
            raise DataError(
                f"{folder}/{name} is damaged: {len(content)} bytes are not images of 3,073"
            )
    rows = np.frombuffer(b"".join(parts.values()), np.uint8).reshape(-1, 3073)
    full = FULL["cifar-10"][part]
    images = _image_set(f"cifar-10 {part}", rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0], full)
    if len(images) < full:
        print(f"{images} in {folder}")
    return images


def _digits(part: str) -> ImageSet:
    """Return scikit-learn's digits; the first 1,500 serve for training (our choice)."""
    import sklearn.datasets  # takes longer to load than all of fpkit

    bunch = sklearn.datasets.load_digits()
    chosen = slice(1_500) if part == "train" else slice(1_500, None)
    labels = bunch.target[chosen]
    images = (bunch.data[chosen] / 16).astype(np.float32)
    return ImageSet(f"digits {part}", images, labels, (8, 8), len(labels))


SETS: dict[str, Callable[[str], ImageSet]] = {
    "digits": _digits,
    "mnist": _mnist,
    "cifar-10": _cifar,
}


def load(name: str = "digits", part: str = "train") -> ImageSet:
    """Return an image set: ``"digits"``, ``"mnist"`` or ``"cifar-10"``, train or test part.

    ``FPKIT_DATA`` holds ``mnist/*.gz`` (the four IDX files; or ``MNIST/raw/*.gz``, where
    torchvision puts them) and ``cifar-10-batches-bin/*.bin`` or ``cifar-10-binary.tar.gz``. A part
    of CIFAR-10 is used as it is, and its size is printed.

    Raises
    ------
    DataError
        If a file is missing and cannot be downloaded, or is not what it should be. Files in
        ``FPKIT_DATA`` are never changed.

    """
    validation.known("part", part, ("train", "test"))
    return SETS[validation.known("name", name, SETS)](part)


def local(name: str) -> bool:
    """Tell whether `load` would find the set ``name`` without a download."""
    own = own_folder()
    if validation.known("name", name, SETS) == "digits":
        return True
    if name == "mnist":
        files = [f"mnist/{p}-{kind}" for p in MNIST_PREFIX.values() for kind in MNIST_KINDS]
        return all(find(file) for file in files)
    return bool((own and (own / CIFAR_FOLDER).is_dir()) or find(CIFAR_ARCHIVE))
