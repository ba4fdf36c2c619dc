"""What the checks of all chapters share: the hint, and ways to read an answer.

A check is a function named like its exercise. It takes an answer and returns nothing; it raises
`Hint` if the answer is wrong. The first line of its docstring says what kind of answer is wanted.
It judges what an answer *is or does*, never how it was found, and no hint gives the answer away.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Check", "Hint", "array", "call", "choice", "expect", "number", "whole"]

# What judges the answer to one exercise.
Check = Callable[[Any], None]


class Hint(Exception):
    """An answer is wrong; the message says where to look next."""


def expect(condition: bool | np.bool, hint: str) -> None:
    """Raise `Hint` with ``hint`` unless ``condition`` holds."""
    if not condition:
        raise Hint(hint)


def number(answer: Any) -> float:
    """Return a finite number, from anything that holds just one."""
    values = array(answer)
    expect(values.size == 1, f"Expected one number, got {values.size}.")
    return float(values.reshape(-1)[0])


def whole(answer: Any) -> int:
    """Return a whole number."""
    value = number(answer)
    expect(value == round(value), f"Expected a whole number, got {value:g}.")
    return round(value)


def array(answer: Any, shape: tuple[int | None, ...] | None = None) -> NDArray[np.float64]:
    """Return finite real numbers as an array; None in ``shape`` stands for any length."""
    expect(
        answer is not None, "Got None. If it comes from a function, does that end with `return`?"
    )
    try:
        if hasattr(answer, "numpy"):  # a torch tensor, perhaps with a gradient
            answer = answer.numpy(force=True)
        values = np.asarray(answer)
        expect(not np.iscomplexobj(values), "Expected real numbers, got complex ones.")
        values = values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise Hint(f"Expected numbers, got {type(answer).__name__}.") from None
    expect(bool(np.isfinite(values).all()), "Expected finite numbers, got NaN or infinity.")
    if shape is not None:
        fits = len(shape) == values.ndim and all(
            wanted in (None, got) for wanted, got in zip(shape, values.shape, strict=True)
        )
        sizes = ["any" if n is None else str(n) for n in shape]
        wanted = f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"
        expect(fits, f"Expected an array of shape {wanted}, got {values.shape}.")
    return values


def choice(answer: Any, choices: tuple[str, ...]) -> str:
    """Return one of a few words, whatever its capitals."""
    word = answer.strip().lower() if isinstance(answer, str) else answer
    expect(isinstance(word, str) and word in choices, f"Choose one of {', '.join(choices)}.")
    return word


def call(answer: Any, *arguments: Any) -> Any:
    """Return what the function ``answer`` makes of copies of ``arguments``, which it may change."""
    expect(callable(answer), f"Expected a function, got {type(answer).__name__}.")
    try:
        return answer(*deepcopy(arguments))
    except (Exception, SystemExit) as error:  # whatever a reader's function may raise
        shown = ", ".join(_short(argument) for argument in arguments)
        raise Hint(f"Called with ({shown}), your function raised {_short(error)}.") from None


def _short(value: Any) -> str:
    shape = getattr(value, "shape", None)
    if shape not in (None, ()):
        return f"an array of shape {tuple(shape)}"
    try:
        return repr(value)
    except Exception:  # a reader's class may have a faulty one
        return type(value).__name__
