"""Predictions to lay beside what is measured.

One idea per module:

- `units`: the exact Fourier transform of a tanh or sigmoid unit, and of a sum of them;
- `gradients`: the loss of one frequency and its gradient in closed form;
- `theorems`: what follows from it, Theorems 1-3 of Xu (2018) and the initial speed;
- `deep`: the same quantities measured on any network, and spectral norms of weights;
- `ntk`: the empirical neural tangent kernel and the rates it gives (frequency indices there);
- `curvature`: how sharply the training loss bends;
- `stages`: how much of the loss's decrease happens at which frequency, for any network and loss;
- `fp_norm`: the FP-norm, the interpolant that minimises it, and the a-priori error bound.

Frequencies k are angular here, in radians per unit of x: a wave of frequency index m over an
interval of length L has k = 2πm/L. In `stages` and `fp_norm` they are indices m.
"""

from __future__ import annotations

from .curvature import sharpness
from .deep import gradient_norms, spectral_norm, spectral_norms
from .fp_norm import (
    FPWeight,
    Periodic,
    certain_below,
    error_bound,
    fp_norm,
    in_fp_space,
    minimal_interpolant,
    mode_grid,
    weight_norm,
)
from .gradients import PARAMETERS, Gradients, loss, loss_gradients
from .ntk import kernel, learning_times, mode_rates
from .stages import exponent, gaussian, loss_rates, share_above
from .theorems import (
    Share,
    ball,
    counterexample,
    deviation_ratio,
    equal_pull_error,
    initial_speed,
    low_frequency_share,
)
from .units import RATES, Shallow, unit_asymptote, unit_spectrum

__all__ = [
    "PARAMETERS",
    "RATES",
    "FPWeight",
    "Gradients",
    "Periodic",
    "Shallow",
    "Share",
    "ball",
    "certain_below",
    "counterexample",
    "deviation_ratio",
    "equal_pull_error",
    "error_bound",
    "exponent",
    "fp_norm",
    "gaussian",
    "gradient_norms",
    "in_fp_space",
    "initial_speed",
    "kernel",
    "learning_times",
    "loss",
    "loss_gradients",
    "loss_rates",
    "low_frequency_share",
    "minimal_interpolant",
    "mode_grid",
    "mode_rates",
    "share_above",
    "sharpness",
    "spectral_norm",
    "spectral_norms",
    "unit_asymptote",
    "unit_spectrum",
    "weight_norm",
]
