"""Fourier losses: gradients, members on their own, and a curriculum that is interrupted."""

from functools import partial

import numpy as np
import pytest
import torch

import fpkit as fp
from book.fourier_loss import claims
from book.fourier_loss.curriculum import Curriculum
from fpkit.interruption import watched
from fpkit.losses import WeightedFourier, mse
from fpkit.tests import hand_made


def pair(n, members=3, seed=0):
    """Outputs and targets (S, N, 1) in double precision."""
    values = np.random.default_rng(seed).standard_normal((2, members, n, 1))
    return torch.tensor(values[0], requires_grad=True), torch.tensor(values[1])


@pytest.mark.parametrize("n", [8, 9, 40, 41])
def test_equal_weights_give_the_mean_square_and_its_gradient(n):
    outputs, targets = pair(n)
    fourier, spatial = WeightedFourier(np.ones(n // 2 + 1)), mse
    a, b = fourier(outputs, targets), spatial(outputs, targets)
    torch.testing.assert_close(a, b, rtol=1e-12, atol=0)
    (grad_a,) = torch.autograd.grad(a.sum(), outputs)
    (grad_b,) = torch.autograd.grad(b.sum(), outputs)
    torch.testing.assert_close(grad_a, grad_b, rtol=1e-12, atol=1e-14)


def test_a_member_may_have_weights_of_its_own():
    outputs, targets = pair(12)
    rows = np.arange(21).reshape(3, 7)
    together = WeightedFourier(rows)(outputs, targets)
    alone = [WeightedFourier(row)(outputs, targets)[i] for i, row in enumerate(rows)]
    torch.testing.assert_close(together, torch.stack(alone), rtol=1e-12, atol=0)


# The target of the curricula: modes 1, 3 and 5, equally large, on 16 points.
X = np.arange(16) / 16
TARGET = sum(np.cos(2 * np.pi * k * X) for k in (1, 3, 5))


def with_errors(errors):
    """Outputs (S, N, 1) whose relative errors at modes 1, 3, 5 are those of each row."""
    waves = np.stack([np.cos(2 * np.pi * k * X) for k in (1, 3, 5)])
    outputs = TARGET - np.atleast_2d(errors) @ waves
    return torch.tensor(outputs[..., None], dtype=torch.float32)


def curriculum(direction="low to high", members=1, **settings):
    return Curriculum(TARGET, [1, 3, 5], members=members, direction=direction, **settings)


def drive(loss, errors):
    """Call the loss with scripted errors and return the stages afterwards."""
    targets = torch.tensor(TARGET[None, :, None], dtype=torch.float32)
    value = loss(with_errors(errors), targets)
    return loss.stage.tolist(), value


def test_without_patience_a_stage_may_last_for_ever():
    loss = curriculum()
    assert {drive(loss, [1, 1, 1])[0][0] for _ in range(50)} == {0}


def test_weights_must_be_finite():
    with pytest.raises(ValueError, match="weights: expected finite numbers, got nan"):
        WeightedFourier([1, np.nan, 1])


def test_a_peak_needs_power():
    with pytest.raises(ValueError, match="peaks: the target has no power at 4"):
        Curriculum(TARGET, [1, 4], members=1, direction="low to high")


def test_members_move_independently():
    loss = curriculum(members=3, patience=4)
    script = [
        ([[1, 1, 1], [0.05, 1, 1], [1, 0.05, 0.05]], [0, 1, 0]),
        ([[1, 1, 1], [0.05, 0.05, 1], [1, 0.05, 0.05]], [0, 2, 0]),
        ([[1, 1, 1], [1, 1, 1], [0.05, 0.05, 1]], [0, 2, 1]),
        ([[1, 1, 1], [1, 1, 1], [0.05, 1, 1]], [1, 2, 1]),
    ]
    for errors, stages in script:
        assert drive(loss, errors)[0] == stages


def stage_of(loss, _):
    return {"stage": loss.stage}


def test_a_resumed_curriculum_goes_on_in_its_stage(tmp_path):
    """Stop a run by hand in its second stage, resume it, compare with one in a piece."""
    n, seeds = 16, (0, 1)
    x = np.linspace(-1, 1, n)

    def start():
        nets = fp.MLP([1, 12, 1], weight_std=0.5, seeds=seeds)
        return nets, curriculum(members=2, patience=12)

    def train(nets, loss, **how):
        settings = {"steps": 40, "lr": 1e-3, "record_every": 2, "progress": False}
        return fp.train(
            nets, x, TARGET, loss=loss, observe=partial(stage_of, loss), **settings, **how
        )

    whole = train(*start())
    assert np.ptp(whole.observed["stage"], axis=1).min() == 2  # all stages occur

    path = tmp_path / "run.checkpoint"
    with watched(lambda step, _: step == 20):
        assert not train(*start(), checkpoint=path).completed
    resumed = train(*start(), checkpoint=path)
    np.testing.assert_array_equal(resumed.observed["stage"], whole.observed["stage"])
    np.testing.assert_array_equal(resumed.losses, whole.losses)


def test_pull_of_a_straight_line_by_hand():
    """With no hidden layer T = w·x + b, so ∂|F|/∂w = Re(F̄·F[x])/|F|, and likewise for b."""
    nets = fp.MLP([1, 1], weight_std=1.0, seeds=(0, 1), dtype=torch.float64)
    x, window, k = np.linspace(-1, 1, 20), np.hanning(20), np.array([1, 2, 5])
    of_w, of_b = (np.fft.rfft(v * window, norm="forward")[k] for v in (x, np.ones(20)))
    squares = 0
    for w, b in zip(
        nets.weights[0].flatten().tolist(), nets.biases[0].flatten().tolist(), strict=True
    ):
        size = w * of_w + b * of_b
        squares = (
            squares + sum((size.conj() * part).real ** 2 for part in (of_w, of_b)) / abs(size) ** 2
        )
    np.testing.assert_allclose(claims.pull(nets, k, points=20), np.sqrt(squares), rtol=1e-10)


def curriculum_result(direction, stage, errors, patience=30):
    """A result of one network, records every 10 steps, peaks 1, 2, 3."""
    return hand_made(
        settings={"seeds": [0], "direction": direction, "patience": patience},
        errors=np.array([errors], dtype=float),
        series={"stage": np.array([stage])},
        steps=10 * np.arange(len(stage)),
    )


DOWN = curriculum_result(
    "high to low",
    [0, 0, 0, 1, 1, 1, 2, 2, 2],
    # Peak 3 is never below 10 % in its stage; peak 2 is at the record that ends the next stage.
    [[1, 1, 1], [1, 1, 0.5], [1, 1, 0.4], [1, 1, 0.5], [1, 0.5, 1], [1, 0.3, 1],
     [1, 0.05, 1], [0.05, 0.05, 1], [0.05, 0.05, 0.05]],
)  # fmt: skip


def test_stages_of_a_curriculum():
    found = claims.stages(DOWN)
    assert found.peaks.tolist() == [3, 2, 1]
    assert found.entered.tolist() == [[0, 30, 60]]
    assert found.lowest.tolist() == [[0.4, 0.05, 0.05]]
    assert claims.timed_out(DOWN).tolist() == [[True, False]]
    assert claims.learned(DOWN).tolist() == [[False, True, True]]
    assert claims.after_all(DOWN).tolist() == [[70, 60, 80]]


def test_stages_that_were_not_reached():
    up = curriculum_result(
        "low to high", [0, 1, 1], [[1, 1, 1], [0.05, 1, 1], [0.05, 0.2, 1]], None
    )
    found = claims.stages(up)
    assert found.entered.tolist() == [[0, 10, np.inf]]
    assert found.lowest.tolist() == [[0.05, 0.2, np.inf]]
    assert not claims.timed_out(up).any()
    assert claims.learned(up).tolist() == [[True, False, False]]
    assert np.isinf(claims.after_all(up)).all()
