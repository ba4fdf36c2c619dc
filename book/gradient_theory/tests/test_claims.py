"""Claims about the gradient of each frequency: outcomes, and results made by hand."""

import numpy as np
import pytest

from book.gradient_theory import claims, runs_claims, unit_gradients, unit_spectra
from fpkit.reproduce import judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")


def use(monkeypatch, **stored):
    """Make the claims read these results."""
    monkeypatch.setattr(runs_claims, "load_or_run", stored.__getitem__)


def with_errors(*members, modes=None):
    """Return a result whose members have these errors, one list over records for each mode."""
    errors = np.moveaxis(np.array(members, dtype=float), 1, 2)
    peaks = np.arange(1, errors.shape[2] + 1) if modes is None else np.array(modes)
    steps = 10 * np.arange(errors.shape[1])
    losses = np.ones(errors.shape[:2])
    return hand_made(errors=errors, peaks=peaks, steps=steps, losses=losses)


@pytest.mark.parametrize(
    ("row", "outcome"), [("R21", "reproduced"), ("R22", "reproduced"), ("R23", "weaker"),
                         ("R68", "reproduced"),
                         ("R41", "reproduced")],
)  # fmt: skip
def test_verdicts_that_need_no_run(row, outcome):
    verdict = judgement.verdict(row)
    assert verdict.outcome == outcome
    assert verdict.chapter == "gradient_theory"
    assert verdict.effect
    assert verdict.control_fails


def test_the_printed_spectrum_is_the_unitary_transform_of_half_a_step():
    k, w, b = np.array([0.5, 1.0, 2.0]), 0.7, 0.4
    meant = unit_spectra.unit_spectrum(-k, w, b) / 2 / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(claims.printed_spectrum(k, w, b), meant, rtol=1e-12)


def test_the_printed_gradient_of_b_is_imaginary_and_the_others_twice_too_large():
    printed, true = claims.printed_gradients(0.8, 0.6, 0.4, 1 + 0.5j, 1.0)
    assert printed["a"] == pytest.approx(2 * true["a"], rel=1e-6)
    assert printed["w"] == pytest.approx(2 * true["w"], rel=1e-6)
    assert abs(printed["b"].real) < 1e-15
    assert abs(true["b"]) > 0.01


def test_a_wrong_gradient_is_noticed(monkeypatch):
    net, target, k = claims.random_nets()[0], np.ones(2), np.array([0.5, 1.0])
    assert claims.gradient_deviation(net, target, k) < 1e-6
    right = unit_gradients.loss_gradients
    monkeypatch.setattr(
        unit_gradients, "loss_gradients", lambda n, t, k: right(n, np.asarray(t) * 1.01, k)
    )
    assert claims.gradient_deviation(net, target, k) > 1e-3


def test_equal_pull_sample_shrinks_with_the_weight():
    medians = [np.nanmedian(claims.equal_pull_sample(w)) for w in (8.0, 1.0, 0.3)]
    assert medians[0] > 0.3
    assert medians == sorted(medians, reverse=True)


def test_exponent_of_equal_and_of_normal_weights():
    pull, speed, late = claims.exponent_ratios(np.array([0.5, -0.5]))
    assert (pull, speed, late) == pytest.approx((1, 2, 1), rel=1e-3)
    w = np.random.default_rng(0).standard_normal(10_000)
    # An exponent of k^{2/3}, by Laplace's method.
    expected = (17 ** (2 / 3) - 16 ** (2 / 3)) / (9 ** (2 / 3) - 8 ** (2 / 3))
    assert claims.exponent_ratios(w)[2] == pytest.approx(expected, abs=0.1)


def test_the_rate_of_an_exponential_does_not_change_and_that_of_a_power_does():
    k = np.array([8, 9, 16, 17])
    assert claims.rate_change(np.exp(-3.0 * k), k) == pytest.approx(1)
    expected = np.log(17 / 16) / np.log(9 / 8)
    assert claims.rate_change(1.0 / k**2, k) == pytest.approx(expected)


def test_norm_change_is_the_largest_of_any_layer():
    series = {
        "layer 1": np.array([[2.0, 2.0, 2.1], [1.0, 1.0, 1.0]]),
        "layer 2": np.array([[1.0, 0.8, 1.0], [4.0, 4.1, 4.0]]),
    }
    assert runs_claims.norm_change(hand_made(series=series)) == pytest.approx([0.2, 0.025])


def test_knocks_by_hand():
    measured = runs_claims.knocks(
        with_errors(
            [[1, 0.05, 0.4, 0.05, 0.3], [1, 1, 0.05, 0.2, 0.01], [1, 1, 1, 1, 0.5]],
            [[1, 0.05, 0.05, 0.05, 0.05], [1, 1, 1, 1, 0.05], [1, 1, 1, 1, 0.05]],
        )
    )
    assert measured.learned.tolist() == [[10, 20, np.inf], [10, 40, 40]]
    np.testing.assert_array_equal(measured.worst, [[0.4, 0.2, np.nan], [0.05, 0.05, 0.05]])
    assert measured.times.tolist() == [[2, 1, 0], [0, 0, 0]]
    assert measured.final.tolist() == [[0.3, 0.01, 0.5], [0.05, 0.05, 0.05]]
    assert measured.trend("times", [1, 2, 3]) == pytest.approx([-1, 0])
    assert measured.trend("worst", [1, 2, 3]) == pytest.approx([-1, 0])


def test_a_trend_of_nothing_known_is_none():
    measured = runs_claims.knocks(with_errors([[1, 1], [1, 1]]))
    assert measured.trend("worst", [1, 2]).tolist() == [0]
    with pytest.raises(ValueError, match="part: 'wurst' is not known; did you mean 'worst'"):
        measured.trend("wurst", [1, 2])


@pytest.mark.parametrize(
    ("change", "second_peak", "outcome"),
    [(0.01, 20, "reproduced"), (0.01, 10, "weaker"), (0.3, 20, "not reproduced")],
)
def test_verdict_on_spectral_norms(monkeypatch, change, second_peak, outcome):
    steps = 10 * np.arange(5)
    curves = [np.where(steps >= at, 0.01, 1.0) for at in (10, second_peak, 30)]
    large = with_errors(curves, curves)
    series = {"layer 1": np.array([[1, 1 + change], [1, 1]])}
    how = {"settings": {"seeds": [3, 5], "lr": 0.5}}
    small = hand_made(series={"layer 1": np.array([[1.0, 3.0], [1.0, 2.0]])}, **how)
    large = hand_made(errors=large.errors, steps=steps, series=series, **how)
    use(monkeypatch, spectral_norms=large, spectral_norms_small_net=small)
    verdict = judgement.verdict("R24")
    assert verdict.outcome == outcome
    assert verdict.control == (
        "small network, rate 0.5 instead of 0.5: norms change by 100% to 200%"
    )


KNOCKED = [[1, 0.05, 0.3, 0.05, 0.3, 0.05], [1, 1, 0.05, 0.4, 0.05, 0.05],
           [1, 1, 1, 0.05, 0.05, 0.05], [1, 1, 1, 1, 0.05, 0.05]]  # fmt: skip
STAYS = [[1, 0.05, 0.05, 0.05, 0.05, 0.05], [1, 1, 0.05, 0.05, 0.05, 0.05], *KNOCKED[2:]]
AWAY = [[1, 0.05, 0.3, 0.05, 0.3, 0.3], *KNOCKED[1:]]


@pytest.mark.parametrize(
    ("curves", "outcome"),
    [(KNOCKED, "weaker"), (STAYS, "not reproduced"), (AWAY, "weaker")],
)
def test_verdict_on_a_high_frequency_dominant_target(monkeypatch, curves, outcome):
    result = with_errors(curves, curves)
    control = with_errors(STAYS)
    use(
        monkeypatch,
        high_frequency_dominant=result,
        high_frequency_dominant_index=result,
        sine_sum=control,
    )
    verdict = judgement.verdict("R25")
    assert verdict.outcome == outcome
    assert verdict.control == "sine_sum, lowest peak: wrong by at most 0.05 once learned"


def test_verdict_on_a_target_that_behaves_as_the_paper_says(monkeypatch):
    rising = [[1, 0.05, 0.2, 0.05, 0.2, 0.05], [1, 1, 0.05, 0.25, 0.05, 0.05],
              [1, 1, 1, 0.05, 0.3, 0.05], [1, 1, 1, 1, 0.05, 0.35]]  # fmt: skip
    result = with_errors(rising)
    use(
        monkeypatch,
        high_frequency_dominant=result,
        high_frequency_dominant_index=result,
        sine_sum=result,
    )
    assert judgement.verdict("R25").outcome == "reproduced"
