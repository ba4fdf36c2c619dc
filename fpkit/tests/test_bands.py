"""Bands of frequency against sums written out, on grids and on scattered points."""

import numpy as np
import pytest

from fpkit import spectra
from fpkit.bands import bands_of


def grid(*counts, start=-1.0, length=3.0):
    axes = [start + length * np.arange(n) / n for n in counts]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(counts))


@pytest.mark.parametrize("counts", [(16,), (15,), (12, 10), (9, 8), (6, 5, 8)])
def test_power_of_a_grid_is_the_mean_square(rng, counts):
    """Parseval: all frequencies but 0 have the variance; in any order of the points."""
    x = rng.permutation(grid(*counts))
    bands, f = bands_of(x), rng.standard_normal(len(x))
    assert bands.grid == counts
    coefficients, radius, weight = bands.spectrum(f)
    power = weight * abs(coefficients) ** 2
    assert power[radius > 0].sum() == pytest.approx(f.var())
    inside = (radius >= 1) & (radius < bands.edges[-1, 1] + 0.5)
    assert bands.power(f).sum() == pytest.approx(power[inside].sum())


@pytest.mark.parametrize(("k", "band"), [((3, 0), 2), ((0, 4), 2), ((3, 4), 3), ((-1, 1), 0)])
def test_a_wave_lies_in_the_band_of_its_length(k, band):
    """|(-1, 1)| = 1.41 is nearest to 1, |(3, 4)| = 5 lies in 5 to 8."""
    x = grid(20, 18)
    wave = np.cos(2 * np.pi * x @ k / 3 + 0.3)
    power = bands_of(x).power(wave)
    assert power[band] == pytest.approx(0.5)
    assert np.delete(power, band) == pytest.approx(0, abs=1e-12)


def test_one_dimension_is_the_books_transform(rng):
    x, f = np.linspace(-1, 1, 40, endpoint=False), rng.standard_normal(40)
    bands = bands_of(x, edges=[(k, k) for k in range(1, 20)])
    assert bands.power(f) == pytest.approx(2 * np.abs(spectra.dft(f))[1:20] ** 2)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_scattered_points_are_summed_and_slow_waves_fitted(rng, dimension):
    """Against sums and least squares that are written out."""
    x = rng.random((200, dimension)) * 2 - 0.5
    f = rng.standard_normal((3, 200))
    bands = bands_of(x)
    coefficients, radius, weight = bands.spectrum(f)
    k, _ = bands._frequencies
    place = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    plain = np.exp(-2j * np.pi * place @ k.T) / 200
    assert bands._sums(f, bands.nyquist)[:, -len(k) :] == pytest.approx(f @ plain, abs=1e-9)
    slow = abs(k).max(axis=1) <= bands._together[0]
    assert 1 < slow.sum() < len(k)
    waves = np.exp(2j * np.pi * place @ np.concatenate([-k[slow][:0:-1], k[slow]]).T)
    fit, *_ = np.linalg.lstsq(waves, f.T.astype(complex), rcond=None)
    half, count = waves.shape[1] // 2, waves.shape[1]
    rest = f - (waves @ fit).T.real
    assert coefficients[:, slow] == pytest.approx(fit[half:].T, abs=1e-9)
    others = rest @ plain[:, ~slow] / (1 - count / 200)
    assert coefficients[:, ~slow] == pytest.approx(others, abs=1e-9)
    assert radius == pytest.approx(np.linalg.norm(k, axis=1))
    variance = np.square(rest).sum(axis=1) / (200 - count)
    chance = np.full((3, len(k)), variance[:, None] / (200 - count))
    inverse = np.linalg.inv(waves.conj().T @ waves).real
    chance[:, slow] = variance[:, None] * np.diag(inverse)[half:]
    inside = (radius > 0.5) & (radius < 1.5)
    size = (weight * (abs(coefficients) ** 2 - chance))[:, inside].sum(axis=1)
    assert bands.power(f)[:, 0] == pytest.approx(np.maximum(size, 0))
    uncertain = np.sqrt(np.square(weight * chance)[:, inside].sum(axis=1))
    assert bands.leakage(f)[:, 0] == pytest.approx(uncertain)
    assert weight.sum() == (2 * bands.nyquist + 1) ** dimension
    pairs = {tuple(row) for row in k} & {tuple(-row) for row in k}
    assert pairs == {(0.0,) * dimension}


def drawn(kind, seed, count=300):
    """Return points from 0 to 1 that are even, even but for some that fell out, shaken, random."""
    rng = np.random.default_rng(seed)
    if kind == "even":
        return np.arange(count) / count
    u = rng.random(count)
    if kind != "random":
        steps = np.arange(count / 0.6) + 0.3 * (kind == "shaken") * rng.uniform(-1, 1, 500)
        u = steps[rng.random(500) < 0.6]
    return (u - u.min()) / np.ptp(u)


FINE = np.arange(4096) / 4096


def jumping(x):
    """Jump and decay, as an event does: a power law, and no end to the frequencies."""
    return sum(np.exp(-((x - a) % 1) / 0.05) for a in (0.1, 0.35, 0.62))


def sums_alone(bands, f):
    """Return the power of plain sums, less what even independent values have in them."""
    u, k = bands.points[:, 0], np.arange(1, int(bands.edges[-1, 1]) + 1)
    place = (u - u.min()) / np.ptp(u)
    plain = np.abs(np.exp(-2j * np.pi * np.outer(k, place)) @ f / len(f)) ** 2
    each = 2 * (plain - np.square(f).mean() / len(f))
    return np.array([each[(k >= a) & (k <= b)].sum() for a, b in bands.edges])


@pytest.mark.parametrize("kind", ["even", "fallen out", "shaken", "random"])
def test_power_at_any_points_is_that_on_a_fine_grid(kind):
    """In parts of the variance; ten draws. Sums alone are off by several times as much."""
    whole = 2 * np.abs(spectra.dft(jumping(FINE))) ** 2
    off, off_alone = [], []
    for seed in range(10):
        bands = bands_of(u := drawn(kind, seed))
        assert (bands.grid is None) == (kind != "even")
        slow = bands.edges[:, 1] <= 32
        true = [whole[int(a) : int(b) + 1].sum() for a, b in bands.edges[slow]] / whole[1:].sum()
        f = jumping(u) - jumping(FINE).mean()
        off.append(bands.power(f)[slow] / whole[1:].sum() - true)
        off_alone.append(sums_alone(bands, f)[slow] / whole[1:].sum() - true)
    assert slow.sum() == 6
    off, off_alone = np.abs(off), np.abs(off_alone)
    assert off.mean() < 0.015
    assert off.max() < 0.08
    if kind != "even":
        assert off_alone.mean() > 2 * off.mean()


@pytest.mark.parametrize("kind", ["fallen out", "shaken", "random"])
def test_slow_waves_do_not_leak_and_fast_ones_keep_their_ratio(kind):
    """A hundredth beside a large wave is seen, and how much is left of one beyond the fit."""
    for seed in range(4):
        bands = bands_of(u := drawn(kind, seed))
        small, large = 0.1 * np.cos(2 * np.pi * u + seed), np.cos(2 * np.pi * 14 * u)
        assert bands.power(small + large)[:3] == pytest.approx([0.005, 0, 0], abs=1e-6)
        assert abs(sums_alone(bands, small + large)[:3] - [0.005, 0, 0]).max() > 1e-3
        fast, place = np.cos(2 * np.pi * 100 * u), bands.names.index("65 to 128")
        left, target = bands.power(0.5 * fast + large)[place], bands.power(fast + large)[place]
        assert (left / target) ** 0.5 == pytest.approx(0.5, abs=0.02)


def test_noise_on_scattered_points_fills_no_band_by_its_many_frequencies(rng):
    x = rng.random((400, 2))
    bands = bands_of(x)
    noise = bands.power(rng.standard_normal((50, 400))).mean(axis=0)
    slow = bands.power(np.cos(2 * np.pi * x[:, 0]))
    assert noise.max() < 0.2
    assert slow[0] == pytest.approx(0.5, abs=0.05)
    assert slow[1:].max() < 0.1


def test_parts_are_what_a_function_has_in_each_band():
    x = grid(16, 12)
    low, high = np.sin(2 * np.pi * x[:, 0] / 3), np.cos(2 * np.pi * x @ (3, 4) / 3)
    bands = bands_of(x)
    parts = bands.parts(low + high + 5)
    assert parts[0] == pytest.approx(low, abs=1e-9)
    assert parts[3] == pytest.approx(high, abs=1e-9)
    assert parts[[1, 2]] == pytest.approx(0, abs=1e-9)


def test_a_window_hides_the_jump_between_the_ends():
    x = np.linspace(0, 1, 64)
    plain, windowed = (bands_of(x, window=name).power(x) for name in ("none", "hann"))
    assert plain[-1] / plain[0] > 1e-2 > 1e-4 > windowed[-1] / windowed[0]


def test_above_three_dimensions_a_function_is_split_by_smoothness(rng):
    """A slow wave is smooth; a wave that turns from point to point is rough; both add up."""
    x = rng.random((600, 5))
    bands = bands_of(x)
    assert bands.names == ["smooth", "rough"]
    slow, fast = (np.sin(2 * np.pi * k * x[:, 0]) for k in (0.5, 20))
    for wave, larger in ((slow, 0), (fast, 1)):
        power = bands.power(wave)
        assert power[larger] > 4 * power[1 - larger]
    both = np.stack([slow, fast])
    assert bands.parts(both).sum(axis=0) == pytest.approx(both)
    assert bands.power(both) == pytest.approx(np.stack([bands.power(slow), bands.power(fast)]))
    again = bands_of(x, edges=[tuple(pair) for pair in bands.edges])
    assert again.delta == pytest.approx(bands.delta)
    keeps = np.exp(-2 * np.pi**2 * bands.edges[0, 1] ** 2 * bands.delta)
    assert keeps == pytest.approx(0.5)


def test_repeated_points_hold_no_finer_frequencies():
    x = grid(64, length=1.0)
    wave = np.sin(2 * np.pi * 3 * x[:, 0])
    bands = bands_of(np.repeat(x, 3, axis=0))
    assert bands.nyquist == 32
    power = bands.power(np.repeat(wave, 3))
    assert power[bands.names.index("3 to 4")] > 0.9 * power.sum()


def test_the_longer_side_of_a_grid_tells_its_own_frequencies():
    x = grid(24, 40, length=1.0)
    bands = bands_of(x, edges=[(1, 12), (13, 20)])
    assert bands.power(np.sin(2 * np.pi * 15 * x[:, 1])) == pytest.approx([0, 0.5], abs=1e-9)
    assert "above 12 and 20 cycles per domain along their axes" in bands.limit
    assert bands.limit.endswith("Cycles / 1 = cycles per unit of x.")
    uneven = bands_of(x * (2, 6)).limit
    assert uneven.endswith("Cycles / 2 and 6 = cycles per unit of x along their axes.")
    assert "above 1 cycle per domain from" in bands_of(grid(2, 3)).limit
    with pytest.raises(ValueError, match="frequencies up to 20, got 21"):
        bands_of(x, edges=[(13, 21)])


def test_uneven_points_have_no_nyquist_frequency_and_a_widest_gap(rng):
    x = np.append(0, np.sort(rng.random(100)) * 60)
    x = x[(x < 20) | (x > 35)]
    gap = np.diff(x).max()
    said = bands_of(rng.permutation(x)).limit
    assert gap > 15
    assert "cannot tell" not in said
    assert "uneven ones have no sharp limit. " in said
    assert f"The widest gap is {gap:.2g} ({gap / np.ptp(x):.1%} of the domain)" in said
    assert said.endswith(" of the domain): nothing is known inside it. Cycles / "
                         f"{np.ptp(x):.3g} = cycles per unit of x.")  # fmt: skip
    assert "gap" not in bands_of(rng.random((100, 2))).limit
    assert bands_of(np.arange(60) / 10).limit == (
        "These points cannot tell frequencies above 30 cycles per domain from lower ones. "
        "Cycles / 6 = cycles per unit of x."
    )


def test_names_and_octaves(rng):
    assert bands_of(np.arange(40.0)).names == ["1", "2", "3 to 4", "5 to 8", "9 to 16", "17 to 20"]
    assert bands_of(rng.random((100, 2))).nyquist == 5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bands_of(np.ones((9, 4))), "points: expected different ones, got 3"),
        (
            lambda: bands_of(np.eye(9), edges=[(1, 2), (2, 3)]),
            r"edges: above 3 dimensions expected",
        ),
        (lambda: bands_of(np.ones(9)), "points: .* differ along every axis, got 9, equal along"),
        (lambda: bands_of(np.arange(3), name="x"), "x: expected at least 4 that .*, got 3"),
        (lambda: bands_of(np.array([0, 1, 2, np.inf]), name="x"), "x: expected finite numbers"),
        (lambda: bands_of(np.arange(9), edges=[(2, 1)]), r"edges: expected pairs .*got \[\[2.0, 1"),
        (
            lambda: bands_of(np.arange(9), edges=[1, 2, 4]),
            r"such as \[\(1, 2\), .*, got \[1.0, 2.0",
        ),
        (lambda: bands_of(np.arange(9), edges=[(1, 2), (2, 3)]), "edges: expected bands that incr"),
        (lambda: bands_of(np.arange(9), edges=[(1, 5)]), "frequencies up to 4, got 5"),
        (lambda: bands_of(np.arange(9), window="han"), "window: 'han' is not known; did you mean"),
        (lambda: bands_of(np.arange(9)).power(np.ones(8)), "values: expected one value per point"),
    ],
)
def test_errors_name_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
