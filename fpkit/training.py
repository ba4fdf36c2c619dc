"""Train an ensemble and record what it says.

Training knows nothing of spectra: it records outputs, and analysis happens afterwards on arrays.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from tqdm.auto import tqdm

from . import arguments, interruption, losses, threads, twins, validation
from .arguments import OPTIMIZERS, Factory
from .checkpoint import Checkpoint
from .identity import identify
from .networks import Ensemble
from .parts import Part, Parts
from .recording import DivergenceError, Records, Run

__all__ = ["OPTIMIZERS", "DivergenceError", "Run", "train"]

Loss = Callable[[Tensor, Tensor], Tensor]
Observe = Callable[[Any], Mapping[str, Tensor]]


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
    optimizer: str | Factory = "adam",
    loss: Loss = losses.mse,
    eval_x: ArrayLike | None = None,
    loss_points: int | None = None,
    observe: Observe | None = None,
    device: str | torch.device = "cpu",
    progress: bool = True,
    checkpoint: Path | None = None,
    twin: int | None = None,
) -> Run:
    """Train every member of ``nets`` on ``(x, y)`` and return the records.

    The networks are trained in place; a second call goes on from where the first ended. Members
    share points and batches but nothing else: a member trained in an ensemble ends, to rounding,
    where it would have ended alone.

    On one machine the same call gives the same numbers to the last bit, whatever the number of
    threads: an operation has one, and several of them share out the members (see `threads`). On
    another processor sums are rounded differently, and how such differences grow in a long training
    depends on the training.

    Ctrl-C ends the training before one of its next steps: what was recorded is returned and, if
    there is a ``checkpoint``, what was trained is saved. A second Ctrl-C interrupts at once.

    Parameters
    ----------
    nets
        The ensemble. Networks that lie elsewhere are moved to ``device``.
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
        torch optimiser. It may be called for parts of the ensemble, and has to keep members apart.
    loss
        Maps outputs and targets ``(S, N, outputs)`` to one loss per member (see `losses`).
    eval_x
        Where to record outputs, if not at ``x``.
    loss_points
        With batches, a record costs a pass over all points for its loss; this many of the first
        ones may do. The full batch has its loss for nothing.
    observe
        Called with ``nets`` at every record; what it returns, a tensor ``(S,)`` for each name, is
        kept in ``run.observed``. For whatever outputs do not show, such as the norms of weights.
    device
        "cpu", "cuda", or any torch device.
    progress
        Show a progress bar. Never shown while the book is built, when nobody watches.
    checkpoint
        A file that keeps the state of the run. The same call with new networks goes on from it, or
        returns at once if the run is finished; any other call is refused. Delete it when you have
        what you wanted. Networks, optimiser, loss and ``observe`` have to be known by name then:
        no lambdas, no functions inside functions (see `fpkit.identity.identify`).
    twin
        Move the first weights by one unit in the last place, in directions drawn from this seed:
        the run beside this one says how far rounding alone can have moved it (see `twins`).

    Raises
    ------
    DivergenceError
        If a recorded loss is not finite; it names the step and the member.
    ValueError
        If an argument is not what it should be, or ``checkpoint`` belongs to another call.

    """
    arguments.check_nets(nets)
    arguments.check_callables(loss, observe)
    steps, lr = validation.positive_int("steps", steps), validation.positive("lr", lr)
    points = arguments.points("x", x, nets.widths[0])
    targets = arguments.targets(y, nets, len(points))
    elsewhere = None if eval_x is None else arguments.points("eval_x", eval_x, nets.widths[0])
    record_points = points if elsewhere is None else elsewhere
    every = min(20, steps) if record_every is None else record_every
    records = Records(nets, steps, every, len(record_points))
    batch = arguments.batches(len(points), batch_size, batch_seed)
    judged = arguments.judged(loss_points, len(points))
    make, place = arguments.factory(optimizer), arguments.usable_device(device)
    if twin is not None:
        twins.move(nets, twin)
    store = None
    if checkpoint is not None:
        settings = [steps, lr, records.steps, batch_size, batch_seed, judged, elsewhere is None]
        settings += [place.type, torch.get_float32_matmul_precision(), torch.get_default_dtype()]
        decisive = {"nets": nets, "x": points, "y": targets, "eval_x": record_points}
        decisive |= {"optimizer": make, "loss": loss, "observe": observe, "settings": settings}
        store = Checkpoint(checkpoint, [identify(*each) for each in decisive.items()])

    watch, stopped = interruption.watching(), False
    hidden = not progress or "FPKIT_STATIC" in os.environ
    with (
        interruption.deferred() as interrupted,
        _usual_modes(place),
        threads.one_inside() as count,
        Parts(nets.to(place), make, lr, int(batch_size or len(points)), count) as parts,
    ):
        inputs, wanted = _tensor(points, nets), _tensor(targets, nets)
        others = None if elsewhere is None else _tensor(elsewhere, nets)
        data = _Data(inputs, wanted, others, batch, batch_size is None, judged)
        training = _Training(nets, parts, data, loss, observe, records)
        start = training.restore(store.load() if store else None)
        with tqdm(
            total=steps, initial=start, desc="training", leave=False, delay=1, disable=hidden
        ) as bar:
            step = start
            while True:
                stopped = step > start and (watch(step, steps) or interrupted())
                if store and (stopped or step == steps or store.due()):
                    store.save(step=step, **training.state())
                if stopped:
                    break
                training.look(step)
                if records.due(step):
                    training.record(step)
                if step == steps:
                    break
                step = training.advance(step)
                bar.update(step - bar.n)
        stopped = stopped or interrupted()
    if interrupted():
        rest = f"; the same call goes on at step {step} from {checkpoint}" if store else ""
        text = f"training was stopped by hand; what was recorded is kept{rest}"
        warnings.warn(text, stacklevel=2)
    return records.run(points, targets, record_points, completed=not stopped)


class _Data(NamedTuple):
    """Points ``(N, d)``, targets ``(S or 1, N, outputs)``, and which of them are used when."""

    inputs: Tensor
    wanted: Tensor
    record_inputs: Tensor | None
    batch: Callable[[int], Tensor | slice]
    whole: bool
    judged: slice

    def points(self, step: int) -> Tensor:
        """Return the points of a step."""
        return self.inputs[self.batch(step)]

    def targets(self, step: int, members: range) -> Tensor:
        """Return the targets of some members at the points of a step."""
        rows = slice(members.start, members.stop) if len(self.wanted) > 1 else slice(None)
        return self.wanted[rows, self.batch(step)]


class _Training:
    """What is done at a step: look at the outputs, record them, update the networks."""

    def __init__(
        self,
        nets: Ensemble,
        parts: Parts,
        data: _Data,
        loss: Loss,
        observe: Observe | None,
        records: Records,
    ) -> None:
        self._nets, self._parts, self._data, self._records = nets, parts, data, records
        self._loss, self._observe = loss, observe
        # A loss with a state of its own, such as a curriculum, is a module.
        stateful = loss if isinstance(loss, nn.Module) else nn.Identity()
        self._stateful = stateful.to(data.inputs.device)
        # Members whose losses are known to be their own need not wait for one another.
        self._alone = losses.gradient(loss, range(nets.size)) is not None
        self._ready = False

    def look(self, step: int) -> None:
        """See to it that outputs, and losses of all members, are those of a step."""
        if self._ready:
            return
        points = self._data.points(step)
        self._outputs = self._parts.each(lambda part: part.passes.forward(points))
        if not self._alone:
            wanted = self._data.targets(step, range(self._nets.size))
            self._losses = self._loss(self._outputs.requires_grad_(), wanted)

    def advance(self, step: int) -> int:
        """Make a step, or some if no record comes between; return the step after them."""
        if self._alone:
            until = min(step + self._parts.stride, self._records.next)
            self._outputs = self._parts.each(partial(self._go, step, until))
            self._ready = True
            return until
        self._losses.sum().backward()
        assert self._outputs.grad is not None  # backward has just set it
        self._parts.update(self._outputs.grad)
        return step + 1

    def _go(self, step: int, until: int, part: Part) -> Tensor:
        """Bring a part from one step to another, and return its outputs there."""
        gradient = losses.gradient(self._loss, part.members)
        assert gradient is not None  # else losses are taken of all members together
        outputs = self._outputs[part.members.start : part.members.stop]
        for now in range(step, until):
            part.update(gradient(outputs, self._data.targets(now, part.members)))
            outputs = part.passes.forward(self._data.points(now + 1))
        return outputs

    def record(self, step: int) -> None:
        """Keep outputs, losses at all points, and what is observed."""
        if not self._alone:
            arguments.check_losses(self._losses, self._nets.size)
            if self._parts.apart:
                arguments.check_independent(self._losses, self._nets)
        if self._observe:
            self._parts.collect()
        self._stateful.eval()
        with torch.no_grad():
            seen = self._observe(self._nets) if self._observe else {}
            self._records.add(step, *self._outputs_and_losses(), seen)
        self._stateful.train()

    def _outputs_and_losses(self) -> tuple[Tensor, Tensor]:
        inputs, wanted, record_inputs, _, whole, judged = self._data
        if record_inputs is not None:
            outputs = self._parts.predict(record_inputs)
        else:  # the full batch has them for nothing
            outputs = self._outputs if whole else self._parts.predict(inputs)
        if whole:
            return outputs, self._loss(self._outputs, wanted) if self._alone else self._losses
        seen = outputs if record_inputs is None else self._parts.predict(inputs[judged])
        return outputs, self._loss(seen[:, judged], wanted[:, judged])

    def state(self) -> dict[str, Any]:
        """Return all that a training which goes on from here needs."""
        self._parts.collect()
        return {
            "nets": self._nets.state_dict(),
            "optimizers": self._parts.state(),
            "loss": self._stateful.state_dict(),
            "records": self._records.state(),
        }

    def restore(self, saved: Mapping[str, Any] | None) -> int:
        """Take back what `state` returned, and return its step; 0 if nothing was saved."""
        if saved is None:
            return 0
        self._nets.load_state_dict(saved["nets"])
        self._parts.restore(saved["optimizers"])
        self._stateful.load_state_dict(saved["loss"])
        self._records.restore(saved["records"])
        return saved["step"]


def _tensor(array: ArrayLike, nets: Ensemble) -> Tensor:
    return torch.as_tensor(array, dtype=nets.dtype, device=next(nets.parameters()).device)


@contextmanager
def _usual_modes(device: torch.device) -> Iterator[None]:
    """Compute with gradients and on ``device``, whatever the caller is in the middle of."""
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        if torch.empty(0).device != device:  # a mode slows every operation down
            stack.enter_context(device)
        yield
