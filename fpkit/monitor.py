"""Watch any torch module learn, frequency by frequency, in a training loop that stays as it is."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from traceback import walk_stack
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from . import validation
from .bands import Edges, bands_of, plural
from .evaluation import like_parameters, outputs_of
from .measurement import Measurement, fitted, followed, power_of, relative_errors, unscaled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Monitor"]

# Outputs are kept at no more than so many records: every second one is let go when there are more.
MOST_FRAMES = 128
# A warning is about the line that called these.
BETWEEN = (__file__, str(Path(torch.__file__).parent))


class Monitor:
    """Record how far a model is from its target, by frequency, while it trains.

    Every so many updates of the optimizer the model is evaluated on ``x``, and Δ_F of every band of
    frequencies is noted. The training does not change by a bit: the model is evaluated without
    gradients and in evaluation mode, then each of its modules is put back into its own mode, and
    the random numbers go on where they were.

    Parameters
    ----------
    model
        A module, or any function of a tensor of points that returns ``(N,)`` or ``(N, outputs)``.
    x
        Where it is evaluated, ``(N,)`` or ``(N, d)``, in the form in which the model takes it. It
        is moved to where the model's parameters are.
    y
        What it is to learn there, ``(N,)`` or ``(N, outputs)``; or whole numbers, the classes
        ``(N,)`` of a model with several outputs. Then softmax of the outputs is compared with 1 for
        the right class and 0 for the others, as the gradient of cross-entropy does it.
    optimizer
        Whose updates are counted. None: call `step` in the loop. With several, the one that is
        given counts.
    every
        Updates between two records. There is one before the first update, too.
    points
        Where ``x`` lies, ``(N,)`` or ``(N, d)``, if the model is not given
        coordinates (but their encoding, say); None takes ``x``.
    edges, window
        See `fpkit.measure`.

    Raises
    ------
    ValueError
        If shapes do not fit, or the target is constant.

    """

    def __init__(
        self,
        model: Callable[[Tensor], Tensor],
        x: ArrayLike | Tensor,
        y: ArrayLike | Tensor,
        *,
        optimizer: torch.optim.Optimizer | None = None,
        every: int = 50,
        points: ArrayLike | None = None,
        edges: Edges | None = None,
        window: str = "none",
    ) -> None:
        validation.function("model", model, "a module or a function of points")
        if optimizer is not None and not hasattr(optimizer, "register_step_post_hook"):
            raise ValueError(
                "optimizer: expected one torch optimizer (of several, the one whose updates "
                f"count), got {type(optimizer).__name__}"
            )
        self.model, self.every = model, validation.positive_int("every", every)
        name, where = ("x", x) if points is None else ("points", points)
        split = bands_of(where, edges=edges, window=window, name=name)
        if len(split.points) != (rows := len(validation.as_array("x", x))):
            got = f"{rows}, a place for each row of x, got {len(split.points)}"
            raise ValueError(f"points: expected {got}")
        self.inputs: ArrayLike | Tensor = x
        self.classes = 0
        first = validation.real_array("model", self._evaluated(), ndim=(2,))
        self.target = self._wanted(y, first)
        self.bands, self.shares = followed(split, self.target, chosen=edges is not None)
        self._size = power_of(self.bands, self.target)
        self.updates = self.stopped = 0  # stopped: after how many updates, 0 for not yet
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.errors, self.floors = (list[NDArray[np.float64]]() for _ in range(2))
        self.frames: list[tuple[int, NDArray[np.float32]]] = []
        self._apart = 1
        self._note(first)
        self._hook = optimizer and optimizer.register_step_post_hook(lambda *_: self.step())

    def step(self) -> None:
        """Count one update, and record if it is time; the optimizer's hook calls this."""
        self.updates += 1
        if self.updates % self.every == 0 and not self.stopped:
            self._note(self._evaluated())

    def close(self) -> None:
        """Stop to count the optimizer's updates; what was recorded stays."""
        if self._hook:
            self._hook.remove()
            self._hook = None

    @property
    def measurement(self) -> Measurement:
        """What was recorded so far."""
        steps, outputs = zip(*self.frames, strict=True)
        return Measurement(
            self.bands.points, self.target, np.array(self.steps), np.array(self.losses),
            np.stack(self.errors), np.stack(self.floors), np.array(steps), np.stack(outputs),
            self.bands.edges, self.shares, self.bands.window,
        )  # fmt: skip

    def report(self, threshold: float = 0.1) -> str:
        """Say in words which frequencies were learned, when, and whether for good."""
        said = [self.measurement.report(threshold), *unscaled(self.inputs)]
        if not self.updates:
            said.append("No update was counted: hand over `optimizer`, or call step().")
        if self.stopped:
            said.append(f"Stopped: not finite after {plural(self.stopped, 'update')}.")
        return "\n".join(said)

    def figure(self, threshold: float = 0.1) -> Figure:
        """Draw Δ_F of every band over the updates."""
        return self.measurement.figure(threshold)

    def save(self, path: str | Path) -> None:
        """Write what was recorded so far; `fpkit.Measurement.load` reads it."""
        self.measurement.save(path)

    def _note(self, output: NDArray[np.float64]) -> None:
        if not np.isfinite(output).all():
            self.stopped = self.updates
            files = (frame.f_code.co_filename for frame, _ in walk_stack(sys._getframe()))
            level = next(n for n, file in enumerate(files, 1) if not file.startswith(BETWEEN))
            after = f"after {plural(self.updates, 'update')}; what was recorded before is kept"
            warnings.warn(f"the model's outputs are not finite {after}", stacklevel=level)
            return
        self.steps.append(self.updates)
        self.losses.append(float(np.square(output - self.target).mean()))
        error, floor = relative_errors(self.bands, output - self.target, self._size)
        self.errors.append(error)
        self.floors.append(floor)
        if (len(self.steps) - 1) % self._apart == 0:
            self.frames.append((self.updates, output.astype(np.float32)))
        if len(self.frames) > MOST_FRAMES:
            self.frames, self._apart = self.frames[::2], 2 * self._apart

    def _evaluated(self) -> NDArray[np.float64]:
        # The model may have been moved to another device meanwhile, by a trainer for instance.
        self.inputs = like_parameters(self.model, "x", self.inputs)
        return outputs_of(self.model, self.inputs, softmax=self.classes > 0)

    def _wanted(self, y: ArrayLike | Tensor, first: NDArray) -> NDArray[np.float64]:
        given = validation.as_array("y", y)
        if given.dtype.kind in "iu" and given.ndim == 1 and first.shape[1] > 1:
            labels = validation.whole_array("y", given, least=0)
            if labels.max() >= (count := first.shape[1]):
                raise ValueError(
                    f"y: expected classes 0 to {count - 1}, as the model has {count} outputs, got "
                    f"{labels.max()}"
                )
            validation.same_shape("y", labels, first.shape[:1], "a class for each point")
            self.classes = first.shape[1]
            first[:] = self._evaluated()
            return np.eye(self.classes)[labels]
        return fitted("y", given, first.shape, "give whole numbers (N,)")
