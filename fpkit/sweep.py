"""Run a function over every combination of settings, in any number of processes or machines.

Every finished cell is a file of its own, so that a sweep that was interrupted goes on where it was.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from .cell_files import Arrays, Cell, Function, identify_function
from .engines import Engine, Outcomes, SweepError, engine
from .files import check_writable, user_path

__all__ = ["Sweep", "SweepError", "sweep"]

# So many cells that failed are named.
NAMED = 10


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
    executor: int | Executor | Any = None,
    progress: bool = True,
) -> Sweep:
    """Call ``function(**settings)`` for every combination of the values in ``grid``.

    Each result is written to ``folder`` as soon as it is there. A cell whose file is there already
    is read and not run; a file that is damaged, or not of this cell, is named in a warning and its
    cell is run again. So after whatever stopped a sweep, the same call goes on with the rest.

    A file belongs to the function, as `fpkit.identity.identify` tells it, and to its settings,
    with those that a `functools.partial` fixes. If you edit the function, all cells run anew. What
    it uses of other files is not compared: if that changes, take a new folder.

    Parameters
    ----------
    function
        Takes settings by name and returns arrays by name: the same names, of the same shapes, for
        all settings. It has a name of its own, so it is no lambda and not defined in another
        function. Processes have to import it, so it is not defined in a notebook.
    grid
        The values of each setting: text, numbers, True, False or None.
    folder
        Where the cells are kept; made if missing.
    executor
        Where cells run. None: one after the other in this process. A number: in so many processes
        of this computer, each with one thread; a script calls ``sweep`` under ``if __name__ ==
        "__main__":``, because they read it again. A Dask client: on its cluster. An executor with
        the interface of `concurrent.futures`: there, but a ``ProcessPoolExecutor`` is refused,
        since it ends with the first process that dies. It is not shut down.
    progress
        Show a progress bar. Never shown while the book is built, when nobody watches.

    Raises
    ------
    ValueError
        If the grid is empty, has a value twice, or values that JSON cannot hold; if the function
        cannot be told from others; or if cells differ in their names or shapes.
    SweepError
        If ``folder`` cannot be written; or if cells failed, after all others are finished: it
        names them, and has the error of the first as its cause. A cell that kills its process
        has failed. On a Dask cluster, it has if its workers die when it runs alone.
    KeyboardInterrupt
        If it is stopped by hand: finished cells are in ``folder``.

    """
    axes, place = _axes(grid), user_path("folder", folder)
    products, identity = product(*axes.values()), identify_function(function)
    settings = [dict(zip(axes, values, strict=True)) for values in products]
    cells = [Cell(function, identity, each, place) for each in settings]
    check_writable(place, SweepError)
    stored = {i: cell.read() for i, cell in enumerate(cells)}
    found = {i: arrays for i, arrays in stored.items() if arrays is not None}
    missing = {i: cell for i, cell in enumerate(cells) if i not in found}
    hidden = not progress or "FPKIT_STATIC" in os.environ
    with (
        tqdm(total=len(cells), initial=len(found), desc="sweep", delay=1, disable=hidden) as bar,
        engine(missing, executor) as running,
    ):
        failed = _gather(running, cells, found, bar)
    if failed:
        raise _error(cells, failed, place) from failed[min(failed)]
    _check_alike(cells, found)
    shape = tuple(len(values) for values in axes.values())
    stacked = {name: np.stack([found[i][name] for i in range(len(cells))]) for name in found[0]}
    return Sweep(axes, {name: s.reshape(shape + s.shape[1:]) for name, s in stacked.items()})


def _gather(
    running: Engine, cells: Sequence[Cell], found: dict[int, Arrays], bar: Any
) -> dict[int, BaseException]:
    """Write what comes of the cells, and add it to ``found``; return the errors of the others."""
    failed: dict[int, BaseException] = {}
    arrived: Outcomes = {}

    def keep() -> None:
        while arrived:
            i, outcome = next(iter(arrived.items()))
            if isinstance(outcome, BaseException):
                failed[i] = outcome
            else:
                cells[i].write(outcome)
                found[i] = outcome
            del arrived[i]
            bar.update()

    try:
        while running.busy():
            arrived |= running.done()
            keep()
    except KeyboardInterrupt as stop:
        # What has come before the interruption, or during it, is kept as well.
        arrived |= running.stop()
        keep()
        raise KeyboardInterrupt(
            f"{len(found)} of {len(cells)} cells are in {cells[0].path.parent}: the same call "
            "runs what is missing"
        ) from stop
    return failed


def _error(cells: Sequence[Cell], failed: Mapping[int, BaseException], folder: Path) -> SweepError:
    first, *_ = numbers = sorted(failed)
    names = "; ".join(str(cells[i]) for i in numbers[:NAMED]) + "; …" * (len(numbers) > NAMED)
    return SweepError(
        f"{len(failed)} of {len(cells)} cells failed: {names}. The first said "
        f"{failed[first]!r}. The others are in {folder}: the same call runs what is missing"
    )


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


def _check_alike(cells: Sequence[Cell], found: Mapping[int, Arrays]) -> None:
    wanted = {name: values.shape for name, values in found[0].items()}
    for i, cell in enumerate(cells):
        got = {name: values.shape for name, values in found[i].items()}
        if got != wanted:
            raise ValueError(
                f"function: expected the same names and shapes in every cell, got {wanted} for "
                f"{cells[0]} and {got} for {cell}"
            )
