"""Adam with a rate that falls, as `fpkit.train` takes it: there is no scheduler beside it."""

from __future__ import annotations

from typing import Any

import torch

__all__ = ["Decayed"]


class Decayed(torch.optim.Adam):
    """Adam whose rate is multiplied by ``factor`` after every step; ``how`` is torch's own."""

    def __init__(self, params: Any, lr: float, *, factor: float, **how: Any) -> None:
        super().__init__(params, lr=lr, **how)
        self.factor = factor

    def step(self, closure: Any = None) -> Any:
        """Make a step, then lower the rate."""
        loss = super().step(closure)
        for group in self.param_groups:
            group["lr"] *= self.factor
        return loss
