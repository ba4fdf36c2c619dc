"""Errata of the papers of Xu and of Xu, Zhang, Xiao (4-9, 13-17)."""

from __future__ import annotations

import numpy as np
import torch

from book.errata.erratum import Erratum
from book.gradient_theory import claims, theorems, unit_gradients, unit_spectra
from book.information_plane import information
from book.initialization import aliasing
from fpkit import losses, spectra, targets
from fpkit.datasets import load
from fpkit.reproduce import judgement, load_or_run

__all__ = ["ENTRIES"]


def unit_transform() -> tuple[float, float]:
    """Return how far Eq. 1 as printed, and with the stated transform, are from a sum on a grid.

    The transform of tanh(wx + b) is that of its derivative over ik; relative to the sum.
    """
    w, b, k = -0.7, 0.4, np.array([0.5, 1.0, 2.0])
    x = np.linspace(-60, 60, 6001)
    waves = np.exp(-1j * np.outer(k, x))
    true = np.trapezoid(w / np.cosh(w * x + b) ** 2 * waves, x) / (1j * k)
    printed = np.abs(claims.printed_spectrum(k, w, b) / true - 1).min()
    return float(printed), float(np.abs(unit_spectra.unit_spectrum(k, w, b) / true - 1).max())


def bias_gradient() -> tuple[float, float]:
    """Return how far Eq. 8 with (C₁ - 1) and with (C₁ + 1) is from a numerical derivative.

    Both with the ½ of L(k), relative to the derivative.
    """
    a, w, b, target, k = 0.8, 0.6, 0.4, 1 + 0.5j, 1.0
    printed, true = claims.printed_gradients(a, w, b, target, k)
    unit = np.sqrt(np.pi / 2) * 1j / w * np.exp(-(1j * b + np.pi / 2) * k / w)
    c1 = np.exp(-2j * (b * k / w + np.angle(a * unit - target)))
    repaired = printed["b"] * (c1 + 1) / (c1 - 1)
    first, second = (abs(value / 2 / true["b"] - 1) for value in (printed["b"], repaired))
    return float(first), float(second)


def second_theorem() -> tuple[float, float]:
    """Return Δ_F(k₁) at equal gradients: a counterexample; the largest under the right conditions.

    Weights of 0.0003 and of 0.2: the theorem says that Δ_F is small.
    """
    k = (1.0, 2.0)
    net, target = theorems.counterexample(1_000, k)
    gradients = unit_gradients.loss_gradients(net, target, k)
    if np.abs(gradients["b"][0] - gradients["b"][1]).max() > 0:
        raise RuntimeError("the gradients of the counterexample are not equal")
    return float(gradients.amplitude[0, 0]), float(np.nanmax(claims.equal_pull_sample(0.2)))


def wrong_unit() -> tuple[float, float]:
    """Return how far the sigmoid's rate and the tanh's own are from the fall of a tanh unit."""
    measured = claims.exponent_ratios(np.ones(1))[0]
    return float(
        abs(measured * unit_spectra.RATES["tanh"] / unit_spectra.RATES["sigmoid"] - 1)
    ), float(abs(measured - 1))


def parseval() -> tuple[float, float]:
    """Return how far L_wf with w ≡ 1 is from L_s: with the plain DFT; with 1/N in front of it."""
    y = targets.staircase(40)[1]
    outputs, wanted = (torch.as_tensor(v)[None, :, None] for v in (0.5 * y, y))
    spatial = float(losses.mean_square(outputs, wanted))
    plain = np.mean(np.abs(np.fft.fft(0.5 * y - y)) ** 2)
    scaled = float(losses.WeightedFourier(np.ones(21))(outputs, wanted))
    return float(abs(plain / spatial - 1)), abs(scaled / spatial - 1)


def uncentred_projection() -> tuple[float, float]:
    """Return how far projections of uncentred digits are from centred ones: before; after scaling.

    Relative to the range of the projections.
    """
    images = load("digits").images.astype(np.float64)
    centred = images - images.mean(axis=0)
    direction = np.linalg.svd(centred, full_matrices=False)[2][0]
    first, second = images @ direction, centred @ direction
    rescaled = [(p - p.min()) / np.ptp(p) for p in (first, second)]
    before = np.abs(first - second).max() / np.ptp(second)
    return float(before), float(np.abs(rescaled[0] - rescaled[1]).max())


def small_bins() -> tuple[float, float]:
    """Return how far the entropy of a flat step in fine bins is from 0, and from log₂ N, in bits.

    A trained network's output on the middle step of the staircase, which is one value of the
    target; I(T) is to tell how many values the output has.
    """
    run = load_or_run("information_staircase")
    step = run.outputs[0, -1, np.abs(run.y[0]) < 0.1].astype(np.float64)
    fine = float(information.entropy(information.bins(step, 1e-5)))
    return fine, float(np.log2(len(step)) - fine)


def what_the_output_tells() -> tuple[float, float]:
    """Return how far I(Y, T) is from I(T) for the line, in bits, and by how much it exceeds it.

    At the end of training, in the mean over networks. I(Y, T) cannot exceed I(T).
    """
    run = load_or_run("information_line")
    own, shared = (run.series[name][:, -1] for name in ("entropy", "shared_with_target"))
    return float((own - shared).mean()), float(np.maximum(shared - own, 0).max())


def summed_over() -> tuple[float, float]:
    """Return how far Σ over parameters, and Σ over frequencies, are from ∂L/∂a, L = Σ L(k)."""
    rng = np.random.default_rng(0)
    net, k = unit_spectra.Shallow(*rng.standard_normal((3, 1))), np.array([0.5, 1.0, 2.0])
    target, h = np.ones(3), 1e-5
    up, down = (
        unit_gradients.loss(unit_spectra.Shallow(net.a + s, net.w, net.b), target, k).sum()
        for s in (h, -h)
    )
    true = (up - down) / (2 * h)
    gradients = unit_gradients.loss_gradients(net, target, k)
    over_parameters = sum(gradients[name][0, 0] for name in unit_gradients.PARAMETERS)
    return float(abs(over_parameters / true - 1)), float(abs(gradients["a"].sum() / true - 1))


def effective_range() -> tuple[float, float]:
    """Return the largest error below the Nyquist frequency of a network that fits its points.

    Of its coefficients themselves; and of their sums with all aliases. Relative to the largest
    coefficient of the target.
    """
    run = load_or_run("beyond_nyquist_std_1")
    n, end = run.settings["n"], run.outputs[:, -1].astype(np.float64)
    target = targets.waves(run.record_x, (1, 2, 4), (1.0, 0.6, 0.4), (1.0, 0.3, 2.0))
    wrong = aliasing.closed_spectrum(end - target)
    largest = np.abs(aliasing.closed_spectrum(target)).max()
    low = np.abs(wrong[:, : n // 2]).max(axis=1)
    return float(low.min() / largest), float(np.abs(aliasing.fold(wrong, n)).max() / largest)


def window() -> tuple[float, float]:
    """Return how far two laws are from the DFT of tanh(0.3x) on [-1, 1], in powers of ten.

    Between k = 4 and 40: the exponential of the whole line, and 1/k.
    """
    k = np.arange(4, 41)
    unit = np.abs(spectra.dft(np.tanh(0.3 * np.linspace(-1, 1, 200))))[k]
    line = np.abs(unit_spectra.unit_spectrum(np.pi * k, 0.3))
    found = [np.log10(unit / unit[0]), np.log10(line / line[0]), np.log10(k[0] / k)]
    whole_line, inverse = (float(np.abs(found[0] - law).max()) for law in found[1:])
    return whole_line, inverse


def initial_speed() -> tuple[float, float]:
    """Return how far two laws are from how the rate of fall changes, for normal weights.

    The fall between k = 16 and 17 over that between 8 and 9: 1 for an exponential, less for
    exp(-c k^⅔).
    """
    weights = np.random.default_rng(0).standard_normal(10_000)
    bend = claims.exponent_ratios(weights)[2]
    powers = np.array([8.0, 9, 16, 17]) ** (2 / 3)
    stretched = (powers[3] - powers[2]) / (powers[1] - powers[0])
    return float(abs(bend - 1)), float(abs(bend - stretched))


def pure_noise() -> tuple[float, float]:
    """Return the smallest rank correlation for white noise, and the share of networks without one.

    "Does not apply" would be correlations around 0.
    """
    order = judgement.order(load_or_run("white_noise"))
    return float(order.correlation.min()), float((order.correlation <= 0).mean())


XU, FIRST, XZX = "Xu (2018)", "Xu (2018), first version", "Xu, Zhang, Xiao (2018)"

ENTRIES = (
    Erratum(
        "4",
        f"{XU}, Eq. 1",
        "the transform of a tanh unit",
        "relative distance to a sum on a grid",
        "gradient_theory",
        unit_transform,
    ),
    Erratum(
        "5",
        f"{XU}, Eq. 8",
        "the derivative by a bias",
        "relative distance to a numerical derivative",
        "gradient_theory",
        bias_gradient,
    ),
    Erratum(
        "6",
        f"{XU}, Theorem 2",
        "gradients that are equal because both are zero",
        "Δ_F(k₁) at small weights: counterexample; largest under the repaired conditions",
        "gradient_theory",
        second_theorem,
    ),
    Erratum(
        "7",
        f"{FIRST}, Section 3",
        "theory for the sigmoid, experiments with tanh",
        "relative error of the rate at which a tanh unit's spectrum falls",
        "gradient_theory",
        wrong_unit,
    ),
    Erratum(
        "8a",
        f"{XZX}, Eqs. 3 and 4",
        "the 1/N of Parseval's theorem",
        "relative distance of the Fourier loss to the mean square",
        "fourier_loss",
        parseval,
    ),
    Erratum(
        "8b",
        f"{XZX}, Section 2.1",
        "images centred, then projected uncentred",
        "largest difference of projections: as printed; after the rescaling that follows",
        "filtering",
        uncentred_projection,
    ),
    Erratum(
        "9a",
        f"{XZX}, Section 6.4",
        "a small bin is a good approximation",
        "bits from the one value of a flat step; from log₂ N",
        "information_plane",
        small_bins,
    ),
    Erratum(
        "9b",
        f"{XZX}, Section 6.3",
        "I(Y, T) = I(T) for the line",
        "bits between the two, binned; by which I(Y, T) is larger",
        "information_plane",
        what_the_output_tells,
    ),
    Erratum(
        "13",
        f"{XU}, Eq. 12",
        "the index of a sum",
        "relative distance to the derivative of the whole loss",
        "gradient_theory",
        summed_over,
    ),
    Erratum(
        "14",
        f"{XU}, Section 5.3",
        "what the data fix below the Nyquist frequency",
        "largest error, relative to the largest coefficient: of coefficients; of sums with aliases",
        "initialization",
        effective_range,
    ),
    Erratum(
        "15",
        f"{XU}, Discussion",
        "the window does not change the decay",
        "powers of ten from the DFT on an interval: exponential; 1/k",
        "gradient_theory",
        window,
    ),
    Erratum(
        "16",
        f"{FIRST}, Section 5.1",
        "the initial speed falls exponentially",
        "distance to how the rate of fall changes: exponential; exp(-c k^⅔)",
        "gradient_theory",
        initial_speed,
    ),
    Erratum(
        "17",
        f"{XU}, Discussion",
        "the principle does not apply to pure noise",
        "smallest rank correlation; share of networks without a positive one",
        "robustness",
        pure_noise,
    ),
)
