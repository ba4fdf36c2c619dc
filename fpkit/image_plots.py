"""Figures of networks that learn an image: pictures, and how many rows are learned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from . import checks, plots

__all__ = ["pictures", "rows_learned"]


def pictures(
    axes: Sequence[Axes], images: ArrayLike, titles: Sequence[str], *, row: int | None = None
) -> None:
    """Draw images ``(P, H, W)`` side by side, black to white as the first; what lies outside clips.

    ``row`` marks a row by a dashed line in each.
    """
    values = checks.real_array("images", images, ndim=(3,)).astype(np.float64)
    if not len(axes) == len(values) == len(titles):
        raise ValueError(
            f"axes, images, titles: expected as many of each, got {len(axes)}, {len(values)}, "
            f"{len(titles)}"
        )
    for ax, image, title in zip(axes, values, titles, strict=True):
        ax.imshow(image, cmap="gray", vmin=values[0].min(), vmax=values[0].max())
        if row is not None:
            ax.axhline(row, color=plots.ORANGE, linewidth=1, linestyle="--")
        ax.set(title=title, xticks=[], yticks=[])
        ax.spines[:].set_visible(False)


def rows_learned(ax: Axes, steps: ArrayLike, shares: ArrayLike) -> None:
    """Draw the share of rows that have learned each peak, ``(K, R)``, lowest peak first."""
    learned = checks.real_array("shares", shares, ndim=(2,))
    for i, (share, shade) in enumerate(
        zip(learned, plots.frequency_colors(range(len(learned))), strict=True)
    ):
        ax.plot(steps, share, color=shade, label=f"peak {i + 1}")
    ax.set(xlabel="training step", ylabel="share of rows", ylim=(0, 1.05))
    ax.legend()
