"""The figures of guesses between points show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.generalization import claims, figures, fp_norm
from book.generalization.experiments import circle, sine
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("closed")
TURNS = np.arange(256) / 256
PLACES = np.array([0.1, 0.35, 0.8])


def trained():
    """Return the networks of two sines, whose outputs are a half of them."""
    waves = [sine(TURNS, mode, 0) for mode in (1, 3)]
    return hand_made(
        settings={"modes": [1, 3], "seeds": [0, 0]},
        x=circle(PLACES),
        y=np.stack([sine(PLACES, mode, 0) for mode in (1, 3)]),
        outputs=np.stack(waves)[:, None] / 2,
    )


def test_each_row_has_its_sine_its_network_and_the_points():
    fig = figures.guesses(trained(), modes=[1, 3])
    for ax, mode in zip(fig.axes, (1, 3), strict=True):
        target, output, dots = (line.get_xydata() for line in ax.lines)
        np.testing.assert_allclose(target[:, 1], sine(TURNS, mode, 0))
        np.testing.assert_allclose(output[:, 1], target[:, 1] / 2)
        np.testing.assert_allclose(dots[:, 0], PLACES)
        np.testing.assert_allclose(dots[:, 1], sine(PLACES, mode, 0))
        assert ax.get_title(loc="left") + ax.get_title() == f"k = {mode}"


def test_the_panel_shows_its_first_network():
    ax = figures.in_the_panel(trained()).axes[0]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), sine(TURNS, 1, 0))


def test_both_learners_pass_through_the_points():
    wave = fp_norm.Periodic(np.array([2]), np.array([0.5]))
    x = np.array([0.125, 0.5, 0.75])  # some of the places at which curves are drawn
    learners = {"low": claims.WEIGHT, "high": claims.HighFirst()}
    gentle, wild = figures.two_learners(x, wave, learners).axes
    for ax in (gentle, wild):
        curve = dict(ax.lines[0].get_xydata())
        assert [curve[place] for place in x] == pytest.approx(wave(x).tolist(), abs=1e-6)
    ups = [np.abs(np.diff(ax.lines[0].get_ydata())).sum() for ax in (gentle, wild)]
    assert ups[1] > 10 * ups[0]


def drawn(*errors):
    return [
        claims.Draw(norm=i, absolute=e, square=e**2, bound=10.0, trivial=1.0)
        for i, e in enumerate(errors, start=1)
    ]


def test_errors_stand_over_their_norms():
    errors = np.array([[0.1, 0.2], [0.3, 0.4]])
    above, below = figures.norm_and_error([drawn(0.5, 0.6)], [1.0, 2.0], errors).axes
    assert above.lines[0].get_xydata().tolist() == [[1, 0.5], [2, 0.6]]
    assert below.lines[-1].get_xydata().tolist() == [[2, 0.2], [2, 0.4]]
    with pytest.raises(ValueError, match="errors: expected shape"):
        figures.norm_and_error([drawn(0.5)], [1.0], errors)


def test_the_bound_and_what_is_measured_are_named():
    _, ax = plt.subplots()
    figures.against_points(ax, [10, 20, 40], [drawn(0.4, 0.6), drawn(0.2, 0.3), drawn(0.1, 0.1)])
    assert ax.lines[0].get_ydata().tolist() == [10, 10, 10]
    assert ax.lines[-1].get_ydata() == pytest.approx([0.5, 0.25, 0.1])
    places = {text.get_text(): text.xy for text in ax.texts}
    assert places == {"the bound": (10, 10), "always answer 0": (10, 1), "measured": (20, 0.25)}


def test_norms_grow_with_the_modes_and_curves_are_named():
    _, ax = plt.subplots()
    c = np.array([1.0, 0.5, 0.25, 0.125])
    figures.part_by_part(ax, {"short": c[:2], "long": c})
    norm = fp_norm.fp_norm(fp_norm.Periodic(np.arange(1, 5), c), claims.WEIGHT)
    assert ax.lines[1].get_xydata()[-1] == pytest.approx([4, norm])
    assert [text.get_text() for text in ax.texts] == ["short", "long"]
    wave = fp_norm.Periodic(np.array([1]), np.array([0.5]))
    figures.three_splines(ax, [0.0], [1.0], {"a wave": wave})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a wave"]
