"""Look at a model from outside without changing its training by a bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
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
    place = inputs.device.type  # in full precision there, whatever the training computes in
    known = torch.amp.is_autocast_available(place)
    full = torch.autocast(place, enabled=False) if known else nullcontext()
    with unnoticed(model), torch.no_grad(), full:
        found = called(model, inputs)
        found = found.softmax(dim=-1) if softmax else found
    return validation.as_array("model", found).astype(np.float64)


def called(model: Model, inputs: Tensor) -> Tensor:
    """Return outputs as ``(N, outputs)``; ValueError if the model has no such for these points."""
    try:
        found = model(inputs)
    except Exception as error:  # whatever a model may raise
        kind = f"{tuple(inputs.shape)} {str(inputs.dtype).removeprefix('torch.')}"
        raise ValueError(f"model: it does not take points of shape {kind} ({error})") from error
    if not isinstance(found, Tensor):
        raise ValueError(
            f"model: expected a tensor, got {type(found).__name__}; of several outputs take one, "
            "such as lambda x: net(x)[0]"
        )
    if found.is_complex():
        raise ValueError(f"model: expected real outputs, got {found.dtype}")
    if found.ndim not in (1, 2) or len(found) != len(inputs):
        raise ValueError(
            f"model: expected ({len(inputs)},) or ({len(inputs)}, outputs) for the points x, got "
            f"{tuple(found.shape)}"
        )
    return found[:, None] if found.ndim == 1 else found


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
