"""What fpkit needs beyond its core, and how to get it."""

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["needed_from"]


@contextmanager
def needed_from(extra: str) -> Iterator[None]:
    """Raise ImportError if a package imported inside is missing, with the extra that brings it."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise ImportError(
            f'{missing.name} is not installed; it comes with: pip install "fpkit[{extra}]"',
            name=missing.name,
        ) from missing
