"""Predictions to lay beside what is measured.

One idea per module:

- `units`: the exact Fourier transform of a tanh or sigmoid unit, and of a sum of them;
- `gradients`: the loss of one frequency and its gradient in closed form;
- `theorems`: what follows from it, Theorems 1-3 of Xu (2018) and the initial speed;
- `linear`: the linear F-Principle, the kernel of wide two-layer ReLU networks in closed form;
- `splines`: what such networks end up with, the kinked cubic spline;
- `two_layer`: these networks, to be trained beside the prediction;
- `deep`: the same quantities measured on any network, and spectral norms of weights.

Frequencies k are angular here, in radians per unit of x: a wave of frequency index m over an
interval of length L has k = 2πm/L.
"""

from __future__ import annotations

from .deep import gradient_norms, spectral_norm, spectral_norms
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
from .splines import KinkedSpline, kinked_spline, tension_spline
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

__all__ = [
    "PARAMETERS",
    "RATES",
    "Coefficients",
    "Gradients",
    "KinkedSpline",
    "Moments",
    "Shallow",
    "Share",
    "TwoLayer",
    "ball",
    "coefficients",
    "counterexample",
    "deviation_ratio",
    "direction_term",
    "equal_pull_error",
    "evolve",
    "gradient_norms",
    "heavy_ball",
    "initial_speed",
    "kinked_spline",
    "lfp_kernel",
    "loss",
    "loss_gradients",
    "low_frequency_share",
    "movement",
    "spectral_norm",
    "spectral_norms",
    "sphere_moment",
    "tension_spline",
    "unit_asymptote",
    "unit_spectrum",
]
