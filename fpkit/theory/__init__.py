"""Predictions to lay beside what is measured.

One idea per module:

- `units`: the exact Fourier transform of a tanh or sigmoid unit, and of a sum of them;
- `gradients`: the loss of one frequency and its gradient in closed form;
- `theorems`: what follows from it, Theorems 1-3 of Xu (2018) and the initial speed;
- `deep`: the same quantities measured on any network, and spectral norms of weights;
- `linear`: the linear F-Principle, the kernel of wide two-layer ReLU networks in closed form;
- `splines`: what such networks end up with, the kinked cubic spline;
- `two_layer`: these networks, to be trained beside the prediction;
- `wide`: networks in the parametrisation in which the tangent kernel has a limit;
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
from .linear import (
    Coefficients,
    Moments,
    coefficients,
    direction_term,
    evolve,
    lfp_kernel,
    sphere_moment,
)
from .ntk import drift, kernel, learning_times, mode_courses, mode_rates, wave_shares
from .splines import KinkedSpline, kinked_spline, tension_spline
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
from .two_layer import TwoLayer, heavy_ball, movement
from .units import RATES, Shallow, unit_asymptote, unit_spectrum
from .wide import WideMLP

__all__ = [
    "PARAMETERS",
    "RATES",
    "Coefficients",
    "FPWeight",
    "Gradients",
    "KinkedSpline",
    "Moments",
    "Periodic",
    "Shallow",
    "Share",
    "TwoLayer",
    "WideMLP",
    "ball",
    "certain_below",
    "coefficients",
    "counterexample",
    "deviation_ratio",
    "direction_term",
    "drift",
    "equal_pull_error",
    "error_bound",
    "evolve",
    "exponent",
    "fp_norm",
    "gaussian",
    "gradient_norms",
    "heavy_ball",
    "in_fp_space",
    "initial_speed",
    "kernel",
    "kinked_spline",
    "learning_times",
    "lfp_kernel",
    "loss",
    "loss_gradients",
    "loss_rates",
    "low_frequency_share",
    "minimal_interpolant",
    "mode_courses",
    "mode_grid",
    "mode_rates",
    "movement",
    "share_above",
    "sharpness",
    "spectral_norm",
    "spectral_norms",
    "sphere_moment",
    "tension_spline",
    "unit_asymptote",
    "unit_spectrum",
    "wave_shares",
    "weight_norm",
]
