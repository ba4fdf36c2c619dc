"""What follows from the gradients: Theorems 1-3 of Xu (2018), and the speed at the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.gradient_theory.unit_gradients import PARAMETERS, factors, loss_gradients
from book.gradient_theory.unit_spectra import BROADCAST, Shallow, frequencies, rate, weights
from fpkit import validation

__all__ = [
    "Share",
    "ball",
    "counterexample",
    "deviation_ratio",
    "equal_pull_error",
    "equal_pulls",
    "initial_speed",
    "low_frequency_share",
]

CHUNK = 65_536


def ball(
    radius: float, dimension: int, count: int, *, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Draw ``count`` points ``(count, dimension)`` evenly from the ball |w| < ``radius``."""
    validation.positive("radius", radius)
    direction = generator.standard_normal(
        (validation.positive_int("count", count), validation.positive_int("dimension", dimension))
    )
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    # 1 - U is in (0, 1]: a weight of exactly 0 has no spectrum.
    return radius * direction * (1 - generator.random((count, 1))) ** (1 / dimension)


@dataclass(frozen=True)
class Share:
    """Share of weights for which the low frequency has the larger gradient.

    ``everywhere`` demands it for all parameters of all units at once; ``each`` for one kind
    of parameter ("a", "w", "b") of all units.
    """

    everywhere: float
    each: dict[str, float]
    samples: int

    @property
    def standard_error(self) -> float:
        """Standard error of ``everywhere`` as an estimate from ``samples`` draws."""
        return float(np.sqrt(self.everywhere * (1 - self.everywhere) / self.samples))


def low_frequency_share(
    a: ArrayLike,
    b: ArrayLike,
    target: ArrayLike,
    k: Sequence[float],
    delta: float,
    *,
    unit: str = "tanh",
    samples: int = 20_000,
    seed: int = 0,
) -> Share:
    """Measure the share in Theorem 1 of Xu (2018): weights in a ball of radius δ, by sampling.

    μ({w : |∂L(k₁)/∂θ| > |∂L(k₂)/∂θ| for all θ} ∩ B_δ) / μ(B_δ), with w drawn evenly from the ball
    in as many dimensions as there are units; a, b and the target stay. The gradients are exact
    and compared as logarithms, since for small weights they underflow.

    Parameters
    ----------
    a, b
        Output weights and biases ``(J,)``.
    target
        F[f](k₁), F[f](k₂).
    k
        The low frequency k₁ and the high one k₂, in radians per unit of x.
    delta
        Radius of the ball, in the unit of w.

    """
    low, high = _two(k)
    if not 0 < low < high:
        raise ValueError(f"k: expected 0 < k₁ < k₂, got {low:g} and {high:g}")
    validation.positive("delta", delta)
    a, b = validation.real_array("a", a), validation.real_array("b", b)
    if len(a) != len(b):
        raise ValueError(f"b: expected one per unit like a ({len(a)}), got {len(b)}")
    generator = np.random.default_rng(validation.seed("seed", seed))
    chunk = max(1, CHUNK // len(a))
    counted, total = np.zeros(len(PARAMETERS) + 1), validation.positive_int("samples", samples)
    for start in range(0, total, chunk):
        count = min(chunk, total - start)
        w = ball(delta, len(a), count, generator=generator)
        net = Shallow(np.broadcast_to(a, w.shape), w, np.broadcast_to(b, w.shape), unit)
        gradients = loss_gradients(net, target, k)
        wins = []
        for parameter in PARAMETERS:
            size = gradients.log_size(parameter)
            wins.append((size[:, 0] > size[:, 1]).all(axis=-1))
        wins.append(np.logical_and.reduce(wins))
        counted += np.sum(wins, axis=1)
    *each, everywhere = (counted / total).tolist()
    return Share(everywhere, dict(zip(PARAMETERS, each, strict=True)), total)


def _two(k: ArrayLike) -> NDArray[np.float64]:
    """Return k₁ and k₂."""
    both = frequencies(k)
    validation.same_shape("k", both, (2,), "k₁ and k₂")
    return both


def equal_pull_error(
    w: ArrayLike,
    b: ArrayLike,
    k: Sequence[float],
    *,
    parameter: str = "a",
    phases: Sequence[ArrayLike] | NDArray[np.float64] = (0.0, 0.0),
    amplitude: ArrayLike = 1.0,
    target: ArrayLike = 1.0,
    unit: str = "tanh",
) -> NDArray[np.float64]:
    """Return Δ_F(k₁) when both frequencies pull equally hard at a parameter of a unit.

    |∂L(k₁)/∂θ| = |∂L(k₂)/∂θ| fixes A(k₁) = A(k₂) · e^{-cπ(k₂-k₁)/|w|} · |G(k₂)|/|G(k₁)|, and
    Δ_F(k₁) = A(k₁)/|F[f](k₁)|: the quantity of Theorems 2 and 3 of Xu (2018), exact. All
    arguments but ``k``, ``parameter`` and ``unit`` are broadcast.

    Parameters
    ----------
    w, b
        Weight and bias of the unit.
    k
        k₁ and k₂, in radians per unit of x.
    parameter
        "a", "w" or "b".
    phases
        Arguments θ(k₁), θ(k₂) of the differences D, in radians.
    amplitude, target
        A(k₂) and |F[f](k₁)|.

    Raises
    ------
    ValueError
        Where G(k₁) = 0: then k₁ does not pull at all, whatever its error is, and nothing follows.

    """
    w = weights(w)
    theta = [validation.real_array("phases", phase, ndim=BROADCAST) for phase in phases]
    if len(theta) != 2:
        raise ValueError(f"phases: expected two, for k₁ and k₂, got {len(theta)}")
    pair = _two(k)
    b, pull, wanted = (
        validation.real_array(name, values, ndim=BROADCAST).astype(np.float64)
        for name, values in (("b", b), ("amplitude", amplitude), ("target", target))
    )
    validation.known("parameter", parameter, PARAMETERS)
    (s_low, low, _), (s_high, high, _) = (
        factors(pair[i], np.float64(1), w, b, theta[i], unit) for i in (0, 1)
    )
    slow_low, slow_high = np.abs(low[parameter]), np.abs(high[parameter])
    # Relative to the size it has without its sine or cosine.
    if (slow_low <= 1e-12 * np.abs(np.pi * pair[0] / w)).any():
        raise ValueError(
            f"phases: the gradient of L(k₁) with respect to {parameter} is 0 for every error at k₁ "
            "(sin or cos of the phase vanishes), so equal gradients say nothing about Δ_F(k₁)"
        )
    ratio = np.exp(s_low - s_high) * slow_high / slow_low
    return pull / wanted * ratio


def counterexample(
    n: int, k: Sequence[float], *, a: float = 1.0, b: float = 1.0, unit: str = "tanh"
) -> tuple[Shallow, NDArray[np.complex128]]:
    """Return a network and a target spectrum at (k₁, k₂) that contradict Theorem 2 as printed.

    Two units that cancel, a and -a with the same w and b, so the output is zero. The target has
    F[f](k₁) = 1 and F[f](k₂) = 0; hence A(k₂) = 0 and Δ_F(k₁) = 1. With w = 2bk₁/((2n+1)π) the
    phase φ - θ is an odd multiple of π/2, so C₁(k₁) = -1 and ∂L(k₁)/∂b = 0 = ∂L(k₂)/∂b: the
    gradients are equal, for weights as small as one likes, and nothing is learned.
    """
    low, _ = _two(k)
    w = 2 * b * low / ((2 * validation.seed("n", n) + 1) * np.pi)
    net = Shallow(np.array([a, -a]), np.array([w, w]), np.array([b, b]), unit)
    return net, np.array([1.0, 0.0], dtype=np.complex128)


def equal_pulls(w: float, k: Sequence[float]) -> tuple[Shallow, NDArray[np.complex128]]:
    """Return a network and a target like `counterexample`, but with gradients that are not zero.

    The phase at k₁ is so close to π/2 that the cosine is as small as the decay makes the pull of
    k₂. Then |∂L(k₁)/∂b| = |∂L(k₂)/∂b| > 0, A(k₂) is about 1, |1 - C₁(k₁)| about 2 and
    Δ_F(k₁) = 1. With weights below 0.05 that phase needs more digits than there are.
    """
    low, high = _two(k)
    s = np.pi * np.array([low, high]) / (2 * validation.positive("w", w))
    cosine = high * np.sinh(s[0]) / (low * np.sinh(s[1]))
    net = Shallow(np.array([1.0, -1.0]), np.array([w, w]), np.zeros(2))
    target = np.array([complex(-cosine, np.sqrt(1 - cosine**2)), -1.0])
    pulls = np.abs(loss_gradients(net, target, (low, high))["b"][:, 0])
    return net, target * [1, pulls[0] / pulls[1]]  # takes the rounding out


def deviation_ratio(
    k_low: ArrayLike, k_high: ArrayLike, w: ArrayLike, *, unit: str = "tanh"
) -> NDArray[np.float64]:
    """Return A(k_low)/A(k_high) ≈ e^{-cπ|k_high - k_low|/|w|} when both pull equally hard.

    Xu (2018), earlier version, Eqs. 5.2-5.3, where c = 1 (sigmoid). It leaves out G;
    `equal_pull_error` does not.
    """
    low, high = (
        validation.real_array(name, values, ndim=BROADCAST).astype(np.float64)
        for name, values in (("k_low", k_low), ("k_high", k_high))
    )
    return np.exp(-rate(unit) * np.pi * np.abs((high - low) / weights(w)))


def initial_speed(
    net: Shallow, target: ArrayLike, k: ArrayLike, *, flow: str = "own"
) -> NDArray[np.float64]:
    """Return -d ln A(k)/dt under gradient flow: how fast an error shrinks, relative to itself.

    Parameters
    ----------
    net, target, k
        As for `book.gradient_theory.unit_gradients.loss`.
    flow
        "own": the parameters follow -∇L(k), so the speed is Σ(∂L(k)/∂θ)²/A². The factor
        e^{-cπ|k/w|} comes in twice: the frequency moves the parameter, and the parameter moves
        the frequency. "total": they follow -∇Σₖ L(k); the speed can then be negative.

    Returns
    -------
    Speeds ``(..., K)``, in 1 per unit of time.

    """
    validation.known("flow", flow, ("own", "total"))
    gradients = loss_gradients(net, target, k)
    stacked = np.concatenate([gradients[parameter] for parameter in PARAMETERS], axis=-1)
    moves = stacked if flow == "own" else stacked.sum(axis=-2, keepdims=True)
    return (stacked * moves).sum(axis=-1) / gradients.amplitude[..., 0] ** 2
