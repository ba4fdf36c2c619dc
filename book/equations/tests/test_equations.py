"""Solvers against automatic differentiation and matrices; claims on results made by hand."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from book.equations import claims, correctors, figures, iterating, poisson
from book.equations.experiments import LONGER, OTHERS
from book.equations.poisson import Solver
from fpkit.tests import hand_made

pytestmark = pytest.mark.usefixtures("few_suffice")

X = np.linspace(0.05, 0.9, 6)


@pytest.mark.parametrize("scales", [(), (1.0,), (1.0, 3.0)])
def test_second_derivative_is_that_of_the_network(scales):
    nets = Solver([6, 5], [scales] * 2, features=4, seeds=[2, 5]).double()
    x = torch.as_tensor(X)[:, None].requires_grad_()
    u, bent = nets(x).unbind(dim=-1)
    for member in range(2):
        (slope,) = torch.autograd.grad(u[member].sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(slope.sum(), x, retain_graph=True)
        torch.testing.assert_close(bent[member], second[:, 0])


@pytest.mark.parametrize("scales", [(), (1.0, 3.0)])
def test_ends_are_built_in(scales):
    ends = Solver([6], [scales], features=4)(torch.tensor([[0.0], [1.0]]))
    assert ends[..., 0].abs().max() == 0


def test_members_of_a_seed_differ_in_their_scales_only():
    x = torch.as_tensor(X, dtype=torch.float32)[:, None]
    both = Solver([6], [(1.0, 1.0), (1.0, 10.0)], features=4, seeds=[3, 3])
    alone = Solver([6], [(1.0, 10.0)], features=4, seeds=[3])
    torch.testing.assert_close(both(x)[1], alone(x)[0])
    torch.testing.assert_close(both.omegas[0, 0], both.omegas[1, 0])
    torch.testing.assert_close(10 * both.omegas[0, 1], both.omegas[1, 1])


def test_solution_and_right_hand_side_belong_together():
    x, h = np.linspace(0.11, 0.93, 5), 1e-4
    second = (poisson.height(x + h) - 2 * poisson.height(x) + poisson.height(x - h)) / h**2
    np.testing.assert_allclose(poisson.bend(x), second, rtol=1e-3)


def test_sine_transform_finds_amplitudes():
    found = poisson.sine_transform(poisson.height(np.arange(1, 128) / 128))
    assert found[[2, 50]] == pytest.approx([1, 0.1])
    assert np.abs(np.delete(found, [2, 50])).max() < 1e-12


def test_finite_differences_are_of_second_order():
    errors = [np.abs(u - poisson.height(x)).max() for x, u in map(poisson.differences, (511, 1023))]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.05)


def test_waves_are_eigenvectors_and_jacobi_multiplies_them():
    waves, values = iterating.sines(15), iterating.eigenvalues(15)
    np.testing.assert_allclose(iterating.residual(waves), values[:, None] * waves, atol=1e-9)
    factors = iterating.jacobi_factors(15)
    np.testing.assert_allclose(iterating.jacobi(waves), factors[:, None] * waves, atol=1e-12)
    assert np.abs(factors[7:]).max() <= 1 / 3 + 1e-12


def test_coarse_grid_solves_slow_waves_and_no_fast_ones():
    waves = iterating.sines(63)
    left = np.linalg.norm(iterating.two_level(waves), axis=1) / np.linalg.norm(waves, axis=1)
    assert left[0] < 2e-3
    assert left[-1] > 0.9


def test_iterations_are_counted_as_the_factors_say():
    waves = iterating.sines(15)
    needed = iterating.iterations(waves, 10**6, iterating.jacobi, to=1e-3, most=2_000)
    expected = np.ceil(np.log(1e-3) / np.log(np.abs(iterating.jacobi_factors(15))))
    np.testing.assert_array_equal(needed, expected)
    assert np.isinf(iterating.iterations(waves[:1], 5, iterating.jacobi, to=1e-3, most=10)).all()
    assert np.isinf(iterating.iterations(waves[:1], 1, np.negative, to=1e-3, most=10)).all()


def test_conjugate_gradients_need_as_many_steps_as_there_are_waves():
    waves = iterating.sines(15)
    found = [iterating.conjugate_gradients(waves[: k + 1].sum(axis=0), to=1e-6) for k in (0, 1, 4)]
    assert found == [1, 2, 5]


class Perfect(Solver):
    """What a network should be: it solves for the error."""

    dtype = torch.float64

    def __init__(self):
        torch.nn.Module.__init__(self)

    def forward(self, r):
        waves, values = iterating.sines(r.shape[-1]), iterating.eigenvalues(r.shape[-1])
        found = (r.numpy() @ waves) / values @ waves * (2 / (r.shape[-1] + 1)) * values[0]
        return torch.as_tensor(found)


def test_a_perfect_corrector_leaves_nothing_of_any_size():
    for size in (1e-6, 1.0, 1e3):
        left = iterating.corrected(Perfect(), size * iterating.sines(15))
        assert np.abs(left).max() < 1e-10 * size


def test_residuals_belong_to_their_errors():
    r, e = correctors.residuals_and_errors(15, 4)
    np.testing.assert_allclose(iterating.residual(e), iterating.eigenvalues(15)[0] * r, atol=1e-9)


def test_bends_weigh_a_wave_by_its_eigenvalue():
    waves = torch.as_tensor(iterating.sines(15))[:, None]
    found = correctors.bends(waves, torch.zeros_like(waves)) / waves.square().mean(dim=(1, 2))
    np.testing.assert_allclose(found, (iterating.eigenvalues(15) / 16**2) ** 2)


# --- claims -----------------------------------------------------------------------------------


@pytest.fixture
def stored(monkeypatch):
    """Let claims read results made by hand, which the test puts into the dictionary."""
    results = {}
    monkeypatch.setattr(claims, "load_or_run", results.__getitem__)
    return results


def two_scales(plain, *cells):
    results = {
        name: hand_made(settings={"steps": 2_000}, series={"distance": np.array(values)[:, None]})
        for name, values in (("two_scales_plain", plain), ("two_scales", cells))
    }
    for name, scales in (("others", OTHERS), ("long", LONGER)):
        series = {"distance": np.linspace(0.2, 0.3, len(scales))[:, None]}
        results[f"two_scales_{name}"] = hand_made(settings={"scales": scales}, series=series)
    return results


@pytest.mark.parametrize(
    ("both", "fast", "outcome"),
    [(0.05, 0.9, "reproduced"), (0.3, 0.9, "weaker"), (0.95, 0.9, "not reproduced")],
)
def test_two_scales_have_to_solve_and_one_not(stored, both, fast, outcome):
    stored |= two_scales([2.0, 2.0], 1.5, fast, 0.05, 1.5, 0.9, both)
    assert claims.R48().outcome == outcome


def test_other_scales_are_told(stored):
    stored |= two_scales([2.0], 1.5, 0.9, 0.05)
    assert [*claims.others()] == ["3 and 3", "5 and 5", "20 and 20", "30 and 30", "1 and 30"]
    assert claims.longer()["10 and 10"] == pytest.approx([0.25])
    told = claims.R48().control
    assert "σ = 30 and 30: 27.5% to 27.5%. In more" in told
    assert "1 and 30" not in told


def test_no_verdict_on_two_scales_if_one_solves(stored):
    stored |= two_scales([2.0], 1.5, 0.04, 0.05)
    assert not claims.R48().control_fails


def test_an_error_is_in_both_waves_or_elsewhere(stored):
    size = np.array(poisson.AMPLITUDES)
    errors = np.array([[0.3, 0.0], [0.0, 1.0], [0.1, 0.2], [0.1, 0.2]])[:, None]
    inside = np.sqrt((errors[:, 0] ** 2 @ size**2) / (size**2).sum())
    distance = (inside * [1, 2, 1, 1])[:, None]
    whole = hand_made(errors=errors, series={"distance": distance})
    cells = hand_made(errors=errors[:3], series={"distance": distance[:3]})
    stored |= {"two_scales_plain": whole, "two_scales": cells}
    found = claims.in_both_waves()
    assert found["none"] == pytest.approx([1, 0.25, 1, 1])
    assert found["10 and 10"] == pytest.approx([0.25])


def test_a_hump_is_what_the_solution_does_not_have(stored):
    x = np.arange(1, 128) / 128
    hump, other = np.sin(np.pi * x), 0.5 * np.sin(3 * np.pi * x)
    outputs = poisson.height(x) + np.outer([0.5, -2], hump) + other
    stored["two_scales_plain"] = hand_made(x=x, outputs=outputs[:, None])
    size, share = claims.humps()
    assert size == pytest.approx([0.5, 2])
    assert share == pytest.approx([0.5, 16 / 17])


def helped(*steps):
    series = {"steps 16": np.array(steps, dtype=float)[:, None]}
    series |= {f"left {k}": np.ones((len(steps), 1)) for k in range(1, 64)}
    settings = {"n": 63, "most": 15_000, "told": "bends", "seeds": [0, 1]}
    return hand_made(settings=settings, series=series)


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [((60, 50), "reproduced"), ((60, 9_000), "weaker"), ((60, 15_001), "not reproduced")],
)
def test_help_is_a_tenth_of_the_steps(stored, steps, outcome):
    stored |= {"corrector": helped(*steps), "corrector_bends": helped(15_001, 15_001)}
    assert claims.R50().outcome == outcome


def test_an_answer_of_zero_has_learned_nothing():
    zero = correctors.bends(torch.zeros(1, 512, 63), torch.as_tensor(
        correctors.residuals_and_errors(63, 512)[1])[None])  # fmt: skip
    result = replace(helped(60), losses=np.array([[1.0, float(zero[0]) / 4]]))
    assert claims.unlearned(result) == pytest.approx([0.25])


def told(heights, slopes, bends):
    steps = np.arange(0, 60, 10)
    late = np.array([heights, slopes, bends] * 2)[:, None, :]
    errors = np.where(steps[None, :, None] >= late, 0.01, 1.0)
    return hand_made(peaks=np.array([1, 2, 3]), steps=steps, errors=errors)


@pytest.mark.parametrize(
    ("bends", "outcome"),
    [((30, 20, 10), "reproduced"), ((30, 10, 20), "weaker"), ((10, 20, 30), "not reproduced")],
)
def test_loss_turns_the_order(stored, bends, outcome):
    stored["derivative_losses"] = told((10, 20, 30), (20, 10, 30), bends)
    assert claims.R63().outcome == outcome


def test_no_verdict_on_losses_if_slopes_do_the_same(stored):
    stored["derivative_losses"] = told((10, 20, 30), (30, 20, 10), (30, 20, 10))
    assert not claims.R63().control_fails


def test_advice_is_three_ends_of_sentences():
    said = claims.advice()
    assert not any(part.endswith(".") for part in (said.use, said.costs, said.fails))


@pytest.mark.usefixtures("closed")
def test_figures_draw_what_they_are_given():
    _, axes = plt.subplots(5)
    figures.solutions(axes[:2], np.linspace(0, 1, 9), {"a": np.zeros(9), "b": np.ones(9)})
    figures.seen(axes[2:4])
    figures.leftovers(axes[4], {"sweeps": np.linspace(1, 0, 63)}, np.ones(63))
    assert [len(ax.lines) for ax in axes] == [2, 2, 2, 2, 3]
    figures.differences(axes[4], [32, 64], [0.1, 0.01], {"none": np.ones(2)}, 128)
