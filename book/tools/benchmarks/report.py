"""Rows of the tables, as text and for a page."""

from __future__ import annotations

from collections.abc import Iterable

from book.tools.benchmarks.race import Row

__all__ = ["markdown", "text"]

TITLES = ("", "time", "ratio (quartiles)", "wanted", "memory")


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
