"""Why a network has not learned what it should: too slow, not in the points, or not predictable.

What is wrong at points that were held out, the mean square of output minus target, has three parts:

- *unpredictable*: near points disagree about the target, by its noise, or by what decides about it
  and is no input. No network of these inputs gets below that.
- *slow*: what is wrong at the points of training, too, beyond noise. Going on helps, or a network
  that learns these frequencies sooner. "Cannot tell" if there are fewer parameters than points (it
  may be too small) or what is wrong is pulled strongly (it has only begun, or steps are too large).
- *unseen*: the rest. The points do not hold it, so more points help, and longer training does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from . import validation
from .bands import Bands, Edges, bands_of
from .evaluation import called, like_parameters, outputs_of, unnoticed
from .measurement import fitted, followed, percent, power_of, relative_errors, table, unscaled

__all__ = ["Diagnosis", "diagnose"]

# A part of what is wrong that is larger than this share of it is why, asked in this order.
UNPREDICTABLE, SLOW, UNSEEN = 0.33, 0.3, 0.5
# Slow is what is pulled less than this part of what is pulled most.
WEAK = 0.2
LEARNED = 0.01  # of the target's variance: less counts as learned, as Δ_F = 10 % does
BEGUN = 0.5  # once the Δ_F of some band is below, no order is expected any more
# Pairs nearer than this part of the mean distance tell noise, if there are at least so many.
NEAR, PAIRS = 0.5, 20


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a network at B bands of frequency, and why.

    Attributes
    ----------
    bands
        The bands in which the target has power.
    shares
        Part of the target's power in each band, ``(B,)``.
    errors, floors
        Δ_F of each band at the points of training, ``(B,)``, and what of it cannot be told from
        leakage (see `fpkit.Measurement`); NaN where the target has no power.
    rates
        How fast the target's part in each band would begin to be learned if it were alone, as
        ‖Jᵀv‖²/‖v‖² relative to the largest of them, ``(B,)``; J holds the derivatives of the
        outputs with respect to the parameters.
    pull
        The same of what is wrong now, relative to the largest of the rates: near 0 if small steps
        do not help, though something is wrong.
    variance
        Of the target.
    wrong, held_out
        Mean square of output minus target at the points of training and at those held out, NaN if
        there are none.
    parameters
        How many numbers are trained.
    noise
        Variance of the noise that the target has, as near points tell it, less and plus a standard
        error, ``(2,)``; or as it was handed over, ``(1,)``.

    """

    bands: Bands
    shares: NDArray[np.float64]
    errors: NDArray[np.float64]
    rates: NDArray[np.float64]
    pull: float
    variance: float
    wrong: float
    held_out: float
    parameters: int
    noise: NDArray[np.float64]
    floors: NDArray[np.float64]

    def __repr__(self) -> str:
        return f"<Diagnosis: {self._answer()}>"

    @property
    def verdict(self) -> str:
        """``"learned"``, ``"slow"``, ``"unseen"``, ``"unpredictable"`` or ``"cannot tell"``."""
        found = {self._verdict(noise) for noise in self.noise}
        return found.pop() if len(found) == 1 else "cannot tell"

    @property
    def order(self) -> list[str]:
        """The bands in the order in which they are expected to be learned."""
        return [self.bands.names[i] for i in np.argsort(-self.rates, kind="stable")]

    def report(self) -> str:
        """Say in words what is wrong, why, and on which numbers that rests."""
        cells = [f"{rate:>8.2g} " for rate in self.rates]
        head = f"{'rate':>8}   error"
        lines, less = table(self.bands, self.shares, head, cells, self.errors, self.floors)
        expected = [f"Expected order of learning: {', '.join(self.order)}."]
        expected *= not (self.errors < BEGUN).any()
        said = [self._answer(), *expected, self._sizes(), *self._reasons(), *less, self.bands.limit]
        first, *others = (fill(text, 72) for text in (*said, *unscaled(self.bands.points)))
        return "\n".join([first, *lines, *others])

    def _answer(self) -> str:
        either = sorted({self._verdict(noise) for noise in self.noise} - {"cannot tell"})
        told = {
            "learned": "what is left is small, at points that were held out, too",
            "slow": f"the network is still wrong at its own points{self._where()}",
            "unseen": "the network is right at its own points, or nearly, and wrong at others",
            "unpredictable": "near points disagree about the target, and no network can please all",
            "cannot tell": f"it may be {' or '.join(either)}, for noise is not known well enough; "
            "if you know its variance, hand over noise"
            if either else "the network is right at its own points; hand over held_out to say more"
            if np.isnan(self.held_out) and self.wrong < LEARNED * self.variance
            else "the numbers below have more than one explanation",
        }  # fmt: skip
        return f"{self.verdict.capitalize()}: {told[self.verdict]}."

    def _where(self) -> str:
        """Name the fewest bands that hold two thirds of what is wrong at the points of training."""
        wrong = self.shares * self.errors**2
        if not wrong.sum() > 0:  # the mean alone, or no band has power
            return ""
        largest = np.argsort(-wrong, kind="stable")
        count = 1 + int(np.searchsorted(np.cumsum(wrong[largest]), 2 / 3 * wrong.sum()))
        chosen = np.sort(largest[:count])
        names = " and ".join(self.bands.names[i] for i in chosen)
        if self.bands.points.shape[1] > 3:  # there are a smooth and a rough part
            return f", mostly in its {names} part"
        if np.ptp(chosen) == count - 1 > 0:  # neighbours
            names = "{:g} to {:g}".format(*self.bands.edges[chosen].flat[[0, -1]])
        return f", mostly at {names} cycle{'s' * (names != '1')}"

    def _sizes(self) -> str:
        sizes = np.array([self.wrong, self.held_out, *self.noise]) / self.variance
        here, there, *bounds = (percent(size) for size in sizes)
        out = f", {there} at those held out" * bool(np.isfinite(self.held_out))
        size = " to ".join(dict.fromkeys(bounds))
        near = f"noise that differs between near points is {size}, within a standard error"
        noise = near if len(bounds) > 1 else f"noise, as given, is {size}"
        return f"Of the target's variance, {here} is wrong at the points of training{out}; {noise}."

    def _reasons(self) -> list[str]:
        points, under = len(self.bands.points), "under " * (self.pull < 1e-3)
        said = [
            f"Pull on what is wrong: {under}{max(self.pull, 1e-3):.1%} of the strongest (slow asks "
            f"for less than {WEAK:.0%}). {self.parameters:,} parameters for {points:,} points: "
            f"{'enough' if self.parameters >= points else 'it may be too small'}."
        ]
        if not np.isfinite(self.held_out):
            return [*said, "Without held-out points nothing can be told of what lies between."]
        each = [self.parts(noise).items() for noise in self.noise]
        told = [", ".join(f"{k} {v:.0%}" for k, v in parts if round(v, 2)) for parts in each]
        least, most = self.noise[[0, -1]] / self.variance
        if told[0] != told[-1]:
            told[0] += f" if noise is {least:.1%}; {told[1]} if it is {most:.1%}"
        return [*said, f"Of what is wrong: {told[0]}."] * (self.verdict != "learned")

    def parts(self, noise: float) -> dict[str, float]:
        """Return the parts of what is wrong, as shares, if the noise has so much variance."""
        known = np.isfinite(self.held_out)
        left = self.held_out if known else self.wrong
        unpredictable = min(noise, left)
        slow = min(max(self.wrong - noise, 0), left - unpredictable)
        unseen = left - unpredictable - slow if known else np.nan
        sizes = {"slow": slow, "unseen": unseen, "unpredictable": unpredictable}
        return {name: size / left if left else 0.0 for name, size in sizes.items()}

    def _verdict(self, noise: float) -> str:
        known = np.isfinite(self.held_out)
        if (self.held_out if known else self.wrong) < LEARNED * self.variance:
            return "learned" if known else "cannot tell"
        parts = self.parts(noise)
        if parts["unpredictable"] > UNPREDICTABLE:
            return "unpredictable"
        if parts["slow"] > SLOW:
            large = self.parameters >= len(self.bands.points)
            return "slow" if large and self.pull < WEAK else "cannot tell"
        return "unseen" if parts["unseen"] > UNSEEN else "cannot tell"


def diagnose(
    model: nn.Module,
    x: ArrayLike | Tensor,
    y: ArrayLike | Tensor,
    *,
    held_out: tuple[ArrayLike | Tensor, ArrayLike | Tensor] | None = None,
    edges: Edges | None = None,
    window: str = "none",
    noise: float | None = None,
) -> Diagnosis:
    """Say before training which frequencies are learned first, and later why some are not.

    Parameters
    ----------
    model
        A module of coordinates; an encoding of them belongs into it.
    x, y
        Points of training, ``(N,)`` or ``(N, d)``, and targets ``(N,)`` or
        ``(N, outputs)``.
    held_out
        Points and targets that the training did not see, in the same form. Without them nothing
        can be told of what the network does between the points.
    edges, window
        See `fpkit.measure`.
    noise
        Variance of the target's noise (its mean over the outputs) if you know it, from repeats say,
        in the units of ``y`` squared. None: near points tell. They cannot tell noise that lasts
        from one to the next (red noise): it counts as a part of the target.

    Raises
    ------
    ValueError
        If shapes do not fit, the target is constant, or numbers are not finite.

    """
    if not isinstance(model, nn.Module):
        raise ValueError(f"model: expected a torch module, got {model!r}")
    split = bands_of(x, edges=edges, window=window, name="x")
    inputs = like_parameters(model, "x", x)
    target, output = _compared("y", model, inputs, y)
    wrong = output - target
    bands, shares = followed(split, target, chosen=edges is not None, needed=False)
    size = power_of(bands, target) * (shares > 0)
    points, values, outside = bands.points, target, np.nan
    if held_out is not None:
        if not isinstance(held_out, Sequence) or len(held_out) != 2:
            got = len(held_out) if isinstance(held_out, Sequence) else type(held_out).__name__
            raise ValueError(f"held_out: expected (points, targets), got {got}")
        others = held_out[0]
        elsewhere = like_parameters(model, "held_out", others)
        wanted, there = _compared("held_out", model, elsewhere, held_out[1])
        outside = float(np.square(there - wanted).mean())
        more = validation.real_array("held_out", others, ndim=(1, 2)).reshape(len(wanted), -1)
        points, values = np.concatenate([points, more]), np.concatenate([values, wanted])
    parts = np.stack([bands.parts(column) for column in target.T], axis=-1)
    *rates, pull = _rates(model, inputs, [*parts, wrong])
    largest = max(rates) or 1.0
    errors, floors = relative_errors(bands, wrong, size)
    known = np.minimum(noise_of(points, values), _white(bands, target))
    if noise is not None:
        known = np.array([validation.non_negative("noise", noise)])
    return Diagnosis(
        bands, shares, errors, np.array(rates) / largest, pull / largest,
        float(target.var(axis=0).mean()), float(np.square(wrong).mean()), outside,
        sum(p.numel() for p in model.parameters() if p.requires_grad), known, floors,
    )  # fmt: skip


def _compared(
    name: str, model: nn.Module, inputs: Tensor, values: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return targets and outputs, which are finite and of one shape."""
    output = validation.real_array("model", outputs_of(model, inputs), ndim=(2,))
    classes = "give one_hot(y).float(), and as model nn.Sequential(net, nn.Softmax(dim=1))"
    return fitted(name, values, output.shape, classes), output


def _rates(model: nn.Module, inputs: Tensor, functions: Sequence[NDArray]) -> list[float]:
    """Return ‖Jᵀv‖²/‖v‖² for functions v ``(N, outputs)``; 0 for one that is 0."""
    weights = [p for p in model.parameters() if p.requires_grad]
    with unnoticed(model), torch.enable_grad():
        outputs = called(model, inputs)
        found = []
        for function in functions:
            v = torch.as_tensor(function, dtype=outputs.dtype, device=outputs.device)
            slopes = torch.autograd.grad(
                (outputs * v).sum(), weights, retain_graph=True, allow_unused=True
            )
            pull = sum(float(slope.square().sum()) for slope in slopes if slope is not None)
            found.append(pull / (float(v.square().sum()) or 1.0))
    return found


def noise_of(points: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return bounds of the variance of the noise in values ``(N, outputs)``, ``(2,)``.

    At distance d, half the mean square of a difference is the noise and what the target changes,
    v + c·d²; the bounds are a standard error from v. With too few near pairs there is a largest one
    only, half the mean square itself.
    """
    from scipy.spatial import KDTree  # takes a while

    place = (points - points.min(axis=0)) / np.ptp(points, axis=0)
    distance, other = KDTree(place).query(place, k=min(5, len(points)))
    both = np.stack([np.repeat(np.arange(len(place)), other.shape[1]), other.ravel()], axis=-1)
    pairs, first = np.unique(np.sort(both, axis=1), axis=0, return_index=True)
    some = pairs[:, 0] != pairs[:, 1]
    (one, two), apart = pairs[some].T, distance.ravel()[first[some]]
    half = np.square(values[one] - values[two]).mean(axis=1) / 2
    near = apart < NEAR * len(points) ** (-1 / points.shape[1])
    if near.sum() < PAIRS:
        nearest = half[np.argsort(apart, kind="stable")[: len(points)]]
        return np.array([0, nearest.mean()])
    known = np.stack([np.ones(near.sum()), apart[near] ** 2], axis=-1)
    inverse = np.linalg.pinv(known)
    left = half[near] - known @ (inverse @ half[near])
    deviation = np.linalg.norm(inverse[0]) * np.sqrt(np.square(left).sum() / (near.sum() - 2))
    # Pairs that share a point are not independent: of all pairs of m points, m - 1 are.
    deviation *= np.sqrt(0.5 + near.sum() / len(np.unique([one[near], two[near]])))
    return np.maximum(inverse[0] @ half[near] + np.array([-1, 1]) * deviation, 0)


def _white(bands: Bands, target: NDArray[np.float64]) -> float:
    """Return the largest variance that noise may have on a grid: it has power at all frequencies.

    Powers of noise are distributed exponentially, with the mean of median / log 2.
    """
    if bands.grid is None:
        return np.inf
    power = np.abs(bands.spectrum(target.T)[0]) ** 2
    return float(len(target) * np.median(power, axis=-1).mean() / np.log(2))
