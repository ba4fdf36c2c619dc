"""Very wide two-layer ReLU networks beside the linear F-Principle: Zhang and Luo's slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from book.linear_theory import lfp_splines, two_layer, wide_limit
from fpkit import losses, validation
from fpkit.recording import Run
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, even_trial
from fpkit.training import train

# The points are ours: the slides show theirs without numbers.
FIVE_X = np.array([-0.8, -0.6, -0.3, -0.06, 0.1])
FIVE_Y = np.array([0.25, -0.25, -0.07, 0.15, -0.05])
# The four corners of XOR, and a centre that tells |d|³ from |d|.
SQUARE_X = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0], [0.0, 0.0]])
SQUARE_Y = np.array([-1.0, 1.0, 1.0, -1.0, 1.0])


def two_layer_line(
    *,
    outer: Annotated[float, Between(0.01, 10, log=True), "range ± of outer weights"] = 10.0,
    inner: Annotated[float, Between(0.03, 10, log=True), "range ± of inner weights"] = 10.0,
    neurons: Annotated[int, Between(100, 16_000), "units"] = 16_000,
    half_width: Annotated[float, Between(1, 4), "range ± of hinges"] = 2.0,
    even: Annotated[bool, "evenly spread"] = True,
    method: Literal["heavy ball", "small steps"] = "heavy ball",
    points: Annotated[int, Between(10, 100), "points drawn"] = 46,
    seeds: Sequence[int] = SEEDS,
    steps: Annotated[int, Between(50, 1_500)] = 160,
    record_every: int = 20,
    **how: Any,
) -> Trial:
    """Five points learned by Σ a·ReLU(w(x + l)): a even on ±outer, w on ±inner, l ±half_width."""
    nets = two_layer.TwoLayer(
        neurons, outer=outer, inner=inner, half_width=half_width, even=even, seeds=seeds
    )
    eval_x = np.linspace(FIVE_X[0], FIVE_X[-1], points)
    run, lr = lazy_run(nets, FIVE_X, FIVE_Y, method, eval_x, steps, record_every, **how)
    # The time of gradient flow; a heavy ball has none.
    time = {"time": np.broadcast_to(lr * run.steps, run.losses.shape)}
    return beside_prediction(run, nets, time if method == "small steps" else {})


def two_layer_square(
    *,
    outer: float = 10.0,
    inner: float = 10.0,
    neurons: int = 16_000,
    half_width: float = 4.0,
    trained: Sequence[str] = ("w", "r", "l", "u"),
    points: int = 11,
    seeds: Sequence[int] = SEEDS,
    steps: int = 150,
    record_every: int = 10,
    **how: Any,
) -> Trial:
    """XOR and its centre learned by w·ReLU(r(u·x + l)) with directions u in the plane."""
    nets = two_layer.TwoLayer(
        neurons,
        outer=outer,
        inner=inner,
        half_width=half_width,
        dim=2,
        trained=trained,
        even=True,
        seeds=seeds,
    )
    side = np.linspace(-1, 1, points)
    eval_x = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    run, _ = lazy_run(nets, SQUARE_X, SQUARE_Y, "heavy ball", eval_x, steps, record_every, **how)
    return beside_prediction(run, nets, {})


def lazy_run(
    nets: two_layer.TwoLayer,
    x: NDArray,
    y: NDArray,
    method: str,
    eval_x: NDArray,
    steps: int,
    record_every: int,
    **how: Any,
) -> tuple[Run, float]:
    """Train on ½Σ(h - y)² with a rate that follows from the networks' own kernels; run and rate.

    "heavy ball" is the fastest way to the limit of gradient flow, and has the same one while the
    network is lazy. "small steps" follows the flow itself: rate 0.5/λ₁, far below the
    2/λ₁ at which it would diverge.
    """
    rates = np.linalg.eigvalsh(nets.kernel(x, x))
    if validation.known("method", method, ("heavy ball", "small steps")) == "heavy ball":
        lr, momentum = two_layer.heavy_ball([rates.min(), rates.max()])
    else:
        lr, momentum = float(0.5 / rates.max()), 0.0
    run = train(
        nets,
        x,
        y,
        steps=steps,
        lr=lr,
        optimizer=partial(torch.optim.SGD, momentum=momentum),
        loss=losses.half_sse,
        eval_x=eval_x,
        record_every=record_every,
        observe=two_layer.movement(nets),
        **how,
    )
    return run, lr


def beside_prediction(run: Run, nets: two_layer.TwoLayer, extra: Mapping[str, NDArray]) -> Trial:
    """Add the root-mean-square distances to the prediction and to its two limits."""
    c = wide_limit.coefficients(
        wide_limit.Moments.uniform(nets.outer), wide_limit.Moments.uniform(nets.inner)
    )
    y = run.y[0]
    series = {**run.observed, **extra}
    for name, cubic, linear in (
        ("to_prediction", c.cubic, c.linear),
        ("to_cubic", 1.0, 0.0),
        ("to_linear", 0.0, 1.0),
    ):
        spline = lfp_splines.kinked_spline(run.x, y, cubic=cubic, linear=linear)(run.eval_x)
        series[name] = np.sqrt(np.mean((run.outputs - spline) ** 2, axis=-1))
    return even_trial(run, [], **series)


SLIDES = "Zhang and Luo, slides"

lfp_large_init = Experiment(two_layer_line, f"{SLIDES}, regularity")
lfp_middle_init = Experiment(two_layer_line, f"{SLIDES}, regularity", outer=0.2, steps=600)
lfp_small_init = Experiment(two_layer_line, f"{SLIDES}, regularity", outer=0.03, steps=900)
lfp_trajectory = Experiment(
    two_layer_line,
    f"{SLIDES}, dynamics",
    outer=1.0,
    half_width=1.0,
    method="small steps",
    steps=1_000,
)
lfp_not_lazy = Experiment(two_layer_line, "control", outer=0.03, inner=0.03, steps=600)
lfp_square_large_init = Experiment(two_layer_square, f"{SLIDES}, high-dimensional case")
lfp_square_small_init = Experiment(
    two_layer_square, f"{SLIDES}, high-dimensional case", inner=0.03, steps=300
)
lfp_square_fixed_directions = Experiment(
    two_layer_square,
    f"{SLIDES}, high-dimensional case",
    inner=0.03,
    trained=("w", "r", "l"),
    steps=300,
)
