"""Claims about wide networks and measurements of limits, on results made by hand."""

import numpy as np
import pytest

from book.limits import claims as limits_claims
from book.limits.experiments import uneven_points
from book.ntk import claims as ntk_claims
from book.ntk.experiments import on_the_circle
from book.ntk.wide import WideMLP
from fpkit import theory
from fpkit.reproduce import chapters, judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

WIDTHS = (8, 16, 32)
SETTINGS = {
    "widths": WIDTHS, "depth": 1, "scaling": "lazy", "activation": "tanh", "gain": 2.0,
    "bias": 1.0, "seeds": [0, 1], "lr": 0.01,
}  # fmt: skip
X, Y = on_the_circle(8, (1, 2, 3))


def sweep(ends, **changes):
    """Return a sweep of two seeds whose kernels drift to ``ends`` for each width."""
    drift = np.outer(np.tile(ends, 2), np.linspace(0, 1, 5))
    settings = {**SETTINGS, **changes}
    parts = {"settings": settings, "x": X, "y": Y[None], "series": {"drift": drift}}
    members = 2 * len(settings["widths"])
    return hand_made(**parts, errors=np.ones((members, 5, 3)))


def following(factor=1.0):
    """Return a run that follows its kernel's prediction, to a factor."""
    result = sweep([0.01], widths=(16,))
    predicted = ntk_claims.kernel_trajectories(result)
    return hand_made(**{**vars(result), "errors": factor * predicted})


def test_drifts_and_their_exponent():
    result = sweep([0.4, 0.2, 0.1])
    np.testing.assert_allclose(ntk_claims.drifts(result), [[0.4, 0.2, 0.1]] * 2)
    np.testing.assert_allclose(ntk_claims.steepness(ntk_claims.drifts(result), WIDTHS), 1)


def test_prediction_is_ordered_by_seed_and_width():
    result = sweep([0.4, 0.2, 0.1])
    found = ntk_claims.kernel_trajectories(result)
    for member, (seed, width) in enumerate((s, w) for s in (0, 1) for w in WIDTHS):
        net = WideMLP([2, width, 1], activation="tanh", gain=2, bias=1, seeds=[seed])
        kernel = theory.kernel(net, X)
        expected = theory.mode_trajectories(kernel, Y, result.peaks, 0.01 * result.steps)
        np.testing.assert_allclose(found[member], expected[0], rtol=1e-6)


def test_time_runs_faster_in_mean_field_scaling():
    # The rate is lr·width and the kernel is smaller by the width: the same prediction.
    lazy, feature = (sweep([0.1] * 3, scaling=scaling) for scaling in ("lazy", "mean field"))
    np.testing.assert_allclose(
        ntk_claims.kernel_trajectories(lazy), ntk_claims.kernel_trajectories(feature), rtol=1e-5
    )


def test_course_error_is_relative_and_over_the_first_decade():
    np.testing.assert_allclose(ntk_claims.trajectory_error(following()), 0, atol=1e-12)
    np.testing.assert_allclose(ntk_claims.trajectory_error(following(1.05)), 0.05)


def test_spread_falls_with_width():
    found = ntk_claims.spread(sweep([0.1] * 2, widths=(8, 512), seeds=list(range(6))))
    assert found.shape == (6, 2)
    assert found[:, 1].mean() < found[:, 0].mean() / 2


@pytest.mark.parametrize(
    ("ends", "factor", "outcome"),
    [((0.4, 0.2, 0.05), 1.0, "reproduced"), ((0.4, 0.2, 0.05), 1.3, "weaker"),
     ((0.4, 0.3, 0.2), 1.0, "weaker"), ((0.2, 0.4, 0.05), 1.0, "not reproduced")],
)  # fmt: skip
def test_verdict_on_the_kernel(monkeypatch, ends, factor, outcome):
    stored = {"ntk_widths": sweep(ends), "ntk_widths_mean_field": sweep([0.5, 0.6, 0.5]),
              "ntk_trajectory": following(factor)}  # fmt: skip
    monkeypatch.setattr(ntk_claims, "load_or_run", stored.__getitem__)
    assert judgement.verdict("R32").outcome == outcome


def test_a_control_that_stays_is_noticed(monkeypatch):
    monkeypatch.setattr(
        ntk_claims,
        "load_or_run",
        lambda name: following() if "trajectory" in name else sweep([0.4, 0.2, 0.05]),
    )
    with pytest.raises(RuntimeError, match="R32: the negative control passes"):
        judgement.verdict("R32")


# --- limits ----------------------------------------------------------------------------------


def errors(*rows):
    """Return a result of one network for each row of errors of a single kind of peak."""
    return hand_made(errors=np.array(rows, dtype=float)[..., None] * np.ones(2))


def test_relapses_are_counted_among_learned_peaks():
    result = errors([1, 0.05, 0.5, 0.05, 0.05], [1, 0.5, 0.05, 0.05, 0.05], [1, 1, 1, 1, 1])
    np.testing.assert_array_equal(limits_claims.relapses(result), [1, 0, np.nan])


def test_times_are_sorted_by_cell():
    falling = np.array([[1, 0.05, 0, 0, 0], [2, 1, 1, 0.1, 0], [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]])
    found = limits_claims.times_to_tenth(hand_made(series={"dense": falling}), "dense", 2)
    assert found.tolist() == [[10, np.inf], [30, 20]]


def test_order_by_cell_uses_settling_steps():
    rising = np.array([[1, 1], [0.05, 1], [1, 0.05], [0.05, 0.05], [0.05, 0.05]])
    result = hand_made(errors=np.stack([rising, rising[:, ::-1]]))
    first, second = limits_claims.by_cell(result, 2)
    assert (first.correlation, second.correlation) == (-1, 1)


def test_every_run_has_enough_peaks():
    found = limits_claims.every_run(fewest=6)
    assert "staircase" in found
    assert "outside_the_data" not in found


def test_uneven_points_fill_the_interval():
    x = uneven_points(4, 2)
    np.testing.assert_allclose(x, [-1, -0.75, -0.5, -0.25, 0, 0.5])


@pytest.mark.parametrize("name", ["ntk_widths", "derivative_losses", "descent_or_adam", "density"])
def test_sweeps_take_every_cell_once_for_each_seed(name):
    asked = chapters.get(name)
    cells = {"ntk_widths": {"widths": (4, 8)}}.get(name, {})
    trial = asked.function(
        **asked.merged({"seeds": [0, 1], "steps": 2, "record_every": 1, **cells}), progress=False
    )
    count = len(trial.run.seeds) // 2
    assert trial.run.seeds == tuple(np.repeat([0, 1], count))
