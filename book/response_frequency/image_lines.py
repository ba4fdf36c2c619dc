"""How a classifier's answer changes along a line through an image.

A classifier is a function of all pixels together. Its frequencies (*response frequencies*) say
how fast its answer changes when the image moves in pixel space; stripes in the image are something
else.
What is followed here is the *margin*: the output of the class that the network names at the image,
less the output of the runner-up there. Where it falls below 0 the answer has changed.

S networks, J images of d pixels, P positions on each line, in units of pixel values.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy.fft import dctn
from torch import Tensor

from fpkit import validation
from fpkit.networks import Ensemble

__all__ = [
    "adversarial_directions",
    "flip_distance",
    "image_frequency",
    "line_frequency",
    "linear_flip_distance",
    "margins",
    "random_directions",
    "walk",
]


def adversarial_directions(nets: Ensemble, images: ArrayLike) -> NDArray:
    """Return unit vectors along which the margin falls fastest at each image, ``(S, J, d)``."""
    x = _images(nets, images).clone().requires_grad_()
    first, second = nets(x).topk(2).values.unbind(-1)
    (slope,) = torch.autograd.grad((first - second).sum(), x)
    return -(slope / slope.norm(dim=-1, keepdim=True)).numpy(force=True)


def _images(nets: Ensemble, images: ArrayLike) -> Tensor:
    """Return images for each network, ``(S, J, d)``."""
    x = validation.real_array("images", images, ndim=(2,))
    if x.shape[1] != nets.widths[0]:
        raise ValueError(f"images: the networks take {nets.widths[0]} pixels, got shape {x.shape}")
    if nets.widths[-1] < 2:
        raise ValueError("nets: a margin needs at least 2 outputs, got 1")
    return torch.as_tensor(x).to(next(nets.parameters())).expand(nets.size, *x.shape)


def random_directions(shape: tuple[int, ...], *, seed: int) -> NDArray[np.float64]:
    """Return unit vectors in random directions, of a shape such as ``(S, J, d)``."""
    drawn = np.random.default_rng(validation.seed("seed", seed)).standard_normal(shape)
    return drawn / np.linalg.norm(drawn, axis=-1, keepdims=True)


@torch.no_grad()
def walk(nets: Ensemble, images: ArrayLike, directions: ArrayLike, positions: ArrayLike) -> NDArray:
    """Return the outputs at image + position·direction, ``(S, J, P, classes)``.

    ``directions`` is ``(S, J, d)``, or ``(J, d)`` for all networks.
    """
    x = _images(nets, images)
    steps = torch.as_tensor(validation.real_array("positions", positions)).to(x)
    way = torch.as_tensor(validation.real_array("directions", directions, ndim=(2, 3))).to(x)
    if way.shape not in (x.shape, x.shape[1:]):
        raise ValueError(
            f"directions: expected shape {tuple(x.shape)} or {tuple(x.shape[1:])}, "
            f"got {tuple(way.shape)}"
        )
    points = x[:, :, None] + steps[:, None] * way.expand(x.shape)[:, :, None]
    return nets(points.flatten(1, 2)).unflatten(1, points.shape[1:3]).numpy(force=True)


def margins(outputs: ArrayLike, start: int = 0) -> NDArray:
    """Return the margin along lines, ``(..., P)``, of outputs ``(..., P, classes)`` from `walk`.

    At position number ``start`` the line passes through the image. Which class is named there, and
    which is the runner-up, decides the margin all along the line.
    """
    h = validation.real_array("outputs", outputs, ndim=validation.ANY[1:])
    if h.shape[-1] < 2:
        raise ValueError(f"outputs: a margin needs at least 2 classes, got shape {h.shape}")
    if validation.seed("start", start) >= h.shape[-2]:
        raise ValueError(f"start: expected one of {h.shape[-2]} positions, got {start}")
    pair = np.argsort(h[..., start, :], axis=-1)[..., None, -2:]
    second, first = np.moveaxis(np.take_along_axis(h, pair, axis=-1), -1, 0)
    return first - second


def flip_distance(margin: ArrayLike, positions: ArrayLike) -> NDArray[np.float64]:
    """Return the first position above 0 at which the margin ``(..., P)`` is below 0, else inf."""
    at, g = validation.real_array("positions", positions), _margin(margin)
    validation.increasing("positions", at)
    validation.matching_points(at, "margin", g, of="positions")
    ahead = (g < 0) & (at > 0)
    return np.where(ahead.any(axis=-1), at[ahead.argmax(axis=-1)], np.inf)


def _margin(values: ArrayLike) -> NDArray[np.float64]:
    return validation.real_array("margin", values, ndim=validation.ANY).astype(np.float64)


def linear_flip_distance(weights: ArrayLike, offsets: ArrayLike, images: ArrayLike) -> NDArray:
    """Return how far each image is from a change of the answer of x·W + b: margin/|w₁ - w₂|.

    Between the class named and the runner-up, as in `margins`. ``weights`` is ``(d, classes)``.
    """
    w = validation.real_array("weights", weights, ndim=(2,))
    b, x = (
        validation.real_array("offsets", offsets),
        validation.real_array("images", images, ndim=(2,)),
    )
    validation.same_shape("offsets", b, w.shape[1:], "one for each class")
    if x.shape[1] != len(w):
        raise ValueError(f"images: expected {len(w)} pixels each, got shape {x.shape}")
    outputs = x @ w + b
    second, first = np.argsort(outputs, axis=1)[:, -2:].T
    rows = np.arange(len(outputs))
    steepness = np.linalg.norm(w[:, first] - w[:, second], axis=0)
    return (outputs[rows, first] - outputs[rows, second]) / steepness


def line_frequency(margin: ArrayLike, positions: ArrayLike) -> NDArray[np.float64]:
    """Return the mean frequency of responses ``(..., P)`` in cycles per unit of length.

    It is Σ k|G(k)|²/Σ|G(k)|² of the response less its mean, under a Hann window, which keeps the
    ends of the line from counting as a jump. It says how wavy a response is, not how large. A
    straight ramp has about 1.05 cycles per length of the line, the least that can be told. NaN for
    a response that does not change at all.
    """
    at, g = validation.real_array("positions", positions), _margin(margin)
    validation.matching_points(at, "margin", g, of="positions")
    validation.uniform_points("positions", at)
    centred = g - g.mean(axis=-1, keepdims=True)
    power = np.abs(np.fft.rfft(centred * np.hanning(len(at)), axis=-1)) ** 2
    k = np.fft.rfftfreq(len(at), at[1] - at[0])
    total = power.sum(axis=-1)
    unknown = np.full(total.shape, np.nan)
    return np.divide((power * k).sum(axis=-1), total, out=unknown, where=total > 0)


def image_frequency(images: ArrayLike, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return the mean frequency within each image ``(J, rows·columns)``, in cycles per pixel.

    Σ |(u, v)| C(u, v)²/Σ C(u, v)² over the cosine coefficients C of the image less its mean, with
    u and v from 0 to just below 1/2. NaN for an image of one grey.
    """
    x = validation.real_array("images", images, ndim=(2,)).astype(np.float64)
    if x.shape[1] != shape[0] * shape[1]:
        raise ValueError(f"images: expected {shape[0]}·{shape[1]} pixels, got shape {x.shape}")
    waves = dctn(x.reshape(-1, *shape), axes=(1, 2), norm="ortho") ** 2
    waves[:, 0, 0] = 0
    u, v = (np.arange(size) / (2 * size) for size in shape)
    size = np.hypot(u[:, None], v)
    total = waves.sum(axis=(1, 2))
    weighted = (waves * size).sum(axis=(1, 2))
    return np.divide(weighted, total, out=np.full(len(x), np.nan), where=total > 1e-12)
