"""Losses against sums written out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fpkit import losses
from fpkit.tests import direct_sum

VALUES = arrays(np.float64, (3, 5, 2), elements=st.floats(-10, 10))


@pytest.mark.parametrize(
    ("loss", "term"),
    [
        (losses.mse, lambda d: d * d),
        (losses.mae, abs),
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


SPATIAL = [losses.mse, losses.half_sse, losses.mae, losses.log_cosh]


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
    [(losses.mse, 2), (losses.half_sse, 2), (losses.mae, 1)],
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
    fourier = losses.WeightedFourier([1, 0, 2])
    for loss in (*SPATIAL, two_classes, fourier):
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
    assert losses.mse(outputs, target).tolist() == [0.5, 6.5, 20.5]


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
    expected = losses.mse(outputs, targets)
    torch.testing.assert_close(result, expected, rtol=1e-12, atol=1e-12)


TARGET = torch.zeros(16, 1, dtype=torch.float64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.WeightedFourier([1, -1]), "weights: expected numbers of at least 0, got"),
        (lambda: losses.WeightedFourier([1, 1])(TARGET[None], TARGET[None]),
         "weights: 16 points have 9 modes from 0 to N//2, got 2 weights"),
        (lambda: losses.WeightedFourier(np.ones(9))(torch.zeros(1, 16, 2), torch.zeros(1, 16, 2)),
         "loss: a Fourier loss is for one output, got 2"),
        (lambda: losses.WeightedFourier(np.ones((2, 9)))(torch.zeros(3, 16, 1), TARGET[None]),
         "weights: expected one row for all or for each of 3 members, got 2"),
        (lambda: losses.cross_entropy(torch.zeros(1, 5, 1), torch.zeros(1, 5, 1)),
         "loss: cross_entropy needs an output for each class, got one"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
