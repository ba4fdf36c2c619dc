"""How an order depends on our choices: on results whose order is known by construction."""

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from book import sensitivity as choices
from book.sensitivity import TRANSFORMS, Sensitivity, by_limit
from fpkit import spectra, targets
from fpkit.tests import contrast, direct_sum, hand_made

N, MODES = 64, np.array([1, 3, 6])
STEPS = np.arange(0, 410, 10)
X = np.arange(N) / N
WAVES = np.sin(2 * np.pi * MODES[:, None] * X + [[0.3], [1.0], [2.0]])


def falling(*learned):
    """Errors ``(R, K)`` that fall from 1 to 0.01 at each mode's step."""
    return np.where(STEPS[:, None] < np.array(learned), 1.0, 0.01)


def result(*errors, **changes):
    """A result whose networks have these errors ``(R, K)``, and outputs that show them."""
    delta = np.stack(errors)
    return hand_made(
        **{
            "settings": {"seeds": list(range(len(delta)))},
            "x": X,
            "y": WAVES.sum(axis=0)[None],
            "peaks": MODES,
            "steps": STEPS,
            "losses": np.ones(delta.shape[:2]),
            "errors": delta,
            "frames": STEPS,
            "eval_x": X,
            "outputs": ((1 - delta) @ WAVES).astype(np.float16),
            "phase": X,
            **changes,
        }
    )


def row(found, choice):
    """What was found for one choice, by first crossing and by settling."""
    place = found.choices.index(choice)
    return [
        table[place].tolist()
        for table in (found.strict, found.known, found.correlation.round(2), found.held)
    ]


PLAIN = ["frames: plain transform", "frames: all local maxima", "frames: all with power"]


def test_every_choice_that_rows_are_asked_for_is_there():
    names = ["2 %", "5 %", "10 %, as judged", "20 %", "30 %", "50 %"]
    names += ["every 2nd record", "every 5th record", "every 10th record"]
    names += [f"frames: {name}" for name in [*TRANSFORMS, "all local maxima", "all with power"]]
    assert sorted(Sensitivity.of([result(falling(100, 200, 300))]).choices) == sorted(names)


def test_an_order_that_is_there_survives_all_choices():
    found = Sensitivity.of([result(falling(100, 200, 300), falling(50, 210, 320))])
    leaking = [f"frames: {name}" for name in TRANSFORMS if name != "plain transform"]
    for choice in set(found.choices) - set(leaking):
        assert row(found, choice) == [[2, 2], [2, 2], [1, 1], [True, True]], choice


def test_an_order_that_is_not_there_shows_by_no_choice():
    found = Sensitivity.of([result(falling(300, 200, 100))])
    for choice in [*found.choices[:9], *PLAIN]:
        assert row(found, choice) == [[0, 0], [1, 1], [-1, -1], [False, False]], choice


def test_a_dip_counts_as_a_crossing_and_not_as_settling():
    errors = falling(100, 200, 300)
    errors[5, 2] = 0.01
    found = Sensitivity.of([result(errors)])
    for choice in ["10 %, as judged", *PLAIN]:
        assert row(found, choice)[0] == [0, 1], choice
    assert row(found, "every 2nd record")[0] == [1, 1]  # which does not see the dip


def test_a_plateau_of_leakage_shows_by_the_threshold():
    errors = np.minimum(falling(100, 200, 300), 0.4)
    found = Sensitivity.of([result(errors)])
    assert row(found, "30 %")[0] == [1, 1]
    assert row(found, "50 %")[:3] == [[0, 0], [1, 1], [0, 0]]


def test_few_records_cannot_tell_what_is_learned_between_two():
    found = Sensitivity.of([result(falling(110, 130, 150))])
    strict = [row(found, f"every {n} record")[0] for n in ("2nd", "5th", "10th")]
    assert strict == [[1, 1], [0, 0], [0, 0]]


def test_a_network_that_learned_too_little_is_not_counted():
    never = STEPS[-1] + 10
    found = Sensitivity.of([result(falling(100, never, never), falling(100, 200, never))])
    for choice in ["10 %, as judged", *PLAIN]:
        assert row(found, choice) == [[1, 1], [1, 1], [1, 1], [True, True]], choice


def test_where_no_network_tells_nothing_is_said_to_hold():
    never = STEPS[-1] + 10
    found = Sensitivity.of([result(falling(never, never, never))])
    assert not found.held.any()
    assert np.isnan(found.correlation).all()


def test_networks_without_frames_are_missing_there_alone():
    both = result(falling(100, 200, 300), falling(300, 200, 100))
    found = Sensitivity.of([result(*both.errors, outputs=both.outputs[:1])])
    assert row(found, "10 %, as judged")[:2] == [[1, 1], [2, 2]]
    assert row(found, PLAIN[0])[:2] == [[1, 1], [1, 1]]


def test_every_network_may_have_a_target_of_its_own():
    errors = falling(100, 200, 300)
    curves = np.stack([WAVES.sum(axis=0), WAVES[1:].sum(axis=0)])
    outputs = np.stack([(1 - errors) @ WAVES, (1 - errors[:, 1:]) @ WAVES[1:]])
    found = Sensitivity.of([result(errors, errors, y=curves, outputs=outputs)])
    assert row(found, PLAIN[0]) == [[2, 2], [2, 2], [1, 1], [True, True]]


def test_of_uneven_points_the_frames_are_left_out():
    found = Sensitivity.of([result(falling(100, 200, 300), phase=X**2)])
    assert len(found.choices) == 9


def test_several_results_are_counted_together(monkeypatch):
    stored = {"one": result(falling(100, 200, 300)), "other": result(falling(300, 200, 100))}
    monkeypatch.setattr(choices, "load_or_run", stored.get)
    found = choices.sensitivity("one", "other")
    assert row(found, "5 %") == [[1, 1], [2, 2], [0, 0], [False, False]]


# --- transforms ------------------------------------------------------------------------------


def test_without_its_line_a_line_is_nothing():
    assert np.abs(TRANSFORMS["line removed"](3 * X - 1)).max() < 1e-15
    assert np.abs(TRANSFORMS["plain transform"](3 * X - 1)[1:]).min() > 1e-2


def test_the_window_falls_to_zero_at_both_ends_and_leaks_no_mean():
    curve = np.stack([WAVES[0], np.ones(N)])
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N) / (N - 1))
    wanted = direct_sum(WAVES[0] * window, X, range(N // 2 + 1))
    found = TRANSFORMS["Hann window"](curve)
    np.testing.assert_allclose(found, [wanted, np.zeros_like(wanted)], atol=1e-15)


def test_cosines_count_half_waves():
    half_waves = np.cos(np.pi * 5 * (np.arange(N) + 0.5) / N)
    found = TRANSFORMS["DCT-II"](half_waves)
    np.testing.assert_allclose(found, 0.5 * (np.arange(N) == 5), atol=1e-15)


def test_the_staircase_has_its_peaks_by_cosines_too():
    _, y = targets.staircase(200)
    _, modes, waves = choices.FROM_FRAMES["DCT-II"]
    peaks = modes(np.abs(TRANSFORMS["DCT-II"](y)))
    followed = spectra.peaks(spectra.dft(y), count=6)
    assert waves == 2
    assert np.isin(followed, (peaks + 1) // 2).all()


@pytest.mark.parametrize(
    ("size", "peaks"),
    [([0, 9, 0, 2, 0, 5, 0, 1, 0], [1, 5]), ([0, 0, 9, 0, 2, 0, 5, 0, 1], [2, 6])],
)
def test_symmetric_curves_have_peaks_though_every_second_half_wave_is_missing(size, peaks):
    _, modes, _ = choices.FROM_FRAMES["DCT-II"]
    assert modes(np.array(size)).tolist() == peaks


# --- picture ---------------------------------------------------------------------------------


def test_the_picture_has_a_row_for_each_choice_and_says_how_many_are_in_order():
    found = Sensitivity.of([result(falling(100, 200, 300), falling(300, 200, 100))])
    fig = found.draw()
    (ax,) = fig.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [*found.choices]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["first crossing", "settling"]
    assert ax.texts[0].get_text() == "1/2   0.00"
    plt.close(fig)


def test_shares_writes_counts_and_correlation_and_leaves_unknown_cells_empty():
    ax = Figure().subplots()
    choices.shares(ax, ["a", "b"], ["c"], [[3], [0]], [[4], [0]], [[0.5], [np.nan]])
    assert [text.get_text() for text in ax.texts] == ["3/4   0.50"]
    drawn = ax.collections[0].get_array()
    assert (drawn[0, 0], drawn.mask.tolist()) == (0.75, [[False], [True]])


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_text_can_be_read_on_every_share(share):
    assert contrast(choices.SHARE_MAP(share), "#111111") >= 4.5


def test_other_limits_are_a_table_of_both_readings():
    lines = by_limit({"a": lambda limit, reading: f"{reading} {limit:g}"}).splitlines()
    assert lines[0] == "| wrong below | a, first time | a, for good |"
    assert lines[2] == "| 2% | first crossing 0.02 | settling 0.02 |"
