"""The papers' experiments by name.

An experiment is a function from settings to a `Trial`: the run, and how to look at it. Its keyword
defaults are the papers' settings (ours where a paper is silent) and are stored with the result.
Everything after the settings (``**how``) says how to run, not what, and goes to `fpkit.train`
untouched: ``progress``, ``checkpoint``, ``device``, ``twin``. `known` returns them all.

A module is imported when one of its experiments is asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .. import checks
from .core import Experiment, Trial

__all__ = ["CHAPTERS", "Experiment", "Trial", "get", "known"]

# One module per chapter, and how the names of its experiments begin; a new one is named here.
CHAPTERS = {
    "one_dimension": "staircase sine_ outside_the_data absolute_value square equal_ white_noise",
    "fourier_loss": "fourier_",
    "early_stopping": "noisy_sine",
    "initialization": "staircase_std beyond_nyquist hidden_wave sharp_minima",
    "initialization_mnist": "mnist_",
    "information_plane": "information_",
    "gradient_theory": "spectral_norms high_frequency",
    "amplitude": "amplitude_",
    "robustness": "widths depths optimizers activations mean_ weight_decay staircase_kernel",
    "phase_diagram": "phase_diagram",
    "principal_component": "principal_",
    "filtering": "filtering_",
    "general_theory": "stages_",
    "generalization": "error_by_frequency",
    "limits": "derivative_losses descent_or_adam density",
    "linear_theory": "lfp_",
    "mystery": "few_points",
    "parity": "parity_ product_ random_labels even_ waves_on_a_cube",
    "response": "two_frequencies lines_",
    "ntk": "ntk_",
    "natural_image": "image_",
}


def get(name: str) -> Experiment:
    """Return the experiment ``name``, or raise with the nearest known name."""
    for chapter, beginnings in CHAPTERS.items():
        if name.startswith(tuple(beginnings.split())) and name in (found := _of(chapter)):
            return found[name]
    return known()[checks.known("experiment", name, known())]


@cache
def known() -> dict[str, Experiment]:
    """Return all experiments by name. This imports every module."""
    return {name: e for chapter in CHAPTERS for name, e in _of(chapter).items()}


def _of(chapter: str) -> dict[str, Experiment]:
    return {e.name: e for e in import_module(f"{__name__}.{chapter}").EXPERIMENTS}
