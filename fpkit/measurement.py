"""What was learned at which frequency: a record of anything that was trained, by band."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import spectra, validation
from .bands import Bands, Edges, bands_of, plural
from .convergence import convergence_step, rank_correlation, settling_step
from .files import DAMAGE, save_arrays, user_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .widgets.scrubber.scrubber import Scrubber

__all__ = ["Measurement", "measure"]

FORMAT = "fpkit-measurement-1"
# A band with less than this part of the target's power is not followed: there is nothing to learn,
# and nothing that an error could be relative to.
LEAST_SHARE = 1e-6
# A band of scattered points is followed if its power is so many times what leakage may add to it
# and such a part of all; an error of less than so many times that leakage is not told.
CERTAIN, FAINT, TOLD = 5, 1e-3, 2
# If more than this part of the target's power is in no band that is followed, that is told.
REST = 0.01
# Height of a label of the figure, as a part of that of its axes.
LABEL = 0.06
SIZES = 0.1, 5  # of inputs (root mean square) that a network learns well from; ours, from a try
# So many peaks of a target in one dimension are followed one by one, else its octaves.
MOST_PEAKS = 12
KEPT = "x", "y", "steps", "losses", "errors", "frames", "outputs", "edges", "shares", "floors"


@dataclass(frozen=True)
class Measurement:
    """How far what was trained is from its target, band by band; R records, B bands, F frames.

    Attributes
    ----------
    x, y
        Points ``(N, d)`` and what was to be learned there, ``(N, outputs)``.
    steps
        When it was looked at, ``(R,)``.
    losses
        Mean square of output minus target, ``(R,)``, whatever was minimised.
    errors, floors
        Δ_F = (Σ|F[y] - F[T]|² / Σ|F[y]|²)^½ over each band and all outputs, ``(R, B)``. Of a single
        frequency it is |F[y] - F[T]| / |F[y]|. On scattered points none is below its floor, with
        twice the `fpkit.bands.Bands.leakage` of y - T above the line: less cannot be told.
    frames, outputs
        Some of the steps ``(F,)``, and the outputs there, ``(F, N, outputs)``.
    edges
        Smallest and largest frequency |k| of each band, in cycles per domain, ``(B, 2)``.
    shares
        Part of the target's power (without its mean) that lies in each band, ``(B,)``.
    window
        With which window (see `fpkit.bands`).

    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    steps: NDArray
    losses: NDArray[np.float64]
    errors: NDArray[np.float64]
    floors: NDArray[np.float64]
    frames: NDArray
    outputs: NDArray[np.float32]
    edges: NDArray[np.float64]
    shares: NDArray[np.float64]
    window: str = "none"

    def __repr__(self) -> str:
        return f"<Measurement: {self._size()}>"

    @property
    def bands(self) -> Bands:
        """The bands, to transform other functions on the same points."""
        return bands_of(self.x, edges=[tuple(pair) for pair in self.edges], window=self.window)

    def learned(self, threshold: float = 0.1) -> NDArray[np.float64]:
        """Return the first step with Δ_F below ``threshold`` for each band, infinity for never."""
        return convergence_step(self.steps, self.errors, threshold)

    def settled(self, threshold: float = 0.1) -> NDArray[np.float64]:
        """Return the step from which on Δ_F stays below ``threshold``, infinity for never."""
        return settling_step(self.steps, self.errors, threshold)

    def report(self, threshold: float = 0.1) -> str:
        """Say in words which frequencies were learned, when, and whether for good."""
        bands, first, last = self.bands, self.learned(threshold), self.settled(threshold)
        head = f"{f'below {threshold:.0%}':>10} {'for good':>9} {'end':>6}"
        both = np.stack([first, last], axis=1)
        steps = [f"{one:>10,.0f} {good:>9,.0f}".replace("inf", "  –") for one, good in both]
        lines, less = table(bands, self.shares, head, steps, self.errors[-1], self.floors[-1])
        wrong = percent(self.losses[-1] / self.y.var(axis=0).mean())
        wrong = f"Of the target's variance, {wrong} is wrong at the end, a wrong mean included."
        order = _order(bands.names, first, last)
        said = (fill(sentence, 72) for sentence in (*order, wrong, *less, bands.limit))
        return "\n".join([f"{self._size()}.", *lines, *said])

    def _size(self) -> str:
        count, steps = len(self.steps), f"{self.steps[0]:,.12g} to {self.steps[-1]:,.12g}"
        return f"{plural(count, 'record')}, steps {steps}; {_points(self.bands)}"

    def figure(self, threshold: float = 0.1) -> Figure:
        """Draw Δ_F of every band over the steps; where it is 0 there is no line."""
        from . import plots

        fig, ax = plots.plt.subplots(figsize=(4.3, 3), layout="constrained")
        shades = plots.frequency_colors(self.shares)
        for error, shade in zip(self.errors.T, shades, strict=True):
            ax.plot(self.steps, np.where(error > 0, error, np.nan), color=shade)
        ax.margins(x=0)
        ax.axhline(threshold, color=plots.GREY, linewidth=0.8, linestyle="--")
        ax.set(yscale="log", xlabel="step", ylabel=r"relative error $\Delta_F$")
        ax.yaxis.set_major_formatter("{x:g}")
        low, high = np.log(ax.get_ylim())
        ends = [np.log(e[e > 0][-1]) if (e > 0).any() else low for e in self.errors.T]
        above = -np.inf
        for i in np.argsort(ends, kind="stable"):  # from below, so that no label covers another
            above = max((ends[i] - low) / (high - low), above + LABEL)
            ax.annotate(
                self.bands.names[i], (1, above), xytext=(4, 0), xycoords="axes fraction",
                textcoords="offset points", va="center", fontsize=9, color=shades[i],
            )  # fmt: skip
        return fig

    def scrubber(self, *, threshold: float = 0.1) -> Scrubber:
        """Return a widget that moves through the kept steps; for one output over one dimension."""
        from .widgets import scrubber

        return scrubber(_as_result(self), threshold=threshold, labels=["output"])

    def save(self, path: str | Path) -> None:
        """Write an ``.npz`` file whole, or not at all; its folder is made if it is missing."""
        arrays = {name: getattr(self, name) for name in KEPT}
        about = json.dumps({"format": FORMAT, "window": self.window})
        save_arrays(user_path("path", path), about, arrays)

    @classmethod
    def load(cls, path: str | Path) -> Measurement:
        """Read what `save` wrote; ValueError if the file is damaged or something else."""
        place = user_path("path", path)
        try:
            with place.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                about = json.loads(str(file["about"]))
                if about["format"] != FORMAT:
                    raise KeyError(FORMAT)
                return cls(**{name: file[name] for name in KEPT}, window=about["window"])
        except FileNotFoundError:
            raise
        except (*DAMAGE, KeyError) as error:
            raise ValueError(f"path: {place} is damaged, or not a measurement") from error


def measure(
    outputs: ArrayLike,
    y: ArrayLike,
    steps: ArrayLike,
    *,
    x: ArrayLike | None = None,
    edges: Edges | None = None,
    window: str = "none",
    frames: int = 64,
) -> Measurement:
    """Measure outputs that somebody recorded, with whatever library, against their target.

    Parameters
    ----------
    outputs
        Predictions at every record, ``(R, N)`` or ``(R, N, outputs)``.
    y
        What they should be, ``(N,)`` or ``(N, outputs)``.
    steps
        When they were made, ``(R,)``: updates, epochs, seconds, whatever increases.
    x
        The points, ``(N,)`` or ``(N, d)``; None for even points in one dimension.
    edges, window
        See `fpkit.bands.bands_of`. Without ``edges``, a target on even points of one dimension with
        up to 12 prominent peaks is followed at these (see `fpkit.spectra.peaks`); otherwise
        octaves are, without those in which the target has no power.
    frames
        Keep the outputs at about so many of the records.

    Raises
    ------
    ValueError
        If shapes do not fit, the target is constant, or numbers are not finite.

    """
    target = columns("y", y)
    points = np.arange(len(target)) if x is None else x
    split = bands_of(points, edges=edges, window=window, name="x")
    if len(split.points) != len(target):
        got = f"{len(target)}, a point for each value of y, got {len(split.points)}"
        raise ValueError(f"x: expected {got}")
    recorded = validation.real_array("steps", steps)
    validation.increasing("steps", recorded)
    given = validation.real_array("outputs", outputs, ndim=(2, 3))
    found = given[..., None] if given.ndim == 2 else given
    validation.same_shape("outputs", found, (len(recorded), *target.shape),
                          "records, points and outputs")  # fmt: skip
    split, shares = followed(split, target, chosen=edges is not None)
    size = power_of(split, target)
    both = [relative_errors(split, output - target, size) for output in found]
    errors, floors = np.stack(both, axis=1)
    losses = np.square(found - target).mean(axis=(1, 2))
    kept = np.unique(np.round(np.linspace(0, len(recorded) - 1, frames)).astype(int))
    return Measurement(split.points, target, recorded, losses, errors, floors, recorded[kept],
                       found[kept].astype(np.float32), split.edges, shares, window)  # fmt: skip


def relative_errors(bands: Bands, wrong: NDArray, size: NDArray) -> NDArray[np.float64]:
    """Return Δ_F of errors ``(N, outputs)`` and its floor, ``(2, B)``; NaN if the target's is 0."""
    power, leakage = _power_and_leakage(bands, wrong)
    found = np.stack([power, TOLD * leakage])
    nothing = np.full(found.shape, np.nan)
    error, floor = np.sqrt(np.divide(found, size, out=nothing, where=size > 0))
    return np.stack([np.maximum(error, floor), floor])


def power_of(bands: Bands, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the power ``(B,)`` of values ``(N, outputs)``; their means lie in no band."""
    return _power_and_leakage(bands, values)[0]


def _power_and_leakage(
    bands: Bands, values: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    power, leakage = bands.power_and_leakage(bands.centred(values.T))
    return power.sum(axis=0), np.linalg.norm(leakage, axis=0)


def followed(
    bands: Bands, target: NDArray[np.float64], *, chosen: bool, needed: bool = True
) -> tuple[Bands, NDArray[np.float64]]:
    """Return the bands of a target ``(N, outputs)`` that are followed, and their shares of power.

    ValueError if a band that was ``chosen`` has no power, or none has any and some are ``needed``.
    Otherwise all are followed then, with shares 0.
    """
    centred = bands.centred(target.T)
    if np.square(centred).sum() <= 1e-24 * len(target) * np.square(target).sum():
        raise ValueError("y: expected values that vary, got the same everywhere")
    if not chosen and len(peaks := _peaks(bands, centred)) > 1:
        bands = replace(bands, edges=np.stack([peaks, peaks], axis=-1).astype(np.float64))
    power, unsure = _power_and_leakage(bands, target)
    whole = np.square(centred * bands.taper).mean(axis=1).sum()
    shares = power / max(power.sum(), whole)
    some = shares > LEAST_SHARE
    if not chosen:
        certain = some & (power > CERTAIN * unsure) & ((shares > FAINT) | (unsure == 0))
        some = certain if certain.any() else some  # few points leave nothing certain
    elif not some.all():
        where = f"{bands.names[int(np.argmin(some))]} cycles"
        if bands.grid:
            raise ValueError(f"edges: the target has no power at {where}, nothing to learn there")
        hidden = f"at these scattered points power at {where} cannot be told from leakage"
        raise ValueError(f"edges: {hidden}; take wider bands, or fit the target to an even grid")
    if needed and not some.any():
        raise ValueError("y: expected power at frequencies that the points can tell, got none")
    some = some | ~some.any()
    return replace(bands, edges=bands.edges[some]), shares[some] * (shares[some] > LEAST_SHARE)


def _peaks(bands: Bands, centred: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the prominent peaks of a target over even points of one dimension, if not too many."""
    if bands.grid is None or len(bands.grid) > 1:
        return np.empty(0, np.int64)
    size = np.sqrt(np.square(np.abs(bands.spectrum(centred)[0])).sum(axis=0))
    found = spectra.peaks(size)
    found = found[size[found] > 1e-3 * size.max()]
    return found if len(found) <= MOST_PEAKS else np.empty(0, np.int64)


def columns(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return values ``(N,)`` or ``(N, outputs)`` as ``(N, outputs)``."""
    array = validation.real_array(name, values, ndim=(1, 2)).astype(np.float64)
    return array[:, None] if array.ndim == 1 else array


def fitted(name: str, values: ArrayLike, shape: tuple[int, ...], of_classes: str) -> NDArray:
    """Return targets as columns; ValueError unless they fit the outputs, ``(N, outputs)``."""
    found = columns(name, values)
    if found.shape != shape:
        raise ValueError(
            f"{name}: expected shape {shape}, a row for each point, a column for each output, got "
            f"{tuple(np.shape(values))}{f'; of classes {of_classes}' * (shape[1] > 1)}"
        )
    return found


def percent(share: float) -> str:
    """Return a share in percent; of more than 1,000 only that, and a dash for NaN."""
    return "–" if np.isnan(share) else ">1000%" if share > 10 else f"{share:.1%}"


def table(
    bands: Bands, shares: NDArray, head: str, cells: list[str], errors: NDArray, floors: NDArray
) -> tuple[list[str], list[str]]:
    """Return the lines of a table with a row for each band, and what < means if it stands there."""
    ends = [f"{'<' * bool(0 < f >= e <= 10)}{percent(e)}" for e, f in np.stack([errors, floors], 1)]
    many = bands.points.shape[1] > 3
    lines = [f"{'part' if many else 'cycles':>10} {'of target':>10} {head}"]
    sizes = ("<0.1%" if 0 < share < 0.0005 else f"{share:.1%}" for share in shares)
    rows = zip(bands.names, sizes, cells, ends, strict=True)
    lines += [f"{name:>10} {size:>10} {cell} {end:>6}" for name, size, cell, end in rows]
    if (rest := 1 - shares.sum()) > REST and not many:  # smooth and rough parts are all
        why = "outside of these bands" if bands.grid else "outside, or hidden by leakage"
        lines.append(f"{'others':>10} {rest:>10.1%}  not followed ({why})")
    less = "< marks what these points cannot tell from leakage: the error may be that or less."
    return lines, [less] * any("<" in end for end in ends)


def unscaled(inputs: ArrayLike) -> list[str]:
    """Return a warning if inputs ``(N, …)`` are of a size with which a network learns late."""
    rows = validation.as_array("x", inputs)
    size = np.sqrt(np.square(rows.reshape(len(rows), -1), dtype=float).mean(axis=0))
    far = size[(size > 0) & ((size < SIZES[0]) | (size > SIZES[1]))][:1]
    cure = "Unless the network scales them, map each to [-1, 1]: it may be slow for that alone."
    return [fill(f"Inputs are of size {one:.3g} (root mean square). {cure}", 72) for one in far]


def _points(bands: Bands) -> str:
    count, dimension = bands.points.shape
    if bands.grid is None:
        return f"{count:,} scattered points in {plural(dimension, 'dimension')}"
    sides = " × ".join(map(str, bands.grid))
    return f"{count:,} even points" if dimension == 1 else f"a grid of {sides} points"


def _order(names: Sequence[str], first: NDArray, last: NDArray) -> list[str]:
    never, kept = int(np.isinf(first).sum()), int(np.isfinite(last).sum())
    few = "fewer than three were learned" if kept else "none was learned"
    good = _correlation(last) if kept > 2 else few
    said = (
        f"Rank correlation of frequency and step: {_correlation(first)} by the first time, {good} "
    )
    said += "for good (1: low before high without exception)."
    if never > 1:
        said = f"{never} bands were never learned: their order is not known."
    if len(first) - never < 3:
        said = "Fewer than three bands were learned: no order can be told."
    back = [name for name, one, good in zip(names, first, last, strict=True) if one < good]
    many = f"band{'s' * (len(back) > 1)} {' and '.join(back)}"
    return [said, f"Learned and lost again at least once: {many}."][: 1 + bool(back)]


def _correlation(steps: NDArray[np.float64]) -> str:
    tied = (steps == steps[0]).all()
    return "none (all at once)" if tied else f"{float(rank_correlation(steps)):.2f}"


def _as_result(measured: Measurement) -> Any:
    """Return what a scrubber needs: a result of one network in one dimension."""
    from .reproduce.storage import Result

    bands = measured.bands
    single = measured.edges[:, 0] == measured.edges[:, 1]
    if bands.grid is None or measured.x.shape[1] > 1 or measured.y.shape[1] > 1:
        got = f"{_points(bands)} and {plural(measured.y.shape[1], 'output')}"
        raise ValueError(f"a scrubber needs even points in one dimension and one output, got {got}")
    x, y = measured.x[:, 0], measured.y[:, 0]
    place = np.argsort(x)
    return Result(
        name="measurement", settings={"seeds": [0]}, provenance={},
        x=x[place], y=y[place][None], peaks=measured.edges[single, 0].astype(np.int64),
        steps=measured.steps, losses=measured.losses[None],
        errors=measured.errors[None][..., single],
        frames=measured.frames, eval_x=x[place], outputs=measured.outputs[None, :, place, 0],
        phase=np.arange(len(x)) / len(x), series={},
    )  # fmt: skip
