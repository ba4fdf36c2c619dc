"""Run a function over every combination of settings, in any number of processes or machines.

Every finished cell is a file of its own, so that a sweep that was interrupted goes on where it was.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from .cells import Arrays, Cell, Function
from .checkpoint import check_writable

__all__ = ["Sweep", "SweepError", "sweep"]

# So many cells that failed are named.
NAMED = 10


class SweepError(RuntimeError):
    """A sweep cannot begin, or some of its cells failed: the others are finished and on disk."""


@dataclass(frozen=True)
class Sweep:
    """What a function returned in every cell of a grid.

    Attributes
    ----------
    grid
        The values of each setting, in the order of the axes.
    values
        For each name an array ``(G₁, G₂, …, *shape)``: one axis for each setting, of as many
        entries as it has values, and then the axes of what the function returned.

    """

    grid: dict[str, tuple[Any, ...]]
    values: Arrays


def sweep(
    function: Function,
    grid: Mapping[str, Sequence[Any]],
    *,
    folder: str | Path,
    executor: Executor | None = None,
    progress: bool = True,
) -> Sweep:
    """Call ``function(**settings)`` for every combination of the values in ``grid``.

    Each result is written to ``folder`` as soon as it is there. A cell whose file is there already
    is read and not run; a file that is damaged, or not of this cell, is named in a warning and its
    cell is run again. So after whatever stopped a sweep, the same call goes on with the rest.

    A file belongs to the function's name and to its settings, with those that a
    `functools.partial` fixes. The code of the function is not compared: if it changes, take a new
    folder.

    Parameters
    ----------
    function
        Takes settings by name and returns arrays by name: the same names, of the same shapes, for
        all settings. With processes it has to be importable, so not defined in a notebook.
    grid
        The values of each setting: text, numbers, True, False or None.
    folder
        Where the cells are kept; made if missing.
    executor
        Anything with the interface of `concurrent.futures`, such as a ``ProcessPoolExecutor`` or
        Dask's ``client.get_executor()``, which runs a cell whose worker died again on another one.
        None runs one cell after the other in this process. It is not shut down.
    progress
        Show a progress bar. Never shown while the book is built, when nobody watches.

    Raises
    ------
    ValueError
        If the grid is empty, has a value twice, or values that JSON cannot hold; or if cells
        differ in their names or shapes.
    SweepError
        If ``folder`` cannot be written; or if cells failed, after all others are finished: it
        names them, and has the error of the first as its cause.

    """
    axes, place = _axes(grid), Path(folder)
    products = product(*axes.values())
    cells = [Cell(function, dict(zip(axes, values, strict=True)), place) for values in products]
    try:
        check_writable(place)
    except OSError as error:
        raise SweepError(f"cannot write to {folder}: {error.strerror or error}") from error
    stored = {i: cell.read() for i, cell in enumerate(cells)}
    found = {i: arrays for i, arrays in stored.items() if arrays is not None}
    missing = {i: cell for i, cell in enumerate(cells) if i not in found}
    failed: dict[int, Exception] = {}
    hidden = not progress or "FPKIT_STATIC" in os.environ
    with (
        tqdm(total=len(cells), initial=len(found), desc="sweep", delay=1, disable=hidden) as bar,
        closing(_results(missing, executor)) as results,
    ):
        for i, result in results:
            try:
                arrays = result()
            except Exception as error:  # whatever the function, or what runs it, may raise
                failed[i] = error
            else:
                cells[i].write(arrays)
                found[i] = arrays
            bar.update()
            # What is on disk is let go: a cluster would compute it again when its worker dies.
            del result
    if failed:
        first, *_ = numbers = sorted(failed)
        names = "; ".join(str(cells[i]) for i in numbers[:NAMED]) + "; …" * (len(numbers) > NAMED)
        raise SweepError(
            f"{len(failed)} of {len(cells)} cells failed: {names}. The first said "
            f"{failed[first]!r}. The others are in {folder}: the same call runs what is missing"
        ) from failed[first]
    _check_alike(cells, found)
    shape = tuple(len(values) for values in axes.values())
    stacked = {name: np.stack([found[i][name] for i in range(len(cells))]) for name in found[0]}
    return Sweep(axes, {name: s.reshape(shape + s.shape[1:]) for name, s in stacked.items()})


def _axes(grid: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Any, ...]]:
    """Return the grid with plain Python values, checked."""
    if not grid:
        raise ValueError("grid: expected at least one setting with its values, got none")
    axes = {}
    for name, values in grid.items():
        if isinstance(values, (str, bytes)) or not isinstance(values, (Sequence, np.ndarray)):
            raise ValueError(f"grid: expected a list of values for {name!r}, got {values!r}")
        plain = tuple(v.item() if isinstance(v, np.generic) else v for v in values)
        for value in plain:
            finite = not isinstance(value, float) or np.isfinite(value)
            if not isinstance(value, (str, int, float, type(None))) or not finite:
                raise ValueError(
                    f"grid: expected text, finite numbers, True, False or None for {name!r}, "
                    f"got {value!r}"
                )
        if len({json.dumps(value) for value in plain}) < len(plain):
            raise ValueError(f"grid: {name!r} has a value twice: {plain}")
        if not plain:
            raise ValueError(f"grid: expected at least one value for {name!r}, got none")
        axes[name] = plain
    return axes


def _results(
    cells: Mapping[int, Cell], executor: Executor | None
) -> Iterator[tuple[int, Callable[[], Arrays]]]:
    """Yield each cell's number with a function that returns its result or raises its error."""
    if executor is None:
        yield from ((i, cell.run) for i, cell in cells.items())
        return
    futures: dict[Future[Arrays], int] = {}
    try:
        for i, cell in cells.items():
            try:
                future = executor.submit(cell.run)
            except RuntimeError as error:  # a cell before this one broke the pool
                future = Future()
                future.set_exception(error)
            futures[future] = i
        for future in as_completed(futures):
            yield futures.pop(future), future.result
            del future
    finally:
        for future in futures:
            future.cancel()


def _check_alike(cells: Sequence[Cell], found: Mapping[int, Arrays]) -> None:
    wanted = {name: values.shape for name, values in found[0].items()}
    for i, cell in enumerate(cells):
        got = {name: values.shape for name, values in found[i].items()}
        if got != wanted:
            raise ValueError(
                f"function: expected the same names and shapes in every cell, got {wanted} for "
                f"{cells[0]} and {got} for {cell}"
            )
