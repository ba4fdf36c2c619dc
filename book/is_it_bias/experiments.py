"""Details that are missed for three causes, blur from uncertain places, and fits that have ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from book.decayed import Decayed
from fpkit import validation
from fpkit.networks import MLP, Ensemble
from fpkit.reproduce import (
    SEEDS,
    Between,
    Experiment,
    Trial,
    even_trial,
    experiment,
    series_only,
)
from fpkit.training import train

__all__ = [
    "DETAIL",
    "HALVES",
    "curve",
    "grid",
    "mean_curve",
    "measured",
    "networks",
    "on_places",
    "places",
    "turned",
    "waves_left",
]

# --- three causes -----------------------------------------------------------------------------

# Cycles and heights of the two waves; the fast one is the detail.
DETAIL = 5
HEIGHTS = (1.0, 0.5)
Cause = Literal["slow", "unseen", "unpredictable"]
COUNTS = {"slow": 256, "unseen": DETAIL, "unpredictable": 512}
# Standard deviation of what is not known of a place.
UNCERTAIN = 0.08


def curve(x: NDArray) -> NDArray[np.float64]:
    """Return a slow wave with a fast one on it, at points in [0, 1]."""
    slow, fast = (h * np.sin(2 * np.pi * k * x) for k, h in zip((1, DETAIL), HEIGHTS, strict=True))
    return slow + fast


def grid(count: int) -> NDArray[np.float64]:
    """Return even points of [0, 1), half a step from its ends.

    There are none but zeros of the fast wave if ``count`` is its number of cycles.
    """
    return (np.arange(count) + 0.5) / count


def measured(cause: str, x: NDArray, off: NDArray) -> NDArray[np.float64]:
    """Return the curve at points ``x``, or ``off`` them if places are uncertain."""
    return curve(x + off if cause == "unpredictable" else x)


def places(cause: str, seed: int, *, uncertain: float = UNCERTAIN) -> tuple[NDArray, NDArray]:
    """Return points ``(N,)`` to train at, and what is measured there."""
    x = grid(COUNTS[validation.known("cause", cause, COUNTS)])
    off = uncertain * np.random.default_rng([41, seed]).standard_normal(len(x))
    return x, measured(cause, x, off)


def mean_curve(x: NDArray, *, uncertain: float = UNCERTAIN) -> NDArray[np.float64]:
    """Return the mean of the curve over places that are uncertain."""
    left = np.exp(-2 * (np.pi * np.array([1, DETAIL]) * uncertain) ** 2)
    return np.sin(2 * np.pi * np.outer(x, [1, DETAIL])) @ (left * HEIGHTS)


def networks(inputs: int, width: int, seeds: Sequence[int], gain: float) -> MLP:
    """Return networks of two hidden layers of tanh.

    Weights and biases are drawn with the standard deviation that torch takes for the second
    hidden layer, 1/√(3 width), and those of the first layer are multiplied by ``gain``.
    """
    nets = MLP([inputs, width, width, 1], weight_std=(3 * width) ** -0.5, seeds=seeds)
    for first in (nets.weights[0], nets.biases[0]):
        first.data *= gain
    return nets


@experiment("ours")
def missed_slow(
    *,
    cause: Cause = "slow",
    uncertain: Annotated[float, Between(0.0, 0.1), "uncertainty of places"] = UNCERTAIN,
    width: int = 64,
    gain: float = 60.0,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_500,
    lr: float = 5e-3,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """A curve whose detail a network misses: it is slow, has too few points, or uncertain ones."""
    data = [places(cause, seed, uncertain=uncertain) for seed in seeds]
    x, y = data[0][0], np.stack([values for _, values in data])
    how |= {"steps": steps, "lr": lr, "record_every": record_every, "eval_x": grid(96)}
    how |= {"batch_size": 128, "loss_points": 128} if len(x) > 256 else {}
    run = train(networks(1, width, seeds, gain), x, y, **how)
    wanted, found = np.fft.rfft(curve(run.eval_x)), np.fft.rfft(run.outputs)
    wrong = {f"wrong {k}": np.abs(found[..., k] / wanted[k] - 1) for k in (1, DETAIL)}
    return even_trial(run, [], **wrong)


missed_unseen = Experiment(missed_slow, "ours", cause="unseen")
missed_unpredictable = Experiment(missed_slow, "ours", cause="unpredictable")

# --- blur -------------------------------------------------------------------------------------


def turned(fields: NDArray, angles: NDArray) -> NDArray[np.float64]:
    """Return periodic fields ``(N, M)``, each turned by an angle ``(N,)``, in radians."""
    waves = np.fft.rfft(fields)
    k = np.arange(waves.shape[-1])
    return np.fft.irfft(waves * np.exp(-1j * np.outer(angles, k)), fields.shape[-1])


def _fields(count: int, samples: int, modes: int, seed: int) -> NDArray[np.float64]:
    """Return random fields of the waves 1 to ``modes``, all as strong on the average."""
    rng = np.random.default_rng([43, seed])
    waves = np.zeros((count, samples // 2 + 1), complex)
    waves[:, 1 : modes + 1] = rng.standard_normal((count, modes, 2)) @ [1, 1j]
    return np.fft.irfft(waves, samples, norm="forward") / np.sqrt(modes)


def waves_left(fields: NDArray, modes: int, nets: Ensemble) -> dict[str, Tensor]:
    """Return with which amplitude each wave of fields ``(N, M)`` comes out, ``(S,)``, by "k"."""
    given = torch.as_tensor(fields, dtype=nets.dtype)
    sent, got = torch.fft.rfft(given), torch.fft.rfft(nets(given))
    response = (got * sent.conj()).mean(dim=1) / sent.abs().square().mean(dim=0)
    return {str(k): response[:, k].abs() for k in range(1, modes + 1)}


@experiment("ours, after Subich et al. (2025)")
def blur(
    *,
    shifts: Annotated[Sequence[float], Between(0, 0.6), "spread of the shifts"] = (
        0.0,
        0.125,
        0.25,
        0.5,
    ),
    samples: int = 32,
    modes: int = 8,
    fields: int = 8_192,
    hidden: Sequence[int] = (),
    seeds: Sequence[int] = SEEDS,
    steps: int = 3_000,
    lr: float = 3e-3,
    batch_size: int = 256,
    record_every: int = 50,
    **how: Any,
) -> Trial:
    """Predict a random field that was turned by an unknown angle, by the mean squared error.

    Members are ordered seed by seed, with every spread of the angles once for each.
    """
    now = _fields(fields, samples, modes, 0)
    later = np.stack([
        turned(now, spread * np.random.default_rng([47, seed]).standard_normal(fields))
        for seed in seeds for spread in shifts
    ])  # fmt: skip
    copies = np.repeat(seeds, len(shifts)).tolist()
    nets = MLP([samples, *hidden, samples], activation="relu", weight_std=0.05, seeds=copies)
    look = partial(waves_left, _fields(256, samples, modes, 1), modes)
    how |= {"steps": steps, "lr": lr, "batch_size": batch_size, "record_every": record_every}
    how |= {"optimizer": partial(Decayed, factor=0.999), "loss_points": 256, "eval_x": now[:2]}
    run = train(nets, now, later, observe=look, **how)
    return series_only(run, run.observed)


# --- ends -------------------------------------------------------------------------------------

# Half waves of the target of Rowan and Murphy-Blanchard (2026), sin 26πx on [0, 1].
HALVES = 26
Place = Literal["interval", "centred", "arc", "circle"]


def on_places(place: str, turns: NDArray, cut: float) -> NDArray[np.float64]:
    """Return inputs for turns in [0, 1]: themselves, or points of a circle ``(N, 2)``.

    Or those of an interval with 0 in its middle, from -½ to ½. An arc is the circle without a part
    ``cut`` of it, so that waves have the same length on both.
    """
    if place in ("interval", "centred"):
        return turns[:, None] - (0.5 if place == "centred" else 0)
    angle = 2 * np.pi * turns * (1 - cut if place == "arc" else 1)
    return np.column_stack([np.cos(angle), np.sin(angle)])


@experiment("ours, after Rowan and Murphy-Blanchard (2026)")
def ends_interval(
    *,
    place: Place = "interval",
    halves: int = HALVES,
    cut: float = 0.0,
    each: int = 6,
    width: int = 50,
    gain: float = 7.0,
    seeds: Sequence[int] = SEEDS,
    steps: int = 6_000,
    lr: float = 5e-3,
    record_every: int = 150,
    **how: Any,
) -> Trial:
    """One fast wave, learned on an interval, an arc or a circle; the error of each half wave.

    Outputs are kept of the interval only.
    """
    turns = grid(each * halves)
    x, y = on_places(place, turns, cut), np.sin(np.pi * halves * turns)
    how |= {"steps": steps, "lr": lr, "record_every": record_every}
    run = train(networks(x.shape[1], width, seeds, gain), x, y, **how)
    wrong = np.square(run.outputs - y).reshape(*run.outputs.shape[:2], halves, each)
    size = np.square(y).reshape(halves, each).mean(axis=-1)
    left = np.sqrt(wrong.mean(axis=-1) / size)
    named = {f"half {i + 1}": left[..., i] for i in range(halves)}
    run = replace(run, x=turns, eval_x=turns)
    trial = even_trial(run, [], **named) if place == "interval" else series_only(run, named)
    return replace(trial, half=True)


ends_centred = Experiment(ends_interval, "control", place="centred")
# Ours: waves short enough to be learned late, and long enough to be learned on a circle at all.
AROUND = {"steps": 4_000, "record_every": 25}
ends_circle = Experiment(ends_interval, "control", place="circle", halves=28, **AROUND)
ends_arc = Experiment(ends_interval, "ours", place="arc", halves=21, cut=0.25, **AROUND)
