"""Claims about stages of training and about the FP-norm, on results made by hand."""

import numpy as np
import pytest

from book.general_theory import claims as general_theory_claims
from book.general_theory.experiments import ETAS, GRID, jumps, waves
from book.generalization import claims as generalization_claims
from book.generalization import fp_norm
from book.generalization.experiments import circle
from fpkit.reproduce import chapters, judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

ETA = np.array(ETAS, dtype=float)


def with_shares(*members, losses=None, loss="mse"):
    """Return a result with these shares above each η, one function of η for each record."""
    shares = np.array([[share(ETA) for share in member] for member in members])
    series = {f"above {eta}": shares[..., i] for i, eta in enumerate(ETAS)}
    records = shares.shape[1]
    if losses is None:
        losses = np.broadcast_to(0.9 ** np.arange(records), shares.shape[:2])
    y = np.array([[1.0, -1.0, 1.0, -1.0]])
    return hand_made(
        settings={"loss": loss, "seeds": [0, 1]},
        y=y,
        losses=np.asarray(losses),
        steps=10 * np.arange(records),
        series=series,
    )


def power(m):
    return lambda eta: 0.5 * eta**-m


def fast(eta):
    return np.exp(-eta / 2)


def gone(eta):
    return np.where(eta < 32, 0.1, 1e-24)


def test_stages_are_the_start_the_half_and_the_end():
    losses = [[3.0, 0.6, 0.4, 0.3], [3.0, 0.9, 0.8, 0.7], [0.2, 0.1, 0.1, 0.1]]
    result = with_shares(*[[power(1)] * 4] * 3, losses=losses)
    # The best constant has a mean square of 1.
    assert general_theory_claims.stage_records(result).tolist() == [[0, 2, 3], [0, 3, 3], [0, 0, 3]]
    # ln cosh 1 = 0.434: half of it is 0.217.
    result = with_shares([power(1)] * 4, losses=[[3.0, 0.4, 0.21, 0.1]], loss="log_cosh")
    assert general_theory_claims.stage_records(result).tolist() == [[0, 2, 3]]


def test_shares_are_taken_at_the_stages():
    result = with_shares([power(1), power(2), power(3), power(4)], losses=[[1, 1, 0.4, 0.1]])
    found = general_theory_claims.shares(result)
    assert found.shape == (1, 3, len(ETAS))
    for i, m in enumerate((1, 3, 4)):
        np.testing.assert_allclose(found[0, i], power(m)(ETA))
    assert general_theory_claims.falloff(result)[0] == pytest.approx([1, 3, 4])


def test_falloff_stops_at_rounding_errors():
    found = general_theory_claims.falloff(
        with_shares([gone, fast, power(0)], losses=[[1, 0.1, 0.1]])
    )[0]
    assert found[0] == np.inf
    # e^{-16} is above 1e-10, e^{-24} below: a lower bound on the exponent.
    assert found[1] == pytest.approx(np.log(np.exp(-16) / 1e-10) / np.log(48 / 32))
    assert found[2] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("share", "outcome"),
    [(power(1), "reproduced"), (power(0.3), "weaker"), (power(-0.1), "not reproduced")],
)
def test_verdict_on_three_stages(monkeypatch, share, outcome):
    good = with_shares([power(2), fast, power(1)])
    stored = dict.fromkeys(
        (*general_theory_claims.SMOOTH_RUNS, *general_theory_claims.JUMP_RUNS), good
    )
    stored["stages_gelu"] = with_shares([power(2), share, share])
    stored["stages_sine_units"] = with_shares([power(0.1), power(1), power(1)])
    monkeypatch.setattr(general_theory_claims, "load_or_run", stored.__getitem__)
    verdict = judgement.verdict("R36")
    assert verdict.outcome == outcome
    assert verdict.seeds == 1
    assert verdict.control == "sine units with large weights: 0.1, 1.0, 1.0"


def test_a_control_that_falls_is_noticed(monkeypatch):
    monkeypatch.setattr(general_theory_claims, "load_or_run", lambda _: with_shares([power(2)] * 3))
    with pytest.raises(RuntimeError, match="R36: the negative control passes"):
        judgement.verdict("R36")


def test_every_run_of_the_claim_is_an_experiment():
    for name in (
        *general_theory_claims.SMOOTH_RUNS,
        *general_theory_claims.JUMP_RUNS,
        "stages_sine_units",
    ):
        assert chapters.get(name).name == name


def test_targets_with_and_without_jumps():
    x = np.array([0.0, 0.1])
    expected = [sum(np.sin(np.pi * k * t + k / 3) for k in (3, 9, 15)) / 2 for t in x]
    assert waves(x) == pytest.approx(expected)
    assert set(jumps(GRID)) == {-0.5, 0.5}
    assert (jumps(GRID) * waves(GRID) >= 0).all()


def test_settings_of_the_stages_are_checked():
    with pytest.raises(ValueError, match="target: 'wave' is not known; did you mean 'waves'"):
        chapters.get("stages_relu").function(target="wave")
    with pytest.raises(ValueError, match="loss: 'logcosh' is not known; did you mean 'log_cosh'"):
        chapters.get("stages_relu").function(loss="logcosh")


def test_the_circle_is_periodic():
    points = circle([0.0, 0.25, 1.25])
    np.testing.assert_allclose(points, [[1, 0], [0, 1], [0, 1]], atol=1e-12)


def test_random_targets_have_mean_square_one():
    f = generalization_claims.random_target(np.random.default_rng(0), 7)
    values = f(np.arange(64) / 64)
    assert (values**2).mean() == pytest.approx(1)
    assert np.abs(np.fft.rfft(values)[8:]).max() < 1e-12


def test_a_draw_is_measured_on_the_whole_interval():
    target, n = generalization_claims.random_target(np.random.default_rng(0), 3), 12
    found = generalization_claims.draw(target, np.random.default_rng(5), n=n)
    x = np.random.default_rng(5).random(n)
    h = fp_norm.minimal_interpolant(
        x, target(x), generalization_claims.WEIGHT, top=generalization_claims.TOP
    )
    grid = np.random.default_rng(1).random(20_000)
    error = h(grid) - target(grid)
    assert found.absolute == pytest.approx(np.abs(error).mean(), rel=0.05)
    assert found.square == pytest.approx((error**2).mean(), rel=0.05)
    assert found.trivial == pytest.approx(np.abs(target(grid)).mean(), rel=0.02)
    assert found.norm == fp_norm.fp_norm(target, generalization_claims.WEIGHT)


def test_the_bound_breaks_for_squares_at_the_scale_that_is_named():
    target = generalization_claims.random_target(np.random.default_rng(0), 8)
    first = generalization_claims.draw(target, np.random.default_rng(5))
    scale = generalization_claims.breaking_scale(first)
    for factor, holds in ((0.9, True), (1.1, False)):
        scaled = fp_norm.Periodic(target.modes, factor * scale * target.coefficients)
        found = generalization_claims.draw(scaled, np.random.default_rng(5))
        assert (found.square <= found.bound) == holds
        assert found.absolute <= found.bound


def test_the_other_learner_turns_the_weight_over():
    top = generalization_claims.TOP
    np.testing.assert_array_equal(
        generalization_claims.HighFirst()([1, top]), generalization_claims.WEIGHT([top, 1])
    )


def test_network_errors_are_sorted_by_seed_and_mode():
    series = {"test error": np.stack([np.zeros(6), np.arange(6.0)], axis=1)}
    result = hand_made(settings={"modes": [1, 2, 4]}, series=series)
    norms, errors = generalization_claims.network_errors(result)
    assert errors.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert norms == pytest.approx(np.sqrt(0.5) / generalization_claims.WEIGHT([1, 2, 4]))


def drawn(*errors, bound=10.0):
    return [
        generalization_claims.Draw(norm=i, absolute=e, square=e**2, bound=bound, trivial=1.0)
        for i, e in enumerate(errors, start=1)
    ]


@pytest.mark.parametrize(
    ("errors", "bound", "trained", "outcome"),
    [
        ((1, 2, 3, 4), 10.0, [0.1, 0.2, 0.3], "reproduced"),
        ((1, 2, 3, 4), 10.0, [0.1, 0.3, 0.2], "weaker"),
        ((1, 2, 3, 4), 10.0, [0.3, 0.2, 0.1], "not reproduced"),
        ((1, 2, 3, 4), 2.0, [0.1, 0.2, 0.3], "not reproduced"),
        ((2, 1, 4, 3), 10.0, [0.1, 0.2, 0.3], "reproduced"),
    ],
)
def test_verdict_on_the_bound(monkeypatch, errors, bound, trained, outcome):
    def groups(seed, learner=generalization_claims.WEIGHT, **sizes):
        turned = isinstance(learner, generalization_claims.HighFirst)
        return drawn(4, 3, 2, 1) if turned else drawn(*errors, bound=bound)

    series = {"test error": np.array(trained)[:, None]}
    stored = hand_made(settings={"modes": [1, 2, 4]}, series=series)
    monkeypatch.setattr(generalization_claims, "norm_and_error", groups)
    monkeypatch.setattr(generalization_claims, "load_or_run", lambda _: stored)
    verdict = judgement.verdict("R35")
    assert verdict.outcome == outcome
    assert "below 192 points it cannot fail" in verdict.effect


def test_a_learner_for_which_the_norm_says_nothing_must_be_found(monkeypatch):
    monkeypatch.setattr(generalization_claims, "norm_and_error", lambda *_, **__: drawn(1, 2, 3))
    monkeypatch.setattr(
        generalization_claims,
        "load_or_run",
        lambda _: hand_made(settings={"modes": [1, 2]}, series={"test error": np.ones((2, 1))}),
    )
    with pytest.raises(RuntimeError, match="R35: the negative control passes"):
        judgement.verdict("R35")
