"""Rows of the tables, as text and for a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from book.tools.benchmarks import peer
from book.tools.benchmarks.race import Row

__all__ = ["jax_ratios", "loop_ratios", "markdown", "summary", "text"]

TITLES = ("", "time", "ratio (quartiles)", "wanted", "memory")
SUMMARY = ("points, networks", "fpkit", "plain loop", "notebook loop")
LOOPS = ("plain loop", "notebook loop")
TRAINING = re.compile(r"Training on (\d+) points")
ENSEMBLE = re.compile(r"fpkit, S = (\d+)")
JAX = re.compile(r"N = (\d+), S = (\d+): JAX")

Size = tuple[int, int]  # points and networks


def figures(number: float) -> str:
    """Write a number with three figures and a true minus sign."""
    return f"{number:,.3g}".replace("-", "−")


def together(*words: str) -> str:
    """Join words with spaces at which no line breaks."""
    return "\N{NO-BREAK SPACE}".join(words)


def ratio(row: Row) -> str:
    """Write a row's ratio and its quartiles; a line may only break between the two."""
    numbers = (row.value, row.low, row.high)
    value, low, high = (figures(number) for number in numbers if number is not None)
    return f"{together(value, row.unit)} ({together(low, 'to', high)})"


def cells(row: Row) -> list[str]:
    """Return what stands in each column of `TITLES`."""
    factor, unit = 1e3, "ms"
    if row.seconds is not None and abs(row.seconds) < 1e-3:
        factor, unit = 1e6, "µs"
    bar = "" if row.bar is None else f"{'≤' if row.most else '≥'} {row.bar:g}: "
    return [
        row.what,
        "" if row.seconds is None else together(figures(factor * row.seconds), unit),
        "" if row.value is None else ratio(row),
        bar + {None: "", True: "yes", False: "**no**"}[row.holds],
        "" if row.megabytes is None else together(figures(row.megabytes), "MB"),
    ]


def text(row: Row) -> str:
    """Return a row as a line of text."""
    what, *others = cells(row)
    return f"  {what:<66}" + "".join(f"{cell:>28}" for cell in others)


def markdown(rows: Iterable[Row]) -> str:
    """Return rows as a table, without the columns in which nothing stands."""
    lines = [TITLES, *(cells(row) for row in rows)]
    columns = [column for column in zip(*lines, strict=True) if any(column[1:])]
    head, *body = zip(*columns, strict=True)
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *body))


def loop_ratios(tables: Mapping[str, Sequence[Row]], loop: str = "plain loop") -> dict[Size, float]:
    """Return by points and networks how many times longer than fpkit a loop takes per network.

    It is a quotient of median times, which were taken in turns. (The ratio in the loop's own row is
    to the fastest number of networks only.)
    """
    return {
        size: _times(rows)[loop] / seconds
        for title, rows in tables.items()
        for size, seconds in _ensembles(title, rows).items()
    }


def jax_ratios(tables: Mapping[str, Sequence[Row]], threads: int) -> dict[Size, float]:
    """Return by points and networks how many times longer than fpkit JAX takes."""
    found = {JAX.fullmatch(row.what): row.value for row in tables[peer.title(threads)]}
    return {(int(m[1]), int(m[2])): value for m, value in found.items() if m and value}


def summary(tables: Mapping[str, Sequence[Row]], threads: Sequence[int] = (1, 2)) -> str:
    """Return one table of all trainings: fpkit's time, and how many times longer others take."""
    times = {
        size: seconds
        for title, rows in tables.items()
        for size, seconds in _ensembles(title, rows).items()
    }
    others = [loop_ratios(tables, loop) for loop in LOOPS]
    others += [jax_ratios(tables, count) for count in threads]
    names = [f"JAX, {peer.title(count).rpartition('with ')[2]}" for count in threads]
    lines = [[*SUMMARY, *names], ["---"] + ["---:"] * (len(SUMMARY) + len(names) - 1)]
    for (points, networks), seconds in times.items():
        ratios = [other.get((points, networks)) for other in others]
        told = ["–" if ratio is None else f"{ratio:#.3g}×" for ratio in ratios]
        time = together(f"{1e3 * seconds:#.3g}", "ms")
        lines.append([f"{points}, {networks}", time, *told])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _times(rows: Iterable[Row]) -> dict[str, float]:
    return {row.what: row.seconds for row in rows if row.seconds is not None}


def _ensembles(title: str, rows: Iterable[Row]) -> dict[Size, float]:
    """Return fpkit's times in a table of trainings, by points and networks; of others nothing."""
    points = TRAINING.match(title)
    if not points:
        return {}
    found = {ENSEMBLE.fullmatch(name): seconds for name, seconds in _times(rows).items()}
    return {(int(points[1]), int(m[1])): seconds for m, seconds in found.items() if m}
