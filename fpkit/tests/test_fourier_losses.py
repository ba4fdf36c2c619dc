"""The Fourier losses against sums over all modes, and the curriculum on scripted outputs."""

import numpy as np
import pytest
import torch

import fpkit as fp
from fpkit.losses import Curriculum, WeightedFourier, mean_square


def pair(n, members=3, seed=0):
    """Outputs and targets (S, N, 1) in double precision."""
    values = np.random.default_rng(seed).standard_normal((2, members, n, 1))
    return torch.tensor(values[0], requires_grad=True), torch.tensor(values[1])


def all_modes(outputs, targets, weights):
    """Sum w(k)|D(k)|² over all N modes, with the sum of the transform written out."""
    n = outputs.shape[1]
    j = np.arange(n)
    matrix = np.exp(-2j * np.pi * np.outer(j, j) / n) / n
    difference = (outputs - targets).detach().numpy()[..., 0] @ matrix
    full = np.array([weights[min(k, n - k)] for k in range(n)])
    return (full * np.abs(difference) ** 2).sum(axis=1)


@pytest.mark.parametrize("n", [8, 9, 40, 41])
def test_equal_weights_give_the_mean_square_and_its_gradient(n):
    outputs, targets = pair(n)
    fourier, spatial = WeightedFourier(np.ones(n // 2 + 1)), mean_square
    a, b = fourier(outputs, targets), spatial(outputs, targets)
    torch.testing.assert_close(a, b, rtol=1e-12, atol=0)
    (grad_a,) = torch.autograd.grad(a.sum(), outputs)
    (grad_b,) = torch.autograd.grad(b.sum(), outputs)
    torch.testing.assert_close(grad_a, grad_b, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("n", [8, 9, 40, 41])
def test_weights_against_the_sum_over_all_modes(n):
    outputs, targets = pair(n, seed=1)
    # Weights that single precision holds exactly, for that is how the loss keeps them.
    weights = np.random.default_rng(2).integers(0, 64, n // 2 + 1) / 8
    loss = WeightedFourier(weights)(outputs, targets).detach().numpy()
    np.testing.assert_allclose(loss, all_modes(outputs, targets, weights), rtol=1e-12)


def test_a_member_may_have_weights_of_its_own():
    outputs, targets = pair(12)
    rows = np.arange(21).reshape(3, 7)
    together = WeightedFourier(rows)(outputs, targets)
    alone = [WeightedFourier(row)(outputs, targets)[i] for i, row in enumerate(rows)]
    torch.testing.assert_close(together, torch.stack(alone), rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, -1, 1], "weights: expected numbers of at least 0, got -1"),
        ([1, np.nan, 1], "weights: expected finite numbers"),
        (np.ones((2, 2, 2)), "weights: expected a 1-d or 2-d array"),
    ],
)
def test_weights_are_checked(weights, message):
    with pytest.raises(ValueError, match=message):
        WeightedFourier(weights)


def test_the_number_of_weights_is_checked():
    outputs, targets = pair(12)
    with pytest.raises(ValueError, match="12 points have 7 modes from 0 to N//2, got 12 weights"):
        WeightedFourier(np.ones(12))(outputs, targets)


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


@pytest.mark.parametrize(
    ("direction", "learned_first", "seen"),
    [("low to high", [0.05, 1, 1], [0.0025, 1.0025, 2.0025]), ("high to low", [1, 1, 0.05], None)],
)
def test_a_stage_ends_when_its_peak_is_learned(direction, learned_first, seen):
    loss = curriculum(direction)
    assert drive(loss, [1, 1, 1])[0] == [0]
    assert drive(loss, learned_first)[0] == [1]  # the next peak is not learned: stage 1 stays
    assert drive(loss, learned_first)[0] == [1]
    assert drive(loss, [0.05, 0.05, 0.05])[0] == [2]
    assert drive(loss, [0.05, 0.05, 0.05])[0] == [2]  # the last stage stays
    if seen:
        again = curriculum(direction)
        # Each mode k and N - k carry |D|² = error²/4.
        for stage, total in enumerate(seen):
            again.stage[:] = stage
            assert float(drive(again, [0.05, 1, 1])[1]) == pytest.approx(total / 2, rel=1e-5)


def test_high_to_low_leaves_out_what_is_below():
    loss = curriculum("high to low")
    assert float(drive(loss, [1, 1, 0.5])[1]) == pytest.approx(0.25 / 2, rel=1e-5)


def test_a_stage_ends_when_patience_is_over():
    loss = curriculum(patience=3)
    stages = [drive(loss, [1, 1, 1])[0][0] for _ in range(8)]
    assert stages == [0, 0, 1, 1, 1, 2, 2, 2]


def test_without_patience_a_stage_may_last_for_ever():
    loss = curriculum()
    assert {drive(loss, [1, 1, 1])[0][0] for _ in range(50)} == {0}


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


@pytest.mark.parametrize("peaks", [[3, 1], [1, 1, 3], [], [[1, 3]]])
def test_peaks_must_increase(peaks):
    with pytest.raises(ValueError, match="peaks: expected increasing frequency indices"):
        Curriculum(TARGET, peaks, members=1, direction="low to high")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"peaks": [1, 9]}, "peaks: expected indices from 0 to 8"),
        ({"peaks": [1, 4]}, "peaks: the target has no power at 4"),
        ({"direction": "low to hihg"}, "direction: .* did you mean 'low to high'"),
        ({"threshold": 0}, "threshold: expected a finite number above 0"),
        ({"patience": 0}, "patience: expected a whole number of at least 1"),
    ],
)
def test_settings_are_checked(change, message):
    settings = {"peaks": [1, 3], "members": 1, "direction": "low to high", **change}
    with pytest.raises(ValueError, match=message):
        Curriculum(TARGET, **settings)


def test_a_resumed_curriculum_goes_on_in_its_stage(tmp_path, monkeypatch):
    """Stop a run by hand after it has changed its stage, resume it, compare with one in a piece."""
    n, seeds = 16, (0, 1)
    x = np.linspace(-1, 1, n)

    def start():
        nets = fp.MLP([1, 12, 1], weight_std=0.5, seeds=seeds)
        return nets, curriculum(members=2, patience=7)

    def train(nets, loss, **how):
        settings = {"steps": 40, "lr": 1e-3, "record_every": 2, "progress": False}
        return fp.train(
            nets, x, TARGET, loss=loss, observe=lambda _: {"stage": loss.stage}, **settings, **how
        )

    whole = train(*start())
    assert np.ptp(whole.observed["stage"], axis=1).min() == 2  # all stages occur

    monkeypatch.setattr("fpkit.checkpoint.Checkpoint.due", lambda self: True)
    path = tmp_path / "run.checkpoint"
    nets, loss = start()
    calls = 0

    def forward(outputs, targets, original=loss.forward):
        nonlocal calls
        calls += 1
        if calls == 20:
            raise KeyboardInterrupt
        return original(outputs, targets)

    monkeypatch.setattr(loss, "forward", forward)
    with pytest.warns(UserWarning, match="stopped by hand"):
        train(nets, loss, checkpoint=path)
    assert path.exists()

    resumed = train(*start(), checkpoint=path)
    np.testing.assert_array_equal(resumed.observed["stage"], whole.observed["stage"])
    np.testing.assert_array_equal(resumed.losses, whole.losses)
    assert not path.exists()
