"""Checks for the exercises of the chapter on wide networks and their kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from book.answers import array, call, expect


def circulant_values(answer: Any) -> None:
    """A function of c, N numbers with c[d] = c[N-d], that returns N eigenvalues, k = 0 … N-1."""
    rng = np.random.default_rng(0)
    for n in (6, 9):
        c = np.fft.fft(rng.standard_normal(n)).real  # even: the transform of real numbers
        got = array(call(answer, c), (n,))
        right = np.fft.fft(c).real
        expect(not np.allclose(got, right / n), "Right but for a factor: test them with K·v.")
        in_order = np.allclose(np.sort(got), np.sort(right))
        expect(not in_order or np.allclose(got, right), "Right numbers; sort them by the mode k.")
        hint = "Multiply the wave of mode k by the first row of the matrix: a sum over d."
        expect(np.allclose(got, right, rtol=1e-5, atol=1e-6), hint)


def _problem(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a kernel whose flow neither stands still nor ends at once, and a target."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 9))
    vectors = np.linalg.qr(rng.standard_normal((n, n)))[0]
    return vectors * (n / 2 * rng.uniform(0.2, 1, n)) @ vectors.T, rng.standard_normal(n)


def flow_errors(answer: Any) -> None:
    """A function of (kernel, y, t) that returns the N errors at time t, from output zero."""
    for seed, t in enumerate((1.3, 0.4, 0.0)):
        kernel, y = _problem(seed)
        values, vectors = np.linalg.eigh(kernel)
        right = -vectors @ (np.exp(-2 * values * t / len(y)) * (vectors.T @ y))
        got = array(call(answer, kernel, y, t), y.shape)
        hint = "The error is output minus target, and the output starts at zero: mind the sign."
        expect(np.allclose(got, right, atol=1e-3) or not np.allclose(got, -right, atol=1e-3), hint)
        output = y + right
        expect(t == 0 or not np.allclose(got, output, atol=1e-3), "That is the output: subtract y.")
        hint = "Each eigenvector's part decays with its own rate; mind the factor before K."
        expect(np.allclose(got, right, atol=1e-3), hint)


def finite_steps(answer: Any) -> None:
    """A function of (kernel, y, lr, steps) that returns the N errors after so many steps."""
    for seed, (lr, steps) in enumerate(((0.3, 4), (0.9, 2), (0.1, 0)), start=3):
        kernel, y = _problem(seed)
        right, (values, vectors) = -y, np.linalg.eigh(kernel)
        for _ in range(steps):
            right = right - 2 * lr / len(y) * kernel @ right
        flow = -vectors @ (np.exp(-2 * values * lr * steps / len(y)) * (vectors.T @ y))
        got = array(call(answer, kernel, y, lr, steps), y.shape)
        hint = "That is the flow. A step is finite: it multiplies, and no exponential appears."
        expect(not np.allclose(got, flow) or np.allclose(got, right), hint)
        hint = "One step takes lr · (2/N) · K e from e. Start from output zero, so e = -y."
        expect(np.allclose(got, right, rtol=1e-4, atol=1e-6), hint)
