"""Spectra of units, gradients by frequency and theorems, against quadrature and autograd."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad

from book.gradient_theory import theorems, unit_gradients, unit_spectra
from book.gradient_theory.unit_spectra import Shallow

DERIVATIVES = {
    "tanh": lambda z: 1 / math.cosh(z) ** 2,
    "sigmoid": lambda z: 0.25 / math.cosh(z / 2) ** 2,
}
CASES = [
    (k, w, b, unit)
    for unit in DERIVATIVES
    for k, w, b in [(0.7, 1.0, 0.3), (-1.3, 0.8, 0.0), (2.0, -0.5, 0.4), (3.0, 2.5, -1.0)]
]


@pytest.mark.parametrize(("k", "w", "b", "unit"), CASES)
def test_unit_spectrum_is_that_of_the_derivative_over_ik(k, w, b, unit):
    def derivative(x):
        return w * DERIVATIVES[unit](w * x + b)

    end = 60 / abs(w)
    options = {"limit": 400, "epsabs": 1e-12}
    real = quad(lambda x: derivative(x) * math.cos(k * x), -end, end, **options)[0]
    imaginary = -quad(lambda x: derivative(x) * math.sin(k * x), -end, end, **options)[0]
    expected = (real + 1j * imaginary) / (1j * k)
    assert unit_spectra.unit_spectrum(k, w, b, unit=unit) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("unit", DERIVATIVES)
@pytest.mark.parametrize("ratio", [-9.0, -2.0, 0.5, 1.0, 4.0])
def test_relative_error_of_the_asymptote(unit, ratio):
    exact = unit_spectra.unit_spectrum(ratio, 1.0, 0.7, unit=unit)
    error = abs(unit_spectra.unit_asymptote(ratio, 1.0, 0.7, unit=unit) / exact - 1)
    c = {"tanh": 0.5, "sigmoid": 1.0}[unit]
    assert error == pytest.approx(math.exp(-2 * c * math.pi * abs(ratio)), rel=1e-3, abs=1e-15)


def test_shallow_is_its_formula():
    net = Shallow(np.array([2.0, -1.0]), np.array([0.5, 3.0]), np.array([0.1, -0.2]))
    expected = [2 * math.tanh(0.5 * x + 0.1) - math.tanh(3 * x - 0.2) for x in (-1.0, 0.0, 2.0)]
    np.testing.assert_allclose(net([-1.0, 0.0, 2.0]), expected)


def test_a_batch_of_networks_is_its_members():
    a, w, b = np.random.default_rng(0).standard_normal((3, 2, 4))
    k, target = [0.5, 1.5], [1, 1j]
    together = unit_gradients.loss_gradients(Shallow(a, w, b), target, k)
    for member in (0, 1):
        alone = unit_gradients.loss_gradients(Shallow(a[member], w[member], b[member]), target, k)
        for name in unit_gradients.PARAMETERS:
            np.testing.assert_allclose(together[name][member], alone[name], rtol=1e-12)


def autograd(a, w, b, target, k, c):
    """Return L(k) and its gradients from the integral of the derivative, by torch.

    Nothing of the closed form enters: the transform is a sum over a fine grid of x.
    """
    a, w, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (a, w, b))
    x = torch.linspace(-400, 400, 200_001, dtype=torch.float64)[:, None]
    slope = a * w * c / torch.cosh(c * (w * x + b).clamp(-300, 300)) ** 2
    turn = float(k) * x
    step = float(x[1] - x[0])
    real, imaginary = (slope * torch.cos(turn)).sum(), -(slope * torch.sin(turn)).sum()
    # Divide by ik; the sigmoid's derivative, ½ sech²(z/2)·½, is half of what tanh(z/2) has.
    scale = step / float(k) * (1.0 if c == 1 else 0.5)
    spectrum = (imaginary * scale - target.real, -real * scale - target.imag)
    loss = 0.5 * (spectrum[0] ** 2 + spectrum[1] ** 2)
    return loss.item(), [g.numpy() for g in torch.autograd.grad(loss, (a, w, b))]


@pytest.mark.parametrize("unit", DERIVATIVES)
@pytest.mark.parametrize("k", [0.6, -1.4, 2.2])
def test_gradients_against_automatic_differentiation(unit, k):
    a, w, b = np.array([[0.7, -1.2, 0.4], [0.9, -0.6, 1.7], [0.3, -0.8, 0.5]])
    net, target = Shallow(a, w, b, unit), 0.4 - 0.7j
    loss, expected = autograd(a, w, b, target, k, {"tanh": 1.0, "sigmoid": 0.5}[unit])
    assert unit_gradients.loss(net, [target], [k])[0] == pytest.approx(loss, rel=1e-9)
    gradients = unit_gradients.loss_gradients(net, [target], [k])
    for name, reference in zip(unit_gradients.PARAMETERS, expected, strict=True):
        np.testing.assert_allclose(gradients[name][0], reference, rtol=1e-6, atol=1e-9)


def test_gradients_are_products_and_their_logarithms_do_not_underflow():
    net = Shallow(np.array([1.0, 2.0]), np.array([0.5, 1e-3]), np.array([0.3, 0.4]))
    gradients = unit_gradients.loss_gradients(net, [1.0, 1j], [1.0, 2.0])
    for name in unit_gradients.PARAMETERS:
        with np.errstate(divide="ignore"):
            plain = np.log(np.abs(gradients[name]))
        log = gradients.log_size(name)
        np.testing.assert_allclose(log[:, 0], plain[:, 0], rtol=1e-12)
        assert (plain[:, 1] == -np.inf).all()  # the gradient itself is lost
        assert np.isfinite(log[:, 1]).all()
        assert log[0, 1] > log[1, 1]


@pytest.mark.parametrize(("a", "w", "b"), [(1.0, 0.5, 0.0), (-2.0, 3.0, 1.5), (0.3, -8.0, 4.0)])
def test_the_strongest_pull_is_the_largest_over_the_phases(a, w, b):
    k, phases = np.arange(1.0, 9), np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    net = Shallow(*(np.full((len(phases), 1), value) for value in (a, w, b)))
    target = net.spectrum(k) - np.exp(1j * phases)[:, None]  # errors of size 1
    gradients = unit_gradients.loss_gradients(net, target, k)
    for name, wanted in unit_gradients.strongest(k, a, w, b).items():
        found = np.abs(gradients[name])[..., 0].max(axis=0)
        np.testing.assert_allclose(found, wanted, rtol=2e-6)


def test_the_ball_is_filled_evenly():
    points = theorems.ball(2.0, 3, 20_000, generator=np.random.default_rng(0))
    radius = np.linalg.norm(points, axis=1)
    assert radius.max() <= 2
    # The share inside half the radius is (1/2)³.
    assert (radius < 1).mean() == pytest.approx(1 / 8, abs=0.01)
    assert np.abs(points.mean(axis=0)).max() < 0.03


A, B = np.array([0.9, -1.3, 0.6]), np.array([0.4, 1.1, -0.7])


def share(delta, **changes):
    arguments = {"a": A, "b": B, "target": [1, 1], "k": (1, 2), "samples": 4_000, **changes}
    return theorems.low_frequency_share(delta=delta, **arguments)


def test_share_of_the_low_frequency_tends_to_one():
    shares = [share(delta).everywhere for delta in (1.0, 0.5, 0.25, 0.1)]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_share_is_not_one_for_large_weights():
    large = share(8.0)
    assert large.everywhere < 0.9
    assert 0 < large.standard_error < 0.01
    assert large.everywhere <= min(large.each.values())


def test_share_holds_where_gradients_underflow():
    assert share(1e-3).everywhere == 1


def test_share_depends_on_its_seed_only():
    assert share(1.0, seed=3) == share(1.0, seed=3)
    assert share(1.0, seed=3) != share(1.0, seed=4)


def test_share_against_a_plain_count():
    """One unit and its gradients one weight at a time, with weights evenly spaced."""
    k, target, delta = (1.0, 2.0), np.array([1.0, 1.0]), 1.0
    wins = []
    for w in np.linspace(-delta, delta, 2_001)[1::2]:
        gradients = unit_gradients.loss_gradients(Shallow([0.9], [w], [0.4]), target, k)
        wins.append(all(abs(gradients[n][0, 0]) > abs(gradients[n][1, 0]) for n in "awb"))
    measured = share(delta, a=[0.9], b=[0.4])
    assert measured.everywhere == pytest.approx(np.mean(wins), abs=0.03)


@pytest.mark.parametrize("parameter", unit_gradients.PARAMETERS)
@pytest.mark.parametrize("unit", DERIVATIVES)
def test_equal_pull_error_makes_the_gradients_equal(parameter, unit):
    k, w, b, phases = (1.0, 2.5), -0.7, 0.6, (0.3, -1.1)
    amplitude, size = 3.0, 1.7
    error = theorems.equal_pull_error(
        w, b, k, parameter=parameter, phases=phases, amplitude=amplitude, target=size, unit=unit
    )
    net = Shallow([1.3], [w], [b], unit)
    differences = np.array([error * size, amplitude]) * np.exp(1j * np.array(phases))
    gradients = unit_gradients.loss_gradients(net, net.spectrum(k) - differences, k)[parameter]
    assert abs(gradients[0, 0]) == pytest.approx(abs(gradients[1, 0]), rel=1e-9)


def test_equal_pull_error_is_small_for_small_weights_and_grows_with_the_high_amplitude():
    arguments = {"b": 0.6, "k": (1.0, 2.0), "phases": (0.3, -1.1)}
    small, large = (theorems.equal_pull_error(w, **arguments) for w in (0.1, 5.0))
    assert small < 1e-5
    assert large > 0.1  # the control
    pushed = theorems.equal_pull_error(0.1, amplitude=1e9, **arguments)
    assert pushed == pytest.approx(1e9 * small)


def test_equal_pull_error_without_slow_factors_is_the_formula():
    k, w = (1.0, 3.0), 0.4
    # b = 0 and phases of a quarter turn: both sines are 1.
    error = theorems.equal_pull_error(w, 0.0, k, phases=(np.pi / 2, np.pi / 2))
    formula = theorems.deviation_ratio(*k, w)
    assert error == pytest.approx(formula, rel=1e-3)
    assert formula == pytest.approx(math.exp(-math.pi * 2 / (2 * w)))


@pytest.mark.parametrize("n", [0, 3, 10_000])
def test_counterexample_has_equal_gradients_and_learned_nothing(n):
    k = (1.0, 2.0)
    net, target = theorems.counterexample(n, k)
    gradients = unit_gradients.loss_gradients(net, target, k)
    np.testing.assert_allclose(gradients["b"], 0, atol=1e-12 / abs(net.w[0]))
    assert gradients.amplitude[:, 0].tolist() == [1, 0]
    # C₁(k₁) = -1: the condition printed in the theorem, |1 - C₁| > ξ, is met.
    np.testing.assert_allclose(np.exp(2j * gradients.phase[0]), -1, atol=1e-10 * (n + 1))
    assert abs(net.w[0]) < 2 / (2 * n + 1)


@pytest.mark.parametrize("w", [0.05, 0.2, 1.0])
def test_equal_gradients_of_b_need_not_be_zero_for_nothing_to_be_learned(w):
    k = (1.0, 2.0)
    gradients = unit_gradients.loss_gradients(*theorems.equal_pulls(w, k), k)
    low, high = np.abs(gradients["b"])
    np.testing.assert_allclose(low, high, rtol=1e-9)
    assert (low > 0).all()
    np.testing.assert_allclose(gradients.amplitude[:, 0], 1, rtol=0.02)
    # The printed condition |1 - C₁(k₁)| > ξ is met, for every w and one ξ.
    assert (2 * np.abs(np.sin(gradients.phase[0])) > 1.5).all()


def test_own_speed_is_what_a_small_step_of_gradient_descent_does():
    net = Shallow(np.array([0.7, -1.2]), np.array([0.9, -0.6]), np.array([0.3, -0.8]))
    k, target, rate = np.array([0.8, 1.5]), np.array([1.0, 0.5j]), 1e-6
    gradients = unit_gradients.loss_gradients(net, target, k)
    before = np.sqrt(2 * unit_gradients.loss(net, target, k))

    def after(move):
        parts = [getattr(net, n) - rate * move(gradients[n]) for n in unit_gradients.PARAMETERS]
        return np.sqrt(2 * unit_gradients.loss(Shallow(*parts), target, k))

    total = -np.log(after(lambda g: g.sum(axis=0)) / before) / rate
    np.testing.assert_allclose(
        theorems.initial_speed(net, target, k, flow="total"), total, rtol=1e-4
    )
    own = [-np.log(after(lambda g, i=i: g[i]) / before)[i] / rate for i in (0, 1)]
    np.testing.assert_allclose(theorems.initial_speed(net, target, k), own, rtol=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: unit_spectra.unit_spectrum(1, 0),
         "w: expected numbers other than 0, got 0; a unit wi"),
        (lambda: unit_spectra.unit_spectrum([1, 0], 1),
         "k: expected numbers other than 0, .* a pole"),
        (lambda: unit_spectra.unit_spectrum(math.nan, 1), "k: expected finite numbers, got nan"),
        (lambda: unit_spectra.unit_spectrum(1, 1, math.inf), "b: expected finite numbers, got inf"),
        (lambda: unit_spectra.unit_spectrum(1, 1, unit="tan"),
         "unit: 'tan' is not known; did you mean 'tanh'"),
        (lambda: Shallow([1, 2], [1, 2], [1]), "a, w, b: expected as many of each, got 2, 2 and 1"),
        (lambda: Shallow([1], [0], [1]), "w: expected numbers other than 0"),
        (lambda: unit_gradients.loss(Shallow([1], [1], [1]), [1], [1, 2]),
         r"target: expected one coefficient per frequency \(2\), got shape \(1,\)"),
        (lambda: unit_gradients.loss(Shallow([1], [1], [1]), [math.nan], [1]),
         "target: expected finite numbers"),
        (lambda: unit_gradients.loss_gradients(Shallow([1], [1], [1]), [1], [1])["c"],
         "parameter: 'c' is not known; .*known are a, b, w"),
        (lambda: share(0.0), "delta: expected a finite number above 0, got 0"),
        (lambda: share(-1.0), "delta: expected a finite number above 0, got -1"),
        (lambda: share(1.0, k=(2, 1)), "k: expected 0 < k₁ < k₂, got 2 and 1"),
        (lambda: share(1.0, samples=0), "samples: expected a whole number of at least 1, got 0"),
        (lambda: theorems.equal_pull_error(0.5, 0.0, (1, 2)),
         r"phases: the gradient of L\(k₁\) with respect to a is 0 for every error at k₁"),
        (lambda: theorems.counterexample(-1, (1, 2)), "n: expected a whole number of at least 0"),
        (lambda: theorems.initial_speed(Shallow([1], [1], [1]), [1], [1], flow="all"),
         "flow: 'all' is not known"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
