"""What is counted of scales is what the file holds; leaving one out is what the formula says."""

import json

import numpy as np
import pytest
import torch

from book.own_network import scales

KEPT = json.loads(scales.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("half", scales.HALVES)
@pytest.mark.parametrize("knob", scales.SCALES)
def test_the_rule_says_what_is_stored(half, knob):
    kept = KEPT[half][knob]
    assert list(kept) == list(scales.signals(half))
    told = scales.expected(half, knob)
    stored = np.array([row["expected"] for row in kept.values()])
    assert told == pytest.approx(stored, rel=1e-3)


def test_one_left_out_is_what_the_formula_says():
    rng = np.random.default_rng(0)
    x = torch.as_tensor(rng.random((7, 1)))
    torch.manual_seed(0)
    kernel, output = scales._kernel(scales.maker("siren")(20).double(), x)
    damped = kernel + 0.1 * np.eye(7)
    wrong, inverse = rng.standard_normal(7) - output, np.linalg.inv(damped)
    for i in range(7):
        others = np.arange(7) != i
        fit = kernel[i, others] @ np.linalg.solve(damped[np.ix_(others, others)], wrong[others])
        assert wrong[i] - fit == pytest.approx((inverse @ wrong)[i] / inverse[i, i])


def test_the_halves_share_no_photograph():
    assert set(scales.PHOTOS["fix"]).isdisjoint(scales.PHOTOS["judge"])


def test_choices_are_counted(tmp_path, monkeypatch):
    rows = {"a": {"swept": [1, 4, 16] * 2 + [16], "expected": [0, 1, 2, 3, 4, 5, 6]},
            "b": {"swept": [9, 4, 1] * 2 + [16], "expected": [0, 1, 2, 3, 4, 5, 6]}}  # fmt: skip
    file = tmp_path / "scales.json"
    file.write_text(
        json.dumps({half: dict.fromkeys(scales.SCALES, rows) for half in scales.HALVES})
    )
    monkeypatch.setattr(scales, "FILE", file)
    kernel, same, scale = scales.ratios("judge", "siren")
    assert kernel.tolist() == [1, 3]
    assert same.tolist() == [1, 3]
    assert scale == 2.5
    assert "| SIREN, ω₀ | 2 | 1 of 2 | 1 of 2 (2.5) |" in scales.table("judge")
    assert scales.held("judge", 0) == 0.5
