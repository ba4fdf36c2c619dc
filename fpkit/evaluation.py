"""Look at a model from outside without changing its training by a bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from . import validation

__all__ = ["like_parameters", "outputs_of", "unnoticed"]

Model = Callable[[Tensor], Tensor]


def like_parameters(model: Model, name: str, x: ArrayLike | Tensor) -> Tensor:
    """Return points where the model's parameters are, and as precise if they are real."""
    inputs = x if isinstance(x, Tensor) else torch.as_tensor(validation.as_array(name, x))
    first = next(model.parameters(), None) if isinstance(model, nn.Module) else None
    if first is None:
        return inputs
    real = inputs.is_floating_point() and first.is_floating_point()
    return inputs.to(first.device, first.dtype if real else inputs.dtype)


def outputs_of(model: Model, inputs: Tensor, *, softmax: bool = False) -> NDArray[np.float64]:
    """Return outputs, or their softmax, at points, ``(N, outputs)``, as if nobody had asked."""
    with unnoticed(model), torch.no_grad():
        found = model(inputs)
        found = found.softmax(dim=-1) if softmax else found
    return checked_outputs(validation.as_array("model", found.detach()), inputs).astype(np.float64)


def checked_outputs(outputs: Any, inputs: Tensor) -> Any:
    """Return outputs, a tensor or an array, as ``(N, outputs)``."""
    if outputs.ndim not in (1, 2) or len(outputs) != len(inputs):
        raise ValueError(
            f"model: expected ({len(inputs)},) or ({len(inputs)}, outputs) for the points x, got "
            f"{tuple(outputs.shape)}"
        )
    return outputs[:, None] if outputs.ndim == 1 else outputs


@contextmanager
def unnoticed(model: Model) -> Iterator[None]:
    """Evaluate inside; modes of all modules and all random numbers are then as they were."""
    modules: Sequence[nn.Module] = list(model.modules()) if isinstance(model, nn.Module) else []
    modes = [module.training for module in modules]
    devices = {p.device for m in modules[:1] for p in m.parameters() if p.device.type == "cuda"}
    states: Any = [device.index for device in devices]
    with torch.random.fork_rng(devices=states):
        try:
            for module in modules:
                module.training = False
            yield
        finally:
            for module, mode in zip(modules, modes, strict=True):
                module.training = mode
