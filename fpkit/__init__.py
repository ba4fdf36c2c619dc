"""fpkit: the tools behind *The Frequency Principle: an executable book*."""

from . import datasets, losses, spectra, targets, theory
from .convergence import convergence_step, in_order, rank_correlation, settling_step
from .networks import MLP
from .training import DivergenceError, Run, train

__all__ = [
    "MLP",
    "DivergenceError",
    "Run",
    "claims",
    "convergence_step",
    "datasets",
    "experiments",
    "in_order",
    "losses",
    "rank_correlation",
    "results",
    "settling_step",
    "spectra",
    "targets",
    "theory",
    "train",
]
