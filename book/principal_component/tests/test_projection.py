"""Principal directions against eigenvectors of the covariance, and the floor against its law."""

import numpy as np
import pytest

from book import datasets
from book.principal_component.projection import noise_floor, principal_direction, project
from fpkit.tests import direct_sum


def images(n=60, pixels=8, seed=0):
    """Random images whose variances along eight oblique axes are well apart."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.standard_normal((pixels, pixels)))[0]
    return 5 + rng.standard_normal((n, pixels)) * 2.0 ** -np.arange(pixels) @ axes


def eigenvectors(x):
    """Rows: eigenvectors of the covariance, largest eigenvalue first, positive where largest."""
    vectors = np.linalg.eigh(np.cov(x.T))[1][:, ::-1].T
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=1)[:, None], axis=1)
    return vectors * np.sign(largest)


@pytest.mark.parametrize("j", [1, 2, 3, 8])
@pytest.mark.parametrize("method", ["exact", "randomised"])
@pytest.mark.parametrize("shape", [(60, 8), (12, 8), (300, 8)])
def test_direction_is_an_eigenvector_of_the_covariance(shape, method, j):
    x = images(*shape)
    result = principal_direction(x, j, method=method)
    assert np.linalg.norm(result) == pytest.approx(1)
    np.testing.assert_allclose(result, eigenvectors(x)[j - 1], atol=1e-6)


def test_more_pixels_than_images():
    x = np.random.default_rng(1).standard_normal((6, 40)) * np.geomspace(1, 0.01, 40)
    for method in ("exact", "randomised"):
        result = principal_direction(x, 2, method=method)
        np.testing.assert_allclose(result, eigenvectors(x)[1], atol=1e-6)


def test_sign_does_not_depend_on_the_order_of_images():
    x = images()
    assert principal_direction(x).max() == np.abs(principal_direction(x)).max()
    np.testing.assert_allclose(principal_direction(x[::-1]), principal_direction(x), atol=1e-9)


def test_both_methods_agree_on_digits():
    x = datasets.load().images
    exact, sketch = (principal_direction(x, 2, method=m) for m in ("exact", "randomised"))
    np.testing.assert_allclose(sketch, exact, atol=1e-6)


def test_projection_is_rescaled_and_need_not_be_centred():
    x = images()
    p = principal_direction(x)
    t = project(x, p)
    assert (t.min(), t.max()) == (0, 1)
    np.testing.assert_allclose(project(x - x.mean(axis=0), 3 * p), t, atol=1e-12)
    expected = (x - x.mean(axis=0)) @ eigenvectors(x)[0]
    assert np.corrcoef(t, expected)[0, 1] == pytest.approx(1)


# --- the noise floor -------------------------------------------------------------------------

T = np.sort(np.random.default_rng(2).uniform(size=400))
T = (T - T[0]) / np.ptp(T)
MODES = np.arange(1, 41)


def test_sizes_are_the_direct_sum_of_centred_labels():
    y = np.random.default_rng(3).integers(0, 10, 400)
    floor = noise_floor(y, T, MODES, permutations=3)
    np.testing.assert_allclose(floor.size, abs(direct_sum(y - y.mean(), T, MODES)), atol=1e-9)


def test_floor_is_that_of_independent_labels():
    """|F|² of permuted labels is nearly exponential with mean var(y)/n."""
    y = np.random.default_rng(4).integers(0, 10, 400)
    floor = noise_floor(y, T, MODES, permutations=2000, level=0.9).floor
    expected = np.sqrt(np.log(10) * y.var() / 400)
    np.testing.assert_allclose(floor, expected, rtol=0.15)
    assert floor.mean() == pytest.approx(expected, rel=0.03)


def test_waves_in_the_labels_stand_above_the_floor_and_noise_does_not():
    noise = np.random.default_rng(5).standard_normal(400)
    y = np.cos(2 * np.pi * 3 * T) + np.cos(2 * np.pi * 11 * T) + noise
    above = noise_floor(y, T, MODES).above
    assert {3, 11} <= set(above)
    assert len(noise_floor(noise, T, MODES).above) <= 3
    assert len(above) <= 6


def test_mean_of_the_labels_does_not_matter():
    y = np.random.default_rng(6).integers(0, 10, 400)
    first, second = (noise_floor(v, T, MODES, permutations=20) for v in (y, y + 100))
    np.testing.assert_allclose(first.size, second.size, atol=1e-9)
    np.testing.assert_allclose(first.floor, second.floor, atol=1e-9)


def test_columns_are_measured_together():
    y = np.eye(5)[np.random.default_rng(7).integers(0, 5, 400)]
    floor = noise_floor(y, T, MODES, permutations=300, level=0.5)
    each = [abs(direct_sum(c - c.mean(), T, MODES)) for c in y.T]
    np.testing.assert_allclose(floor.size, np.linalg.norm(each, axis=0), atol=1e-9)
    assert floor.floor.mean() == pytest.approx(np.sqrt(y.var(axis=0).sum() / 400), rel=0.1)
    one = noise_floor(y[:, :1], T, MODES, permutations=20).floor
    np.testing.assert_allclose(noise_floor(y[:, 0], T, MODES, permutations=20).floor, one)


def test_floor_depends_on_the_seed_only():
    y = np.arange(400) % 7
    one, again, other = (noise_floor(y, T, MODES, seed=s).floor for s in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


# --- errors ----------------------------------------------------------------------------------

Y = np.arange(400) % 5
FLAT = np.column_stack([np.arange(6.0), np.ones(6), np.zeros(6)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: noise_floor(np.full(400, 7), T, MODES), "labels: all are equal; constant labels"),
        (
            lambda: noise_floor(Y, T, MODES, level=1),
            "level: expected a number between 0 and 1, got",
        ),
        (lambda: noise_floor(Y, T, MODES, permutations=0), "permutations: expected a whole number"),
        (
            lambda: noise_floor(Y[:9], T, MODES),
            r"labels: expected one per point of t \(400\), got 9",
        ),
        (lambda: noise_floor(Y, T, [201]), "modes: 400 samples hold modes up to 200, got 201"),
        (lambda: principal_direction(images(), 9), r"j: images of shape \(60, 8\) have 8 dir"),
        (lambda: principal_direction(images(), 0), "j: expected a whole number of at least 1"),
        (lambda: principal_direction(images(), method="fast"), "method: 'fast' is not known"),
        (lambda: principal_direction(np.ones((5, 3))), "do not vary along principal direction 1"),
        (lambda: principal_direction(FLAT, 2), "do not vary along principal direction 2"),
        (lambda: principal_direction(FLAT, 2, method="randomised"), "along principal direction 2"),
        (lambda: project(FLAT, [0, 1, 0]), "direction: the images do not vary along it"),
        (lambda: project(FLAT, [0, 0, 0]), "direction: the images do not vary along it"),
        (lambda: project(FLAT, [1, 0]), r"direction: expected one number per pixel \(3\), got 2"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
