"""What is no such array, count or number at all, for every public function of the analysis.

Each is called with right arguments, then with one of them replaced. Either the right thing happens,
or the error begins with the argument's name. What is wrong for one function is tested with it.
"""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from book.early_stopping import stopping
from book.filtering import parts
from book.general_theory import loss_stages
from book.generalization import fp_norm
from book.gradient_theory import network_norms, theorems, unit_gradients, unit_spectra
from book.gradient_theory.flipped import flipped_line
from book.information_plane import information
from book.initialization import aliasing, curvature
from book.limits import derivatives
from book.linear_theory import lfp_splines, wide_limit
from book.mystery import interpolation
from book.natural_image import image_rows
from book.ntk import kernels
from book.one_dimension import figures as first_figures
from book.one_dimension.random_points import random_points
from book.parity import cube
from book.principal_component import projection
from book.response_frequency import image_lines
from book.robustness import figures
from book.sensitivity import shares
from fpkit import MLP, convergence, filtering, plots, spectra, targets, theory

RNG = np.random.default_rng(0)
X = np.linspace(-1, 1, 16)
Y = np.sin(3 * X) + 0.1
IMAGE = RNG.random((8, 12))
POINTS = RNG.standard_normal((9, 3))
NETS = MLP([1, 4, 1], weight_std=1.0, seeds=[0, 1], dtype=torch.float64)
CLASSIFIER = MLP([3, 4, 2], weight_std=1.0, dtype=torch.float64)
SPECTRUM = spectra.dft(Y)
KERNEL = np.exp(-np.square(X[:, None] - X))
STEPS, ERROR = np.arange(5), np.linspace(1, 0.01, 10).reshape(5, 2)
SHALLOW = unit_spectra.Shallow([1.0, 2.0], [0.5, 1.0], [0.0, 1.0])
MOMENTS = wide_limit.Moments.uniform(1.0)
COEFFICIENTS = wide_limit.coefficients(MOMENTS, MOMENTS)
WEIGHT = fp_norm.FPWeight(1.0, 1.0)


def drawn(function, **arguments):
    """Call a function of axes."""
    fig, ax = plt.subplots()
    try:
        function(ax, **arguments)
    finally:
        plt.close(fig)


def draws(function):
    return partial(drawn, function)


# Function, its right arguments; lists and arrays are arrays to it, integers counts, floats numbers.
CASES = [
    (spectra.dft, {"values": Y, "x": X}),
    (spectra.nudft, {"values": Y, "x": X, "modes": [0.0, 1.5], "length": 3.0, "tolerance": 1e-9}),
    (spectra.peaks, {"spectrum": [0, 1.0, 0, 2.0, 0], "count": 1, "below": 4, "prominence": 0.2}),
    (spectra.relative_error, {"output": SPECTRUM, "target": SPECTRUM}),
    (convergence.convergence_step, {"steps": STEPS, "error": ERROR, "threshold": 0.1}),
    (convergence.settling_step, {"steps": STEPS, "error": ERROR, "threshold": 0.1}),
    (convergence.in_order, {"converged": [1.0, 2.0]}),
    (convergence.rank_correlation, {"converged": [1.0, 2.0], "modes": [1, 4]}),
    (targets.discretize, {"values": Y, "height": 0.3}),
    (targets.staircase, {"n": 8, "height": 0.3}),
    (targets.sine_sum, {"n": 8, "height": 0.3, "amplitudes": [1.0], "frequencies": [2.0]}),
    (random_points, {"function": np.cos, "n": 4, "candidates": 9, "seed": 3, "height": 0.3}),
    (targets.equal_amplitudes, {"n": 9, "modes": [1, 2], "seed": 3}),
    (targets.waves, {"x": X, "modes": [1, 2], "amplitudes": [1.0, 2.0], "phases": [0.0, 1.0]}),
    (targets.white_noise, {"n": 9, "seed": 3}),
    (flipped_line, {"n": 8}),
    (draws(plots.functions), {"x": X, "target": Y, "outputs": Y}),
    (draws(plots.spectrum), {"coefficients": SPECTRUM, "modes": 8, "peaks": (2,), "floor": 1e-3}),
    (draws(plots.convergence), {"steps": STEPS, "error": ERROR, "modes": (1, 2), "threshold": 0.1}),
    (draws(first_figures.error_map), {"steps": STEPS, "error": ERROR, "modes": (1, 2)}),
    (draws(plots.order), {"converged": [[1.0, 2.0]], "modes": (1, 2)}),
    (draws(figures.flip_map), {"values": ERROR, "rows": (0, 1, 2, 3, 4), "columns": (0, 1)}),
    (draws(shares),
     {"rows": (0, 1, 2, 3, 4), "columns": (0, 1), "strict": ERROR, "known": ERROR,
      "correlation": ERROR}),
    (image_rows.positions, {"shape": (4, 6)}),
    (image_rows.as_images, {"values": np.ones(24), "shape": (4, 6)}),
    (image_rows.neighbour_mean, {"image": IMAGE}),
    (image_rows.row_peaks, {"image": IMAGE, "count": 1}),
    (image_rows.pairs_in_order, {"learned": [[[1.0, 2.0]]]}),
    (image_rows.above_nyquist, {"images": IMAGE}),
    (image_rows.overlap_above, {"first": IMAGE, "second": IMAGE}),
    (image_rows.contrast, {"images": IMAGE, "place": (3, 5)}),
    (image_rows.dot, {"image": IMAGE}),
    (projection.principal_direction, {"images": POINTS, "j": 2, "method": "randomised", "seed": 3}),
    (projection.project, {"images": POINTS, "direction": [1.0, 0, 0]}),
    (projection.noise_floor,
     {"labels": Y, "t": X, "modes": [1, 2], "permutations": 3, "level": 0.9, "seed": 3}),
    (filtering.low_pass, {"points": POINTS, "values": POINTS, "deltas": [0.5]}),
    (parts.reach, {"points": POINTS, "deltas": [0.5]}),
    (parts.band_errors,
     {"points": POINTS, "target": POINTS, "outputs": POINTS + 1, "deltas": [0.5]}),
    (information.bins, {"values": Y, "width": 0.3}),
    (information.entropy, {"binned": [1, 2, 2]}),
    (information.mutual_information, {"first": [1, 2, 2], "second": [3, 2, 2]}),
    (interpolation.divided_differences, {"x": X, "y": Y}),
    (interpolation.newton, {"x": X, "y": Y}),
    (interpolation.interpolants, {"x": X, "y": Y}),
    (interpolation.variation, {"curve": X, "y": Y}),
    (stopping.plateau, {"steps": STEPS, "losses": ERROR[:, 0], "tolerance": 0.1}),
    (stopping.best_step, {"steps": STEPS, "losses": ERROR[:, 0]}),
    (stopping.first_reached, {"steps": STEPS, "losses": ERROR[:, 0], "level": 0.5}),
    (stopping.spectral_noise, {"values": Y}),
    (stopping.neighbour_noise, {"values": Y}),
    (aliasing.alias, {"mode": 7, "n": 5}),
    (aliasing.closed_spectrum, {"values": Y}),
    (aliasing.fold, {"spectrum": SPECTRUM, "n": 8}),
    (aliasing.energy, {"spectrum": SPECTRUM, "n": 8}),
    (aliasing.overlap, {"first": SPECTRUM, "second": SPECTRUM, "n": 8}),
    (image_lines.adversarial_directions, {"nets": CLASSIFIER, "images": POINTS}),
    (image_lines.walk,
     {"nets": CLASSIFIER, "images": POINTS, "directions": POINTS, "positions": X}),
    (image_lines.margins, {"outputs": POINTS, "start": 3}),
    (image_lines.flip_distance, {"margin": Y, "positions": X}),
    (image_lines.linear_flip_distance,
     {"weights": POINTS[:3, :2], "offsets": [0.0, 1.0], "images": POINTS}),
    (image_lines.line_frequency, {"margin": Y, "positions": X}),
    (image_lines.image_frequency, {"images": IMAGE, "shape": (3, 4)}),
    (cube.cube, {"n": 3}),
    (cube.sample, {"n": 5, "seen": 4, "unseen": 3, "seed": 3}),
    (cube.parity, {"points": [[1, -1.0]], "bits": (0, 1)}),
    (cube.walsh, {"values": Y}),
    (cube.degrees, {"n": 3}),
    (cube.power_by_degree, {"coefficients": Y}),
    (cube.unseen_margin, {"kernels": KERNEL, "target": Y}),
    (curvature.sharpness, {"nets": NETS, "x": X, "y": Y, "iterations": 3, "seed": 3}),
    (network_norms.gradient_norms, {"nets": NETS, "x": X, "y": Y, "modes": [1, 2]}),
    (network_norms.spectral_norm, {"matrix": IMAGE, "method": "power", "iterations": 3, "seed": 3}),
    (fp_norm.FPWeight, {"a": 1.0, "b": 2.0, "dimension": 2}),
    (fp_norm.Periodic, {"modes": [1, 2], "coefficients": [1j, 2.0]}),
    (fp_norm.certain_below, {"delta": 0.1}),
    (fp_norm.mode_grid, {"top": 2, "dimension": 2}),
    (fp_norm.minimal_interpolant, {"x": X[:-1], "y": Y[:-1], "weight": WEIGHT, "top": 9}),
    (fp_norm.error_bound, {"supremum": 1.0, "norm": 1.0, "gamma": 0.5, "n": 5, "delta": 0.1}),
    (unit_gradients.loss, {"net": SHALLOW, "target": [1j, 2.0], "k": [1.0, 2.0]}),
    (unit_gradients.loss_gradients, {"net": SHALLOW, "target": [1j, 2.0], "k": [1.0, 2.0]}),
    (theorems.initial_speed, {"net": SHALLOW, "target": [1j, 2.0], "k": [1.0, 2.0]}),
    (wide_limit.Moments.uniform, {"half_width": 1.0}),
    (wide_limit.Moments.of, {"values": Y}),
    (wide_limit.sphere_moment, {"power": 1.0, "dim": 2}),
    (wide_limit.lfp_kernel, {"x": X, "z": X, "c": COEFFICIENTS, "half_width": 2.0, "neurons": 3}),
    (wide_limit.direction_term,
     {"x": POINTS, "z": POINTS, "outer": MOMENTS, "half_width": 9.0, "neurons": 3}),
    (wide_limit.evolve,
     {"gram": KERNEL[::5, ::5], "cross": KERNEL[:, ::5], "y": Y[::5], "times": [0.0, 1.0]}),
    (theory.kernel, {"nets": NETS, "x": X}),
    (kernels.drift, {"kernels": KERNEL, "start": KERNEL}),
    (theory.mode_trajectories,
     {"kernels": KERNEL, "target": Y, "modes": [1, 2], "times": [0.0, 1.0]}),
    (theory.mode_rates, {"kernels": KERNEL, "modes": [1, 2]}),
    (theory.learning_times, {"kernels": KERNEL, "target": Y, "modes": [1, 2], "threshold": 0.1}),
    (kernels.wave_shares, {"kernels": KERNEL}),
    (lfp_splines.kinked_spline, {"x": X, "y": Y, "cubic": 1.0, "linear": 2.0}),
    (lfp_splines.tension_spline, {"x": X, "y": Y, "tension": 1.0}),
    (loss_stages.gaussian, {"x": X, "sigma": 0.3}),
    (loss_stages.loss_rates, {"nets": NETS, "x": X, "y": Y, "density": np.ones(16)}),
    (loss_stages.share_above, {"rates": Y, "eta": [2.0]}),
    (loss_stages.exponent, {"share": [0.5, 0.2], "eta": [1.0, 2.0]}),
    (theorems.low_frequency_share,
     {"a": [1.0], "b": [1.0], "target": [1.0, 1.0], "k": [1.0, 2.0], "delta": 0.5, "samples": 5,
      "seed": 3}),
    (theorems.equal_pull_error, {"w": 0.5, "b": 0.1, "k": [1.0, 2.0], "amplitude": 1.0}),
    (theorems.counterexample, {"n": 3, "k": [1.0, 2.0]}),
    (theorems.deviation_ratio, {"k_low": 1.0, "k_high": 2.0, "w": 0.5}),
    (unit_spectra.unit_spectrum, {"k": [1.0], "w": [1.0], "b": [0.0]}),
    (unit_spectra.unit_asymptote, {"k": [1.0], "w": [1.0], "b": [0.0]}),
    (unit_spectra.Shallow, {"a": [1.0], "w": [1.0], "b": [0.0]}),
    (SHALLOW, {"x": X}),
    (SHALLOW.spectrum, {"k": [1.0]}),
    (interpolation.newton(X, Y), {"at": X}),
    (lfp_splines.tension_spline(X, Y, 1.0), {"at": X}),
    (lfp_splines.kinked_spline(X, Y, cubic=1.0, linear=1.0), {"x": X}),
    (fp_norm.Periodic([1], [1.0]), {"x": X}),
]  # fmt: skip


def of(*kinds):
    """All functions with the arguments that are of a kind."""
    return [
        pytest.param(function, arguments, name, id=f"{title(function)}-{name}")
        for function, arguments in CASES
        for name, value in arguments.items()
        if type(value) in kinds
    ]


def title(function):
    if isinstance(function, partial):
        return function.args[0].__name__
    return getattr(function, "__qualname__", type(function).__name__)


def refused(function, arguments, name, values):
    for value in values:
        with pytest.raises((ValueError, TypeError), match=rf"^([\w, ]+, )?{name}(, \w+)*: "):
            function(**{**arguments, name: value})


@pytest.mark.parametrize(("function", "arguments", "name"), of(list, np.ndarray))
def test_what_is_no_array(function, arguments, name):
    refused(function, arguments, name, [[], [[1.0, 2.0], [3.0]], [None], "text"])


@pytest.mark.parametrize(("function", "arguments", "name"), of(int))
def test_what_is_no_count(function, arguments, name):
    refused(function, arguments, name, [-1, 1.5, True, "3", np.nan, [2]])


@pytest.mark.parametrize(("function", "arguments", "name"), of(float))
def test_what_is_no_number(function, arguments, name):
    refused(function, arguments, name, [np.nan, "1"])


def tensors(arguments):
    """Return the arguments with tensors that have a gradient in place of arrays."""
    return {
        name: torch.tensor(np.asarray(value, dtype=float), requires_grad=True)
        if type(value) in (list, np.ndarray) and not np.iscomplexobj(value)
        else value
        for name, value in arguments.items()
    }


def numbers(found):
    """Return the numbers in what a function returned, where it is not a function or an object."""
    if isinstance(found, dict):
        found = tuple(found.values())
    parts = found if isinstance(found, tuple) else (found,)
    parts = (p.detach() if isinstance(p, torch.Tensor) else p for p in parts)
    return [
        np.asarray(p) for p in parts if isinstance(p, (np.ndarray, np.generic, float, torch.Tensor))
    ]


@pytest.mark.parametrize(("function", "arguments"), CASES, ids=[title(f) for f, _ in CASES])
def test_tensors_with_a_gradient_give_the_same_numbers(function, arguments):
    expected, found = (numbers(function(**given)) for given in (arguments, tensors(arguments)))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-6)


# These have to be integers.
INTEGERS = ("seed", "start", "mode", "counterexample-n")


@pytest.mark.parametrize(
    ("function", "arguments", "name"), [case for case in of(int) if not case.id.endswith(INTEGERS)]
)
def test_a_whole_float_is_a_count(function, arguments, name):
    """As in ``n=2e2``."""
    other = {**arguments, name: float(arguments[name])}
    expected, found = (numbers(function(**given)) for given in (arguments, other))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(other, one)
        assert other.dtype == one.dtype


RUN = np.ones((2, 5, 16, 3))  # networks with three outputs
STEPS_BACK = [0, 1, 3, 2, 4]
LINES = np.ones((2, 16))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: spectra.dft(RUN),
         r"values: expected at most 3 axes, .*shape \(2, 5, 16, 3\); choose .*values\[..., 0\]"),
        (lambda: spectra.dft(RUN, X),
         r"values: expected one value per point of x \(16\), got 3 along the last axis of shape"),
        (lambda: spectra.dft(Y[:, None], X),
         r"\(16\), got 1 along the last axis of shape \(16, 1\)"),
        (lambda: spectra.nudft(Y, X, [1], tolerance=0), "tolerance: expected .* between 1e-15"),
        (lambda: spectra.nudft(Y, X, [1], tolerance=-1), "tolerance: expected .* between 1e-15"),
        (lambda: spectra.nudft(Y, X, [1], tolerance=2), "tolerance: .* and 1, got 2"),
        (lambda: spectra.peaks(Y),
         r"spectrum: expected complex coefficients or magnitudes, got real numbers down to "
         r"-0\.\d+; of a signal, take the peaks of dft\(signal\)"),
        (lambda: spectra.relative_error(np.ones((2, 2, 9)), np.ones((2, 9))),
         r"target: shape \(2, 9\) does not go with .*\(2, 2, 9\); for one target per member"),
        (lambda: spectra.peaks(SPECTRUM, prominence=1.5), "prominence: .* 0 to 1, got 1.5"),
        (lambda: convergence.convergence_step(STEPS_BACK, ERROR),
         "steps: expected increasing numbers, got 3 before 2"),
        (lambda: convergence.settling_step([0, 1, 1, 2, 3], ERROR), "steps: .* got 1 before 1"),
        (lambda: convergence.convergence_step(STEPS, ERROR * np.nan),
         "error: expected finite numbers"),
        (lambda: drawn(plots.functions, x=X, target=Y[1:]), r"target: .*x \(16\), got 15"),
        (lambda: drawn(plots.functions, x=X, target=Y, outputs=LINES.T), r"outputs: .*got 2 along"),
        (lambda: drawn(plots.spectrum, coefficients=LINES), "coefficients: expected a 1-d array"),
        (lambda: drawn(plots.spectrum, coefficients=SPECTRUM, peaks=[-1]),
         "peaks: expected whole numbers of at least 0, got -1"),
        (lambda: drawn(plots.convergence, steps=STEPS, error=np.ones((5, 3)), modes=[1]),
         r"error: expected shape \(5, 1\), a row for each step and .* mode, got \(5, 3\)"),
        (lambda: drawn(plots.convergence, steps=STEPS_BACK, error=ERROR, modes=[1, 2]),
         "steps: expected increasing numbers"),
        (lambda: drawn(first_figures.error_map, steps=STEPS, error=ERROR.T, modes=[1, 2]),
         r"error: expected shape \(5, 2\), .* got \(2, 5\)"),
        (lambda: drawn(plots.order, converged=ERROR, modes=[1, 2, 3]),
         r"converged: expected shape \(5, 3\), .* got \(5, 2\)"),
        (lambda: drawn(figures.flip_map, values=ERROR, rows="ab", columns="abcde"),
         r"values: expected shape \(2, 5\), rows and columns, got \(5, 2\)"),
        (lambda: drawn(figures.order_by_cell,
                       names=["a"], correlation=ERROR, strict=ERROR, enough=ERROR),
         r"correlation: expected shape \(1, 2\), a row for each name"),
        (lambda: drawn(figures.order_by_cell,
                       names="abcde", correlation=ERROR, strict=[True], enough=ERROR),
         r"strict: expected shape \(5, 2\), a row for each name"),
        (lambda: targets.sample(lambda x: 1j * x, n=9),
         "function: expected real numbers, got dtype c"),
        (lambda: targets.sample(lambda x: x / 0 * 0, n=9),
         "function: expected finite numbers, got nan"),
        (lambda: targets.sample(np.sin, n=9, interval=(0, np.inf)), "interval: expected finite"),
        (lambda: targets.sample(np.sin, n=9, interval=(0, 1, 2)), r"interval: .*got \(0, 1, 2\)"),
        (lambda: targets.waves(LINES, [1], [1], [0]), "x: expected a 1-d array"),
        (lambda: image_rows.row_steps(STEPS, np.ones((1, 5, 12, 8)), IMAGE),
         r"images: expected shape \(1, 5, 8, 12\), as the image, got \(1, 5, 12, 8\)"),
        (lambda: image_rows.above_nyquist(Y), "images: expected an at least 2-d array"),
        (lambda: image_rows.above_nyquist(IMAGE[:, 1:]),
         "images: expected an even number of columns"),
        (lambda: image_rows.overlap_above(IMAGE, IMAGE.T),
         r"second: expected images of shape \(8, 12\)"),
        (lambda: image_rows.dot(IMAGE[:4]), r"image: expected at least 5 x 5 pixels, .*\(4, 12\)"),
        (lambda: image_rows.positions((4.5, 6)), "shape: expected whole numbers, got 4.5"),
        (lambda: projection.noise_floor(Y, X, [1.5]), "modes: expected whole numbers, got 1.5"),
        (lambda: parts.reach(POINTS, 0.5), "deltas: expected a 1-d array"),
        (lambda: information.entropy(Y), r"binned: expected whole numbers, got -0\.0"),
        (lambda: information.entropy(RUN), "binned: expected at most 3 axes"),
        (lambda: information.mutual_information(RUN, RUN), "first: expected at most 3 axes"),
        (lambda: information.mutual_information([1, 2], [1, 2, 3]),
         "second: expected 2 samples like first, got 3"),
        (lambda: interpolation.variation([1.0], [1.0, 2.0]),
         "curve: expected at least 2 points, got 1"),
        (lambda: stopping.best_step(STEPS_BACK, ERROR[:, 0]), "steps: .*got 3 before 2"),
        (lambda: stopping.first_reached(STEPS, ERROR.T, [0.1] * 3),
         r"level: expected shape \(2,\), one for each loss, got \(3,\)"),
        (lambda: stopping.excess(STEPS, ERROR.T, [0, 1, 2]), r"chosen: expected shape \(2,\)"),
        (lambda: stopping.spectral_noise(np.ones((1, 1, 20, 20))),
         "values: expected at most 3 axes"),
        (lambda: aliasing.alias(1.5, 4), "mode: expected a whole number of at least 0, got 1.5"),
        (lambda: aliasing.overlap(SPECTRUM, SPECTRUM[1:], 4),
         "second: expected 9 modes like first"),
        (lambda: aliasing.energy([1.0], 4), "spectrum: expected the modes 0, 1"),
        (lambda: image_lines.margins(LINES[:, :1]), "outputs: a margin needs at least 2 classes"),
        (lambda: image_lines.margins(LINES, start=2), "start: expected one of 2 positions, got 2"),
        (lambda: image_lines.flip_distance(Y, X[::-1]), "positions: expected increasing numbers"),
        (lambda: image_lines.flip_distance(LINES, X[1:]), r"margin: .*positions \(15\), got 16"),
        (lambda: image_lines.line_frequency(1.0, [0.0]), "margin: expected an at least 1-d array"),
        (lambda: image_lines.line_frequency([1.0], [0.0]), "positions: expected at least 2 points"),
        (lambda: image_lines.linear_flip_distance(LINES.T, [1], LINES),
         r"offsets: expected shape \(2,\), one for each class, got \(1,\)"),
        (lambda: image_lines.linear_flip_distance(LINES, X, POINTS),
         "images: expected 2 pixels each"),
        (lambda: cube.parity([[1, -1.0]], [0, 0]), r"bits: expected each once, got \[0, 0\]"),
        (lambda: derivatives.Derivative(1, [4])(torch.ones(5, 2)),
         r"x: expected shape \(N, 1\), got \(5, 2\)"),
        (lambda: curvature.sharpness(NETS, X, np.ones((3, 16))),
         "y: expected a row for each of 2 net"),
        (lambda: curvature.sharpness(CLASSIFIER, X, Y), r"nets: expected one input .*\[3, 4, 2\]"),
        (lambda: network_norms.gradient_norms(CLASSIFIER, X, Y, [1]),
         "nets: expected one input and one"),
        (lambda: kernels.drift(KERNEL, np.eye(3)), "start: expected shape .* of N = 16 points"),
        (lambda: theory.mode_trajectories(KERNEL, Y, [1], [-1.0]), "times: .* at least 0, got -1"),
        (lambda: theory.mode_trajectories(KERNEL, Y, [1], [np.nan]),
         "times: .* at least 0, got nan"),
        (lambda: lfp_splines.kinked_spline(X, Y, cubic=1, linear=1)(POINTS),
         "x: expected points in 1 dim"),
        (lambda: lfp_splines.tension_spline([0, 0, 1.0], [0, 1, 2.0], 1),
         "x: expected different points"),
        (lambda: unit_spectra.Shallow([1.0], [1.0], [1.0])(LINES), "x: expected a 1-d array"),
        (lambda: unit_gradients.loss(SHALLOW, [1.0], [[1.0]]), "k: expected a 0-d or 1-d array"),
        (lambda: theorems.low_frequency_share([1.0], [1.0, 2], [1, 1], (1, 2), 1),
         "b: expected one per"),
        (lambda: theorems.counterexample(1, (1, 2, 3)),
         r"k: expected shape \(2,\), k₁ and k₂, got"),
        (lambda: theorems.equal_pull_error(1, 1, (1, 2), phases=[0]), "phases: expected two"),
    ],
)  # fmt: skip
def test_what_does_not_fit(call, message):
    with np.errstate(all="ignore"), pytest.raises((ValueError, TypeError), match=message):
        call()


def test_dft_takes_more_axes_with_points():
    many = np.tile(Y, (2, 3, 4, 1))
    assert np.array_equal(spectra.dft(many, X), np.tile(SPECTRUM, (2, 3, 4, 1)))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int64])
def test_nudft_takes_any_real_points(dtype):
    x = (100 * X).astype(dtype)
    for modes in ([1.0, 3.0], [1.5, 3.0]):
        expected = spectra.nudft(Y, x.astype(np.float64), modes)
        assert np.array_equal(spectra.nudft(Y, x, modes), expected)


def test_a_whole_float_is_an_order():
    points = torch.linspace(-1, 1, 5)[:, None]
    one, other = (derivatives.Derivative(order, [4])(points) for order in (1, 1.0))
    assert torch.equal(one, other)


def test_a_response_that_does_not_change_has_no_frequency():
    assert np.isnan(image_lines.line_frequency(np.ones(16), X))


def test_information_of_bytes_is_that_of_numbers(rng):
    """A pair of bytes is no byte."""
    first, second = rng.integers(0, 256, (2, 500))
    expected = information.mutual_information(first, second)
    found = information.mutual_information(first.astype(np.uint8), second.astype(np.uint8))
    assert found == expected


def test_a_bfloat16_tensor_is_an_array():
    values = torch.linspace(0, 1, 5, dtype=torch.bfloat16)
    assert np.array_equal(spectra.dft(values), spectra.dft(values.float()))


def test_a_list_of_losses_with_a_gradient_is_refused_by_name():
    losses = [torch.tensor(1.0, requires_grad=True)] * 5
    with pytest.raises(TypeError, match=r"losses: expected numbers, .*detach"):
        stopping.best_step(STEPS, losses)
