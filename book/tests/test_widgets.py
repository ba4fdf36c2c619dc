"""What the book's own widgets hand to their pages."""

import json

import pytest

from book import widgets


def test_splines_data_are_the_points_and_what_to_draw():
    data = widgets.splines([0, 1, 3], [1, -1, 0], curves=["cubic", "kinked"], sizes=(0.1, 10)).data
    assert (data["x"], data["y"]) == ([0, 1, 3], [1, -1, 0])
    assert data["curves"] == ["cubic", "kinked"]
    assert data["slider"] == {"low": -1, "high": 1, "value": 0}
    assert data["domain"][0] < 0 < 3 < data["domain"][1]
    assert data["range"][0] < -1 < 1 < data["range"][1]
    assert widgets.splines([0, 1, 3], [1, 1, 1]).data["slider"] is None
    json.dumps(data)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: widgets.splines([0, 1], [1, 2]), "x: expected 3 to 12 points, got 2"),
        (lambda: widgets.splines([0, 2, 1], [1, 2, 3]), "x: expected increasing points"),
        (lambda: widgets.splines([0, 1, 2], [1, 2, 3], curves=["cubik"]), "curves: 'cubik' is not"),
        (lambda: widgets.splines([0, 1, 2], [1, 2, 3], sizes=(1, 2)),
         "sizes: expected with the curve 'kinked', and only then"),
        (lambda: widgets.splines([0, 1, 2], [1, 2, 3], curves=["kinked"]), "sizes: expected with"),
    ],
)  # fmt: skip
def test_what_splines_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call()
