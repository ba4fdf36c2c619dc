"""The curriculum, stage by stage."""

import numpy as np
import pytest
import torch

from book.fourier_loss.curriculum import Curriculum


def wave(*modes):
    """Return Σ cos over modes at 16 points as one output, (16, 1)."""
    turns = np.outer(np.arange(16) / 16, modes)
    return torch.from_numpy(np.cos(2 * np.pi * turns).sum(axis=1, keepdims=True))


TARGET = wave(1, 3, 5)


def curriculum(**changes):
    how = {"members": 1, "direction": "low to high", **changes}
    return Curriculum(TARGET[:, 0].numpy(), [1, 3, 5], **how)


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
        (lambda: Curriculum(np.ones(16), [], members=1, direction="low to high"),
         r"peaks: expected increasing frequency indices, got \[\]"),
        (lambda: Curriculum(np.ones(16), [3, 1], members=1, direction="low to high"),
         r"peaks: expected increasing frequency indices, got \[3, 1\]"),
        (lambda: Curriculum(np.ones(16), [9], members=1, direction="low to high"),
         r"peaks: expected indices from 0 to 8, got \[9\]"),
        (lambda: curriculum(direction="low to hihg"), "direction: .* did you mean 'low to high'"),
        (lambda: curriculum(threshold=0), "threshold: expected a finite number above 0, got 0"),
        (lambda: curriculum(patience=0), "patience: expected a whole number of at least 1, got 0"),
        (lambda: curriculum(members=0), "members: expected a whole number of at least 1, got 0"),
        (lambda: Curriculum(np.ones(16), [1.7], members=1, direction="low to high"),
         r"peaks: expected increasing frequency indices, got \[1.7\]"),
        (lambda: curriculum(members=3)(torch.zeros(2, 16, 1), TARGET[None]),
         "members: expected 2, as in the ensemble, got 3"),
        (lambda: curriculum()(torch.zeros(1, 12, 1), torch.zeros(1, 12, 1)),
         r"target: expected one value per point \(12\), got 16"),
        (lambda: curriculum()(torch.zeros(1, 16, 2), torch.zeros(1, 16, 2)),
         "loss: a Fourier loss is for one output, got 2"),
    ],
)  # fmt: skip
def test_bad_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
