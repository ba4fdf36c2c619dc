"""Rows of the tables, as text and for a page."""

from __future__ import annotations

from collections.abc import Iterable

from .race import Row

__all__ = ["markdown", "text"]

TITLES = ("", "time", "ratio (quartiles)", "wanted", "memory")


def cells(row: Row) -> list[str]:
    """Return what stands in each column of `TITLES`."""
    factor, unit = 1e3, "ms"
    if row.seconds is not None and abs(row.seconds) < 1e-3:
        factor, unit = 1e6, "µs"
    bar = "" if row.bar is None else f"{'≤' if row.most else '≥'} {row.bar:g}: "
    return [
        row.what,
        "" if row.seconds is None else f"{factor * row.seconds:,.3g} {unit}",
        "" if row.value is None else f"{row.value:.3g} {row.unit} ({row.low:.3g}–{row.high:.3g})",
        bar + {None: "", True: "yes", False: "**no**"}[row.holds],
        "" if row.megabytes is None else f"{row.megabytes:,.3g} MB",
    ]


def text(row: Row) -> str:
    """Return a row as a line of text."""
    what, *others = cells(row)
    return f"  {what:<66}" + "".join(f"{cell:>24}" for cell in others)


def markdown(rows: Iterable[Row]) -> str:
    """Return rows as a table, without the columns in which nothing stands."""
    lines = [TITLES, *(cells(row) for row in rows)]
    columns = [column for column in zip(*lines, strict=True) if any(column[1:])]
    head, *body = zip(*columns, strict=True)
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *body))
