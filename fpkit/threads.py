"""How many threads torch computes with."""

from __future__ import annotations

import torch

__all__ = ["one_per_process"]


def one_per_process() -> None:
    """Let this process compute with one thread: others compute beside it."""
    torch.set_num_threads(1)
