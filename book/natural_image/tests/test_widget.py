"""The control and the figures of images: what they are handed, and what they refuse."""

import base64
import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book import widgets
from book.natural_image import figures
from book.natural_image.experiments import target_image
from fpkit import spectra
from fpkit.reproduce import chapters
from fpkit.tests import hand_made

SETTINGS = {**chapters.get("image_eye").settings, "size": 16, "row": 3, "seeds": [0, 1]}
IMAGE = target_image(SETTINGS)


def result(**changes):
    """Return a result on 16 x 16 pixels: two networks, the first ends with the image itself."""
    outputs = np.zeros((2, 2, 256))
    outputs[0, 1], outputs[0, 0, :3] = IMAGE.ravel(), [-9.0, 9.0, IMAGE.min()]
    parts = {
        "settings": SETTINGS,
        "outputs": outputs.astype(np.float16),
        "series": {"test_loss": np.linspace(2, 1, 10).reshape(2, 5)},
    }
    return hand_made(**{**parts, **changes})


def levels(packed):
    raw = np.frombuffer(base64.b64decode(packed["data"]), np.uint8)
    return raw.reshape(packed["shape"])


def test_control_has_pictures_spectra_and_losses():
    data = json.loads(json.dumps(widgets.images([result(), result()], ["a", "b"], IMAGE).data))
    assert [run["name"] for run in data["runs"]] == ["a", "b"]
    assert (data["row"], data["nyquist"]) == (3, 4)
    run = data["runs"][0]
    assert run["frames"] == [0, 40]
    assert run["steps"] == [0, 10, 20, 30, 40]
    assert run["test"] == pytest.approx([2, 1.889, 1.778, 1.667, 1.556])
    assert run["train"] == pytest.approx([1, 0.9, 0.8, 0.7, 0.6])
    target = levels(data["picture"])
    assert (target.min(), target.max()) == (0, 255)
    painted = levels(run["pictures"])
    assert painted.shape == (2, 16, 16)
    assert np.abs(painted[1].astype(int) - target).max() <= 1  # half precision
    assert painted[0, 0, :3].tolist() == [0, 255, 0]  # what lies outside is black or white
    np.testing.assert_allclose(data["target"], np.abs(spectra.dft(IMAGE[3])))
    magnitudes = np.frombuffer(base64.b64decode(run["spectra"]["data"]), "<f4").reshape(2, 9)
    np.testing.assert_allclose(magnitudes[1], data["target"], atol=1e-3)


def test_control_thins_frames_and_records():
    steps = np.arange(1001)
    kept = np.arange(0, 1001, 25)
    long = result(
        steps=steps,
        losses=np.ones((2, 1001)),
        errors=np.ones((2, 1001, 3)),
        series={"test_loss": np.ones((2, 1001))},
        frames=kept,
        outputs=np.zeros((1, len(kept), 256), np.float16),
    )
    run = widgets.images([long], ["a"], IMAGE, frames=9).data["runs"][0]
    assert len(run["frames"]) == 9
    assert (run["frames"][0], run["frames"][-1]) == (0, 1000)
    assert set(run["frames"]) <= set(run["steps"])
    assert len(run["steps"]) < 150
    assert len(run["train"]) == len(run["test"]) == len(run["steps"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: widgets.images([result()], [], IMAGE), "labels: expected one per result (1), got"),
        (lambda: widgets.images([result(), result(settings={**SETTINGS, "row": 4})], "ab", IMAGE),
         "results: staircase and staircase differ in image or row"),
        (lambda: widgets.images([result(), result(y=np.ones((1, 8)))], "ab", IMAGE),
         "results: staircase and staircase differ in image or row"),
        (lambda: widgets.images([result()], "a", IMAGE[:8]),
         "picture: staircase has outputs at 256 pixels, got shape (8, 16)"),
        (lambda: figures.pictures([None], IMAGE[None], ["a", "b"]),
         "axes, images, titles: expected as many of each, got 1, 1, 2"),
        (lambda: figures.pictures([None], IMAGE, ["a"]), "images: expected a 3-d array, got"),
        (lambda: figures.row_at_step(None, result(), 20), "step: expected one of the kept"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_pictures_share_the_first_ones_range():
    _, axes = plt.subplots(1, 2)
    figures.pictures(axes, [IMAGE, 5 * IMAGE], ["photograph", "network"], row=3)
    for ax, title in zip(axes, ("photograph", "network"), strict=True):
        assert ax.get_title() + ax.get_title(loc="left") == title
        assert ax.images[0].get_clim() == (IMAGE.min(), IMAGE.max())
        assert ax.lines[0].get_ydata()[0] == 3
    plt.close("all")


def test_snapshots_are_the_kept_steps_nearest():
    _, axes = plt.subplots(1, 3)
    figures.snapshots(axes, result(), [3, 1000])
    titles = [ax.get_title() + ax.get_title(loc="left") for ax in axes]
    assert titles == ["photo", "step 0", "step 40"]
    np.testing.assert_allclose(axes[2].images[0].get_array(), IMAGE, atol=1e-3)
    assert [ax.lines[0].get_ydata()[0] for ax in axes] == [3, 3, 3]
    plt.close("all")


def test_networks_are_compared_at_the_losses_nearest():
    slow, fast = (
        np.tile(losses, (2, 1)) for losses in ([9, 8, 7, 6, 0.1], [1, 0.1, 0.1, 0.1, 1e-4])
    )
    columns = [("slow", result(losses=slow), 0.1), ("fast", result(losses=fast), 0.1)]
    above, below = np.reshape(figures.all_and_seen(columns).axes, (2, 3))
    titles = [ax.get_title() for ax in above]
    assert titles == ["photograph", "slow,\nerror 0.1", "fast,\nerror 0.1"]
    assert [row[0].get_ylabel() for row in (above, below)] == ["all pixels", "pixels seen"]
    photo, *painted = (ax.images[0].get_array() for ax in above)
    np.testing.assert_array_equal(photo, IMAGE)
    np.testing.assert_allclose(painted[0], IMAGE, atol=1e-3)  # kept steps: the first and the last
    assert np.abs(painted[1] - IMAGE).max() > 1
    for whole, seen in zip(above, below, strict=True):
        half = whole.images[0].get_array()[:, 1::2]
        np.testing.assert_array_equal(seen.images[0].get_array(), np.repeat(half, 2, axis=1))
    assert len({ax.images[0].get_clim() for ax in (*above, *below)}) == 1
    plt.close("all")


def test_two_starts_paint_beside_the_photograph_and_what_they_see():
    fast = np.tile([9, 8, 7, 6, 0.1], (2, 1))
    fig = figures.two_starts({"small": result(losses=fast), "large": result(losses=fast)}, [9, 0.1])
    photo, early, late, seen, *_ = (ax.images[0].get_array() for ax in fig.axes)
    assert [ax.get_ylabel() for ax in fig.axes] == ["", "small", "", "", "large", ""]
    np.testing.assert_array_equal(photo, IMAGE)
    np.testing.assert_array_equal(seen[:, 1::2], IMAGE[:, 1::2])
    assert np.isnan(seen[:, ::2].filled(np.nan)).all()
    np.testing.assert_allclose(late, IMAGE, atol=1e-3)
    assert np.abs(early - IMAGE).max() > 1
    assert len({ax.images[0].get_clim() for ax in fig.axes}) == 1
    plt.close("all")


def test_snapshots_of_the_pixels_seen():
    _, axes = plt.subplots(1, 2)
    figures.snapshots(axes, result(), [40], seen=True)
    for ax in axes:
        shown = ax.images[0].get_array()
        np.testing.assert_allclose(shown[:, ::2], IMAGE[:, 1::2], atol=1e-3)
        np.testing.assert_array_equal(shown[:, ::2], shown[:, 1::2])
        assert not ax.lines
    plt.close("all")


def test_the_dot_is_beside_the_share_of_the_variance():
    _, ax = plt.subplots()
    shown = result(series={"dot": np.arange(10.0).reshape(2, 5)})
    figures.dot(ax, shown)
    first, second, *losses, _ = (line.get_ydata() for line in ax.lines)
    assert [*first, *second] == [*range(10)]
    np.testing.assert_allclose(losses, shown.losses / IMAGE.var())
    plt.close("all")


def test_energy_above_has_a_line_for_each_run_and_one_for_the_photograph():
    _, ax = plt.subplots()
    runs = {name: result(series={"above": np.full((2, 5), size)})
            for name, size in (("a", 0.5), ("b", 0.0), ("c", 0.4))}  # fmt: skip
    figures.energy_above(ax, runs, 0.1)
    assert [line.get_ydata()[0] for line in ax.lines] == [0.5, 1e-6, 0.4, 0.1]
    assert ax.lines[0].get_xdata()[-1] == 1
    # Each name stands at the end of its line, above it unless another is close above.
    names = {text.get_text(): (text.xy[1], text.xyann[1] > 0) for text in ax.texts}
    above = {"a": (0.5, True), "b": (1e-6, True), "photograph": (0.1, True)}
    assert names == above | {"c": (0.4, False)}
    plt.close("all")


def test_rows_learned_has_a_line_for_each_peak():
    _, ax = plt.subplots()
    shares = np.linspace(0, 1, 20).reshape(4, 5)
    series = {f"learned {i + 1}": np.stack([share, share]) for i, share in enumerate(shares)}
    figures.rows_learned(ax, result(series=series))
    assert [line.get_ydata().tolist() for line in ax.lines] == shares.tolist()
    assert [text.get_text() for text in ax.get_legend().texts] == [f"peak {i}" for i in range(1, 5)]
    plt.close("all")


def test_spectrum_of_a_row_at_a_step():
    _, ax = plt.subplots()
    figures.row_at_step(ax, result(peaks=np.array([1, 3])), 40)
    target, output = (line.get_ydata() for line in (ax.lines[0], ax.lines[-1]))
    expected = np.abs(spectra.dft(IMAGE[3, 1::2]))[1:]
    np.testing.assert_allclose(target, np.maximum(expected, 1e-3))
    np.testing.assert_allclose(output, target, atol=1e-3)
    plt.close("all")


def test_losses_with_two_guesses():
    _, ax = plt.subplots()
    figures.losses(ax, result())
    train, test, constant, beside = (line.get_ydata() for line in ax.lines)
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", ":", ":"]
    assert train.tolist() == result().losses[0].tolist()
    assert test.tolist() == result().series["test_loss"][0].tolist()
    assert constant[0] == pytest.approx(IMAGE.var())
    guess = [[(r[max(c - 1, 1)] + r[c + 1]) / 2 for c in range(0, 16, 2)] for r in IMAGE]
    assert beside[0] == pytest.approx(np.square(guess - IMAGE[:, ::2]).mean())
    plt.close("all")
