"""Errata of the slides of Zhang and Luo (1-3, 10-12, 18)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from book.errata.erratum import Erratum
from book.generalization import claims as generalization_claims
from book.generalization import fp_norm
from book.linear_theory import claims as linear_theory_claims
from book.linear_theory import lfp_splines, wide_limit
from book.linear_theory.experiments import FIVE_X, FIVE_Y
from book.ntk import claims as ntk_claims
from fpkit import datasets, theory
from fpkit.networks import MLP
from fpkit.reproduce import load_or_run

__all__ = ["ENTRIES"]

FINE = np.linspace(FIVE_X[0], FIVE_X[-1], 181)
REACH = 4.0


def rms(values: NDArray) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def limit(size: float) -> tuple[NDArray, wide_limit.Coefficients]:
    """Return where training ends at five points for w and r even on ±size, from the kernel."""
    moments = wide_limit.Moments.uniform(size)
    c = wide_limit.coefficients(moments, moments)
    gram, cross = (wide_limit.lfp_kernel(at, FIVE_X, c, half_width=REACH) for at in (FIVE_X, FINE))
    return wide_limit.evolve(gram, cross, FIVE_Y, np.inf)[0], c


def exchanged_cases() -> tuple[float, float]:
    """Return the RMS distances to the printed and to the other spline, the larger of two starts."""
    splines = {
        name: lfp_splines.kinked_spline(FIVE_X, FIVE_Y, cubic=a, linear=1 - a)(FINE)
        for name, a in (("cubic", 1.0), ("linear", 0.0))
    }
    small, large = limit(0.03)[0], limit(30.0)[0]
    printed = min(rms(small - splines["linear"]), rms(large - splines["cubic"]))
    return printed, max(rms(small - splines["cubic"]), rms(large - splines["linear"]))


def not_in_tension() -> tuple[float, float]:
    """Return the RMS distance of a limit to the closest spline in tension, and to the kinked."""
    end, c = limit(0.5)
    tensions = np.geomspace(0.3, 300, 100)
    smooth = [rms(lfp_splines.tension_spline(FIVE_X, FIVE_Y, t)(FINE) - end) for t in tensions]
    kinked = lfp_splines.kinked_spline(FIVE_X, FIVE_Y, cubic=c.cubic, linear=c.linear)
    return min(smooth), rms(kinked(FINE) - end)


def other_parametrisation() -> tuple[float, float]:
    """Return how far two closed forms are from the mean kernel of 200,000 a·ReLU(wx + b)."""
    one, two = wide_limit.Moments.uniform(1.0), wide_limit.Moments.uniform(2.0)
    a, w, b = np.random.default_rng(0).uniform(-1, 1, (3, 200_000)) * np.array(
        [[1.0], [2], [REACH]]
    )
    z = np.outer(FIVE_X, w) + b
    drawn = (np.maximum(z, 0) @ np.maximum(z, 0).T + (a**2 * (z > 0)) @ (z > 0).T) / len(a)
    forms = (
        wide_limit.coefficients(one, two),
        wide_limit.coefficients(one, two, parametrisation="bias"),
    )
    off = [rms(wide_limit.lfp_kernel(FIVE_X, FIVE_X, c, half_width=REACH) - drawn) for c in forms]
    return off[0] / rms(drawn), off[1] / rms(drawn)


def trained_directions() -> tuple[float, float]:
    """Return the RMS distance of trained networks in the plane to the law, and with the term."""
    run = load_or_run("lfp_square_small_init")
    repaired = linear_theory_claims.square_with_directions(run)
    outputs = run.outputs[:, -1].astype(np.float64)
    return float(run.series["to_prediction"][:, -1].min()), max(
        rms(output - repaired) for output in outputs
    )


def factor_two() -> tuple[float, float]:
    """Return how far -K e and -2K e are from the motion under the gradient of Σ(h - y)²."""
    nets = MLP([1, 20, 1], weight_std=0.7, seeds=[0], dtype=torch.float64)
    inputs = torch.as_tensor(FIVE_X[:, None])
    before = nets(inputs)[0, :, 0]
    loss = (before - torch.as_tensor(FIVE_Y)).square().sum()
    step = 1e-6
    gradients = torch.autograd.grad(loss, list(nets.parameters()))
    pull = theory.kernel(nets, FIVE_X)[0] @ (before.detach().numpy() - FIVE_Y)
    with torch.no_grad():
        for p, g in zip(nets.parameters(), gradients, strict=True):
            p.sub_(step * g)
        moved = ((nets(inputs)[0, :, 0] - before) / step).numpy()
    return rms(moved + pull) / rms(moved), rms(moved + 2 * pull) / rms(moved)


def prefactor() -> tuple[float, float]:
    """Return the largest RMS distance on the way, without and with the factor m/(32π⁴L)."""
    course = load_or_run("lfp_time_course")
    factor = course.settings["neurons"] / (32 * np.pi**4 * course.settings["half_width"])
    without, with_it = (
        linear_theory_claims.course_distance(
            course, linear_theory_claims.predicted_course(course, speed=speed)
        ).max()
        for speed in (1 / factor, 1.0)
    )
    return float(without), float(with_it)


def which_loss() -> tuple[float, float]:
    """Return error over bound for the squared and for the absolute loss, for a scaled target."""
    target = generalization_claims.random_target(np.random.default_rng(2), 10)
    first = generalization_claims.draw(target, np.random.default_rng(0))
    scale = 2 * generalization_claims.breaking_scale(first)
    scaled = fp_norm.Periodic(target.modes, scale * target.coefficients)
    found = generalization_claims.draw(scaled, np.random.default_rng(0))
    return found.square / found.bound, found.absolute / found.bound


def seminorm() -> tuple[float, float]:
    """Return how far apart f and f + 1 are, and the FP-norm of their difference, by its square.

    ‖f + 1‖² = ‖f‖² + ‖1‖² for the waves and the constant are orthogonal.
    """
    f, lifted = (fp_norm.Periodic(np.array([1]), np.array([0.5]), mean=mean) for mean in (0.0, 1.0))
    weight = generalization_claims.WEIGHT
    norms = [fp_norm.fp_norm(function, weight) for function in (f, lifted)]
    x = np.linspace(0, 1, 9)
    return float(np.abs(lifted(x) - f(x)).max()), float(np.sqrt(norms[1] ** 2 - norms[0] ** 2))


def cifar_images() -> tuple[float, float]:
    """Return how many training images of CIFAR-10 60,000 and 50,000 are too many."""
    counted = datasets.FULL["cifar-10"]["train"]
    return float(abs(60_000 - counted)), float(abs(50_000 - counted))


def start_or_course() -> tuple[float, float]:
    """Return how far wide kernels move in mean-field and in lazy scaling (smallest, largest)."""
    feature, lazy = (load_or_run(f"ntk_widths{kind}") for kind in ("_mean_field", ""))
    return float(ntk_claims.drifts(feature)[:, -1].min()), float(
        ntk_claims.drifts(lazy)[:, -1].max()
    )


SLIDES = "Zhang and Luo, slides"

ENTRIES = (
    Erratum(
        "1",
        f"{SLIDES}, Regularity can be changed",
        "which start gives which spline",
        "RMS distance to the spline that is named",
        "linear_theory",
        exchanged_cases,
    ),
    Erratum(
        "2",
        f"{SLIDES}, Preference induced by LFP dynamics",
        "what lies between the two splines",
        "RMS distance to the closest spline in tension; to the kinked cubic spline",
        "linear_theory",
        not_in_tension,
    ),
    Erratum(
        "3a",
        f"{SLIDES}, LFP dynamics",
        "which parameters are trained",
        "relative distance to the kernel of a·ReLU(wx + b)",
        "linear_theory",
        other_parametrisation,
    ),
    Erratum(
        "3b",
        f"{SLIDES}, High-dimensional case",
        "directions that are trained",
        "RMS distance of trained networks to the law; with the missing term",
        "linear_theory",
        trained_directions,
    ),
    Erratum(
        "10a",
        f"{SLIDES}, The NTK regime",
        "the 2 of the gradient flow",
        "relative distance to the motion of the outputs",
        "linear_theory",
        factor_two,
    ),
    Erratum(
        "10b",
        f"{SLIDES}, LFP dynamics",
        "the factor of the law in time",
        "RMS distance to trained networks on their way",
        "linear_theory",
        prefactor,
    ),
    Erratum(
        "11a",
        f"{SLIDES}, A priori generalization error bound",
        "for which loss the bound is meant",
        "error over bound: squared loss; absolute loss",
        "generalization",
        which_loss,
    ),
    Erratum(
        "11b",
        f"{SLIDES}, FP-norm and FP-space",
        "a norm that constants do not have",
        "distance of f and f + 1; FP-norm of their difference",
        "generalization",
        seminorm,
    ),
    Erratum(
        "12",
        f"{SLIDES}, Cifar10",
        "the number of training images",
        "images too many",
        "filtering",
        cifar_images,
    ),
    Erratum(
        "18",
        f"{SLIDES}, The NTK regime",
        "which theorem says that the kernel stays",
        "change of the kernel at width 512: output divided by the width; by its root",
        "ntk",
        start_or_course,
    ),
)
