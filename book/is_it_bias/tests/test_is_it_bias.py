"""Data, networks and measurements against what is known; claims on results made by hand."""

from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from book.is_it_bias import causes, claims, experiments, figures
from fpkit.networks import MLP
from fpkit.reproduce import judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

STEPS = np.array([0, 10, 20, 30, 40])


def test_the_detail_is_zero_at_the_few_points():
    x, y = experiments.places("unseen", 0)
    np.testing.assert_allclose(y, np.sin(2 * np.pi * x), atol=1e-12)


def test_the_mean_over_places_is_that_of_many_draws():
    x = np.linspace(0, 1, 7)
    off = experiments.UNCERTAIN * np.random.default_rng(0).standard_normal((20_000, 1))
    found = experiments.curve(x + off).mean(axis=0)
    np.testing.assert_allclose(experiments.mean_curve(x), found, atol=0.03)


def test_uncertain_places_differ_by_seed_and_others_do_not():
    for cause, same in (("slow", True), ("unpredictable", False)):
        first, second = (experiments.places(cause, seed)[1] for seed in (0, 1))
        assert np.array_equal(first, second) is same


def test_a_field_that_is_turned_by_samples_is_rolled():
    fields = experiments._fields(3, 16, 5, 0)
    found = experiments.turned(fields, 2 * np.pi * np.array([0, 1, 5]) / 16)
    for field, turned, count in zip(fields, found, (0, 1, 5), strict=True):
        np.testing.assert_allclose(turned, np.roll(field, count), atol=1e-12)


def test_waves_are_left_as_a_linear_network_leaves_them():
    nets = MLP([16, 16], seeds=[0, 1])
    fields = experiments._fields(64, 16, 3, 0)
    waves = np.fft.fft(np.eye(16))
    gains = np.array([1, 0.9, 0.5, 0.1] + 12 * [0])
    filtered = np.real(np.fft.ifft(waves * (gains + np.roll(gains[::-1], 1))[None])).T
    for number, factor in enumerate((1, 2)):
        nets.weights[0].data[number] = factor * torch.as_tensor(filtered)
        nets.biases[0].data[number] = 0
    with torch.no_grad():
        found = experiments.waves_left(fields, 3, nets)
    for k, gain in (("1", 0.9), ("2", 0.5), ("3", 0.1)):
        np.testing.assert_allclose(found[k], [gain, 2 * gain], atol=1e-5)


def test_the_rate_falls_with_every_step():
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = experiments.Decayed([weight], lr=1.0, factor=0.999)
    for _ in range(3):
        weight.grad = torch.ones(1)
        optimizer.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.999**3)


def test_a_centred_interval_is_shifted():
    turns = experiments.grid(4)
    centred, interval = (experiments.on_places(p, turns, 0.0) for p in ("centred", "interval"))
    np.testing.assert_allclose(interval - centred, 0.5)


def test_a_known_blur_is_undone_with_many_points():
    few, many = (causes.undone(0.04, count, draws=4) for count in (256, 65_536))
    assert few[0] == pytest.approx(1 - np.exp(-2 * (np.pi * 5 * 0.04) ** 2), abs=0.1)
    assert many[1] < few[1] < few[0]
    assert many[1] < 0.05


def test_an_arc_is_a_part_of_the_circle_with_the_same_waves():
    circle = experiments.on_places("circle", experiments.grid(28 * 6), 0.25)
    arc = experiments.on_places("arc", experiments.grid(21 * 6), 0.25)
    np.testing.assert_allclose(arc, circle[: 21 * 6], atol=1e-12)


def test_a_member_says_what_the_ensemble_says():
    nets = experiments.networks(1, 8, [0, 1], 3.0)
    x = torch.linspace(0, 1, 5)[:, None]
    assert torch.allclose(causes.Member(nets, 1)(x), nets(x)[1])


@pytest.mark.parametrize("cause", ["slow", "unseen", "unpredictable"])
def test_points_held_out_are_measured_as_those_of_training(cause):
    x, y = causes.held_out(cause, 0)
    assert np.allclose(y, experiments.curve(x)) is (cause != "unpredictable")


# --- claims -----------------------------------------------------------------------------------


def blurred(end, *, middle=None, without=(1.0, 1.0)):
    """Return two networks with waves 1 and 2 that end so for s = 1, and those without blur."""
    series = {}
    for i, k in enumerate(("1", "2")):
        late = [end[i] if middle is None else middle[i]] * 3 + [end[i]]
        series[k] = np.array([[0, *[without[i]] * 4], [0, *late]] * 2, float)
    settings = {"shifts": [0.0, 1.0], "modes": 2, "seeds": [0, 1]}
    return hand_made(settings=settings, steps=STEPS, series=series)


RIGHT = tuple(np.exp([-0.5, -2]))


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (blurred(RIGHT), "reproduced"),
        (blurred((RIGHT[0], RIGHT[1] + 0.2)), "weaker"),
        (blurred(RIGHT, middle=(RIGHT[0], 0)), "weaker"),
        (blurred((1.0, 1.0)), "not reproduced"),
    ],
)
def test_verdict_on_blur(monkeypatch, result, outcome):
    monkeypatch.setattr(claims, "load_or_run", lambda _: result)
    assert judgement.verdict("R43").outcome == outcome


def test_blur_without_uncertainty_is_noticed(monkeypatch):
    monkeypatch.setattr(claims, "load_or_run", lambda _: blurred(RIGHT, without=(1, 0.5)))
    with pytest.raises(RuntimeError, match="R43: the negative control passes"):
        judgement.verdict("R43")


INWARD, OUTWARD, NEVER = (10, 20, 30, 30, 20, 10), (30, 20, 10, 10, 20, 30), (99,) * 6
ODD = (10, 20, 10, 30, 20, 20)  # in the right direction on the whole


def grown(*when):
    """Return networks that learn six half waves at these steps."""
    series = {
        f"half {i + 1}": np.array([np.where(steps[i] <= STEPS, 0.1, 1.0) for steps in when])
        for i in range(6)
    }
    return hand_made(settings={"halves": 6, "seeds": [0, 1]}, steps=STEPS, series=series)


def test_from_ends_is_a_rank_correlation():
    found = claims.from_ends(grown(INWARD, OUTWARD, NEVER))
    np.testing.assert_allclose(found, [1, -1, 0])


def test_inward_counts_neighbours_up_to_the_best_place_to_meet():
    skewed, twice = (10, 20, 30, 40, 40, 10), (10, 20, 10, 10, 20, 10)
    half = (10, 20, 99, 99, 99, 10)  # two pairs that are not learned do not count
    found = claims.inward(claims.learned(grown(INWARD, skewed, twice, half, OUTWARD, NEVER)))
    np.testing.assert_allclose(found, [0.8, 0.8, 0.6, 1, 0.4, np.nan])


@pytest.mark.parametrize(
    ("interval", "circle", "outcome"),
    [
        ((INWARD, INWARD), (OUTWARD, NEVER), "reproduced"),
        ((INWARD, ODD), (OUTWARD, NEVER), "weaker"),
        ((INWARD, OUTWARD), (OUTWARD, NEVER), "not reproduced"),
        ((INWARD, NEVER), (OUTWARD, NEVER), "undecided (not trained to the end)"),
        ((INWARD, ODD), (ODD, ODD), "undecided (the control shows as much)"),
    ],
)
def test_verdict_on_ends(monkeypatch, interval, circle, outcome):
    stored = {"ends_interval": grown(*interval), "ends_arc": grown(INWARD, INWARD),
              "ends_circle": grown(*circle)}  # fmt: skip
    monkeypatch.setattr(claims, "load_or_run", stored.__getitem__)
    assert 0 < claims.from_ends(grown(ODD))[0] < claims.CLEAR
    assert judgement.verdict("R51").outcome == outcome


def test_a_circle_that_grows_from_the_cut_is_noticed(monkeypatch):
    monkeypatch.setattr(claims, "load_or_run", lambda _: grown(INWARD, INWARD))
    with pytest.raises(RuntimeError, match="R51: the negative control passes"):
        judgement.verdict("R51")


def test_advice_counts_what_was_mended(monkeypatch):
    def stored(name):
        left = 0.05 if name == "missed_slow" else 0.9
        series = {f"wrong {experiments.DETAIL}": np.full((4, 5), left)}
        return hand_made(series=series)

    monkeypatch.setattr(claims, "load_or_run", stored)
    slow, few = (claims.mended(stored(f"missed_{cause}")) for cause in ("slow", "unseen"))
    assert slow.sum() == 4
    assert not few.any()
    found = {("slow", "slow"): 3, ("cannot tell", "slow"): 1, ("unseen", "unseen"): 2,
             ("unpredictable", "unpredictable"): 1, ("cannot tell", "cannot tell"): 5}  # fmt: skip
    monkeypatch.setattr(claims.diagnoses, "counts", lambda _: Counter(found))
    monkeypatch.setattr(claims.diagnoses, "unmended", lambda _: [0.7])
    told = claims.advice()
    assert "Of 4 networks that it called *slow* 3 were mended" in told.use
    assert "in 5 of 12 counted cases" in told.fails
    assert "took 30% to 30% away" in told.fails


def test_what_was_called_slow_and_was_not_mended_is_counted():
    found = claims.diagnoses.counts("judge")
    left = claims.diagnoses.unmended("judge")
    wrong = sum(n for (true, said), n in found.items() if said == "slow" and true != "slow")
    assert len(left) == wrong
    assert min(left) >= claims.diagnoses.HELPED


# --- figures ----------------------------------------------------------------------------------


@pytest.fixture
def ax(closed):
    return plt.subplots()[1]


def test_missed_details_have_dots_where_something_else_was_measured(closed):
    x = experiments.grid(8)
    outputs = np.zeros((1, 2, 8), np.float16)
    many, few = experiments.grid(16), experiments.grid(4)
    parts = {"eval_x": x, "outputs": outputs, "frames": np.array([0, 40])}
    results = {
        "slow": hand_made(x=many, y=experiments.curve(many)[None], **parts),
        "unseen": hand_made(x=few, y=experiments.curve(few)[None], **parts),
    }
    axes = figures.missed(results, steps=(0, 40)).axes
    assert [len(ax.lines) for ax in axes] == [2, 3, 2, 3]
    np.testing.assert_allclose(axes[1].lines[2].get_ydata(), experiments.curve(few))


def test_the_mean_is_drawn_over_the_copies(ax):
    copies = np.array([[0, 1.0], [2, 3]])
    figures.turned_copies(ax, [0, 1], copies)
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), [1, 2])


def test_dots_of_all_networks_and_the_line_of_the_formula(ax):
    figures.left(ax, [0, 1], np.zeros((3, 2, 4)), np.ones((2, 4)))
    assert [len(line.get_xdata()) for line in ax.lines] == [4, 12, 4, 12]
    assert [text.get_text() for text in ax.texts] == ["s = 0", "s = 1"]


def test_a_fit_is_drawn_at_the_nearest_frames(closed):
    axes = figures.grown(hand_made(y=np.zeros((1, 8))), steps=(3, 38)).axes
    assert [ax.get_ylabel() for ax in axes] == ["step\n0", "step\n40"]


def test_half_waves_that_are_not_learned_are_left_out(closed):
    panels = figures.steps_by_place({"a": grown(INWARD, NEVER)}).axes
    first, second = (line.get_ydata() for line in panels[0].lines)
    np.testing.assert_array_equal(first, INWARD)
    assert np.isnan(second).all()
