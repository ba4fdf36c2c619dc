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
from .bands import Bands, Edges, bands_of
from .convergence import convergence_step, rank_correlation, settling_step
from .files import DAMAGE, replace_file, user_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .widgets.scrubber.scrubber import Scrubber

__all__ = ["Measurement", "measure"]

FORMAT = "fpkit-measurement-1"
# A band with less than this part of the target's power is not followed: there is nothing to learn,
# and nothing that an error could be relative to.
LEAST_SHARE = 1e-6
# A band of scattered points is followed if its power is so many times what leakage may add to it.
CERTAIN = 5
# So many peaks of a target in one dimension are followed one by one, else its octaves.
MOST_PEAKS = 12
KEPT = ("x", "y", "steps", "losses", "errors", "frames", "outputs", "edges", "shares")


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
    errors
        Δ_F = (Σ|F[y] - F[T]|² / Σ|F[y]|²)^½ over each band and all outputs, ``(R, B)``. Of a single
        frequency it is |F[y] - F[T]| / |F[y]|.
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
    frames: NDArray
    outputs: NDArray[np.float32]
    edges: NDArray[np.float64]
    shares: NDArray[np.float64]
    window: str = "none"

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
        level = f"{threshold:.0%}"
        lines = [
            f"{len(self.steps)} records, steps {self.steps[0]:,.12g} to {self.steps[-1]:,.12g}; "
            f"{_points(bands)}.",
            f"{'cycles':>8} {'of target':>10} {'below ' + level:>10} {'for good':>9} {'end':>6}",
        ]
        for name, share, one, good, end in zip(
            bands.names, self.shares, first, last, self.errors[-1], strict=True
        ):
            lines.append(f"{name:>8} {share:>10.1%} {_step(one):>10} {_step(good):>9} {end:>6.1%}")
        said = [_order(first, last), *_relapses(bands.names, first, last)]
        said.append(bands.limit)
        return "\n".join([*lines, *(fill(sentence, 72) for sentence in said)])

    def figure(self, threshold: float = 0.1) -> Figure:
        """Draw Δ_F of every band over the steps."""
        from . import plots

        fig, ax = plots.plt.subplots(figsize=(4.8, 3.2))
        shades = plots.frequency_colors(self.shares)
        for name, error, shade in zip(self.bands.names, self.errors.T, shades, strict=True):
            ax.plot(self.steps, error, color=shade)
            ax.annotate(name, (self.steps[-1], error[-1]), xytext=(4, 0), color=shade,
                        textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        ax.axhline(threshold, color=plots.GREY, linewidth=0.8, linestyle="--")
        ax.set(yscale="log", xlabel="step", ylabel=r"relative error $\Delta_F$")
        ax.yaxis.set_major_formatter("{x:g}")
        return fig

    def scrubber(self, *, threshold: float = 0.1) -> Scrubber:
        """Return a widget that moves through the kept steps; for one output over one dimension."""
        from .widgets import scrubber

        return scrubber(_as_result(self), threshold=threshold, labels=["output"])

    def save(self, path: str | Path) -> None:
        """Write an ``.npz`` file whole, or not at all."""
        arrays = {name: getattr(self, name) for name in KEPT}
        about = json.dumps({"format": FORMAT, "window": self.window})

        def write(temporary: Path) -> None:
            with temporary.open("wb") as file:
                np.savez_compressed(file, about=about, **arrays)

        replace_file(user_path("path", path), write)

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
            raise ValueError(f"path: {place} is damaged, or not a measurement ({error})") from error


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
    points = np.arange(len(target), dtype=np.float64) if x is None else x
    split = bands_of(points, edges=edges, window=window)
    if len(split.points) != len(target):
        raise ValueError(
            f"y: expected one value per point ({len(split.points)}), got {len(target)}"
        )
    recorded = validation.real_array("steps", steps)
    validation.increasing("steps", recorded)
    given = validation.real_array("outputs", outputs, ndim=(2, 3))
    found = given[..., None] if given.ndim == 2 else given
    validation.same_shape("outputs", found, (len(recorded), *target.shape),
                          "records, points and outputs")  # fmt: skip
    split, shares = followed(split, target, chosen=edges is not None)
    size = power_of(split, target)
    errors = np.stack([relative_errors(split, output - target, size) for output in found])
    losses = np.square(found - target).mean(axis=(1, 2))
    kept = np.unique(np.round(np.linspace(0, len(recorded) - 1, frames)).astype(int))
    return Measurement(split.points, target, recorded, losses, errors, recorded[kept],
                       found[kept].astype(np.float32), split.edges, shares, window)  # fmt: skip


def relative_errors(
    bands: Bands, wrong: NDArray[np.floating], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Δ_F ``(B,)`` for errors ``(N, outputs)`` and the power of the target ``(B,)``.

    It is NaN where the target has no power.
    """
    nothing = np.full(len(size), np.nan)
    return np.sqrt(np.divide(power_of(bands, wrong), size, out=nothing, where=size > 0))


def power_of(bands: Bands, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the power ``(B,)`` of values ``(N, outputs)``; their means lie in no band."""
    return bands.power((values - values.mean(axis=0)).T).sum(axis=0)


def followed(
    bands: Bands, target: NDArray[np.float64], *, chosen: bool
) -> tuple[Bands, NDArray[np.float64]]:
    """Return the bands of a target ``(N, outputs)`` that are followed, and their shares of power.

    ValueError if it has none there, or if a band that was ``chosen`` has none.
    """
    found, shares = standing_out(bands, target, chosen=chosen)
    if not shares.any():
        raise ValueError("y: expected power at frequencies that the points can tell, got none")
    return found, shares


def standing_out(
    bands: Bands, target: NDArray[np.float64], *, chosen: bool
) -> tuple[Bands, NDArray[np.float64]]:
    """Return what `followed` does; if the target has no power in any band, all, with shares 0."""
    centred = (target - target.mean(axis=0)).T
    whole = np.square(centred).mean(axis=1).sum()
    if whole <= 1e-24 * np.square(target).sum():
        raise ValueError("y: expected values that vary, got the same everywhere")
    if not chosen and len(peaks := _peaks(bands, centred)) > 1:
        bands = replace(bands, edges=np.stack([peaks, peaks], axis=-1).astype(np.float64))
    power = power_of(bands, target)
    shares = power / max(power.sum(), whole)
    some = shares > LEAST_SHARE
    if not chosen:
        unsure = np.sqrt(np.square(bands.leakage(centred)).sum(axis=0))
        certain = some & (power > CERTAIN * unsure)
        some = certain if certain.any() else some  # few points leave nothing certain
    elif not some.all():
        empty = bands.names[int(np.argmin(some))]
        raise ValueError(
            f"edges: the target has no power at {empty} cycles, nothing to learn there"
        )
    if not some.any():
        return bands, np.zeros(len(some))
    return replace(bands, edges=bands.edges[some]), shares[some]


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


def _points(bands: Bands) -> str:
    count, dimension = bands.points.shape
    if bands.grid is None:
        return f"{count:,} scattered points in {dimension} dimension{'s' * (dimension > 1)}"
    if dimension == 1:
        return f"{count:,} even points"
    return f"a grid of {' × '.join(map(str, bands.grid))} points"


def _step(step: float) -> str:
    return f"{step:,.0f}" if np.isfinite(step) else "–"


def _order(first: NDArray[np.float64], last: NDArray[np.float64]) -> str:
    if len(first) < 2:
        return "One band alone has no order."
    never = int(np.isinf(first).sum())
    if never > 1:
        return f"{never} bands were never learned: their order is not known."
    both = [float(rank_correlation(steps)) for steps in (first, last)]
    return (
        f"Rank correlation of frequency and step: {both[0]:.2f} by the first time, {both[1]:.2f} "
        "for good (1: low before high without exception)."
    )


def _relapses(names: Sequence[str], first: NDArray, last: NDArray) -> list[str]:
    back = [name for name, one, good in zip(names, first, last, strict=True) if one < good]
    return [f"Learned and lost again in between, or at the end: {', '.join(back)}."] if back else []


def _as_result(measured: Measurement) -> Any:
    """Return what a scrubber needs: a result of one network in one dimension."""
    from .reproduce.storage import Result

    bands = measured.bands
    single = measured.edges[:, 0] == measured.edges[:, 1]
    if bands.grid is None or measured.x.shape[1] > 1 or measured.y.shape[1] > 1:
        raise ValueError("a scrubber needs even points in one dimension, and one output")
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
