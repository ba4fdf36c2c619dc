"""Claims about the initial weights, on results made by hand."""

import re

import numpy as np
import pytest

from book.initialization import claims
from book.initialization.experiments import STDS
from fpkit.reproduce import judgement
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

AMPLITUDES = np.array([0, 0.25, 0.5, 0.75, 1.0])


def use(monkeypatch, **stored):
    """Make the claims read these results."""
    monkeypatch.setattr(claims, "load_or_run", stored.__getitem__)


def seen_and_unseen(above, *, loss=1e-5, overlap=0.9, height=1.0):
    """Return a result with two networks that have this energy at the start and at the end."""
    x = np.linspace(-1, 1, 9)
    outputs = np.broadcast_to(height * np.cos(np.pi * x), (2, 3, 9))
    series = {
        "above": np.array(above)[:, [0, 0, 1]].astype(float),
        "overlap": np.array([[1, 1, overlap]] * 2),
    }
    losses = np.full((2, 3), loss)
    settings = {"seeds": [0, 1], "n": 4, "fine": 2}
    return hand_made(outputs=outputs, series=series, losses=losses, settings=settings)


SMALL = seen_and_unseen([[0, 1e-4], [0, 2e-4]])
NOTHING = seen_and_unseen([[0, 0.01], [0, 0.02]])


def test_what_is_unseen():
    large = seen_and_unseen([[2, 1], [4, 1]], height=2.0)
    measured = claims.unseen(large, SMALL, NOTHING)
    assert measured.times.tolist() == pytest.approx([10_000, 5_000])
    assert measured.kept.tolist() == pytest.approx([0.5, 0.25])
    assert measured.removed.tolist() == pytest.approx([0.99, 0.98])
    assert measured.overlap.tolist() == pytest.approx([0.9, 0.9])
    assert measured.seen.tolist() == pytest.approx([4, 4])


@pytest.mark.parametrize(
    ("changes", "outcome", "alike"),
    [
        ({}, "reproduced", "reproduced"),
        ({"overlap": 0.1}, "reproduced", "weaker"),
        ({"loss": 0.1}, "undecided (not trained to the end)", None),
        ({"above": [[2, 0.005], [2, 0.005]]}, "not reproduced", None),
        ({"above": [[2, 0.03], [2, 0.03]]}, "not reproduced", None),  # without initial output, too
    ],
)
def test_verdict_on_what_the_initialization_decides(monkeypatch, changes, outcome, alike):
    large = seen_and_unseen(**{"above": [[2, 1], [2, 1]], **changes})
    use(monkeypatch, beyond_nyquist=SMALL, beyond_nyquist_std_1=large,
        beyond_nyquist_std_1_antisymmetric=NOTHING)  # fmt: skip
    verdict = judgement.verdict("R26")
    assert verdict.outcome == outcome
    assert judgement.verdict("R67").outcome == (alike or outcome)
    assert verdict.control == "what the training points see: 1.000 to 1.000 times the energy"


def with_waves(test, loss=1e-5):
    """Return a result of two seeds by five amplitudes with these test errors at the end."""
    last = np.array(test, dtype=float).reshape(10, 1)
    return hand_made(
        series={"test_loss": np.hstack([last + 1, last])}, losses=np.full((10, 2), loss)
    )


@pytest.mark.parametrize(
    ("test", "loss", "outcome"),
    [
        (AMPLITUDES**2, 1e-5, "reproduced"),
        (0.6 * AMPLITUDES**2, 1e-5, "reproduced"),
        (0.4 * AMPLITUDES**2, 1e-5, "weaker"),
        (0 * AMPLITUDES, 1e-5, "not reproduced"),
        (AMPLITUDES**2, 0.1, "not reproduced"),
    ],
)
def test_verdict_on_the_hidden_wave(monkeypatch, test, loss, outcome):
    control = with_waves([0.01 * AMPLITUDES**2] * 2)
    use(monkeypatch, hidden_wave=with_waves([test, test], loss), hidden_wave_in_range=control)
    verdict = judgement.verdict("R39")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    assert verdict.control.endswith("0.010 to 0.010 times a²")


def with_sharpness(sharpness, swings):
    """Return a result of two seeds whose losses go up and down by these factors."""
    last = np.tile(np.array(sharpness, dtype=float), 2)[:, None]
    signs = (-1.0) ** np.arange(1, 9)
    losses = np.exp(np.outer(np.tile(swings, 2), signs))
    return hand_made(series={"sharpness": last}, losses=losses)


@pytest.mark.parametrize(
    ("sharpness", "swings", "outcome"),
    [
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], "reproduced"),
        ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], "reproduced"),  # two layers alone
        ([1, 3, 2, 4, 5], [1, 2, 3, 4, 5], "reproduced"),  # one exception in the middle
        ([1, 2, 2.5, 2.6, 2.7], [1, 2, 3, 4, 5], "not reproduced"),
        ([1, 9, 8, 7, 3.5], [1, 2, 3, 4, 5], "not reproduced"),
    ],
)
def test_verdict_on_sharp_minima(monkeypatch, sharpness, swings, outcome):
    control = with_sharpness([1, 1, 1, 1, 2], [1] * 5)
    deep = {name: with_sharpness([1] * 5, [std] * 5) for std, name in STDS.items()}
    use(monkeypatch, sharp_minima=with_sharpness(sharpness, swings), sharp_minima_biases=control,
        **deep)  # fmt: skip
    verdict = judgement.verdict("R40")
    assert verdict.outcome == outcome
    assert "std 0.1 to 1: it fluctuates more in 10/10" in verdict.effect
    assert verdict.control == "biases alone from 0.1 to 1.6: 2.0 to 2.0 times as sharp"


def test_networks_of_several_layers_have_to_fluctuate(monkeypatch):
    calm = {name: with_sharpness([1] * 5, [1 / std] * 5) for std, name in STDS.items()}
    use(monkeypatch, sharp_minima=with_sharpness([1, 2, 3, 4, 5], [1] * 5),
        sharp_minima_biases=with_sharpness([1, 1, 1, 1, 2], [1] * 5), **calm)  # fmt: skip
    assert judgement.verdict("R40").outcome == "weaker"


def test_fluctuation_counts_rises_only():
    falling = np.exp(-np.arange(9.0))
    zigzag = np.exp(np.array([5, 5, 5, 5, 0, 1, 0, 1, 0.0]))
    losses = np.stack([falling, zigzag])
    # The last 4 of 9 records: 1, 0, 1, 0 in logarithms, so one rise in three changes.
    assert claims.fluctuation(losses, share=4 / 9).tolist() == pytest.approx([0, 1 / 3])
    assert claims.fluctuation(losses, share=1).tolist() == pytest.approx([0, 2 / 8])


def test_members_by_seed():
    assert claims.per_seed(np.arange(10)).tolist() == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: claims.fluctuation(np.ones(4)), "losses: expected a 2-d array, got shape (4,)"),
        (lambda: claims.fluctuation(np.ones((1, 4)), 0),
         "share: expected a number above 0 and up to 1, got 0"),
        (lambda: claims.per_seed(np.ones((2, 5))), "values: expected a 1-d array, got shape"),
        (lambda: claims.per_seed(np.ones(7)), "values: expected five members for each seed, got"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
