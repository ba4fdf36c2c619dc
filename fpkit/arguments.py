"""What `fpkit.train` is given, checked: each message names the argument and what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from inspect import Parameter, signature
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from . import validation
from .networks import Ensemble

__all__ = [
    "OPTIMIZERS",
    "Factory",
    "batches",
    "check_callables",
    "check_independent",
    "check_losses",
    "check_nets",
    "factory",
    "is_elementwise",
    "judged",
    "make_optimizer",
    "one_to_one",
    "points",
    "targets",
    "usable_device",
]

Factory = Callable[..., torch.optim.Optimizer]

# The fused variants update a parameter in one pass over memory.
OPTIMIZERS: dict[str, Factory] = {
    "adam": partial(torch.optim.Adam, fused=True),
    "adamw": partial(torch.optim.AdamW, fused=True),
    "sgd": partial(torch.optim.SGD, fused=True),
    "momentum": partial(torch.optim.SGD, momentum=0.9, fused=True),
    "rmsprop": torch.optim.RMSprop,
}
# What treats every number alike, however parameters are cut up.
ELEMENTWISE = torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD, torch.optim.RMSprop


def check_nets(nets: Ensemble) -> None:
    """Raise ValueError unless ``nets`` is an ensemble that can be trained."""
    if not isinstance(nets, Ensemble):
        raise ValueError(
            f"nets: expected an ensemble such as fpkit.MLP([1, 100, 1]), got {_kind(nets)}; "
            "the order is train(nets, x, y)"
        )
    if any(parameter.is_inference() for parameter in nets.parameters()):
        raise ValueError("nets: made under torch.inference_mode, so they have no gradients")
    if not any(parameter.requires_grad for parameter in nets.parameters()):
        raise ValueError("nets: expected a parameter that requires a gradient, got none")


def one_to_one(nets: Ensemble) -> None:
    """Raise ValueError unless the networks have one input and one output."""
    if (nets.widths[0], nets.widths[-1]) != (1, 1):
        raise ValueError(f"nets: expected one input and one output, got widths {nets.widths}")


def check_callables(loss: Any, observe: Any) -> None:
    """Raise ValueError unless ``loss`` can be called, and ``observe``, if it is not None."""
    validation.function("loss", loss, "a function such as losses.mse")
    if observe is not None and not callable(observe):
        raise ValueError(f"observe: expected a function of the networks, got {observe!r}")


def points(name: str, values: ArrayLike, inputs: int, least: int = 2) -> NDArray:
    """Return points as (N, d), checked against the networks' input size."""
    found = validation.real_array(name, values, ndim=(1, 2))
    found = found[:, None] if found.ndim == 1 else found
    if found.shape[1] != inputs:
        raise ValueError(
            f"{name}: the networks take {inputs} input(s), got points of shape {np.shape(values)}"
        )
    if len(found) < least:
        raise ValueError(f"{name}: expected at least {least} points, got {len(found)}")
    return found


def targets(values: ArrayLike, nets: Ensemble, count: int) -> NDArray:
    """Return targets as (S or 1, N, outputs)."""
    outputs = nets.widths[-1]
    y = validation.real_array("y", values, ndim=(1, 2, 3))
    if outputs == 1 and y.shape == (count, 1):
        raise ValueError(
            f"y: expected shape ({count},) for all members or (S, {count}) for one each, got "
            f"a column of shape {y.shape}; write y[:, 0]"
        )
    if outputs == 1 and y.ndim < 3:
        y = y[..., None]
    y = y[None] if y.ndim == 2 else y
    if y.ndim != 3 or y.shape[2] != outputs:
        raise ValueError(
            f"y: the networks have {outputs} output(s), got targets of shape {np.shape(values)}; "
            "end widths with 1 to learn one value per point"
        )
    if y.shape[1] != count:
        raise ValueError(f"y: expected one value per point of x ({count}), got {y.shape[1]}")
    if y.shape[0] not in (1, nets.size):
        raise ValueError(
            f"y: expected targets for all members or for each of {nets.size}, got {y.shape[0]}"
        )
    return y


def batches(count: int, size: int | None, seed: int) -> Callable[[int], Tensor | slice]:
    """Return a function from the step to the indices of its batch.

    It keeps no state, so a resumed run draws the same batches.
    """
    validation.seed("batch_seed", seed)
    if size is None:
        return lambda step: slice(None)
    length = validation.positive_int("batch_size", size)
    if length > count:
        raise ValueError(f"batch_size: expected at most the number of points ({count}), got {size}")
    per_epoch = count // length

    @lru_cache(maxsize=1)
    def order(epoch: int) -> Tensor:
        return torch.from_numpy(np.random.default_rng((seed, epoch)).permutation(count))

    def batch(step: int) -> Tensor:
        epoch, place = divmod(step, per_epoch)
        return order(epoch)[place * length : (place + 1) * length]

    return batch


def judged(loss_points: int | None, count: int) -> slice:
    """Return which points the loss of a record is taken at."""
    if loss_points is None:
        return slice(None)
    first = validation.positive_int("loss_points", loss_points)
    if first > count:
        raise ValueError(
            f"loss_points: expected at most the number of points ({count}), got {loss_points}"
        )
    return slice(first)


def factory(optimizer: str | Factory) -> Factory:
    """Return what makes the optimiser."""
    if isinstance(optimizer, str):
        return OPTIMIZERS[validation.known("optimizer", optimizer, OPTIMIZERS)]
    if not callable(optimizer):
        raise ValueError(
            f"optimizer: expected one of {', '.join(sorted(OPTIMIZERS))}, or what makes one, such "
            f"as torch.optim.Adam, got {_kind(optimizer)}"
        )
    return optimizer


def make_optimizer(make: Factory, parameters: Iterable[Tensor], lr: float) -> torch.optim.Optimizer:
    """Return an optimiser of parameters that makes a step from gradients alone."""
    made = make(parameters, lr=lr)
    if not isinstance(made, torch.optim.Optimizer):
        raise ValueError(f"optimizer: expected it to make a torch optimiser, got {_kind(made)}")
    closure = signature(made.step).parameters.get("closure")
    if closure is not None and closure.default is Parameter.empty:
        raise ValueError(
            f"optimizer: {type(made).__name__} evaluates the loss itself; take another"
        )
    return made


def is_elementwise(make: Factory) -> bool:
    """Tell whether an optimiser does the same to all parameters in one vector."""
    return (make.func if isinstance(make, partial) else make) in ELEMENTWISE


def usable_device(device: str | torch.device) -> torch.device:
    """Return a device that is there and computes; ValueError if it is not."""
    try:
        place = torch.device(device)
        torch.zeros(1, device=place).cpu()
    except (RuntimeError, AssertionError, TypeError, NotImplementedError) as error:
        reason = str(error).strip().split("\n")[0]
        raise ValueError(f"device: {device!r} cannot be used here: {reason}") from error
    return place


def check_losses(found: Any, members: int) -> None:
    """Raise ValueError unless a loss is one number per member that depends on the outputs."""
    shape = tuple(found.shape) if isinstance(found, Tensor) else _kind(found)
    if shape != (members,):
        raise ValueError(f"loss: expected one number per member, shape ({members},), got {shape}")
    if not found.requires_grad or found.dtype.is_complex:
        raise ValueError("loss: expected real numbers, computed by torch from the outputs")


def check_independent(losses: Tensor, nets: Ensemble) -> None:
    """Raise ValueError if losses depend on the networks otherwise than through their outputs."""
    parameters = [each for each in nets.parameters() if each.requires_grad]
    found = torch.autograd.grad(losses.sum(), parameters, retain_graph=True, allow_unused=True)
    if any(each is not None for each in found):
        raise ValueError(
            "loss: it uses the networks' parameters, but copies of them are trained; let it use "
            'outputs and targets alone (for a decay of weights, optimizer="adamw")'
        )


def _kind(thing: object) -> str:
    return f"{type(thing).__module__}.{type(thing).__qualname__}"
