"""Figures of networks that learn an image: pictures, rows and losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from book.natural_image import image_rows
from book.natural_image.experiments import row_spectrum, target_image
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = ["at_losses", "losses", "pictures", "row_at_step", "rows_learned", "snapshots"]

# Readable on a light page and on a dark one: a dark page does not exchange a photograph's colours.
TITLE = "#767676"


def pictures(
    axes: Sequence[Axes], images: ArrayLike, titles: Sequence[str], *, row: int | None = None
) -> None:
    """Draw images ``(P, H, W)`` side by side, black to white as the first; what lies outside clips.

    ``row`` marks a row by a dashed line in each.
    """
    values = validation.real_array("images", images, ndim=(3,)).astype(np.float64)
    if not len(axes) == len(values) == len(titles):
        raise ValueError(
            f"axes, images, titles: expected as many of each, got {len(axes)}, {len(values)}, "
            f"{len(titles)}"
        )
    low, high = values[0].min(), values[0].max()
    for ax, image, title in zip(axes, values, titles, strict=True):
        # Without interpolation a page gets the pixels themselves, which weigh little.
        ax.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="none")
        if row is not None:
            ax.axhline(row, color=plots.ORANGE, linewidth=1, linestyle="--")
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, color=TITLE)
        ax.spines[:].set_visible(False)


def snapshots(axes: Sequence[Axes], result: Result, steps: Sequence[int]) -> None:
    """Draw the photograph and what the first network paints at the kept steps nearest ``steps``.

    ``result`` is one of `book.natural_image.experiments`; its followed row is marked.
    """
    image = target_image(result.settings)
    kept = [result.frame_near(step) for step in steps]
    painted = image_rows.as_images(result.outputs[0, kept].astype(np.float64), image.shape)
    titles = ["photograph", *(f"step {result.frames[frame]:,}" for frame in kept)]
    pictures(axes, [image, *painted], titles, row=result.settings["row"])


def at_losses(
    axes: Sequence[Sequence[Axes]], runs: Mapping[str, Result], losses: Sequence[float]
) -> None:
    """Draw what the first network of each run paints at the same training losses.

    Parameters
    ----------
    axes
        One row of panels per run: the photograph, then one panel per loss.
    runs
        Results of `book.natural_image.experiments` with the same photograph, by what to call them.
    losses
        Mean square errors at the training pixels. Shown is the kept step whose loss is nearest on
        a logarithmic scale.

    """
    if not len(axes) == len(runs):
        raise ValueError(f"axes, runs: expected as many of each, got {len(axes)}, {len(runs)}")
    for row, (name, result) in zip(axes, runs.items(), strict=True):
        image = target_image(result.settings)
        kept = np.log(result.losses[0, np.searchsorted(result.steps, result.frames)])
        nearest = [int(np.abs(kept - np.log(loss)).argmin()) for loss in losses]
        painted = image_rows.as_images(result.outputs[0, nearest].astype(np.float64), image.shape)
        pictures(row, [image, *painted], ["photograph", *(f"error {loss:g}" for loss in losses)])
        row[0].set_ylabel(name, color=TITLE)


def rows_learned(ax: Axes, result: Result) -> None:
    """Draw the share of rows that have learned their first, …, fourth peak, first network."""
    for i, shade in enumerate(plots.frequency_colors(range(4)), start=1):
        ax.plot(result.steps, result.series[f"learned {i}"][0], color=shade, label=f"peak {i}")
    ax.set(xlabel="training step", ylabel="share of rows", ylim=(0, 1.05))
    ax.legend()


def row_at_step(ax: Axes, result: Result, step: int) -> None:
    """Draw the followed row's spectrum, of photograph and first network, at a kept ``step``.

    Over the training pixels; ``step`` is one of ``result.frames``.
    """
    frame = np.flatnonzero(result.frames == step)
    if not len(frame):
        raise ValueError(f"step: expected one of the kept steps, got {step}")
    place = {key: result.settings[key] for key in ("row", "size")}
    target = row_spectrum(target_image(result.settings).ravel(), **place)
    output = row_spectrum(result.outputs[0, frame[0]].astype(np.float64), **place)
    plots.spectrum(ax, target, peaks=result.peaks, floor=1e-3, label="photograph")
    plots.spectrum(ax, output, color=plots.BLUE, floor=1e-3, label=f"network, step {step:,}")
    ax.legend()


def losses(ax: Axes, result: Result) -> None:
    """Draw training and test loss of the first network, and what two simple guesses cost.

    The guesses for the test pixels: the same grey everywhere, and the mean of the two training
    pixels beside each.
    """
    image = target_image(result.settings)
    beside = np.square(image_rows.neighbour_mean(image) - image[:, image_rows.TEST]).mean()
    ax.plot(result.steps, result.losses[0], color=plots.BLUE, label="training")
    ax.plot(result.steps, result.series["test_loss"][0], color=plots.ORANGE, label="test")
    ax.axhline(image.var(), color=plots.GREY, linestyle=":", label="constant")
    ax.axhline(beside, color=plots.GREY, linestyle="--", label="neighbours' mean")
    ax.set(yscale="log", xlabel="training step", ylabel="loss")
    ax.legend()
