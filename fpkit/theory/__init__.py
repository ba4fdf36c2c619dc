"""Predictions to lay beside what is measured, for any network.

One idea per module:

- `ntk`: the empirical neural tangent kernel and the rates it gives;
- `wide`: networks in the parametrisation in which the tangent kernel has a limit.

Frequencies are indices: full waves over the interval.
"""

from __future__ import annotations

from .ntk import drift, kernel, learning_times, mode_rates, mode_trajectories, wave_shares
from .wide import WideMLP

__all__ = [
    "WideMLP",
    "drift",
    "kernel",
    "learning_times",
    "mode_rates",
    "mode_trajectories",
    "wave_shares",
]
