"""Checks for the exercises of the chapter on two waves."""

from __future__ import annotations

from typing import Any

from book.answers import expect, whole


def full_waves(answer: Any) -> None:
    """A whole number: the frequency index of the faster wave."""
    got = whole(answer)
    expect(got != 6, "Count whole waves: one goes up and down.")
    expect(got == 3, "How long is one of these waves, and how long is the interval?")
