"""What an erratum is: printed and false as meant, what holds, and a computation that decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Erratum"]


@dataclass(frozen=True)
class Erratum:
    """One statement of a source that is false as its authors mean it.

    Attributes
    ----------
    number
        As on the page, such as "6b".
    source
        Which paper and where in it.
    subject
        What it is about, in a few words.
    measured
        What the two numbers of ``decide`` are.
    chapter
        The chapter that has the whole story.
    decide
        Computes how far the printed statement is from what is found independently, and how far
        the one that holds is.

    """

    number: str
    source: str
    subject: str
    measured: str
    chapter: str
    decide: Callable[[], tuple[float, float]]
