"""The claim about two waves (row R100)."""

from __future__ import annotations

from fpkit.reproduce import order_row

R100 = order_row(
    "of two waves of one height, the slow one is learned first",
    ["slow_and_fast"],
    control="tiny_and_fast",
)
