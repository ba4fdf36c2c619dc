"""Losses against sums written out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fpkit import filtering, losses

from . import direct_sum

VALUES = arrays(np.float64, (3, 5, 2), elements=st.floats(-10, 10))


@pytest.mark.parametrize(
    ("loss", "term"),
    [
        (losses.mean_square, lambda d: d * d),
        (losses.mean_absolute, abs),
        (losses.log_cosh, lambda d: np.log(np.cosh(d))),
    ],
)
@given(outputs=VALUES, targets=VALUES)
def test_loss_is_the_mean_over_one_member(loss, term, outputs, targets):
    result = loss(torch.from_numpy(outputs), torch.from_numpy(targets))
    expected = [
        sum(term(a - b) for a, b in zip(f.flat, t.flat, strict=True)) / f.size
        for f, t in zip(outputs, targets, strict=True)
    ]
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-14)


SPATIAL = [losses.mean_square, losses.half_squares, losses.mean_absolute, losses.log_cosh]


@pytest.mark.parametrize("loss", SPATIAL)
@given(outputs=VALUES, targets=VALUES, share=st.floats(0, 1))
def test_a_loss_is_zero_at_the_target_and_grows_away_from_it(loss, outputs, targets, share):
    f, t = torch.from_numpy(outputs), torch.from_numpy(targets)
    assert loss(t, t).tolist() == [0, 0, 0]
    far, near = loss(f, t), loss(t + share * (f - t), t)
    assert (near <= far + 1e-12).all()
    apart = (f - t).abs().amax(dim=(1, 2))
    assert (far[apart > 1e-3] > 0).all()


@pytest.mark.parametrize(
    ("loss", "power"),
    [(losses.mean_square, 2), (losses.half_squares, 2), (losses.mean_absolute, 1)],
)
@given(outputs=VALUES, targets=VALUES, scale=st.floats(-5, 5))
def test_a_loss_scales_with_its_power(loss, power, outputs, targets, scale):
    f, t = torch.from_numpy(outputs), torch.from_numpy(targets)
    expected = abs(scale) ** power * loss(f, t)
    np.testing.assert_allclose(loss(scale * f, scale * t), expected, rtol=1e-9, atol=1e-12)


def two_classes(outputs, targets):
    return losses.cross_entropy(*(torch.cat([v, -v], dim=2) for v in (outputs, targets)))


@given(outputs=arrays(np.float64, (3, 5, 1), elements=st.floats(-10, 10)),
       targets=arrays(np.float64, (3, 5, 1), elements=st.floats(-10, 10)))  # fmt: skip
def test_members_do_not_see_one_another(outputs, targets):
    f, t = torch.from_numpy(outputs), torch.from_numpy(targets)
    points = np.arange(5)[:, None]
    fourier, high = losses.WeightedFourier([1, 0, 2]), losses.HighFirst(points, 1.0, 0.5).double()
    for loss in (*SPATIAL, two_classes, fourier, high):
        alone = torch.cat([loss(f[i : i + 1], t[i : i + 1]) for i in range(3)])
        np.testing.assert_allclose(loss(f, t), alone, rtol=1e-12, atol=1e-12)


@given(arrays(np.float64, (3, 5, 2), elements=st.floats(-10, 10)), st.floats(0, 1))
def test_cross_entropy_is_least_where_the_output_is_the_target(outputs, share):
    logits = torch.from_numpy(outputs)
    wanted = torch.tensor([share, 1 - share], dtype=torch.float64).expand(3, 5, 2)
    least = losses.cross_entropy(wanted.clamp(min=1e-300).log(), wanted)
    assert (losses.cross_entropy(logits, wanted) >= least - 1e-12).all()


def test_cross_entropy_is_the_mean_surprise():
    outputs = torch.tensor([[[0.0, 0.0], [np.log(3), 0.0]], [[5.0, 5.0], [0.0, np.log(3)]]])
    target = torch.tensor([[[1.0, 0.0], [1.0, 0.0]]])
    expected = [(np.log(2) + np.log(4 / 3)) / 2, (np.log(2) + np.log(4)) / 2]
    np.testing.assert_allclose(losses.cross_entropy(outputs, target), expected, rtol=1e-6)


def test_one_target_serves_all_members():
    outputs, target = torch.arange(6.0).reshape(3, 2, 1), torch.zeros(1, 2, 1)
    assert losses.mean_square(outputs, target).tolist() == [0.5, 6.5, 20.5]


# --- in the frequency domain -----------------------------------------------------------------


def over_all_modes(outputs, target, weights):
    """Return Σ w(k) |F[f](k) - F[T](k)|² with all N modes written out."""
    n = len(target)
    power = np.abs(direct_sum(outputs - target, np.arange(n) / n, np.arange(n))) ** 2
    return sum(power[k] * weights[min(k, n - k)] for k in range(n))


@pytest.mark.parametrize("n", [8, 9])
@pytest.mark.parametrize("rows", [1, 3])
def test_weighted_fourier_is_the_sum_over_all_modes(n, rows):
    rng = np.random.default_rng(n)
    outputs, target = rng.standard_normal((3, n, 1)), rng.standard_normal((1, n, 1))
    weights = rng.integers(0, 5, (rows, n // 2 + 1))
    loss = losses.WeightedFourier(weights if rows > 1 else weights[0])
    expected = [
        over_all_modes(outputs[s, :, 0], target[0, :, 0], weights[s % rows]) for s in range(3)
    ]
    result = loss(torch.from_numpy(outputs), torch.from_numpy(target))
    np.testing.assert_allclose(result, expected, rtol=1e-12)


@given(
    st.integers(2, 20).flatmap(
        lambda n: arrays(np.float64, (2, 3, n, 1), elements=st.floats(-10, 10))
    )
)
def test_weighted_fourier_with_equal_weights_is_the_mean_square(both):
    outputs, targets = torch.from_numpy(both)
    result = losses.WeightedFourier(np.ones(both.shape[2] // 2 + 1))(outputs, targets)
    expected = losses.mean_square(outputs, targets)
    torch.testing.assert_close(result, expected, rtol=1e-12, atol=1e-12)


def wave(*modes):
    """Return Σ cos over modes at 16 points as one output, (16, 1)."""
    turns = np.outer(np.arange(16) / 16, modes)
    return torch.from_numpy(np.cos(2 * np.pi * turns).sum(axis=1, keepdims=True))


TARGET = wave(1, 3, 5)


def curriculum(**changes):
    how = {"members": 1, "direction": "low to high", **changes}
    return losses.Curriculum(TARGET[:, 0].numpy(), [1, 3, 5], **how)


@pytest.mark.parametrize(
    ("direction", "expected"), [("low to high", [0.5, 1.0, 1.5]), ("high to low", [0.5, 1.0, 1.5])]
)
def test_the_band_widens_peak_by_peak(direction, expected):
    loss = curriculum(direction=direction, patience=1)
    silence = torch.zeros(1, 16, 1, dtype=torch.float64)
    # A missing cosine costs ½; the three cost alike, so only the width of the band shows.
    assert [loss(silence, TARGET[None]).item() for _ in range(3)] == pytest.approx(expected)


@pytest.mark.parametrize(("direction", "first"), [("low to high", 1), ("high to low", 5)])
def test_the_first_stage_sees_its_own_peak_only(direction, first):
    for mode in (1, 3, 5):
        lost = wave(*{1, 3, 5} - {mode})[None]
        value = curriculum(direction=direction)(lost, TARGET[None]).item()
        assert value == pytest.approx(0.5 if mode == first else 0, abs=1e-12)


def test_a_stage_ends_when_its_peak_is_learned_for_each_member_alone():
    loss = curriculum(members=2)
    outputs = torch.stack([wave(1), 0 * wave(1)])
    for stages in ([1, 0], [1, 0]):  # the first has learned mode 1, but not mode 3
        loss(outputs, TARGET[None])
        assert loss.stage.tolist() == stages
    for stages in ([2, 1], [2, 2], [2, 2]):  # all is learned; the last stage stays
        loss(TARGET.expand(2, 16, 1), TARGET[None])
        assert loss.stage.tolist() == stages


def test_a_stage_ends_when_patience_does():
    loss = curriculum(patience=3)
    stages = []
    for _ in range(8):
        loss(torch.zeros(1, 16, 1, dtype=torch.float64), TARGET[None])
        stages.append(loss.stage.item())
    assert stages == [0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.WeightedFourier([1, -1]), "weights: expected numbers of at least 0, got"),
        (lambda: losses.WeightedFourier([1, 1])(TARGET[None], TARGET[None]),
         "weights: 16 points have 9 modes from 0 to N//2, got 2 weights"),
        (lambda: losses.Curriculum(np.ones(16), [], members=1, direction="low to high"),
         r"peaks: expected increasing frequency indices, got \[\]"),
        (lambda: losses.Curriculum(np.ones(16), [3, 1], members=1, direction="low to high"),
         r"peaks: expected increasing frequency indices, got \[3, 1\]"),
        (lambda: losses.Curriculum(np.ones(16), [9], members=1, direction="low to high"),
         r"peaks: expected indices from 0 to 8, got \[9\]"),
        (lambda: curriculum(direction="low to hihg"), "direction: .* did you mean 'low to high'"),
        (lambda: curriculum(threshold=0), "threshold: expected a finite number above 0, got 0"),
        (lambda: curriculum(patience=0), "patience: expected a whole number of at least 1, got 0"),
        (lambda: curriculum(members=0), "members: expected a whole number of at least 1, got 0"),
        (lambda: losses.Curriculum(np.ones(16), [1.7], members=1, direction="low to high"),
         r"peaks: expected increasing frequency indices, got \[1.7\]"),
        (lambda: curriculum(members=3)(torch.zeros(2, 16, 1), TARGET[None]),
         "members: expected 2, as in the ensemble, got 3"),
        (lambda: curriculum()(torch.zeros(1, 12, 1), torch.zeros(1, 12, 1)),
         r"target: expected one value per point \(12\), got 16"),
        (lambda: curriculum()(torch.zeros(1, 16, 2), torch.zeros(1, 16, 2)),
         "loss: a Fourier loss is for one output, got 2"),
        (lambda: losses.WeightedFourier(np.ones(9))(torch.zeros(1, 16, 2), torch.zeros(1, 16, 2)),
         "loss: a Fourier loss is for one output, got 2"),
        (lambda: losses.WeightedFourier(np.ones((2, 9)))(torch.zeros(3, 16, 1), TARGET[None]),
         "weights: expected one row for all or for each of 3 members, got 2"),
        (lambda: losses.HighFirst(np.eye(3), 1.0, 0.5)(torch.zeros(1, 2, 1), torch.zeros(1, 2, 1)),
         r"points: expected those of the full batch \(2\), got 3"),
        (lambda: losses.cross_entropy(torch.zeros(1, 5, 1), torch.zeros(1, 5, 1)),
         "loss: cross_entropy needs an output for each class, got one"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- a loss that prefers high frequencies ----------------------------------------------------


def test_high_first_is_the_weighted_sum_of_both_parts():
    rng = np.random.default_rng(0)
    points, outputs, targets = rng.random((9, 2)), rng.random((3, 9, 2)), rng.random((1, 9, 2))
    loss = losses.HighFirst(points, delta=0.05, low_weight=0.25)
    result = loss(*(torch.as_tensor(v, dtype=torch.float32) for v in (outputs, targets)))
    for member, rest in enumerate(outputs - targets):
        low = filtering.low_pass(points, rest, [0.05])[0]
        expected = ((rest - low) ** 2 + 0.25 * low**2).mean()
        assert float(result[member]) == pytest.approx(expected, rel=1e-5)


def test_high_first_needs_a_weight():
    with pytest.raises(ValueError, match="low_weight: expected a finite number above 0, got 0"):
        losses.HighFirst(np.eye(3), delta=1.0, low_weight=0)
