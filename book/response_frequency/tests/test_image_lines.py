"""Lines through images, on networks whose answers are known."""

import json

import numpy as np
import pytest
import torch

from book import widgets
from book.response_frequency import image_lines
from fpkit.networks import MLP


def linear_nets(*matrices):
    """Return networks without hidden layers whose outputs are x·W."""
    nets = MLP([*np.shape(matrices[0])], activation="linear", seeds=range(len(matrices)))
    with torch.no_grad():
        nets.weights[0].copy_(torch.tensor(np.array(matrices)))
        nets.biases[0].zero_()
    return nets


# Three classes of two pixels. At (2, 1) class 0 leads with 2, class 1 follows with 1.
W = [[1.0, 0, -1], [0, 1, 0]]
IMAGE = [[2.0, 1]]


def test_adversarial_direction_of_a_linear_network_is_known():
    way = image_lines.adversarial_directions(linear_nets(W, W), IMAGE)
    np.testing.assert_allclose(way, np.broadcast_to([-1, 1], (2, 1, 2)) / 2**0.5, rtol=1e-6)


def test_margin_keeps_the_classes_of_the_image():
    at = np.linspace(0, 4, 5)
    outputs = image_lines.walk(linear_nets(W), IMAGE, [[-1.0, 0]], at)
    assert outputs.shape == (1, 1, 5, 3)
    np.testing.assert_allclose(outputs[0, 0, :, 2], [-2, -1, 0, 1, 2], atol=1e-6)
    margins = image_lines.margins(outputs)
    np.testing.assert_allclose(margins[0, 0], [1, 0, -1, -2, -3], atol=1e-6)
    # Seen from the other end of the line, class 2 leads and class 1 follows.
    np.testing.assert_allclose(image_lines.margins(outputs, 4)[0, 0], [-3, -2, -1, 0, 1], atol=1e-6)


def test_flip_distance_looks_ahead_only():
    at = np.array([-1.0, 0, 1, 2, 3])
    margins = np.array([[-1, 1, 1, -1, 1], [-1, -1, 1, 1, 1], [1, 1, -1, -1, -1]])
    assert image_lines.flip_distance(margins, at).tolist() == [2, np.inf, 1]


def test_linear_flip_distance_is_where_the_answer_changes():
    distance = image_lines.linear_flip_distance(W, [0, 0.5, 0], IMAGE)
    np.testing.assert_allclose(distance, [0.5 / 2**0.5])
    way = np.array([-1, 1]) / 2**0.5
    before, after = (np.array(IMAGE) + s * distance * way for s in (0.99, 1.01))
    outputs = [(x @ W + [0, 0.5, 0]).argmax() for x in (before, after)]
    assert outputs == [0, 1]


def test_random_directions_are_units_from_a_seed():
    ways = image_lines.random_directions((3, 4, 5), seed=2)
    np.testing.assert_allclose(np.linalg.norm(ways, axis=-1), 1)
    np.testing.assert_array_equal(ways, image_lines.random_directions((3, 4, 5), seed=2))
    assert not np.array_equal(ways, image_lines.random_directions((3, 4, 5), seed=3))


def test_line_frequency_of_waves():
    at = np.linspace(0, 4, 401)
    waves = np.sin(2 * np.pi * np.array([[2.0], [5.0]]) * at)
    np.testing.assert_allclose(image_lines.line_frequency(waves, at), [2, 5], rtol=0.03)
    np.testing.assert_allclose(
        image_lines.line_frequency(100 * waves + 7, at), image_lines.line_frequency(waves, at)
    )


def test_line_frequency_of_a_ramp_is_about_one_cycle_per_line():
    for length in (1.0, 4.0):
        at = np.linspace(0, length, 201)
        assert image_lines.line_frequency(at, at) * length == pytest.approx(1.05, abs=0.02)


def test_image_frequency_of_single_waves():
    row = np.cos(np.pi * (np.arange(8) + 0.5) * 3 / 8)  # three half waves over eight pixels
    images = np.stack([np.tile(row, (6, 1)).ravel(), np.ones(48), 5 + np.tile(row, (6, 1)).ravel()])
    found = image_lines.image_frequency(images, (6, 8))
    np.testing.assert_allclose(found[[0, 2]], 3 / 16)
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: image_lines.adversarial_directions(linear_nets(W), [[1.0, 2, 3]]),
         r"images: the networks take 2 pixels, got shape \(1, 3\)"),
        (lambda: image_lines.adversarial_directions(MLP([2, 1]), IMAGE),
         "nets: a margin needs at least 2 outputs, got 1"),
        (lambda: image_lines.walk(linear_nets(W), IMAGE, [[1.0, 0, 0]], [0.0, 1]),
         r"directions: expected shape \(1, 1, 2\) or \(1, 2\), got \(1, 3\)"),
        (lambda: image_lines.image_frequency(np.ones((2, 9)), (2, 4)),
         r"images: expected 2·4 pixels, got shape \(2, 9\)"),
        (lambda: image_lines.line_frequency(np.ones(3), [0.0, 1, 3]),
         "positions: expected equal steps"),
        (lambda: image_lines.line_frequency(np.ones(4), [0.0, 1, 2]), "margin: expected one value"),
        (lambda: image_lines.random_directions((2, 2), seed=-1), "seed: expected a whole number"),
    ],
)  # fmt: skip
def test_what_lines_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- the control -----------------------------------------------------------------------------


def control(**changes):
    how = {
        "images": IMAGE,
        "directions": [[[-1.0, 0]], [[0.0, 1]]],
        "positions": [0.0, 1, 3],
        "margins": np.ones((2, 1, 3)),
        "answers": np.zeros((2, 1, 3)),
        "names": ["left", "up"],
        "labels": ["a 0"],
        "shape": (1, 2),
    }
    return widgets.lines(**{**how, **changes})


def test_control_shows_margins_and_answers(monkeypatch):
    monkeypatch.setenv("FPKIT_STATIC", "1")
    shown = control()
    assert 'data-module="lines"' in shown.to_html()
    data = shown.data
    assert data["margins"]["shape"] == data["answers"]["shape"] == [2, 1, 3]
    assert data["directions"]["shape"] == [2, 1, 2]
    assert (data["names"], data["labels"], data["shape"]) == (["left", "up"], ["a 0"], [1, 2])
    assert len(set(data["colors"])) == 2
    json.dumps(data)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["a", "b"]}, r"directions: expected images of shape \(2, 2\) and directions"),
        ({"names": ["left"]}, r"directions of shape \(1, 1, 2\), got \(1, 2\) and \(2, 1, 2\)"),
        ({"margins": [[1.0, 2, 3]]}, r"margins: expected shape \(2, 1, 3\), \(D, J, P\), got"),
        ({"positions": [np.nan]}, "positions: expected finite numbers"),
    ],
)
def test_what_the_control_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        control(**changes)
