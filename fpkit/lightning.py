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

    Every fit makes a new `fpkit.Monitor` of the module's ``forward``, which counts the updates of
    its first optimizer; of several processes the first one records.

    Parameters
    ----------
    x, y, options
        What `fpkit.Monitor` takes beside the model and the optimizer.

    Attributes
    ----------
    monitor
        What was recorded; it is there from the start of a fit on.

    """

    monitor: Monitor

    def __init__(self, x: ArrayLike | Tensor, y: ArrayLike | Tensor, **options: Any) -> None:
        self.x, self.y, self.options = x, y, options

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin to record."""
        if trainer.is_global_zero:
            self.monitor = Monitor(
                pl_module, self.x, self.y, optimizer=trainer.optimizers[0], **self.options
            )

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Count no more."""
        if trainer.is_global_zero:
            self.monitor.close()
