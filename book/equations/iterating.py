"""Iterations for -u″ = g on even points: damped Jacobi, a coarser grid, a network every n-th step.

On N inner points of [0, 1], a distance h = 1/(N + 1) apart, the matrix A has the eigenvectors
sin kπx, k = 1 … N, with the eigenvalues (4/h²) sin²(kπh/2). An error e leaves the residual
r = Ae, and that is all that an iteration knows of it. Errors are ``(..., N)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice

import numpy as np
import torch
from numpy.typing import NDArray

from fpkit.networks import Ensemble

__all__ = ["OMEGA", "all_waves", "corrected", "eigenvalues", "hybrid", "iterations", "jacobi"]
__all__ += ["conjugate_gradients", "jacobi_factors", "residual", "sines", "two_level"]

OMEGA = 2 / 3  # the damping for which the upper half of the waves shrinks to a third at least

# Maps errors to what a step leaves of them.
Step = Callable[[NDArray], NDArray]


def sines(n: int) -> NDArray[np.float64]:
    """Return sin kπx at ``n`` even inner points, ``(n, n)``: a row for each k = 1 … n."""
    k = np.arange(1, n + 1)
    return np.sin(np.pi * np.outer(k, k) / (n + 1))


def all_waves(n: int) -> NDArray[np.float64]:
    """Return an error in which all waves are equally large: the sum of sin kπx, ``(n,)``."""
    return sines(n).sum(axis=0)


def eigenvalues(n: int) -> NDArray[np.float64]:
    """Return the eigenvalues of A for k = 1 … n."""
    k = np.arange(1, n + 1)
    return 4 * (n + 1) ** 2 * np.sin(k * np.pi / (2 * (n + 1))) ** 2


def residual(e: NDArray) -> NDArray:
    """Return Ae, with zeros at both ends."""
    padded = np.pad(e, [(0, 0)] * (e.ndim - 1) + [(1, 1)])
    return (2 * e - padded[..., :-2] - padded[..., 2:]) * (e.shape[-1] + 1) ** 2


def jacobi(e: NDArray) -> NDArray:
    """Return what a sweep of damped Jacobi leaves of errors: e - ω (h²/2) Ae."""
    return e - OMEGA / (2 * (e.shape[-1] + 1) ** 2) * residual(e)


def jacobi_factors(n: int) -> NDArray[np.float64]:
    """Return by how much a sweep multiplies each wave: 1 - 2ω sin²(kπh/2), ``(n,)``."""
    return 1 - OMEGA / (2 * (n + 1) ** 2) * eigenvalues(n)


def two_level(e: NDArray) -> NDArray:
    """Return what is left when every second point solves for the error exactly.

    The classical coarse-grid correction: the residual is averaged with weights 1/4, 1/2, 1/4,
    (N - 1)/2 points solve, and their answer is interpolated linearly.
    """
    r = residual(e)
    coarse = (r[..., :-2:2] + 2 * r[..., 1:-1:2] + r[..., 2::2]) / 4
    m = coarse.shape[-1]
    basis = sines(m)
    solved = (coarse @ basis) / eigenvalues(m) @ basis * (2 / (m + 1))
    found = np.zeros_like(e)
    found[..., 1:-1:2] = solved
    found[..., :-2:2] += solved / 2
    found[..., 2::2] += solved / 2
    return e - found


def corrected(nets: Ensemble, e: NDArray) -> NDArray[np.float64]:
    """Return what a step of each network leaves of errors ``(P, N)`` or ``(S, P, N)``.

    A network is given residuals of root mean square 1, and answers in units of 1/λ₁: both are
    undone here, so that an error twice as large is answered with twice as much. The result is
    ``(S, P, N)``.
    """
    r = residual(e)
    size = np.sqrt(np.square(r).mean(axis=-1, keepdims=True)) + np.finfo(np.float64).tiny
    with torch.no_grad():
        answer = nets(torch.as_tensor(r / size, dtype=nets.dtype)).numpy()
    return e - answer * size / eigenvalues(e.shape[-1])[0]


def hybrid(e: NDArray, every: int, correct: Step) -> Iterator[NDArray]:
    """Yield errors ``(..., N)`` after 0, 1, 2, … steps, of which every ``every``-th is ``correct``.

    The others are sweeps of `jacobi`.
    """
    for step in count(1):
        yield e
        e = (jacobi if step % every else correct)(e)


def iterations(e: NDArray, every: int, correct: Step, *, to: float, most: int) -> NDArray:
    """Return after how many steps of `hybrid` errors ``(..., N)`` are ``to`` of the start.

    ∞ where ``most`` steps are not enough, or errors grow a million times. The result is ``(...)``.
    """
    start = np.linalg.norm(e, axis=-1)
    needed = np.full(start.shape, np.inf)
    for step, now in enumerate(islice(hybrid(e, every, correct), most + 1)):
        size = np.linalg.norm(now, axis=-1) / start
        needed[(size <= to) & np.isinf(needed)] = step
        if np.isfinite(needed).all() or not (size < 1e6).all():
            break
    return needed


def conjugate_gradients(e: NDArray, *, to: float) -> int:
    """Return after how many steps of conjugate gradients an error ``(N,)`` is ``to`` of itself.

    A step costs one residual, as a sweep does, and two inner products. N of them are exact but for
    rounding.
    """
    left, start = e.copy(), np.linalg.norm(e)
    r = residual(left)
    towards = r.copy()
    step = 0
    while True:
        step += 1
        sent = residual(towards)
        left = left - (r @ r) / (towards @ sent) * towards
        if np.linalg.norm(left) <= to * start:
            return step
        after = residual(left)
        towards = after + (after @ after) / (r @ r) * towards
        r = after
