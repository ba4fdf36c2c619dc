"""Analysis with fpkit, and the plain ways to compute the same.

Each pair gives equal numbers; `python -m book.tools.benchmarks` checks it before it measures.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

import fpkit as fp
from book.information_plane import information
from fpkit import filtering, spectra, theory

MODES = np.arange(-500, 500)
DELTAS = [1.0, 3.0, 10.0, 30.0]


@cache
def scattered() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return 1,000 random points on [0, 1], both ends among them, and 100 functions there."""
    generator = np.random.default_rng(0)
    x = np.concatenate([[0.0, 1.0], generator.random(998)])
    return x, generator.standard_normal((100, 1000))


def nudft(functions: int) -> NDArray[np.complex128]:
    """Transform so many functions to 1,000 modes with `fpkit.spectra.nudft`."""
    x, values = scattered()
    return spectra.nudft(values[:functions], x, MODES)


def direct_sum(functions: int) -> NDArray[np.complex128]:
    """Sum the definition, with all exponentials computed when they are needed."""
    x, values = scattered()
    return values[:functions] @ np.exp(-2j * np.pi * np.outer(x, MODES)) / len(x)


def dense_matrix(functions: int) -> NDArray[np.complex128]:
    """Multiply by a matrix of exponentials that is kept."""
    return scattered()[1][:functions] @ _exponentials()


@cache
def _exponentials() -> NDArray[np.complex128]:
    x = scattered()[0]
    return np.exp(-2j * np.pi * np.outer(x, MODES)) / len(x)


@cache
def recorded_run() -> NDArray[np.float32]:
    """Return outputs as large as those of a run: 8 members, 1,000 records, 600 points."""
    return np.random.default_rng(0).standard_normal((8, 1000, 600), dtype=np.float32)


@cache
def _images() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return 4,000 points as large as digits, and ten values at each."""
    generator = np.random.default_rng(0)
    return generator.random((4000, 784), np.float32), generator.random((4000, 10), np.float32)


def low_pass() -> NDArray[np.float32]:
    """Filter ten functions of 4,000 images with four filters."""
    return filtering.low_pass(*_images(), DELTAS)


def distance_product() -> torch.Tensor:
    """Multiply what any such filter has to: all images with all images."""
    x = torch.from_numpy(_images()[0])
    return x @ x.T


@cache
def binned_run() -> NDArray[np.int64]:
    """Return the bins of such a run: 8,000 samples of 600."""
    return information.bins(recorded_run(), 0.5)


def entropy() -> NDArray[np.float64]:
    """Measure the entropy of every record of a run."""
    return information.entropy(binned_run())


def entropy_loop() -> NDArray[np.float64]:
    """Measure one record after the other."""
    result = []
    for sample in binned_run().reshape(-1, 600):
        shares = np.unique(sample, return_counts=True)[1] / len(sample)
        result.append(-(shares * np.log2(shares)).sum())
    return np.reshape(result, binned_run().shape[:-1])


@cache
def _nets() -> fp.MLP:
    return fp.MLP([1, 200, 200, 1], weight_std=0.3, seeds=[0, 1], dtype=torch.float64)


KERNEL_POINTS = np.linspace(-1, 1, 100)


def kernel() -> NDArray[np.float64]:
    """Compute the tangent kernels of two networks at 100 points."""
    return theory.kernel(_nets(), KERNEL_POINTS)


def jacobian_kernel() -> NDArray[np.float64]:
    """Compute them from the gradient of each output with respect to all parameters."""
    nets, points = _nets(), torch.from_numpy(KERNEL_POINTS[:, None])
    gradients = []
    for point in points:
        parts = torch.autograd.grad(nets(point[None]).sum(), list(nets.parameters()))
        gradients.append(torch.cat([part.flatten(start_dim=1) for part in parts], dim=1))
    jacobian = torch.stack(gradients, dim=1)
    return (jacobian @ jacobian.mT).numpy()


def prepare() -> None:
    """Make all data, so that memory counts only what is done with them."""
    for data in (scattered, recorded_run, binned_run, _images, _nets):
        data()
