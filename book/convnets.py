"""Small convolutional networks with an ensemble axis, to be trained by `fpkit.train`."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from fpkit import validation
from fpkit.networks import (
    Activation,
    Ensemble,
    checked_activation,
    layer_sizes,
    member_seeds,
    normal,
)

__all__ = ["ConvNet"]

# Kernel size of the first convolution and of the others; each moves by two pixels.
FIRST_KERNEL, KERNEL, STRIDE = 5, 3, 2


class ConvNet(Ensemble):
    """S independent networks of convolutions with stride 2 and dense layers on top.

    All weights are drawn from N(0, 1/fan-in) and biases are 0. A member depends on its own seed
    only.

    Parameters
    ----------
    shape
        Shape of an image, ``(height, width)`` or ``(colours, height, width)``.
    outputs
        Number of outputs.
    channels
        Channels of each convolution: the first has a 5 x 5 kernel, the others 3 x 3.
    hidden
        Sizes of the dense layers between the convolutions and the linear output.
    activation
        One of `fpkit.networks.ACTIVATIONS`, or a function of a tensor.
    seeds
        One integer per member.
    antisymmetric
        If true, a member is (f(x; θ₁) - f(x; θ₂))/√2 with two copies of the whole network that
        start equal, so the initial output is zero.

    """

    def __init__(
        self,
        shape: Sequence[int],
        outputs: int = 10,
        *,
        channels: Sequence[int] = (8, 16),
        hidden: Sequence[int] = (),
        activation: str | Activation = "tanh",
        seeds: Sequence[int] = (0,),
        antisymmetric: bool = False,
    ) -> None:
        super().__init__()
        lengths = layer_sizes("shape", shape)
        self.image = (1, *lengths) if len(lengths) == 2 else tuple(lengths)
        if len(self.image) != 3:
            raise ValueError(f"shape: expected two or three numbers, got {tuple(lengths)}")
        self.activation = checked_activation(activation)
        self.seeds = member_seeds(seeds)
        self.antisymmetric = antisymmetric
        colours, *size = self.image
        channels = layer_sizes("channels", channels)
        shapes: list[tuple[int, ...]] = []
        for layer, count in enumerate(channels):
            kernel = KERNEL if layer else FIRST_KERNEL
            if min(size) < kernel:
                raise ValueError(
                    f"channels: images of {tuple(shape)} are too small for {len(channels)} layers"
                )
            shapes.append((count, colours, kernel, kernel))
            colours, size = count, [(length - kernel) // STRIDE + 1 for length in size]
        inputs = colours * math.prod(size)
        for width in layer_sizes("hidden", hidden):
            shapes.append((width, inputs))
            inputs = width
        shapes.append((validation.positive_int("outputs", outputs), inputs))
        self.convolutions = len(channels)
        self.widths = [math.prod(self.image), shapes[-1][0]]
        copies = self.seeds * (2 if antisymmetric else 1)
        members = [self._draw(seed, shapes) for seed in copies]
        weights = [torch.stack(each) for each in zip(*members, strict=True)]
        self.weights = nn.ParameterList(weights)
        self.biases = nn.ParameterList(w.new_zeros(w.shape[:2]) for w in weights)

    @staticmethod
    def _draw(seed: int, shapes: Sequence[Sequence[int]]) -> list[Tensor]:
        draw = normal(seed)
        return [draw(*shape) / math.prod(shape[1:]) ** 0.5 for shape in shapes]

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, pixels)`` to outputs ``(S, N, outputs)``."""
        self.check_type(x)
        if x.ndim != 2 or x.shape[1] != self.widths[0]:
            raise ValueError(f"x: expected shape (N, {self.widths[0]}), got {tuple(x.shape)}")
        act = self.act
        copies, points = len(self.weights[0]), len(x)
        h = x.reshape(points, *self.image)
        layers = list(zip(self.weights, self.biases, strict=True))
        for layer, (weight, bias) in enumerate(layers[: self.convolutions]):
            # All copies read the same image; after that each reads its own channels.
            groups = copies if layer else 1
            h = nn.functional.conv2d(
                h, weight.flatten(0, 1), bias.flatten(), stride=STRIDE, groups=groups
            )
            h = act(h)
        h = h.reshape(points, copies, -1).transpose(0, 1)
        for weight, bias in layers[self.convolutions : -1]:
            h = act(torch.baddbmm(bias[:, None], h, weight.transpose(1, 2)))
        weight, bias = layers[-1]
        return self.from_copies(torch.baddbmm(bias[:, None], h, weight.transpose(1, 2)))

    def extra_repr(self) -> str:
        """Describe the ensemble in one line."""
        layers = "-".join(str(bias.shape[1]) for bias in self.biases)
        name = getattr(self.activation, "__name__", self.activation)
        return f"{self.size} x {self.image}-{layers}, {name}"
