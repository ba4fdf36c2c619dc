"""Wide networks beside their own tangent kernel (Zhang and Luo's slides, the NTK regime)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from book.generalization.experiments import circle
from book.ntk import kernels
from book.ntk.wide import WideMLP
from fpkit import targets, theory
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, each, even_trial, joined
from fpkit.training import Run, train

__all__ = ["on_the_circle", "wide_nets"]


def on_the_circle(n: int, modes: Sequence[int]) -> tuple[NDArray, NDArray]:
    """Return ``n`` even points of a circle, ``(n, 2)``, and equal waves of mean square 1 there."""
    x, y = targets.equal_amplitudes(n, modes, seed=0)
    return circle((x + 1) / 2), y * np.sqrt(2 / len(modes))


def wide_nets(settings: Mapping[str, Any], width: int) -> WideMLP:
    """Return the untrained networks of `wide_sweep` of one width."""
    names = ("gain", "bias", "scaling", "activation", "seeds")
    return WideMLP([2, *[width] * settings["depth"], 1], **{name: settings[name] for name in names})


def wide_sweep(
    *,
    widths: Annotated[Sequence[int], Between(8, 1_024), "width"] = (32, 64, 128, 256, 512),
    depth: Annotated[int, Between(1, 3)] = 2,
    scaling: Literal["lazy", "mean field"] = "lazy",
    n: Annotated[int, Between(16, 64)] = 32,
    modes: Sequence[int] = (1, 2, 3, 4, 5, 6),
    activation: str = "tanh",
    gain: float = 4.0,
    bias: float = 2.0,
    seeds: Sequence[int] = SEEDS,
    steps: int = 400,
    lr: float = 2e-3,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """Equal waves on a circle by gradient descent from output 0, for several widths.

    The series "drift" is ‖K - K₀‖/‖K₀‖. Members are ordered seed by seed, with every width once for
    each. In the mean-field scaling the rate is lr·width, so that time has the same meaning.
    """
    x, y = on_the_circle(n, modes)
    settings: dict[str, Any] = {"depth": depth, "scaling": scaling, "activation": activation}
    settings |= {"gain": gain, "bias": bias, "seeds": seeds}
    how |= {"optimizer": "sgd", "steps": steps, "record_every": record_every}

    def learn(width: int, **how: Any) -> Run:
        nets = wide_nets(settings, width)
        drift = partial(drift_from, theory.kernel(nets, x), x)
        rate = lr * (width if scaling == "mean field" else 1)
        return train(nets, x, y, lr=rate, observe=drift, **how)

    run = joined(each(widths, learn, **how))
    return even_trial(run, modes, **run.observed)


def drift_from(start: NDArray, x: NDArray, nets: MLP) -> dict[str, torch.Tensor]:
    """Return how far the kernel at ``x`` is from what it was at the start."""
    return {"drift": torch.from_numpy(kernels.drift(theory.kernel(nets, x), start))}


SLIDES = "Zhang and Luo, slides, the NTK regime"

ntk_widths = Experiment(wide_sweep, SLIDES)
ntk_widths_mean_field = Experiment(wide_sweep, "control", scaling="mean field")
ntk_trajectory = Experiment(wide_sweep, SLIDES, widths=(1024,), depth=1, steps=1_400)
