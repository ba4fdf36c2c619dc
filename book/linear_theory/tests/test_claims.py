"""Claims about wide networks and about interpolation, on results made by hand."""

import numpy as np
import pytest

from book.linear_theory import claims as linear_theory_claims
from book.linear_theory import wide_limit
from book.mystery import claims as mystery_claims
from book.mystery import interpolation
from fpkit.reproduce import judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

X = np.array([-0.8, -0.6, -0.3, -0.06, 0.1])
Y = np.array([0.25, -0.25, -0.07, 0.15, -0.05])
GRID = np.linspace(-0.8, 0.1, 46)
SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0], [0.0, 0.0]])
SQUARE_Y = np.array([-1.0, 1.0, 1.0, -1.0, 1.0])
PLANE = np.random.default_rng(0).uniform(-1, 1, (40, 2))
SETTINGS = {"seeds": [0, 1], "outer": 10.0, "inner": 0.03, "half_width": 2.0, "neurons": 100}


def ends(prediction, cubic, linear):
    """Return series of two networks that end at these distances."""
    names = ("to_prediction", "to_cubic", "to_linear")
    return {n: np.array([[1.0, v], [1.0, v]]) for n, v in zip(names, (prediction, cubic, linear),
                                                              strict=True)}  # fmt: skip


def line(**series):
    return hand_made(
        settings=SETTINGS, x=X, y=Y[None], eval_x=GRID, steps=np.array([0, 10]),
        frames=np.array([0, 10]), outputs=np.zeros((2, 2, 46), np.float16), series=series,
    )  # fmt: skip


def trajectory(speed=1.0):
    """Return a run that follows the prediction, but so many times as fast."""
    result = line(time=np.array([[0.0, 2.0], [0.0, 2.0]]))
    outputs = linear_theory_claims.predicted_trajectory(result, speed=speed)
    return hand_made(**{**vars(result), "outputs": np.stack([outputs, outputs])})


def use_line(monkeypatch, small=0.001, way=1.0, adrift=0.04):
    stored = {
        "lfp_small_init": line(**ends(small, 0.001, 0.05)),
        "lfp_middle_init": line(**ends(0.001, 0.02, 0.03)),
        "lfp_large_init": line(**ends(0.001, 0.05, 0.001)),
        "lfp_trajectory": trajectory(way),
        "lfp_not_lazy": line(**ends(adrift, 0.04, 0.04)),
    }
    monkeypatch.setattr(linear_theory_claims, "load_or_run", stored.__getitem__)


def test_a_course_at_the_right_speed_is_close_and_another_is_not():
    right, wrong = trajectory(), trajectory(2.0)
    assert (
        linear_theory_claims.trajectory_distance(
            right, linear_theory_claims.predicted_trajectory(right)
        ).max()
        < 1e-12
    )
    assert (
        linear_theory_claims.trajectory_distance(
            wrong, linear_theory_claims.predicted_trajectory(wrong)
        ).max()
        > 0.005
    )


def test_the_two_limits_of_the_five_points_are_apart():
    assert linear_theory_claims.limits_apart(line()) == pytest.approx(0.053, abs=0.001)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [({}, "reproduced"), ({"small": 0.01}, "weaker"), ({"small": 0.04}, "not reproduced"),
     ({"way": 2.0}, "weaker")],
)  # fmt: skip
def test_verdict_in_one_dimension(monkeypatch, changes, outcome):
    use_line(monkeypatch, **changes)
    verdict = judgement.verdict("R33")
    assert (verdict.outcome, verdict.seeds) == (outcome, 2)
    assert "small init" in verdict.effect


def test_a_network_that_is_not_lazy_has_to_miss(monkeypatch):
    use_line(monkeypatch, adrift=0.001)
    with pytest.raises(RuntimeError, match="R33: the negative control passes"):
        judgement.verdict("R33")


def square(prediction, cubic=0.2, linear=0.2):
    result = hand_made(
        settings=SETTINGS, x=SQUARE, y=SQUARE_Y[None], eval_x=PLANE,
        outputs=np.zeros((2, 2, 40), np.float16), series=ends(prediction, cubic, linear),
    )  # fmt: skip
    end = linear_theory_claims.square_with_directions(result)
    return hand_made(**{**vars(result), "outputs": np.tile(end, (2, 2, 1))})


@pytest.mark.parametrize(
    ("large", "fixed", "small", "outcomes"),
    [(0.01, 0.01, 0.1, ("reproduced", "weaker")), (0.01, 0.01, 0.01, ("reproduced", "reproduced")),
     (0.01, 0.1, 0.1, ("not reproduced", "not reproduced"))],
)  # fmt: skip
def test_verdicts_in_the_plane(monkeypatch, large, fixed, small, outcomes):
    stored = {"lfp_square_large_init": square(large), "lfp_square_fixed_directions": square(fixed),
              "lfp_square_small_init": square(small)}  # fmt: skip
    monkeypatch.setattr(linear_theory_claims, "load_or_run", stored.__getitem__)
    verdicts = [judgement.verdict(row) for row in ("R34", "R64")]
    assert tuple(verdict.outcome for verdict in verdicts) == outcomes
    assert "explains to 0.0000 to 0.0000" in verdicts[1].effect


def test_the_limit_with_directions_is_that_of_its_kernel():
    found = linear_theory_claims.square_with_directions(square(0.1))
    outer = wide_limit.Moments.uniform(10)
    c = wide_limit.coefficients(outer, wide_limit.Moments.uniform(0.03))
    gram, cross = (
        wide_limit.lfp_kernel(p, SQUARE, c, half_width=2)
        + wide_limit.direction_term(p, SQUARE, outer, half_width=2)
        for p in (SQUARE, PLANE)
    )
    np.testing.assert_allclose(found, cross @ np.linalg.solve(gram, SQUARE_Y), atol=1e-8)


# --- the mystery -----------------------------------------------------------------------------


def few(curve, loss=1e-5):
    """Return a result of two networks whose last output is this curve through Runge's points."""
    x, fine = np.linspace(-1, 1, 11), np.linspace(-1, 1, 401)
    y = np.stack([1 / (1 + 25 * x**2)] * 2)
    values = interpolation.interpolants(x, y[0])[curve](fine)
    return hand_made(
        x=x, y=y, eval_x=fine, losses=np.full((2, 5), loss),
        outputs=np.stack([np.stack([0 * fine, values])] * 2),
    )  # fmt: skip


def use_few(monkeypatch, even, uneven, large):
    stored = {"few_points": even, "few_points_uneven": uneven, "few_points_large_init": large}
    monkeypatch.setattr(mystery_claims, "load_or_run", stored.__getitem__)


def test_variations_of_all_curves():
    found = mystery_claims.variations(few("cubic spline"))
    assert found["straight lines"] == pytest.approx([1, 1])
    np.testing.assert_allclose(found["network"], found["cubic spline"])
    assert (found["polynomial"] > 4).all()


@pytest.mark.parametrize(
    ("curve", "loss", "outcome"),
    [("cubic spline", 1e-5, "reproduced"), ("polynomial", 1e-5, "not reproduced"),
     ("cubic spline", 0.1, "undecided (not trained to the end)")],
)  # fmt: skip
def test_verdict_on_the_mystery(monkeypatch, curve, loss, outcome):
    use_few(monkeypatch, few("cubic spline"), few(curve, loss), few("polynomial"))
    verdict = judgement.verdict("R27")
    assert (verdict.outcome, verdict.seeds) == (outcome, 2)


def test_large_weights_have_to_go_wild(monkeypatch):
    use_few(monkeypatch, *[few("cubic spline")] * 3)
    with pytest.raises(RuntimeError, match="R27: the negative control passes"):
        judgement.verdict("R27")
