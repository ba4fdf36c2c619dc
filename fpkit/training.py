"""Train an ensemble and record what it says.

Training knows nothing of spectra: it records outputs, and analysis happens afterwards on arrays.
"""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from tqdm.auto import tqdm

from . import checks, losses, twins
from .checkpoint import Checkpoint
from .networks import Ensemble
from .recording import DivergenceError, Records, Run

__all__ = ["OPTIMIZERS", "DivergenceError", "Run", "train"]

Loss = Callable[[Tensor, Tensor], Tensor]
OptimizerFactory = Callable[..., torch.optim.Optimizer]

# The fused variants update a parameter in one pass over memory.
OPTIMIZERS: dict[str, OptimizerFactory] = {
    "adam": partial(torch.optim.Adam, fused=True),
    "adamw": partial(torch.optim.AdamW, fused=True),
    "sgd": partial(torch.optim.SGD, fused=True),
    "momentum": partial(torch.optim.SGD, momentum=0.9, fused=True),
    "rmsprop": torch.optim.RMSprop,
}


def train(
    nets: Ensemble,
    x: ArrayLike,
    y: ArrayLike,
    *,
    steps: int,
    lr: float,
    record_every: int | Sequence[int] | None = None,
    batch_size: int | None = None,
    batch_seed: int = 0,
    optimizer: str | OptimizerFactory = "adam",
    loss: Loss = losses.mean_square,
    record_x: ArrayLike | None = None,
    loss_points: int | None = None,
    observe: Callable[[Any], Mapping[str, Tensor]] | None = None,
    device: str | torch.device = "cpu",
    progress: bool = True,
    checkpoint: Path | None = None,
    twin: int | None = None,
) -> Run:
    """Train every member of ``nets`` on ``(x, y)`` and return the records.

    The networks are trained in place; a second call goes on from where the first ended. Members
    share points and batches but nothing else: a member trained in an ensemble ends, to rounding,
    where it would have ended alone.

    On one machine, with one number of threads, the same call gives the same numbers to the last
    bit. With another number of threads sums of many terms are rounded differently: 30 updates of
    the papers' network on 1,000 points then give the same outputs to 10⁻⁵. How such differences
    grow in a long training depends on the training.

    Parameters
    ----------
    nets
        The ensemble.
    x
        Points, ``(N,)`` or ``(N, d)``.
    y
        Targets: ``(N,)`` for all members or ``(S, N)`` for one each; with several outputs,
        ``(N, outputs)`` or ``(S, N, outputs)``.
    steps, lr
        Number of updates and learning rate.
    record_every
        Steps between records, 20 unless there are fewer steps, or the steps of the records
        themselves, from 0 on; step 0 and the last step are always recorded.
    batch_size, batch_seed
        None for the full batch, as in the papers; else points per update, in an order drawn
        anew for every pass from ``batch_seed``. What does not fill a batch is left out of the
        pass.
    optimizer
        A name in `OPTIMIZERS`, or anything that takes ``(parameters, lr=...)`` and returns a
        torch optimiser.
    loss
        Maps outputs and targets ``(S, N, outputs)`` to one loss per member (see `losses`).
    record_x
        Where to record outputs, if not at ``x``.
    loss_points
        With batches, a record costs a pass over all points for its loss; this many of the first
        ones may do. The full batch has its loss for nothing.
    observe
        Called at every record; what it returns, a tensor ``(S,)`` for each name, is kept in
        ``run.observed``. For whatever outputs do not show, such as the norms of weights.
    device
        "cpu", "cuda", or any torch device.
    progress
        Show a progress bar. Never shown while the book is built, when nobody watches.
    checkpoint
        A file that keeps the state of the run. The same call with new networks goes on from it, or
        returns at once if the run is finished. Delete it when you have what you wanted.
    twin
        Move the first weights by one unit in the last place, in directions drawn from this seed:
        the run beside this one says how far rounding alone can have moved it (see `twins`).

    Raises
    ------
    DivergenceError
        If a recorded loss is not finite; it names the step and the member.

    """
    checks.positive_int("steps", steps)
    checks.positive("lr", lr)
    if not callable(loss):
        raise ValueError(f"loss: expected a function such as losses.mean_square, got {loss!r}")
    if twin is not None:
        twins.move(nets, twin)
    record_every = min(20, steps) if record_every is None else record_every
    points = _points("x", x, nets.widths[0])
    targets = _targets(y, nets, len(points))
    record_points = points if record_x is None else _points("record_x", record_x, nets.widths[0])
    records = Records(nets, steps, record_every, len(record_points))
    batch = _batches(len(points), batch_size, batch_seed)
    judged = slice(None if loss_points is None else checks.positive_int("loss_points", loss_points))
    # A loss with a state of its own, such as a curriculum, is a module.
    stateful = loss.to(device) if isinstance(loss, nn.Module) else nn.Identity()
    tensors = [*nets.parameters(), *stateful.state_dict().values()]
    identity = [points, targets, record_points, *(t.numpy(force=True) for t in tensors)]
    identity += [repr(nets), nets.antisymmetric, _name(optimizer), _name(loss)]
    identity += [steps, lr, record_every, batch_size, batch_seed, loss_points]

    nets.to(device)
    engine = _factory(optimizer)(nets.parameters(), lr=lr)
    inputs, wanted, record_inputs = (
        torch.as_tensor(array, dtype=nets.dtype, device=device)
        for array in (points, targets, record_points)
    )
    # With the full batch, the forward pass of an update serves as the record as well.
    one_pass = batch_size is None and record_x is None
    store = None if checkpoint is None else Checkpoint(checkpoint, identity)
    start = 0
    if store and (saved := store.load()):
        start = saved["step"]
        nets.load_state_dict(saved["nets"])
        engine.load_state_dict(saved["engine"])
        stateful.load_state_dict(saved["loss"])
        records.restore(saved["records"])

    completed = True
    hidden = not progress or "FPKIT_STATIC" in os.environ
    bar = tqdm(total=steps, initial=start, desc="training", leave=False, delay=1, disable=hidden)
    try:
        for step in range(start, steps + 1):
            chosen = batch(step)
            saving = store is not None and (store.due() or step == steps) and records.due(step)
            # Before the loss is called, since a resumed run calls it again at this step.
            before = copy.deepcopy(stateful.state_dict()) if saving else {}
            outputs = nets(inputs[chosen])
            member_losses = loss(outputs, wanted[:, chosen])
            if records.due(step):
                stateful.eval()
                with torch.no_grad():
                    recorded = outputs if one_pass else nets(record_inputs)
                    whole = member_losses
                    if batch_size is not None:
                        seen = recorded[:, judged] if record_x is None else nets(inputs[judged])
                        whole = loss(seen, wanted[:, judged])
                    records.add(
                        step,
                        recorded,
                        whole,
                        observe(nets) if observe else {},
                    )
                stateful.train()
                bar.update(step - bar.n)
                if saving:
                    store.save(
                        step=step,
                        nets=nets.state_dict(),
                        engine=engine.state_dict(),
                        loss=before,
                        records=records.state(),
                    )
            if step < steps:
                engine.zero_grad(set_to_none=True)
                member_losses.sum().backward()
                engine.step()
    except KeyboardInterrupt:
        completed = False
        warnings.warn("training was stopped by hand; what was recorded is kept", stacklevel=2)
    finally:
        bar.close()
    return records.run(points, targets, record_points, completed)


def _points(name: str, values: ArrayLike, inputs: int) -> NDArray:
    """Return points as (N, d), checked against the networks' input size."""
    points = checks.real_array(name, values, ndim=(1, 2))
    points = points[:, None] if points.ndim == 1 else points
    if points.shape[1] != inputs:
        raise ValueError(
            f"{name}: the networks take {inputs} input(s), got points of shape {np.shape(values)}"
        )
    if len(points) < 2:
        raise ValueError(f"{name}: expected at least 2 points, got {len(points)}")
    return points


def _targets(values: ArrayLike, nets: Ensemble, points: int) -> NDArray:
    """Return targets as (S or 1, N, outputs)."""
    outputs = nets.widths[-1]
    y = checks.real_array("y", values, ndim=(1, 2, 3))
    if outputs == 1 and y.ndim < 3:
        y = y[..., None]
    y = y[None] if y.ndim == 2 else y
    if y.ndim != 3 or y.shape[2] != outputs:
        raise ValueError(
            f"y: the networks have {outputs} output(s), got targets of shape {np.shape(values)}; "
            "end widths with 1 to learn one value per point"
        )
    if y.shape[1] != points:
        raise ValueError(f"y: expected one value per point of x ({points}), got {y.shape[1]}")
    if y.shape[0] not in (1, nets.size):
        raise ValueError(
            f"y: expected targets for all members or for each of {nets.size}, got {y.shape[0]}"
        )
    return y


def _batches(n: int, size: int | None, seed: int) -> Callable[[int], Tensor | slice]:
    """Return a function from the step to the indices of its batch.

    It keeps no state, so a resumed run draws the same batches.
    """
    if size is None:
        return lambda step: slice(None)
    if checks.positive_int("batch_size", size) > n:
        raise ValueError(f"batch_size: expected at most the number of points ({n}), got {size}")
    checks.seed("batch_seed", seed)
    per_epoch = n // size

    @lru_cache(maxsize=1)
    def order(epoch: int) -> Tensor:
        return torch.from_numpy(np.random.default_rng((seed, epoch)).permutation(n))

    def batch(step: int) -> Tensor:
        epoch, place = divmod(step, per_epoch)
        return order(epoch)[place * size : (place + 1) * size]

    return batch


def _name(thing: object) -> str:
    """Return a name that is the same in every process, unlike the repr of a function."""
    if isinstance(thing, partial):
        return f"{_name(thing.func)} {thing.args} {thing.keywords}"
    if isinstance(thing, (str, nn.Module)):
        return repr(thing)
    kind = thing if hasattr(thing, "__qualname__") else type(thing)
    return f"{kind.__module__}.{kind.__qualname__}"


def _factory(optimizer: str | OptimizerFactory) -> OptimizerFactory:
    if isinstance(optimizer, str):
        return OPTIMIZERS[checks.known("optimizer", optimizer, OPTIMIZERS)]
    return optimizer
