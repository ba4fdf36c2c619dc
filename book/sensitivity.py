"""How much an order depends on choices of ours: threshold, rule, records, transform, modes.

A row about order is judged with one set of choices. Here the same networks are judged with others,
each changed alone: what survives them all is no artefact of one.

Stored errors, at all records, are those of the experiment's own transform and peaks. Another
transform, or other modes, have to be computed from the outputs, of which 64 frames are kept, with
three digits and for the first networks. The plain transform is computed from the frames, too, so
that the others can be compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from matplotlib import colors
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from fpkit import spectra, validation
from fpkit.reproduce import Order, Result, load_or_run
from fpkit.reproduce.judgement import OTHER_LIMITS, READINGS

__all__ = ["TRANSFORMS", "Sensitivity", "by_limit", "sensitivity", "shares"]

# The rows are judged with this threshold, and with all records.
OURS = 0.1
THRESHOLDS = tuple(sorted((*OTHER_LIMITS, OURS)))
EVERY = {2: "every 2nd record", 5: "every 5th record", 10: "every 10th record"}
# Relative to the largest component: outputs with three digits do not show 10 % of a smaller one.
POWER = 1e-3
# None → all, for maps with numbers written in: dark text can be read on every shade.
SHARE_MAP = colors.LinearSegmentedColormap.from_list("share", ["#f0b46a", "#efe3cf", "#94b8f2"])


def _hann(values: NDArray) -> NDArray:
    window = scipy.signal.windows.hann(values.shape[-1])
    return spectra.dft((values - values.mean(axis=-1, keepdims=True)) * window)


def _cosines(values: NDArray) -> NDArray:
    return scipy.fft.dct(values, norm="forward")


def _without_line(values: NDArray) -> NDArray:
    ends = values[..., 0], values[..., -1]
    return spectra.dft(values - np.linspace(*ends, values.shape[-1], axis=-1))


def _pair_peaks(size: NDArray) -> NDArray[np.int64]:
    """Return the prominent peaks among whole waves; of each two halves, the larger stands for it.

    A curve that is symmetric, or antisymmetric, has only every second half wave.
    """
    halves = size[1 : 1 + (len(size) - 1) // 2 * 2].reshape(-1, 2)
    whole = spectra.peaks(np.append(0, halves.max(axis=1)))
    return 2 * whole - 1 + halves[whole - 1].argmax(axis=1)


Transform = Callable[[NDArray], NDArray]
# Transforms of real values ``(..., N)``. All but the plain one take away, each in its own way, what
# the jump between the two ends of the interval leaks into all modes: a window that falls to zero
# there; cosines of k *half* waves, as of the curve and its mirror image; no straight line.
TRANSFORMS: dict[str, Transform] = {
    "plain transform": spectra.dft,
    "Hann window": _hann,
    "DCT-II": _cosines,
    "line removed": _without_line,
}
# What is measured at the frames: the transform, which modes, and how many of them are one wave.
FROM_FRAMES: dict[str, tuple[Transform, Transform, int]] = {
    **{name: (transform, spectra.peaks, 1) for name, transform in TRANSFORMS.items()},
    "DCT-II": (_cosines, _pair_peaks, 2),
    "all local maxima": (spectra.dft, lambda size: spectra.peaks(size, prominence=0), 1),
    "all with power": (spectra.dft, lambda size: np.arange(1, len(size)), 1),
}


@dataclass(frozen=True)
class Sensitivity:
    """The order of the same networks by C choices, and by two rules: first crossing and settling.

    Attributes
    ----------
    choices
        The names of the choices.
    known
        Number of networks that tell an order, ``(C, 2)``: at most one mode is not learned.
    strict
        Number of networks in strict order, ``(C, 2)``.
    correlation
        Mean rank correlation over those that tell, ``(C, 2)``; NaN where none does.

    """

    choices: tuple[str, ...]
    known: NDArray[np.int64]
    strict: NDArray[np.int64]
    correlation: NDArray[np.float64]

    @classmethod
    def of(cls, results: Iterable[Result]) -> Sensitivity:
        """Measure the networks of all ``results`` together."""
        found: dict[str, list[Order]] = {}
        for result in results:
            for choice, threshold, steps, errors in _choices(result):
                for error in errors:
                    learned = [rule(steps, error, threshold) for rule in READINGS.values()]
                    found.setdefault(choice, []).append(Order.of(learned))

        def total(value: Callable[[Order], NDArray]) -> NDArray:
            return np.array([sum(map(value, orders)) for orders in found.values()])

        known = total(lambda order: 1 * (order.unlearned <= 1))
        correlation = total(lambda order: order.correlation * (order.unlearned <= 1))
        mean = np.divide(correlation, known, out=np.full(known.shape, np.nan), where=known > 0)
        return cls(tuple(found), known, total(lambda order: 1 * order.strict), mean)

    @property
    def held(self) -> NDArray[np.bool]:
        """Whether all networks that tell an order are in strict order, ``(C, 2)``."""
        return (self.strict == self.known) & (self.known > 0)

    def draw(self) -> Figure:
        """Draw a row for each choice and a column for each rule (see `shares`)."""
        fig, ax = plt.subplots(figsize=(4.4, 0.28 * len(self.choices) + 0.5))
        shares(ax, self.choices, [*READINGS], self.strict, self.known, self.correlation)
        return fig


def sensitivity(*names: str) -> Sensitivity:
    """Return how the order in the stored results ``names`` depends on choices of ours.

    Each is changed alone: the threshold, from 2 % to 50 %; the recording interval; and at the
    frames, with 10 %, the transform (plain, Hann window, DCT-II, end-to-end line removed), with
    prominent peaks found anew on the transformed target up to the highest that the experiment
    follows, and the modes (all local maxima, all with power). Points that are not even allow
    neither a window nor a DCT, and leak into all modes: of them the frames are left out.
    """
    return Sensitivity.of(load_or_run(name) for name in names)


def by_limit(measures: Mapping[str, Callable[[float, str], str]]) -> str:
    """Return what each measure says with other limits of "learned", by both readings, as a table.

    A measure is a function of the limit and the name of the reading.
    """
    names = [f"{name}, {said}" for name in measures for said in ("first time", "for good")]
    rows = [["wrong below", *names], ["---"] * (1 + len(names))]
    for limit in THRESHOLDS:
        told = [measure(limit, reading) for measure in measures.values() for reading in READINGS]
        rows.append([f"{limit:.0%}", *told])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _choices(result: Result) -> Iterator[tuple[str, float, NDArray, Iterable[NDArray]]]:
    """Yield every choice with its threshold, its steps and each network's errors."""
    for threshold in THRESHOLDS:
        name = f"{100 * threshold:.0f} %" + ", as judged" * (threshold == OURS)
        yield name, threshold, result.steps, result.errors
    for n, name in EVERY.items():
        yield name, OURS, result.steps[::n], result.errors[:, ::n]
    points = len(result.x)
    if result.phase.shape == (points,) and np.allclose(result.phase, np.arange(points) / points):
        for name, (transform, modes, waves) in FROM_FRAMES.items():
            errors = _frame_errors(result, transform, modes, waves * result.peaks.max())
            yield f"frames: {name}", OURS, result.frames, errors


def _frame_errors(
    result: Result, transform: Transform, modes: Transform, top: int
) -> Iterator[NDArray]:
    """Yield Δ_F ``(F, K)`` at the frames, for each network with outputs and two modes or more."""
    targets = np.broadcast_to(result.y, (len(result.losses), len(result.x)))
    for output, y in zip(result.outputs, targets, strict=False):
        target = transform(y)
        size = np.abs(target)
        k = modes(size)
        k = k[(k <= top) & (size[k] > POWER * size[1:].max())]
        if len(k) > 1:
            yield spectra.relative_error(transform(output.astype(np.float64))[..., k], target[k])


def shares(
    ax: Axes,
    rows: Sequence[str],
    columns: Sequence[str],
    strict: ArrayLike,
    known: ArrayLike,
    correlation: ArrayLike,
) -> None:
    """Draw a cell for each row and column: how many networks are in strict order, of how many.

    From none (orange) to all (blue). After the two counts stands the rank correlation. A cell with
    ``known`` = 0, where no network tells, is left empty.
    """
    tables = {"strict": strict, "known": known, "correlation": correlation}
    counts, of, r = (
        validation.real_array(name, table, ndim=(2,), finite=False)
        for name, table in tables.items()
    )
    for name, table in zip(tables, (counts, of, r), strict=True):
        validation.same_shape(name, table, (len(rows), len(columns)), "rows and columns")
    share = np.ma.masked_where(of == 0, counts / np.maximum(of, 1))
    ax.pcolormesh(
        share, cmap=SHARE_MAP, vmin=0, vmax=1, edgecolor="#ffffff", linewidth=0.5, rasterized=True
    )
    for (row, column), total in np.ndenumerate(of):
        if total:
            text = f"{counts[row, column]:g}/{total:g}   {r[row, column]:.2f}"
            ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", color="#111111")
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows)
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns)
    ax.set_ylim(len(rows), 0)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
