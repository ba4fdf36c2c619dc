"""Figures of networks that learn an image: pictures, rows and losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.natural_image import image_rows
from book.natural_image.experiments import row_spectrum, target_image
from fpkit import plots, validation
from fpkit.reproduce import Result

__all__ = [
    "all_and_seen",
    "dot",
    "energy_above",
    "losses",
    "pictures",
    "row_at_step",
    "rows_learned",
    "snapshots",
    "two_starts",
]

# A dark page does not exchange a photograph's colours. So what is written beside one has a grey as
# far from white as from a dark page, and is bold.
TITLE: dict[str, Any] = {"color": "#7a7a7a", "fontweight": "bold"}
# So large that a phone shows a strip of pictures in one piece.
LETTERS: dict[Any, Any] = {"axes.titlesize": 11, "axes.labelsize": 11}
# Between two lines so many times apart, on a logarithmic axis, there is no room for a name.
CLOSE = 3


def pictures(
    axes: Sequence[Axes],
    images: ArrayLike,
    titles: Sequence[str],
    *,
    row: int | None = None,
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw images ``(P, H, W)`` side by side; what lies outside ``limits`` is black or white.

    Without ``limits`` they are those of the first. ``row`` marks a row by a dashed line in each.
    """
    values = validation.real_array("images", images, ndim=(3,), finite=False).astype(np.float64)
    if not len(axes) == len(values) == len(titles):
        raise ValueError(
            f"axes, images, titles: expected as many of each, got {len(axes)}, {len(values)}, "
            f"{len(titles)}"
        )
    low, high = limits or (values[0].min(), values[0].max())
    # What is left out has one grey on a light page and on a dark one.
    greys = plots.plt.get_cmap("gray").with_extremes(bad=plots.GREY)
    for ax, image, title in zip(axes, values, titles, strict=True):
        # Without interpolation a page gets the pixels themselves, which weigh little.
        ax.imshow(image, cmap=greys, vmin=low, vmax=high, interpolation="none")
        if row is not None:
            ax.axhline(row, color=plots.ORANGE, linewidth=1, linestyle="--")
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, **TITLE)
        ax.spines[:].set_visible(False)


def snapshots(
    axes: Sequence[Axes], result: Result, steps: Sequence[int], *, seen: bool = False
) -> None:
    """Draw the photograph and what the first network paints at the kept steps nearest ``steps``.

    ``result`` is one of `book.natural_image.experiments`; its followed row is marked. With ``seen``
    the training pixels alone are drawn, each twice as wide.
    """
    image = target_image(result.settings)
    kept = [result.frame_near(step) for step in steps]
    painted = image_rows.as_images(result.outputs[0, kept].astype(np.float64), image.shape)
    shown = np.stack([image, *painted])
    titles = ["photo", *(f"step {result.frames[frame]:,}" for frame in kept)]
    if seen:
        shown = np.repeat(shown[..., image_rows.TRAIN], 2, axis=-1)
        titles = ["training pixels", *[""] * len(kept)]
    pictures(axes, shown, titles, row=None if seen else result.settings["row"])


def two_starts(runs: Mapping[str, Result], losses: Sequence[float]) -> Figure:
    """Draw a photograph, the half of it that networks see, and what two of them paint.

    ``runs`` are two results with the same photograph, by what to call them, each in a row; the
    pictures are those of the kept steps whose losses are nearest.
    """
    photo = target_image(next(iter(runs.values())).settings)
    limits = float(photo.min()), float(photo.max())
    half = np.full_like(photo, np.nan)
    half[:, image_rows.TRAIN] = photo[:, image_rows.TRAIN]
    count, titles = len(losses), [f"error {loss:g}" for loss in losses]
    with plots.plt.rc_context(LETTERS):
        fig, axes = plots.plt.subplots(
            len(runs), 2 + count, figsize=(5.2, 2.6), width_ratios=[1, 0.1, *[1] * count]
        )
        for ax in axes[:, 1]:
            ax.remove()  # a gap before what networks paint
        pictures(axes[:, 0], [photo, half], ["photograph", "pixels seen"])
        for row, (name, result) in zip(axes[:, 2:], runs.items(), strict=True):
            pictures(row, _painted_at(result, losses), titles, limits=limits)
            titles = [""] * count
            _name(row[0], name)
    return fig


def all_and_seen(columns: Sequence[tuple[str, Result, float]]) -> Figure:
    """Draw a photograph and what networks paint, below that the half of the pixels that they see.

    A column is what to call it, a result of `book.natural_image.experiments`, all with one
    photograph, and a mean square error at the training pixels: shown is what the first network
    paints at the kept step whose loss is nearest on a logarithmic scale.
    """
    photo = target_image(columns[0][1].settings)
    painted = [_painted_at(result, [loss])[0] for _, result, loss in columns]
    shown = np.stack([photo, *painted])
    limits = float(photo.min()), float(photo.max())
    titles = ["photograph", *(f"{name},\nerror {loss:g}" for name, _, loss in columns)]
    with plots.plt.rc_context(LETTERS):
        fig, axes = plots.plt.subplots(2, len(shown), figsize=(5.2, 3.1))
        for row, images, name in (
            (axes[0], shown, "all pixels"),
            (axes[1], np.repeat(shown[..., image_rows.TRAIN], 2, axis=-1), "pixels seen"),
        ):
            pictures(row, images, [""] * len(images), limits=limits)
            _name(row[0], name)
        for ax, title in zip(axes[0], titles, strict=True):
            ax.set_title(title, loc="center", **TITLE)
    return fig


def _painted_at(result: Result, losses: Sequence[float]) -> NDArray[np.float64]:
    """Return what the first network paints at the kept steps whose losses are nearest."""
    kept = np.log(result.losses[0, np.searchsorted(result.steps, result.frames)])
    nearest = [int(np.abs(kept - np.log(loss)).argmin()) for loss in losses]
    shape = target_image(result.settings).shape
    return image_rows.as_images(result.outputs[0, nearest].astype(np.float64), shape)


def _name(ax: Axes, name: str) -> None:
    """Write a name at the left of a picture."""
    ax.set_ylabel(name, **TITLE)


def rows_learned(ax: Axes, result: Result) -> None:
    """Draw the share of rows that have learned their first, …, fourth peak, first network."""
    for i, shade in enumerate(plots.frequency_colors(range(4)), start=1):
        ax.plot(result.steps, result.series[f"learned {i}"][0], color=shade, label=f"peak {i}")
    ax.set(xlabel="training step", ylabel="share of rows", ylim=(0, 1.05))
    grids.legend_above(ax, 4, handlelength=1, columnspacing=1)


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
    grids.legend_above(ax, 2)


def losses(ax: Axes, result: Result) -> None:
    """Draw training and test loss of the first network, and what two simple guesses cost.

    The guesses for the test pixels: the same grey everywhere, and the mean of the two training
    pixels beside each.
    """
    image = target_image(result.settings)
    beside = np.square(image_rows.neighbour_mean(image) - image[:, image_rows.TEST]).mean()
    test = result.series["test_loss"][0]
    ax.plot(result.steps, result.losses[0], color=plots.BLUE, label="pixels seen")
    ax.plot(result.steps, test, "--", color=plots.BLUE, label="pixels not seen")
    for height, name in ((image.var(), "one grey everywhere"), (beside, "mean of the neighbours")):
        ax.axhline(height, color=plots.GREY, linestyle=":", linewidth=1)
        ax.annotate(
            name, (1, height), xycoords=("axes fraction", "data"), xytext=(0, 3),
            textcoords="offset points", ha="right", color=plots.GREY,
        )  # fmt: skip
    ax.set(yscale="log", xlabel="training step", ylabel="mean squared error")
    grids.legend_above(ax, 2)


def dot(ax: Axes, result: Result) -> None:
    """Draw how much of the dot's contrast every network has, and its loss over the variance."""
    variance = target_image(result.settings).var()
    for values, color, name in (
        (result.series["dot"], plots.BLUE, "contrast of the dot"),
        (result.losses / variance, plots.GREY, "error at the pixels seen"),
    ):
        lines = ax.plot(result.steps, values.T, color=color)
        lines[0].set_label(name)
    ax.axhline(1, color=plots.GREY, linewidth=0.8, linestyle="--")
    ax.set(xlabel="training step", ylabel="share")
    grids.legend_above(ax, 2)


def energy_above(ax: Axes, runs: Mapping[str, Result], photograph: float) -> None:
    """Draw the energy above the Nyquist frequency over the share of training done.

    One line for the first network of each run, by what to call it, and one for ``photograph``.
    The first line is thick. A name stands above its line, or below it if another is close above.
    """
    ends = np.array([run.series["above"][0, -1] for run in runs.values()])
    beside: dict[str, Any] = {"textcoords": "offset points", "ha": "right"}
    for name, run in runs.items():
        above, width = np.maximum(run.series["above"][0], 1e-6), 1 if ax.lines else 2.5
        ax.plot(run.steps / run.steps[-1], above, color=plots.INK, linewidth=width)
        close = ((ends > above[-1]) & (ends < CLOSE * above[-1])).any()
        ax.annotate(
            name, (1, above[-1]), color=plots.INK, xytext=(0, -13 if close else 3), **beside
        )
    ax.axhline(photograph, color=plots.GREY)
    ax.annotate("photograph", (1, photograph), color=plots.GREY, xytext=(0, 3), **beside)
    ax.set(yscale="log", xlabel="share of the training steps", ylabel="energy above")
