"""Figures of labels along a line through the space of images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from book import grids
from book.datasets import ImageSet
from book.principal_component import claims
from fpkit import plots, validation
from fpkit.convergence import convergence_step
from fpkit.reproduce import Result

__all__ = [
    "components",
    "gallery",
    "hill",
    "seems_learned",
    "sizes",
    "spectrum_parts",
    "steps_of_learning",
]


def seems_learned(result: Result, member: int = 0) -> Figure:
    """Draw labels along the line, and a network at the end: as they are, and without their mean."""
    line = claims.on_a_line(result, member=member)
    fig, axes = plots.plt.subplots(2, sharex=True, figsize=(grids.WIDTH, 3.8))
    titles = {"labels as they are": ("output", False), "the mean taken off": ("output", True)}
    for ax, (title, which) in zip(axes, titles.items(), strict=True):
        i = claims.SHOWN.index(which)
        ax.plot(line.x, line.y[i], **plots.TARGET)
        ax.plot(line.x, line.outputs[i, -1], color=plots.BLUE, linewidth=1.5)
        ax.set(title=title, yticks=[0])
        ax.spines["left"].set_visible(False)
    axes[-1].set_xlabel("place on the line")
    return fig


def spectrum_parts(ax: Axes, result: Result) -> None:
    """Draw the spectra of the labels, of the constant predictor, and of the labels without mean."""
    raw, constant = (np.abs(claims.spectrum(result, of)[0, 0, 0]) for of in ("labels", "constant"))
    centred = np.abs(claims.spectrum(result, "labels", centred=True)[0, 0, 0])
    floor = result.series["floor first"][0, 0]
    for name, size, style, color in (
        ("labels as they are", raw, "-", plots.BLUE),
        ("constant predictor", constant, "--", plots.GREY),
        ("mean taken off", centred, "-.", plots.BLUE),
        ("chance", floor, ":", plots.GREY),
    ):
        plots.spectrum(ax, size, color=color, linestyle=style, label=name)
    grids.legend_above(ax, 2)


def gallery(images: ImageSet, p: ArrayLike, t: ArrayLike) -> Figure:
    """Draw the direction as an image, and eight images in the order of their places ``t``."""
    direction, place = validation.real_array("p", p), validation.real_array("t", t)
    wanted = np.linspace(0.05, 0.95, 8)
    nearest = [int(np.abs(place - at).argmin()) for at in wanted]
    fig, axes = plots.plt.subplots(3, 3, figsize=(grids.WIDTH * 0.75, 4))
    size = np.abs(direction).max()
    axes[0, 0].imshow(direction.reshape(images.shape), cmap="PRGn", vmin=-size, vmax=size)
    axes[0, 0].set_title("p")
    for ax, at, which in zip(axes.flat[1:], wanted, nearest, strict=True):
        ax.imshow(images.images[which].reshape(images.shape), cmap="gray_r")
        ax.set_title(f"{at:.2f}")
    for ax in axes.flat:
        ax.set_axis_off()
    return fig


def hill(images: ImageSet, t: ArrayLike) -> Figure:
    """Draw how many images lie at each place, and their mean label, where they are more than 4."""
    edges = np.linspace(0, 1, 31)
    count, _ = np.histogram(t, edges)
    total, _ = np.histogram(t, edges, weights=images.labels)
    middle, many = (edges[1:] + edges[:-1]) / 2, count > 4
    fig, (above, below) = plots.plt.subplots(2, sharex=True, figsize=(grids.WIDTH, 3.8))
    above.plot(middle, count, color=plots.GREY)
    above.set_ylabel("images")
    below.plot(middle[many], total[many] / count[many], color=plots.BLUE)
    below.axhline(images.labels.mean(), color=plots.GREY, linestyle="--")
    below.set(xlabel="place t", ylabel="mean label")
    return fig


def steps_of_learning(panels: Mapping[str, tuple[NDArray, NDArray, NDArray]]) -> Figure:
    """Draw the step at which each component is learned, one panel for each, by what to call it.

    Each panel has steps ``(R,)``, errors ``(S, R, K)`` and the components' frequencies ``(K,)``.
    """
    fig, axes = plots.plt.subplots(
        len(panels), squeeze=False, figsize=(grids.WIDTH, 2.3 * len(panels))
    )
    for ax, (name, (steps, error, k)) in zip(axes.flat, panels.items(), strict=True):
        plots.order(ax, convergence_step(steps, error, claims.LIMIT), k)
        ax.set(title=name, xlabel="")
    axes[-1, 0].set_xlabel("frequency index k")
    return fig


def components(result: Result) -> Figure:
    """Draw the errors of a panel's first network, of the components that stand above chance."""
    k = claims.above(result, "first even")
    fig, ax = plots.plt.subplots(figsize=(grids.WIDTH, 2.8))
    delta = claims.error(result, "first even")[0][:, k - 1]
    plots.convergence(ax, result.steps, delta, k, threshold=claims.LIMIT)
    return fig


def sizes(ax: Axes, k: ArrayLike, size: ArrayLike) -> None:
    """Draw the size of each component of the labels ``(K,)``."""
    modes = validation.whole_array("k", k, least=1)
    values = validation.real_array("size", size)
    validation.same_shape("size", values, modes.shape, "one for each component")
    ax.plot(modes, values, color=plots.GREY, linewidth=0.8)
    ax.scatter(modes, values, c=plots.frequency_colors(modes), s=22, zorder=2)
    ax.set(xlabel="frequency index k", ylabel="size", ylim=(0, None))
