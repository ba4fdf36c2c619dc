"""`fpkit.Monitor` as a callback of Lightning; needs the package ``lightning``."""

from __future__ import annotations

from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from numpy.typing import ArrayLike
from torch import Tensor

from .monitor import Monitor

__all__ = ["MonitorCallback"]


class MonitorCallback(Callback):
    """Watch a LightningModule learn, frequency by frequency.

    Every fit makes a new `fpkit.Monitor`, the attribute ``monitor``. It looks at what ``forward``
    returns and counts the updates of the first optimizer; of several processes the first records.
    ``options`` are what `fpkit.Monitor` takes beside the model, the optimizer, ``x`` and ``y``.
    """

    monitor: Monitor

    def __init__(self, x: ArrayLike | Tensor, y: ArrayLike | Tensor, **options: Any) -> None:
        self.pair, self.options = (x, y), options

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin to record."""
        if trainer.is_global_zero:
            first = trainer.optimizers[0]
            self.monitor = Monitor(pl_module, *self.pair, optimizer=first, **self.options)
