"""Claims about images, on results made by hand."""

import dataclasses
import re

import numpy as np
import pytest

from book.natural_image import claims
from book.natural_image.experiments import row_spectrum, target_image
from book.natural_image.image_rows import TRAIN, above_nyquist, row_peaks
from fpkit.reproduce import chapters, judgement
from fpkit.tests import direct_sum, hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

SETTINGS = {**chapters.get("image_eye").settings, "seeds": [0, 1]}
IMAGE = target_image(SETTINGS)
VARIANCE = IMAGE.var()
ROWS = 20


def run(*, known=20, strict=20, correlation=1.0, train=0.01, test=0.015, dots=(0.1, 0.8),
        above=1.0, overlap=0.2, share=0.2):  # fmt: skip
    """Return a result on the eye: two networks; all rows' first peaks are right in frame 1."""
    series = {"strict": strict / ROWS, "known": known / ROWS, "correlation": correlation}
    series |= {"overlap": overlap, "above": above}
    series = {name: np.broadcast_to(value, (2, 5)) for name, value in series.items()}
    series["test_loss"] = np.tile(np.append(np.linspace(0.2, 0.02, 4), test), (2, 1))
    series["dot"] = np.tile([0, 0, *np.repeat(dots, 2)[1:]], (2, 1))
    losses = VARIANCE * np.array([1, 0.5, 0.09, 0.05, train / VARIANCE])
    return hand_made(
        settings=SETTINGS,
        losses=np.tile(losses, (2, 1)),
        frames=np.array([0, 40]),
        outputs=np.stack([0 * IMAGE, first_right(share)]).reshape(1, 2, -1).astype(np.float16),
        series=series,
    )


def first_right(share):
    """Return the image times ``share``, but with each row's first peak as it should be."""
    output = share * IMAGE
    for row, peaks in row_peaks(IMAGE).items():
        spectrum = np.fft.rfft(IMAGE[row, TRAIN])
        rest = np.zeros_like(spectrum)
        rest[peaks[0]] = spectrum[peaks[0]]
        output[row, TRAIN] += (1 - share) * np.fft.irfft(rest, n=24)
    return output


LARGE = run(known=20, strict=10, correlation=0.2, train=0.001, test=2.0, above=2.0, overlap=0.8)
ZERO = run(above=0.2)
NEVER = dataclasses.replace(run(), outputs=np.zeros((1, 2, 2304), np.float16))


def use(monkeypatch, **changes):
    """Make the claims read these results."""
    stored = {
        "image_eye": run(),
        "image_camera": run(),
        "image_eye_large_init": LARGE,
        "image_eye_large_weights": LARGE,
        "image_eye_zero_start": ZERO,
        **changes,
    }
    monkeypatch.setattr(claims, "load_or_run", stored.__getitem__)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "reproduced"),
        ({"known": 10, "strict": 9}, "reproduced"),
        ({"known": 10, "strict": 8}, "weaker"),
        ({"train": 0.005}, "weaker"),  # test loss three times as large, but it falls
        ({"correlation": -0.1, "strict": 2}, "not reproduced"),
        ({"known": 9, "strict": 9}, "undecided (not trained to the end)"),
        ({"correlation": 0.15, "strict": 2}, "undecided (the control shows as much)"),
        ({"test": 0.03}, "not reproduced"),
        ({"dots": (0.6, 0.8)}, "not reproduced"),
        ({"dots": (0.3, 0.2)}, "not reproduced"),
    ],
)
def test_verdict_on_small_weights(monkeypatch, changes, outcome):
    use(monkeypatch, image_eye=run(**changes))
    verdict = judgement.verdict("R16")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    assert "test loss 2,000 times the training loss" in verdict.control


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "reproduced"),
        ({"strict": 20}, "weaker"),
        ({"overlap": 0.1}, "reproduced"),  # whether they look alike is told
        ({"test": 0.1}, "not reproduced"),
        ({"train": 0.1}, "undecided (not trained to the end)"),
        ({"above": 0.3}, "not reproduced"),
    ],
)
def test_verdict_on_large_weights(monkeypatch, changes, outcome):
    kept = {"strict": 10, "correlation": 0.2, "train": 0.001, "test": 2.0, "above": 2.0}
    kept |= {"overlap": 0.8}  # its shape is inherited, too
    use(monkeypatch, image_eye_large_init=run(**{**kept, **changes}))
    verdict = judgement.verdict("R17")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "reproduced"),
        ({"strict": 10}, "weaker"),
        ({"share": 0.7}, "weaker"),
        ({"correlation": -0.5, "strict": 2}, "not reproduced"),
    ],
)
def test_verdict_on_two_images(monkeypatch, changes, outcome):
    use(monkeypatch, image_camera=run(**changes))
    verdict = judgement.verdict("R18")
    assert verdict.outcome == outcome
    assert verdict.seeds == 2
    assert verdict.control.startswith(
        "large initial weights: strict order in 20 of 40 rows (2 networks, 50% each)"
    )


def test_a_control_that_passes_is_an_error(monkeypatch):
    use(monkeypatch, image_eye_large_init=run())
    for row in ("R16", "R18"):
        with pytest.raises(RuntimeError, match=f"{row}: the negative control passes"):
            judgement.verdict(row)


def test_numbers_of_unseen_pixels():
    measured = claims.unseen_pixels(LARGE)
    assert measured.fitted.tolist() == pytest.approx([0.001 / VARIANCE] * 2)
    assert measured.test.tolist() == pytest.approx([2 / VARIANCE] * 2)
    assert measured.times.tolist() == pytest.approx([2 / above_nyquist(IMAGE)] * 2)
    assert measured.kept.tolist() == [1, 1]
    assert measured.overlap.tolist() == [0.8, 0.8]


def test_rows_in_words():
    measured = claims.row_order(run(known=9, strict=6, correlation=0.9))
    assert (measured.rows, measured.share.tolist()) == (20, pytest.approx([2 / 3, 2 / 3]))
    assert str(measured) == (
        "strict order in 12 of 18 rows (2 networks, 67% each), mean rank correlation 0.90"
    )


def test_zero_starts_are_compared_with_the_same_networks(monkeypatch):
    above = np.array([[1, 4.0], [1, 8.0], [1, 16.0]])
    large, zero = (
        dataclasses.replace(LARGE, losses=values, series={"above": values})
        for values in (above, above[:2] / 4)
    )
    for pair in ((large, zero), (zero, large)):
        use(monkeypatch, image_eye_large_init=pair[0], image_eye_zero_start=pair[1])
        measured = claims.without_initial_output()
        assert measured.tolist() == [1 - pair[1].losses[0, 1] / pair[0].losses[0, 1]] * 2


def test_pairs_at_the_kept_steps():
    # Only the first peak of each row is learned: three of its pairs are known, and in order.
    assert claims.pairs(run(share=0.2)) == 1
    # All at once: no pair is in order.
    assert claims.pairs(run(share=1.0)) == 0


def test_dot_at_a_tenth_of_the_variance():
    assert claims.dot_when_fitted(run(dots=(0.25, 0.75))).tolist() == [0.25, 0.25]
    assert claims.dot_when_fitted(run(dots=(0.25, 0.75)), share=0.06).tolist() == [0.75, 0.75]


def test_amplitudes_over_the_first_when_it_is_learned():
    spectra = [np.abs(np.fft.rfft(IMAGE[row, TRAIN]))[k] for row, k in row_peaks(IMAGE).items()]
    wanted = np.median([sizes / sizes[0] for sizes in spectra], axis=0)
    painted, own = claims.over_the_first(run(share=0.25))
    np.testing.assert_allclose(own, wanted, rtol=1e-12)
    np.testing.assert_allclose(painted, [1, *0.25 * wanted[1:]], atol=0.02)


def test_row_spectrum_is_that_of_the_training_pixels():
    place = {"row": 15, "size": 48}
    expected = direct_sum(IMAGE[15, TRAIN], np.arange(24) / 24, np.arange(13))
    np.testing.assert_allclose(row_spectrum(IMAGE.ravel(), **place), expected, atol=1e-12)
    seen = IMAGE[:, TRAIN].ravel()
    np.testing.assert_allclose(row_spectrum(seen, **place), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: claims.dot_when_fitted(run(), share=1e-3), "not every network of staircase gets"),
        (lambda: claims.over_the_first(NEVER), "staircase never learns the first peak of a row"),
    ],
)
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
