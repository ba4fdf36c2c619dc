"""Claims about encodings (rows R44 and R45), and the chapter's advice."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.encodings.experiments import MODES
from book.encodings.ruler import reading
from fpkit.convergence import convergence_step, rank_correlation
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run

__all__ = ["AGAIN", "RUNS", "by_scale", "compared", "inside", "left_at", "ratios", "read", "right"]

# Ours, since 2026-11-29, before any result of the row was seen. An error has its minimum inside the
# range of scales if the smallest and the largest scale both leave this many times as much.
INSIDE = 1.25
# Ours, since 2026-11-29: signals are fitted below this part of their variance, and what is less
# counts as this. An error falls if at no scale it is more than this many times that of a smaller.
FITTED, RISE = 1e-4, 1.1
# Ours, since 2026-11-29: waves are learned below this relative error, as in the whole book.
LEARNED = 0.1
# Ours, since 2026-11-29: the ruler says which of two waves comes first if their rates are this far
# apart. It has to be right for so many of the pairs, and its ratio of the fastest wave's rate and
# the slowest's has to have this rank correlation with what is learned of the fastest at this step.
APART, RIGHT, AGREE, FIXED = 2.0, 0.8, 0.7, 200

RUNS = {
    "ReLU": "encoded_waves",
    "Hat, gain 1": "waves_hat_1",
    "Hat, gain 16": "waves_hat_16",
    "SIREN, ω₀ = 30": "waves_siren_30",
    "SIREN, ω₀ = 150": "waves_siren_150",
    "FINER, ω₀ = 30": "waves_finer",
    "WIRE, ω₀ = 20": "waves_wire",
    "MscaleDNN, to 128": "waves_mscale",
    "features, σ = 5": "waves_features_5",
    "features, σ = 25": "waves_features_25",
    "grid, to 32": "waves_grid_32",
    "grid, to 128": "waves_grid_128",
}
# The same unit with another gain, for the control.
_PAIRS = (("Hat, gain 1", "Hat, gain 16"), ("SIREN, ω₀ = 30", "SIREN, ω₀ = 150"),
          ("features, σ = 5", "features, σ = 25"), ("grid, to 32", "grid, to 128"))  # fmt: skip
AGAIN = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}


# --- R44: the scale of Fourier features -------------------------------------------------------


def by_scale(name: str) -> NDArray[np.float64]:
    """Return the "training" or "test" error at the end, ``(S, powers, scales)``."""
    result = load_or_run("feature_scales")
    shape = (-1, len(result.settings["powers"]), len(result.settings["scales"]))
    return result.series[name][:, -1].reshape(shape)


def inside(errors: ArrayLike) -> NDArray[np.bool]:
    """Tell whether errors ``(…, scales)`` have their minimum inside; see `INSIDE`."""
    found = np.asarray(errors)
    ends = np.minimum(found[..., 0], found[..., -1])
    return ends >= INSIDE * found.min(axis=-1)


def falls(errors: ArrayLike) -> NDArray[np.bool]:
    """Tell whether errors ``(…, scales)`` never rise with the scale; see `RISE`."""
    found = np.maximum(errors, FITTED)
    return (found <= RISE * np.minimum.accumulate(found, axis=-1)).all(axis=-1)


def R44() -> Verdict:
    result = load_or_run("feature_scales")
    scales, powers = (np.array(result.settings[name]) for name in ("scales", "powers"))
    test, training = by_scale("test"), by_scale("training")
    minimum, falling = inside(test), falls(training)
    judged = np.maximum(training, FITTED)
    wins = inside(judged)
    places = test.argmin(axis=-1)
    best = ", ".join(
        f"{low:g} to {high:g} for α = {power:g}"
        for power, low, high in zip(
            powers, scales[places.min(axis=0)], scales[places.max(axis=0)], strict=True
        )
    )
    largest = test[..., -1] / test.min(axis=-1)
    return Verdict(
        figure=chapters.get("feature_scales").figure,
        claim="networks with Fourier features of scale σ exhibit “underfitting (slow convergence)” "
        "when σ “is too low and overfitting when it is too high”",
        seeds=len(test),
        effect=f"test error has its minimum inside the range of scales for {minimum.sum()} of "
        f"{minimum.size} networks (best σ: {best}), training error never rises with the scale for "
        f"{falling.sum()}; at σ = {scales[-1]:g} the test error is {largest.min():.1f} to "
        f"{largest.max():.0f} times the best",
        control=f"judged by training error the minimum is inside for {wins.sum()} of {wins.size}: "
        "the largest scale is as good as any",
        control_fails=not wins.all(),
        outcome=judge(minimum & falling, minimum, control=wins, seeds=len(test)),
    )
