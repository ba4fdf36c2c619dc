"""Closed forms against sums and networks; claims and figures on results made by hand."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from book.exact import circle_kernel, claims, denoising, few_points, figures
from book.exact.experiments import curve_length, petal_curve, shallow
from book.exact.shaking import _moved, left_of_waves
from book.ntk.experiments import on_the_circle
from fpkit import targets, theory
from fpkit.networks import MLP
from fpkit.reproduce import judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")


@pytest.mark.parametrize(("beta", "bias"), [(1.0, True), (0.0, False)])
def test_the_kernel_in_closed_form_is_that_of_wide_networks(beta, bias):
    x, _ = on_the_circle(16, (1,))
    measured = theory.kernel(shallow(4096, bias=bias, seeds=range(4)), x).mean(axis=0)[0]
    np.testing.assert_allclose(
        circle_kernel.kernel(2 * np.pi * np.arange(16) / 16, beta=beta), measured, atol=0.12
    )


def test_rates_without_bias_are_those_that_were_integrated():
    found = circle_kernel.eigenvalues(2**14, beta=0)[:20]
    np.testing.assert_allclose(circle_kernel.by_integral(np.arange(20)), found, atol=1e-7)


@pytest.mark.parametrize("bias", [True, False])
def test_networks_without_bias_have_no_odd_part_but_a_line(bias):
    nets = shallow(64, bias=bias, seeds=[0])
    for weight in nets.parameters():  # as after any training: the two copies differ
        torch.nn.init.normal_(weight)
    x, _ = on_the_circle(32, (1,))
    wave = np.fft.rfft(nets(torch.as_tensor(x, dtype=torch.float32)).detach().numpy()[0, :, 0])
    assert bool((np.abs(wave[3::2]) < 1e-4 * np.abs(wave).max()).all()) is not bias


def test_the_flat_kernel_is_a_sum_of_equal_waves():
    angles = np.linspace(-4, 7, 50)
    sums = 1 + 2 * sum(np.cos(k * angles) for k in range(1, 6))
    np.testing.assert_allclose(circle_kernel.flat(angles, highest=5), sums, atol=1e-9)
    assert circle_kernel.flat([0.0], highest=5).tolist() == [11]


def test_regression_goes_through_its_points():
    known = few_points.points(3)[:9]
    through = few_points.regression(circle_kernel.kernel, known, known)
    np.testing.assert_allclose(through, np.eye(9), atol=1e-6)


def test_errors_vanish_with_enough_points_for_a_flat_kernel():
    few, many = few_points.errors(circle_kernel.flat, 0, (16, 181))
    assert few.max() > 0.1
    assert many.max() < 1e-6


def test_a_wave_by_itself_has_no_other_beside_it():
    (found,) = few_points.errors(circle_kernel.kernel, 0, (8,), together=False)
    at, angles = few_points.points(0)[:8], 2 * np.pi * np.arange(256) / 256
    through = few_points.regression(circle_kernel.kernel, at, angles)
    for k, error in zip(few_points.MODES, found, strict=True):
        guess, wave = (np.fft.rfft(v)[k] for v in (through @ np.sin(k * at + k),
                                                   np.sin(k * angles + k)))  # fmt: skip
        assert error == pytest.approx(abs(guess - wave) / abs(wave))


def test_a_wave_alone_is_wrong_by_the_mean_square_of_its_residue():
    (found,) = few_points.alone(circle_kernel.kernel, 0, (8,))
    at, angles = few_points.points(0)[:8], 2 * np.pi * np.arange(1000) / 1000
    for k, error in zip(few_points.MODES, found, strict=True):
        through = few_points.regression(circle_kernel.kernel, at, angles)
        off = [through @ wave(k * at) - wave(k * angles) for wave in (np.cos, np.sin)]
        assert error == pytest.approx(np.mean(np.square(off)) / 0.5, rel=1e-3)


def test_a_kernel_of_few_waves_sells_no_more_than_it_has():
    assert few_points.learnabilities(circle_kernel.flat, 0, 100).sum() == pytest.approx(65)


@pytest.mark.parametrize("kernel", [circle_kernel.kernel, circle_kernel.flat])
def test_points_buy_as_many_waves(kernel):
    shares = few_points.learnabilities(kernel, 1, 12, 64)
    assert shares.sum() == pytest.approx(12)
    assert shares.min() > -1e-6
    assert shares.max() < 1 + 1e-6


def test_a_linear_denoiser_trained_by_steps_has_the_gain_of_the_formula():
    gain, variance, sigma = 0.0, 0.4, 0.3
    for _ in range(1000):
        gain -= 1e-3 * 2 * ((variance + sigma**2) * gain - variance)
    assert denoising.linear_gain(variance, sigma, 1.0) == pytest.approx(gain, rel=1e-3)


@pytest.mark.parametrize("shape", [(8,), (5,), (4, 6)])
def test_a_convolution_over_all_pixels_is_as_many_times_as_fast(shape):
    times = np.array([0.1, 1.0])
    variance = denoising.spectrum(np.random.default_rng(0).standard_normal((9, *shape)))
    found = denoising.convolution_gain(variance, 9, 0.3, times)
    as_matrix = denoising.linear_gain(variance[..., None], 0.3, variance.size * times)
    np.testing.assert_allclose(found, as_matrix, atol=1e-9)


def test_a_local_convolution_trained_by_steps_has_the_gain_of_the_formula():
    variance, sigma, k = np.array([0.5, 0.3, 0.1, 0.1, 0.3]), 0.3, np.arange(5)
    waves = np.exp(-2j * np.pi * np.outer(k, [-1, 0, 1]) / 5)
    weights = np.zeros(3)
    for _ in range(1000):
        off = (variance + sigma**2) * (waves @ weights) - variance
        weights -= 1e-3 * 2 * (waves.conj().T @ off).real
    (gain,) = denoising.convolution_gain(variance, 1, sigma, [1.0]).T
    np.testing.assert_allclose(gain, (waves @ weights).real, rtol=3e-3)


def test_pictures_have_their_variance_at_the_end_and_none_at_first():
    made = denoising.generated([0.1, 2.0], [0.0, np.inf])
    np.testing.assert_allclose(made[:, 1], [0.1, 2.0], rtol=1e-2)
    np.testing.assert_allclose(made[:, 0], denoising.LEAST**2, rtol=1e-6)


def test_half_of_the_variance_is_there_at_the_time_that_is_returned():
    (time,) = denoising.time_to_half([0.5])
    now, end = denoising.generated([0.5], [time, np.inf])[0]
    assert now == pytest.approx(end / 2, rel=1e-6)


def test_whitened_pictures_vary_alike():
    seen, _, axes, before = denoising.pictures(0.05)
    np.testing.assert_allclose((seen @ axes).var(axis=0), before)
    white = denoising.pictures(0.05, whitened=True)[0]
    np.testing.assert_allclose((white @ axes).var(axis=0), before.mean())


def test_gains_are_slopes():
    nets = MLP([3, 3], seeds=[0])
    nets.weights[0].data[:] = torch.diag(torch.tensor([0.5, 2.0, -1.0]))
    nets.biases[0].data[:] = 0
    noisy = np.random.default_rng(0).standard_normal((50, 3))
    with torch.no_grad():
        found = denoising.gains(noisy, np.eye(3), nets)
    assert [round(float(g), 5) for g in found.values()] == [0.5, 2.0, -1.0]


def test_what_is_not_shaken_is_left():
    x, _ = targets.equal_amplitudes(32, (1, 2), seed=0)
    points = torch.as_tensor(x, dtype=torch.float32)[:, None]
    nets = MLP([1, 32, 1], activation="relu", weight_std=1.0, seeds=[0, 1])
    with torch.no_grad():
        found = left_of_waves(points, (1, 2), (1e-6, 3.0), 64, nets)
    assert found.keys() == {"error 1 2"} | {
        f"{kind} {k} {norm}"
        for kind in ("left", "size", "off") for k in (1, 2) for norm in ("1e-06", "3")
    }  # fmt: skip
    for kind in ("left", "size"):
        assert found[f"{kind} 1 1e-06"].tolist() == pytest.approx([1, 1], abs=1e-3)
    assert found["off 1 1e-06"].max() < 1e-3
    assert (found["off 1 3"] > 0.01).all()


def test_a_network_is_shaken_alike_in_any_ensemble():
    points = torch.linspace(-1, 1, 16)[:, None]
    with torch.no_grad():
        both, alone = (
            left_of_waves(points, (1, 2), (1.0,), 2, MLP([1, 8, 1], weight_std=1.0, seeds=seeds))
            for seeds in ([3, 5], [5])
        )
    for name, values in alone.items():
        assert float(both[name][1]) == pytest.approx(float(values[0]), rel=1e-4)


def test_the_error_of_a_difference_is_that_over_directions():
    points, norms = torch.linspace(-1, 1, 16)[:, None], (0.5, 2.0)
    nets = MLP([1, 8, 8, 1], weight_std=1.0, seeds=[3, 5])
    with torch.no_grad():
        found = left_of_waves(points, (1, 2, 4), norms, 6, nets)
        outputs = [[each(points)[..., 0].numpy() for each in _moved(nets, norms, way)]
                   for way in range(6)]  # fmt: skip
        sizes = np.abs(np.fft.fft(outputs) / np.fft.fft(nets(points)[..., 0].numpy()))
    mean = sizes.mean(axis=1)  # (directions, networks, frequencies)
    for j, k in ((1, 2), (2, 4), (1, 4)):
        apart = mean[..., j] - mean[..., k]
        expected = apart.std(axis=0, ddof=1) / np.sqrt(6)
        np.testing.assert_allclose(found[f"error {j} {k}"], expected, rtol=1e-3)


def test_petals_are_a_circle_if_there_are_none():
    turns = np.arange(64) / 64
    np.testing.assert_allclose(np.linalg.norm(petal_curve(turns, 0), axis=1), 1)
    radius = np.linalg.norm(petal_curve(turns, 4), axis=1)
    assert radius.max() == pytest.approx(1.5)
    assert (np.diff(np.sign(radius - 1)) != 0).sum() >= 7


def test_a_circle_is_as_long_as_itself_and_petals_are_longer():
    assert curve_length(0) == pytest.approx(1)
    assert 1 < curve_length(4) < curve_length(10)


# --- claims -----------------------------------------------------------------------------------

STEPS = np.array([0, 1, 4, 9, 16, 25])


def circle(errors):
    """Return a result of two networks with the same errors ``(R, 4)`` of the waves 1 to 4."""
    x, y = on_the_circle(64, (1, 2, 3, 4))
    settings = {"seeds": [0, 1], "lr": 0.1, "bias": True}
    return hand_made(settings=settings, x=x, y=y[None], peaks=np.arange(1, 5), steps=STEPS,
                     errors=np.stack([errors] * 2))  # fmt: skip


def learned_at(*steps):
    return np.where(STEPS[:, None] >= np.array(steps), 0.01, 1.0)


@pytest.mark.parametrize(
    ("with_bias", "without", "outcome"),
    [((1, 4, 9, 16), (1, 4, 99, 16), "reproduced"),
     ((1, 4, 9, 16), (1, 4, 9, 16), "not reproduced"),
     ((1, 4, 9, 99), (1, 4, 99, 16), "reproduced")],
)  # fmt: skip
def test_verdict_on_the_circle(monkeypatch, with_bias, without, outcome):
    stored = {"circle_bias": circle(learned_at(*with_bias)),
              "circle_no_bias": circle(learned_at(*without))}  # fmt: skip
    monkeypatch.setattr(claims, "load_or_run", stored.__getitem__)
    assert judgement.verdict("R52").outcome == outcome


def test_delays_are_times_over_computed_ones():
    rates = circle_kernel.eigenvalues(64)[1:5]
    steps = np.log(10) / (2 * 0.1 * rates)
    errors = np.where(np.arange(4)[:, None] >= [0, 1, 2, 3], 0.01, 1.0)
    result = hand_made(settings={"lr": 0.1, "bias": True}, x=np.zeros((64, 2)), steps=steps,
                       peaks=np.arange(1, 5), errors=errors[None])  # fmt: skip
    np.testing.assert_allclose(claims.delays(result), 1)


def test_a_network_that_keeps_its_first_kernel_takes_the_time_of_it():
    x, y = on_the_circle(64, (1, 2, 3, 4))
    steps, how = np.arange(0, 2000, 20), {"lr": 0.2, "bias": True, "width": 64, "seeds": [0, 1]}
    kernels = theory.kernel(shallow(64, bias=True, seeds=[0, 1]), x)
    errors = theory.mode_trajectories(kernels, y, np.arange(1, 5), 0.2 * steps)
    result = hand_made(settings=how, x=x, y=y[None], peaks=np.arange(1, 5), steps=steps,
                       errors=errors)  # fmt: skip
    np.testing.assert_allclose(claims.own_delays(result), 1)


def test_a_control_that_passes_is_noticed(monkeypatch):
    monkeypatch.setattr(claims, "load_or_run", lambda _: circle(learned_at(1, 4, 99, 16)))
    with pytest.raises(RuntimeError, match="R52: the negative control passes"):
        judgement.verdict("R52")


def test_slopes_are_exponents():
    variances = denoising.pictures(0.05)[3]
    steps = np.concatenate([[0], np.geomspace(1, 1e4, 400)])
    series = {
        f"gain {i + 1}": lam / (lam + 0.01) * -np.expm1(-np.outer([0.01, 0.02], lam * steps))
        for i, lam in enumerate(variances)
    }
    settings = {"least": 0.05, "sigma": 0.1, "whitened": False, "seeds": [0, 1]}
    result = hand_made(settings=settings, steps=steps, series=series, errors=np.ones((2, 401, 0)))
    np.testing.assert_allclose(claims.slopes(result), -1, atol=0.03)


def needing(*counts):
    """Return errors of one draw that are small from so many points on, ``(1, C, K)``."""
    return np.where(np.array(few_points.COUNTS)[:, None] >= np.array(counts), 0.01, 1.0)[None]


@pytest.mark.parametrize(
    ("relu", "outcome"),
    [((4, 8, 16, 32, 64), "reproduced"), ((4, 16, 8, 32, 64), "weaker"),
     ((64, 32, 16, 8, 4), "not reproduced")],
)  # fmt: skip
def test_verdict_on_few_points(monkeypatch, relu, outcome):
    made = {"relu": needing(*relu), "flat": needing(64, 64, 64, 45, 64)}
    monkeypatch.setattr(claims, "alone", made.__getitem__)
    assert judgement.verdict("R53").outcome == outcome


def test_a_tie_is_looked_at_with_every_number_of_points(monkeypatch):
    monkeypatch.setattr(claims, "alone", lambda _: needing(4, 16, 16, 32, 64))
    counts = []

    def closer(_, draw, asked):
        counts.append((draw, asked))
        return np.where(np.array(asked)[:, None] >= np.array([4, 13, 15, 32, 64]), 0.01, 1.0)

    monkeypatch.setattr(few_points, "alone", closer)
    for reading in ("settling", "first crossing"):
        assert claims.resolved("relu", reading).tolist() == [[4, 13, 15, 32, 64]]
    assert counts == [(0, (12, 13, 14, 15, 16))] * 2


def test_a_draw_that_is_out_of_order_is_not_looked_at_again(monkeypatch):
    monkeypatch.setattr(claims, "alone", lambda _: needing(4, 16, 16, 11, 64))
    monkeypatch.setattr(few_points, "alone", None)
    assert claims.resolved("relu").tolist() == [[4, 16, 16, 11, 64]]


def test_a_flat_kernel_in_order_by_first_crossing_is_noticed(monkeypatch):
    flat = needing(4, 8, 16, 32, 64)
    flat[0, -1] = 1.0  # no wave stays learned
    made = {"relu": needing(4, 8, 16, 32, 64), "flat": flat}
    monkeypatch.setattr(claims, "alone", made.__getitem__)
    with pytest.raises(RuntimeError, match="R53: the negative control passes"):
        judgement.verdict("R53")


def shaken(left, *, raw=None, error=0.01):
    """Return two networks of which a share of each wave is left, for one norm, give or take 1%."""
    modes = range(2, 2 + 2 * len(left), 2)
    raw = raw or [1.0] * len(left)
    series = {f"{kind} {k} 1": np.tile([before] + [value] * 5, (2, 1))
              for kind in ("size", "left", "off")
              for k, before, value in zip(modes, raw, left, strict=True)}  # fmt: skip
    series |= {f"error {j} {k}": np.full((2, 6), 0.01) for j in modes for k in modes}
    settings = {"norms": [1], "seeds": [0, 1], "directions": 512}
    return hand_made(settings=settings, series=series, steps=STEPS, peaks=np.array(modes),
                     errors=np.full((2, 6, len(left)), error))  # fmt: skip


@pytest.mark.parametrize(
    ("left", "holds"),
    [((0.9, 0.7, 0.5), True), ((0.9, 0.91, 0.5), True), ((0.9, 0.93, 0.5), False),
     ((0.9, 0.7, 0.73), False), ((0.9, 0.9, 0.9), False), ((0.9, 0.9, 0.89), False)],
)  # fmt: skip
def test_a_difference_counts_if_it_can_be_told(left, holds):
    assert claims.falls(shaken(left)).tolist() == [holds] * 2


@pytest.mark.parametrize(
    ("result", "outcome"),
    [(shaken((0.9, 0.5)), "reproduced"), (shaken((0.5, 0.9)), "not reproduced"),
     (shaken((0.8, 0.9, 0.5)), "weaker"),
     (shaken((0.9, 0.5), error=0.5), "undecided (not trained to the end)")],
)  # fmt: skip
def test_verdict_on_shaking(monkeypatch, result, outcome):
    monkeypatch.setattr(claims, "load_or_run", lambda _: result)
    assert judgement.verdict("R56").outcome == outcome


def test_waves_that_fall_before_training_are_noticed(monkeypatch):
    monkeypatch.setattr(claims, "load_or_run", lambda _: shaken((0.9, 0.5), raw=(1.1, 1.0)))
    with pytest.raises(RuntimeError, match="R56: the negative control passes"):
        judgement.verdict("R56")


def flowers(high, low=(0.1, 0.2, 0.3)):
    """Return two networks for each of three numbers of petals, with two waves."""
    errors = np.tile(np.stack([low, high], axis=-1)[:, None], (2, 6, 1))
    settings, steps = {"petals": [0, 4, 10], "seeds": [0, 1]}, [0, 50, 100, 200, 300, 400]
    return hand_made(
        settings=settings, steps=np.array(steps), peaks=np.array([2, 27]), errors=errors
    )


@pytest.mark.parametrize(
    ("high", "outcome"),
    [((0.9, 0.5, 0.2), "reproduced"), ((0.9, 0.2, 0.5), "weaker"),
     ((0.5, 0.9, 0.6), "not reproduced")],
)  # fmt: skip
def test_verdict_on_petals(monkeypatch, high, outcome):
    monkeypatch.setattr(claims, "load_or_run", lambda _: flowers(high))
    assert judgement.verdict("R57").outcome == outcome


def test_the_record_before_training_does_not_count_with_petals():
    made = flowers((0.9, 0.5, 0.2))
    made.errors[:, 0] = 1
    for soon in (False, True):
        found = claims.by_petals(made, -1, soon=soon)
        np.testing.assert_allclose(found, [[0.9, 0.5, 0.2]] * 2)


def test_the_control_with_petals_is_the_beginning():
    made = flowers((0.9, 0.5, 0.2))
    made.errors[:, 1] = 0.6  # at step 50
    made.errors[:, 2] = 0.4  # at step 100
    made.errors[:, 3:] = 0.1
    np.testing.assert_allclose(claims.by_petals(made, 0, soon=True), 0.5)
    np.testing.assert_allclose(claims.by_petals(made, 0), (0.4 + 3 * 0.1) / 4)


def test_the_last_error_with_petals_is_told(monkeypatch):
    made = flowers((0.9, 0.5, 0.2))
    made.errors[:, -1, -1] = [0.8, 0.3, 0.05] * 2
    monkeypatch.setattr(claims, "load_or_run", lambda _: made)
    effect = judgement.verdict("R57").effect
    assert "at the end 80%, 30%, 5%: below 10% in 2 of 6 trainings" in effect
    assert "all 1 waves from 2.7 times the number of petals on fall in 2)" in effect


# --- figures ----------------------------------------------------------------------------------


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_what_is_never_learned_has_a_ring_on_the_floor_and_no_cross(ax):
    result = circle(learned_at(1, 4, 99, 16))
    result.settings["lr"] = 1.0
    figures.rates(ax, {"without bias": (np.array([1, 0.5, 0.2, 0.0, 0.1]), result)})
    rings, *crosses = ax.lines[:-1]
    assert rings.get_ydata().tolist() == [0.5, 0.2, figures.FLOOR, 0.1]
    assert [cross.get_xdata().tolist() for cross in crosses] == [[1, 2, 4]] * 2
    assert crosses[0].get_ydata()[0] == pytest.approx(np.log(10) / 2)


def test_each_norm_is_beside_no_shaking(ax):
    figures.left_by_norm(ax, [1, 2], np.array([[[0.8, 0.5], [0.6, 0.1]]]), [2, 4])
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.8, 0.6], [1, 0.5, 0.1]]
    assert [text.get_text() for text in ax.texts] == ["k = 2", "k = 4"]


def test_times_stand_above_their_variance(ax):
    figures.times(ax, np.array([1, 0.1]), {"digits": np.array([[1, 10]])})
    assert ax.lines[0].get_xdata().tolist() == [1, 0.1]
    assert ax.lines[-1].get_ydata() == pytest.approx([1, 10])
