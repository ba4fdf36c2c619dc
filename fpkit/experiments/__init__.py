"""The papers' experiments by name.

An experiment is a function from settings to a `Trial`: the run, and how to look at it. Its keyword
defaults are the papers' settings (ours where a paper is silent) and are stored with the result.
Everything after the settings (``**how``) says how to run, not what, and goes to `fpkit.train`
untouched: ``progress``, ``checkpoint``, ``device``. `EXPERIMENTS` lists them all.
"""

from __future__ import annotations

from .. import checks
from . import (
    amplitude,
    early_stopping,
    filtering,
    fourier_loss,
    general_theory,
    generalization,
    gradient_theory,
    information_plane,
    initialization,
    initialization_mnist,
    limits,
    linear_theory,
    mystery,
    natural_image,
    ntk,
    one_dimension,
    parity,
    phase_diagram,
    principal_component,
    response,
    robustness,
)
from .core import Experiment, Trial

__all__ = ["EXPERIMENTS", "Experiment", "Trial", "get"]

# One module per chapter; a new one is named here.
CHAPTERS = (
    one_dimension,
    fourier_loss,
    early_stopping,
    initialization,
    initialization_mnist,
    information_plane,
    gradient_theory,
    amplitude,
    robustness,
    phase_diagram,
    principal_component,
    filtering,
    general_theory,
    generalization,
    limits,
    linear_theory,
    mystery,
    parity,
    response,
    ntk,
    natural_image,
)

EXPERIMENTS: dict[str, Experiment] = {e.name: e for c in CHAPTERS for e in c.EXPERIMENTS}


def get(name: str) -> Experiment:
    """Return the experiment ``name``, or raise with the nearest known name."""
    return EXPERIMENTS[checks.known("experiment", name, EXPERIMENTS)]
