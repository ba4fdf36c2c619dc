"""Claims about the FP-norm and the a-priori error bound (row R35)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.generalization import fp_norm
from fpkit import validation
from fpkit.convergence import rank_correlation
from fpkit.reproduce import Result, Verdict, chapters, judge, load_or_run

__all__ = [
    "DELTA",
    "FEW",
    "MANY",
    "TOP",
    "WEIGHT",
    "Draw",
    "HighFirst",
    "breaking_scale",
    "draw",
    "network_errors",
    "norm_and_error",
    "random_target",
]

# Ours: r and w even on ±1, so ⟨r²⟩ = ⟨w²⟩ = 1/3; modes up to TOP; δ; points per sample, few to
# compare errors, and many to test the bound, which for this δ cannot fail below 192 points.
WEIGHT = fp_norm.FPWeight(a=2 / 3, b=4 * np.pi**2 / 9)
TOP, DELTA, FEW, MANY = 150, 0.05, 32, 256
# Ours: draws of targets, and their highest mode at most.
SEEDS, HIGHEST = 8, 10
# Ours: sampled problems for each draw, to compare errors and to test the bound.
DRAWS, BOUND_DRAWS = 25, 6
# Ours: a rank correlation above this is called clear.
CLEAR = 0.5
# Ours: at how many even points risks are measured.
GRID = 1024


class HighFirst:
    """The weight γ turned over: γ(k) becomes γ(top + 1 - |k|), so high frequencies cost least."""

    dimension = 1

    def __call__(self, modes: ArrayLike) -> NDArray[np.float64]:
        """Return the weight of modes ``(K,)`` or ``(K, 1)``, all of at most `TOP`."""
        return WEIGHT(TOP + 1 - np.abs(np.ravel(modes)))


def random_target(generator: np.random.Generator, highest: int) -> fp_norm.Periodic:
    """Draw a function with mean square 1 and random coefficients at the modes 1 … ``highest``."""
    modes = np.arange(1, validation.positive_int("highest", highest) + 1)
    c = generator.standard_normal(len(modes)) + 1j * generator.standard_normal(len(modes))
    return fp_norm.Periodic(modes, c / np.sqrt(2 * (np.abs(c) ** 2).sum()))


@dataclass(frozen=True)
class Draw:
    """One sampled problem: a target, random points, and the minimal interpolant through them.

    ``norm`` is ‖f‖_γ; ``absolute`` and ``square`` are E|h - f| and E(h - f)² over the whole
    interval, ``bound`` is the a-priori bound, ``trivial`` is E|f|, the error of always saying 0.
    """

    norm: float
    absolute: float
    square: float
    bound: float
    trivial: float


def draw(
    target: fp_norm.Periodic,
    generator: np.random.Generator,
    *,
    n: int = FEW,
    learner: fp_norm.Weight = WEIGHT,
) -> Draw:
    """Draw ``n`` points evenly at random, interpolate with the weight ``learner``, and measure."""
    x = generator.random(n)
    h = fp_norm.minimal_interpolant(x, target(x), learner, top=TOP)
    truth = _on_grid(target)
    error = _on_grid(h) - truth
    norm = fp_norm.fp_norm(target, WEIGHT)
    gamma = fp_norm.weight_norm(WEIGHT, TOP)
    bound = fp_norm.error_bound(float(np.abs(truth).max()), norm, gamma, n, DELTA)
    absolute, square = np.abs(error).mean(), (error**2).mean()
    return Draw(norm, float(absolute), float(square), bound, float(np.abs(truth).mean()))


def _on_grid(f: fp_norm.Periodic) -> NDArray[np.float64]:
    """Return f at `GRID` even points by one FFT: `f(x)` takes over a hundred times as long."""
    spectrum = np.zeros(GRID // 2 + 1, dtype=np.complex128)
    spectrum[0], spectrum[f.modes[:, 0]] = f.mean, f.coefficients
    return np.fft.irfft(spectrum, norm="forward")


def norm_and_error(
    seed: int,
    *,
    samples: int = DRAWS,
    n: int = FEW,
    learner: fp_norm.Weight = WEIGHT,
) -> list[Draw]:
    """Return draws of targets with 1 to 10 modes, all from one seed."""
    generator = np.random.default_rng(seed)
    highest = generator.integers(1, HIGHEST + 1, samples)
    return [draw(random_target(generator, h), generator, n=n, learner=learner) for h in highest]


def breaking_scale(found: Draw) -> float:
    """Return the factor c beyond which the bound fails for c·f under the squared loss.

    The minimal interpolant of c·f is c·h, so the risk is c²E(h - f)² and the bound c times its own.
    """
    return found.bound / found.square


def network_errors(result: Result) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the FP-norms of the sines ``(K,)`` and the networks' final test errors ``(S, K)``."""
    modes = result.settings["modes"]
    sines = [fp_norm.Periodic(np.array([k]), np.array([0.5])) for k in modes]
    norms = np.array([fp_norm.fp_norm(f, WEIGHT) for f in sines])
    return norms, result.series["test error"][:, -1].reshape(-1, len(modes)).astype(np.float64)


def _correlations(groups: list[list[Draw]]) -> NDArray[np.float64]:
    """Return the rank correlation of FP-norm and error within each group."""
    return np.array(
        [rank_correlation([d.absolute for d in g], [d.norm for d in g]) for g in groups]
    )


def R35() -> Verdict:
    many = [norm_and_error(seed, n=MANY, samples=BOUND_DRAWS) for seed in range(SEEDS)]
    holds = np.array([[d.absolute <= d.bound for d in group] for group in many]).mean(axis=1)
    loose = np.array([d.bound / d.absolute for group in many for d in group])
    few = [norm_and_error(seed) for seed in range(SEEDS)]
    norms, errors = network_errors(load_or_run("error_by_frequency"))
    correlation, trained = _correlations(few), rank_correlation(errors, norms)
    turned = _correlations([norm_and_error(seed, learner=HighFirst()) for seed in range(SEEDS)])
    scale = np.array([breaking_scale(d) for group in few for d in group])
    clear, bounded = np.minimum(correlation, trained), holds >= 1 - DELTA
    return Verdict(
        figure=chapters.get("error_by_frequency").figure
        + " (the bound); the norm and the error: ours",
        claim="the a-priori bound holds on sampled problems, and a higher FP-norm goes with a "
        "larger error",
        seeds=SEEDS,
        effect=f"{MANY} points: the bound holds in {holds.mean():.1%} of {loose.size} draws "
        f"(asked: {1 - DELTA:.0%}; below {np.ceil(fp_norm.certain_below(DELTA)):.0f} points it "
        f"cannot fail) and is at least {loose.min():,.0f} times too large; rank correlation of "
        f"norm and error with {FEW} points: minimal interpolant {correlation.min():.2f} to "
        f"{correlation.max():.2f}, trained networks {trained.min():.2f} to {trained.max():.2f}",
        control="squared loss: the bound fails once the target is scaled, by "
        f"{np.median(scale):,.0f} in the median of draws; a learner that prefers high "
        f"frequencies: rank correlation {turned.min():.2f} to {turned.max():.2f}",
        control_fails=bool(np.isfinite(scale).all() and (turned <= CLEAR).all()),
        outcome=judge(
            bounded & (clear > CLEAR), bounded & (clear > 0), control=turned > 0, seeds=SEEDS
        ),
    )
