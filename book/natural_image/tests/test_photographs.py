"""Photographs: what is promised of their values, and crops."""

import numpy as np
import pytest

from book.natural_image.photographs import PHOTOGRAPHS, photograph


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_grey_centred_and_scaled(name):
    whole = photograph(name, slice(None), slice(None))
    assert whole.ndim == 2
    assert abs(whole.mean()) < 1e-12
    assert np.abs(whole).max() == 1
    crop = photograph(name, slice(100, 148), slice(None, None, 4))
    assert crop.shape == (48, -(-whole.shape[1] // 4))
    assert np.abs(crop).max() == 1
    part = whole[100:148, ::4] - whole[100:148, ::4].mean()
    np.testing.assert_allclose(crop, part / np.abs(part).max(), atol=1e-12)


def test_photographs_without_contrast():
    message = r"rows, columns: camera has 512 x 512 pixels; the crop has shape \(0, 512\)"
    with pytest.raises(ValueError, match=message):
        photograph("camera", slice(600, 700), slice(None))
    with pytest.raises(ValueError, match=r"name: 'lena' is not known; known are camera, chel"):
        photograph("lena", slice(None), slice(None))
