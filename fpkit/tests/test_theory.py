"""The tangent kernel against gradients one by one, and its rates against gradient flow."""

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from fpkit import MLP, targets, theory
from fpkit.theory import LONGEST


def kernel_one_by_one(nets, points):
    """Return K by one backward pass for each member and point, and a double loop over points."""
    inputs = torch.as_tensor(np.reshape(points, (len(points), -1)))
    outputs = nets(inputs)[..., 0]
    result = np.zeros((nets.size, len(points), len(points)))
    for member in range(nets.size):
        gradients = [
            torch.cat([g.flatten() for g in torch.autograd.grad(
                value, list(nets.parameters()), retain_graph=True)])
            for value in outputs[member]
        ]  # fmt: skip
        for i, one in enumerate(gradients):
            for j, other in enumerate(gradients):
                result[member, i, j] = float(one @ other)
    return result


@pytest.mark.parametrize("activation", ["tanh", "relu", "sin"])
@pytest.mark.parametrize("antisymmetric", [False, True])
@pytest.mark.parametrize("inputs", [1, 2])
def test_kernel_is_the_sum_over_parameters(activation, antisymmetric, inputs):
    nets = MLP(
        [inputs, 4, 3, 1],
        activation=activation,
        weight_std=0.8,
        seeds=[3, 7],
        antisymmetric=antisymmetric,
        dtype=torch.float64,
    )
    points = np.random.default_rng(0).standard_normal((5, inputs))
    points = points[:, 0] if inputs == 1 else points
    expected = kernel_one_by_one(nets, points)
    np.testing.assert_allclose(theory.kernel(nets, points), expected, rtol=1e-10, atol=1e-12)


def test_courses_are_those_of_the_differential_equation():
    rng = np.random.default_rng(2)
    root = rng.standard_normal((2, 8, 8))
    kernels, y, times = root @ root.mT, rng.standard_normal(8), np.array([0.0, 0.3, 2.0])
    found = theory.mode_trajectories(kernels, y, [0, 1, 3], times)
    assert found.shape == (2, 3, 3)
    np.testing.assert_allclose(found[:, 0], 1)
    for matrix, course in zip(kernels, found, strict=True):
        flow = solve_ivp(
            lambda _, e, k=matrix: -2 / 8 * k @ e, (0, 2), -y, t_eval=times, rtol=1e-9, atol=1e-12
        )
        expected = np.abs(np.fft.rfft(flow.y, axis=0) / np.fft.rfft(y)[:, None])[[0, 1, 3]].T
        np.testing.assert_allclose(course, expected, rtol=1e-5)


def test_kernel_can_be_observed_while_gradients_are_off():
    nets = MLP([1, 4, 1], seeds=[0])
    with torch.no_grad():
        observed = theory.kernel(nets, [0.0, 1.0])
    assert np.array_equal(observed, theory.kernel(nets, [0.0, 1.0]))


def test_error_moves_as_the_kernel_says():
    nets = MLP([1, 6, 1], weight_std=0.7, seeds=[1], dtype=torch.float64)
    x, y = np.linspace(-1, 1, 8), np.linspace(0, 1, 8) ** 2
    inputs, wanted = torch.as_tensor(x[:, None]), torch.as_tensor(y)
    before = nets(inputs)[0, :, 0]
    predicted = -2 / 8 * theory.kernel(nets, x)[0] @ (before.detach().numpy() - y)
    loss = (before - wanted).square().mean()
    rate = 1e-6
    for p, g in zip(nets.parameters(), torch.autograd.grad(loss, list(nets.parameters())),
                    strict=True):  # fmt: skip
        p.data -= rate * g
    moved = (nets(inputs)[0, :, 0] - before).detach().numpy() / rate
    np.testing.assert_allclose(moved, predicted, atol=1e-4 * np.abs(predicted).max())


def circulant(row):
    return np.stack([np.roll(row, shift) for shift in range(len(row))])


def test_rates_of_a_kernel_whose_eigenvectors_are_waves():
    row = np.exp(np.cos(2 * np.pi * np.arange(12) / 12))
    modes = np.array([0, 1, 4])
    # The eigenvalues of a circulant matrix are the transform of its row.
    eigenvalues = np.fft.rfft(row).real[modes]
    rates = theory.mode_rates([circulant(row), 3 * circulant(row)], modes)
    np.testing.assert_allclose(rates, [eigenvalues / 6, eigenvalues / 2])


def test_learning_times_of_such_a_kernel_are_ln_10_over_the_rate():
    row = np.exp(np.cos(2 * np.pi * np.arange(12) / 12))
    _, y = targets.equal_amplitudes(12, (1, 2, 4), seed=0)
    modes = [1, 2, 4]
    times = theory.learning_times(circulant(row), y, modes)
    exact = np.log(10) / theory.mode_rates(circulant(row), modes)
    assert (times >= exact * 0.999).all()
    assert (times <= exact * 1.021).all()


def test_learning_times_are_those_of_the_differential_equation():
    rng = np.random.default_rng(1)
    root = rng.standard_normal((2, 8, 8)) + 2 * np.eye(8)
    kernels = root @ root.mT
    y = rng.standard_normal(8)
    modes = [1, 2]
    times = theory.learning_times(kernels, y, modes, threshold=0.3)
    wanted = np.fft.rfft(y)[modes]
    for matrix, row in zip(kernels, times, strict=True):
        flow = solve_ivp(
            lambda _, e, k=matrix: -2 / 8 * k @ e, (0, row.max() * 1.1), -y,
            dense_output=True, rtol=1e-9, atol=1e-12,
        )  # fmt: skip
        for i, time in enumerate(row):
            just_before = np.linspace(0, time / 1.021, 400)
            errors = np.abs(np.fft.rfft(flow.sol(just_before), axis=0)[modes[i]] / wanted[i])
            assert (errors > 0.3 * 0.999).all()
            now = np.fft.rfft(flow.sol(time))[modes[i]]
            assert abs(now / wanted[i]) < 0.3 * 1.001


def test_what_the_kernel_cannot_learn_takes_the_longest_time():
    flat = np.ones((8, 8))  # moves the mean only
    _, y = targets.equal_amplitudes(8, (1,), seed=0)
    time = theory.learning_times(flat, y + 1, [0, 1])
    assert time[1] == pytest.approx(LONGEST * 8 / 2 / 8)
    assert time[0] < 10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: theory.kernel(MLP([1, 2, 2]), [0, 1]),
         r"nets: expected networks with one output, got 2"),
        (lambda: theory.kernel(MLP([2, 2, 1]), [0.0, 1.0]),
         r"x: the networks take 2 input\(s\), got points of shape \(2,\)"),
        (lambda: theory.mode_trajectories(np.eye(4), np.ones(3), [1], [0.0]),
         r"target: expected one value per point of the kernel \(4\), got 3"),
        (lambda: theory.mode_trajectories(np.eye(4), [1, -1, 1, -1], [2, 1], [0.0]),
         r"target: expected power at all modes, got none at 1"),
        (lambda: theory.mode_rates(np.ones((2, 3)), [1]),
         r"kernels: expected shape \(\.\.\., N, N\), got \(2, 3\)"),
        (lambda: theory.learning_times(np.eye(4), np.ones(3), [1]),
         r"target: expected one value per point of the kernel \(4\), got 3"),
        (lambda: theory.learning_times(np.eye(4), np.ones(4), [1], threshold=0),
         r"threshold: expected a finite number above 0, got 0"),
    ],
)  # fmt: skip
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
