"""Images as functions of position: columns, row spectra, dots; oracles are direct sums."""

import re

import numpy as np
import pytest

from book.natural_image import image_rows
from fpkit.tests import direct_sum

SHAPE = (6, 16)
COLUMNS = np.arange(16)


def waves(*modes, rows=6):
    """Return an image whose rows are sums of cosines over the 16 columns."""
    line = sum(np.cos(2 * np.pi * k * COLUMNS / 16 + 0.3) for k in modes)
    return np.tile(line, (rows, 1))


def test_positions_follow_the_pixels_row_by_row():
    places = image_rows.positions(SHAPE)
    assert places.shape == (96, 2)
    assert places[0].tolist() == [-1, -1]
    assert places[15].tolist() == [1, -1]  # the end of the first row: x is the column
    assert places[-1].tolist() == [1, 1]
    assert image_rows.as_images(places[:, 0], SHAPE)[:, 3].tolist() == [places[3, 0]] * 6


def test_columns_share_the_image():
    assert COLUMNS[image_rows.TRAIN].tolist() == list(range(1, 16, 2))
    assert (
        np.union1d(COLUMNS[image_rows.TRAIN], COLUMNS[image_rows.TEST]).tolist() == COLUMNS.tolist()
    )


def test_the_mean_of_the_neighbours_continues_a_slope():
    slope = np.tile(COLUMNS.astype(float), (6, 1))
    guess = image_rows.neighbour_mean(slope)
    assert guess[0].tolist() == [1, *range(2, 16, 2)]  # the first column has one neighbour


@pytest.mark.parametrize(("mode", "above"), [(1, 0), (4, 0), (5, 0.5), (7, 0.5)])
def test_energy_above_the_training_nyquist_frequency(mode, above):
    # 8 training columns: Nyquist frequency 4; a cosine has mean square 1/2.
    assert image_rows.above_nyquist(waves(mode)) == pytest.approx(above, abs=1e-12)


def test_energy_is_a_direct_sum():
    image = np.random.default_rng(0).normal(size=(3, *SHAPE))
    power = np.abs(direct_sum(image, COLUMNS / 16, np.arange(16))) ** 2
    unseen = [k for k in range(16) if min(k, 16 - k) > 4]
    expected = power[..., unseen].sum(axis=-1).mean(axis=-1)
    np.testing.assert_allclose(image_rows.above_nyquist(image), expected, rtol=1e-12)


def test_overlap_sees_only_what_is_above():
    high, other = waves(1, 6), waves(2, 6)
    assert image_rows.overlap_above(high, other) == pytest.approx(1)
    assert image_rows.overlap_above(high, -3 * other) == pytest.approx(-1)
    assert image_rows.overlap_above(waves(6), waves(7)) == pytest.approx(0, abs=1e-12)
    assert image_rows.overlap_above(waves(6), np.zeros(SHAPE)) == 0
    assert image_rows.overlap_above(
        waves(6)[None], np.stack([high, -high])
    ).tolist() == pytest.approx([1, -1])


def spectrum_with(peaks, columns=48):
    """Return a row of an image whose training pixels have these peaks."""
    places = np.arange(columns // 2)
    row = np.zeros(columns)
    row[image_rows.TRAIN] = sum(
        np.cos(2 * np.pi * k * places / (columns // 2)) / (i + 1) for i, k in enumerate(peaks)
    )
    return row


def test_rows_with_four_peaks():
    image = np.stack([spectrum_with(p) for p in ([1, 4, 7, 10], [2, 5], [2, 5, 8, 11], [1])])
    found = image_rows.row_peaks(image)
    assert {row: peaks.tolist() for row, peaks in found.items()} == {
        0: [1, 4, 7, 10],
        2: [2, 5, 8, 11],
    }


def test_row_order_counts_rows_as_they_are_learned():
    image = np.stack([spectrum_with([1, 4, 7, 10])] * 2)
    # The first row learns peak after peak, the second from high to low, one in each record.
    up = [spectrum_with([])] + [spectrum_with([1, 4, 7, 10][:n]) for n in (1, 2, 3, 4)]
    whole = up[-1]
    down = [whole - wave for wave in reversed(up)]
    images = np.stack([np.stack([a, b]) for a, b in zip(up, down, strict=True)])[None]
    measured = image_rows.row_order([0, 10, 20, 30, 40], images, image)
    assert measured["learned 1"].tolist() == [[0, 0.5, 0.5, 0.5, 1]]
    assert measured["learned 4"].tolist() == [[0, 0.5, 0.5, 0.5, 1]]
    assert measured["known"].tolist() == [[0, 0, 0, 1, 1]]
    assert measured["strict"].tolist() == [[0, 0, 0, 0.5, 0.5]]
    assert measured["correlation"][0, -1] == pytest.approx(0)  # 1 and -1
    # Later records change nothing that was said before.
    shorter = image_rows.row_order([0, 10, 20], images[:, :3], image)
    for name, values in shorter.items():
        assert values.tolist() == measured[name][:, :3].tolist()


def test_pairs_of_peaks_in_order():
    never = np.inf
    rows = [[10, 20, 30, 40], [40, 30, 20, 10], [10, 10, never, never]]
    # 6 of 6; 0 of 6; of 5 known pairs 4 are in order and one ties.
    assert image_rows.pairs_in_order([rows]).tolist() == pytest.approx([10 / 17])
    assert image_rows.pairs_in_order([[[never, never]]]).tolist() == [0]


def test_the_threshold_of_row_steps():
    image = np.stack([spectrum_with([1, 4, 7, 10])] * 2)
    images = np.stack([0 * image, 0.85 * image, image])[None]
    for threshold, step in ((0.1, 20), (0.2, 10)):
        steps = image_rows.row_steps([0, 10, 20], images, image, threshold)
        assert steps.tolist() == [[[step] * 4] * 2]


def test_contrast_of_a_dot():
    image = np.zeros((9, 12))
    image[4, 5] = 1.0
    assert image_rows.dot(image) == (4, 5)
    assert image_rows.contrast(image, (4, 5)) == pytest.approx(1)
    assert image_rows.contrast(image + 7, (4, 5)) == pytest.approx(1)
    image[4, 6] = 9.0  # an even column, which is not for training, is not looked at
    assert image_rows.dot(image) == (4, 5)
    assert image_rows.contrast(np.stack([image, 2 * image]), (4, 5)).tolist() == pytest.approx(
        [1, 2]
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: image_rows.positions((6, 15)),
         "shape: expected at least 4 x 4 pixels, even columns"),
        (lambda: image_rows.positions((2, 16)),
         "shape: expected at least 4 x 4 pixels, even columns"),
        (lambda: image_rows.as_images(np.ones(95), SHAPE),
         "values: expected 6 x 16 pixels, got (95,)"),
        (lambda: image_rows.contrast(np.ones(SHAPE), (1, 5)),
         "place: expected a pixel 2 away from"),
        (lambda: image_rows.row_order([0], np.ones((1, 1, 6, 16)), waves(1)),
         "image: expected at least one row whose training pixels have four peaks"),
        (lambda: image_rows.row_peaks(np.ones(4)), "image: expected a 2-d array, got shape (4,)"),
        (lambda: image_rows.dot(np.ones(4)), "image: expected a 2-d array, got shape (4,)"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
