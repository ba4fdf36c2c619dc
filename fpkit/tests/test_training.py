"""Training against a plain torch loop; records, batches, interruptions, bad arguments."""

import math
import signal
import threading
import warnings
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from book.convnets import ConvNet
from book.filtering.high_first import HighFirst
from book.fourier_loss.curriculum import Curriculum
from book.limits.derivatives import Derivative
from book.linear_theory.two_layer import TwoLayer
from book.ntk.wide import WideMLP
from fpkit import MLP, DivergenceError, losses, targets, threads, train
from fpkit.checkpoint import Checkpoint
from fpkit.interruption import watched
from fpkit.parts import members_of_parts
from fpkit.tests import interrupted_at, label
from fpkit.tests.test_networks import plain_network

X = np.linspace(-1, 1, 12)
Y = np.sin(3 * X)


def network(**changes) -> MLP:
    return MLP(**{"widths": [1, 8, 8, 1], "weight_std": 0.5, "dtype": torch.float64, **changes})


def fit(nets=None, x=X, y=Y, **changes):
    how = {"steps": 10, "lr": 0.01, "record_every": 2, "progress": False, **changes}
    return train(network() if nets is None else nets, x, y, **how)


@contextmanager
def steps_seen():
    """Yield the list of the steps before which a training was watched."""
    seen = []
    with watched(lambda step, _: seen.append(step)):
        yield seen


def observe_norm(nets):
    return {"norm": nets.weights[0].square().sum(dim=(1, 2))}


# --- the same as plain torch -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("adam", torch.optim.Adam),
        ("adamw", torch.optim.AdamW),
        ("sgd", torch.optim.SGD),
        ("momentum", lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9)),
        ("rmsprop", torch.optim.RMSprop),
        (torch.optim.NAdam, torch.optim.NAdam),
        (lambda p, lr: torch.optim.Adagrad(p, lr=lr), torch.optim.Adagrad),
    ],
)
def test_trajectory_is_that_of_a_plain_loop(ours, theirs):
    nets = network()
    plain = plain_network(nets)
    optimizer = theirs(plain.parameters(), lr=0.01)
    x, y = torch.from_numpy(X)[:, None], torch.from_numpy(Y)[:, None]
    expected = []
    for _ in range(50):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(plain(x), y)
        expected.append(loss.item())
        loss.backward()
        optimizer.step()
    run = fit(nets, steps=50, record_every=1, optimizer=ours)
    torch.testing.assert_close(nets(x)[0], plain(x), rtol=0, atol=1e-10)
    np.testing.assert_allclose(run.losses[0, :50], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("optimizer", "update"),
    [("sgd", lambda g: g), ("adam", lambda g: g / (abs(g) + 1e-8))],
)
def test_first_update_of_a_line_by_hand(optimizer, update):
    nets = network(widths=[1, 1], activation="linear")
    w, b = nets.weights[0].item(), nets.biases[0].item()
    residual = w * X + b - Y
    w -= 0.01 * update(2 * np.mean(residual * X))
    b -= 0.01 * update(2 * np.mean(residual))
    fit(nets, steps=1, record_every=1, optimizer=optimizer)
    assert nets.weights[0].item() == pytest.approx(w, rel=1e-12)
    assert nets.biases[0].item() == pytest.approx(b, rel=1e-12)


def test_another_loss_is_minimised_and_recorded():
    nets = network()
    start = np.abs(nets(torch.from_numpy(X)[:, None])[0, :, 0].detach().numpy() - Y).mean()
    run = fit(nets, steps=200, loss=losses.mae)
    assert run.losses[0, 0] == pytest.approx(start, rel=1e-6)
    assert run.losses[0, -1] < start / 2


def test_every_member_learns_its_own_target():
    y = np.stack([np.sin(X), -np.sin(X)])
    run = fit(network(seeds=[0, 0]), y=y, steps=300)
    assert np.array_equal(run.y, y)
    np.testing.assert_allclose(run.outputs[:, -1], y, atol=0.1)


def test_several_inputs_and_outputs():
    points = np.random.default_rng(0).standard_normal((12, 2))
    y = np.stack([points.sum(axis=1), points[:, 0]], axis=1)
    run = fit(network(widths=[2, 8, 2], seeds=range(3)), points, y, steps=4)
    assert (run.x.shape, run.y.shape) == ((12, 2), (1, 12, 2))
    assert run.outputs.shape == (3, 3, 12, 2)


@pytest.mark.parametrize("dtype", [np.int64, np.float32, bool])
def test_other_real_types_are_accepted(dtype):
    y = np.arange(12).astype(dtype)
    assert np.array_equal(fit(y=y).y[0], y)


@pytest.mark.parametrize("how", [{}, {"batch_size": 5}, {"optimizer": "rmsprop"}])
def test_the_same_call_gives_the_same_numbers_to_the_last_bit(how):
    nets, others = network(seeds=[0, 1]), network(seeds=[0, 1])
    one, other = fit(nets, **how), fit(others, **how)
    assert np.array_equal(one.losses, other.losses)
    assert np.array_equal(one.outputs, other.outputs)
    assert all(map(torch.equal, nets.parameters(), others.parameters()))


def test_training_leaves_global_random_state_alone():
    before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    fit(batch_size=3)
    assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(np.random.get_state()[1], numpy_before)  # noqa: NPY002


# --- records ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "every", "expected"),
    [
        (6, 2, [0, 2, 4, 6]),
        (7, 3, [0, 3, 6, 7]),
        (5, 5, [0, 5]),
        (1, 1, [0, 1]),
        (9, [0, 1, 4], [0, 1, 4, 9]),
        (4, (0, 1, 4, 7), [0, 1, 4]),
        (3, [0], [0, 3]),
    ],
)
def test_recorded_steps(steps, every, expected):
    assert fit(steps=steps, record_every=every).steps.tolist() == expected


@pytest.mark.parametrize("batch_size", [None, 4])
def test_a_record_is_the_state_after_so_many_updates(batch_size):
    run = fit(steps=10, record_every=5, batch_size=batch_size)
    for record, steps in enumerate((5, 10), start=1):
        nets = network()
        fit(nets, steps=steps, record_every=5, batch_size=batch_size)
        outputs = nets(torch.from_numpy(X)[:, None])[0, :, 0].detach().numpy()
        np.testing.assert_allclose(run.outputs[0, record], outputs, rtol=1e-6)
        assert run.losses[0, record] == pytest.approx(np.mean((outputs - Y) ** 2), rel=1e-6)


def test_record_zero_is_before_training():
    expected = network()(torch.from_numpy(X)[:, None])[0, :, 0].detach().numpy()
    np.testing.assert_allclose(fit().outputs[0, 0], expected, rtol=1e-6)


def test_record_x_records_elsewhere():
    elsewhere = np.linspace(-3, 3, 5)
    nets = network(seeds=[0, 1])
    run = fit(nets, eval_x=elsewhere)
    expected = nets(torch.from_numpy(elsewhere)[:, None])[..., 0].detach().numpy()
    assert np.array_equal(run.eval_x, elsewhere)
    np.testing.assert_allclose(run.outputs[:, -1], expected, rtol=1e-6)


def test_record_x_does_not_change_training_or_its_loss():
    assert np.array_equal(fit(eval_x=[0.0, 1.0, 2.0]).losses, fit().losses)


def test_observe_is_called_at_every_record():
    nets = network(seeds=[0, 1])
    run = fit(nets, observe=observe_norm)
    assert run.observed["norm"].shape == (2, 6)
    for record, now in ((0, network(seeds=[0, 1])), (-1, nets)):
        expected = (now.weights[0].detach().numpy() ** 2).sum(axis=(1, 2))
        np.testing.assert_allclose(run.observed["norm"][:, record], expected, rtol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_records_have_the_precision_of_the_networks(dtype):
    nets = network(seeds=[0, 1], dtype=dtype)
    run = fit(nets, observe=observe_norm)
    x = torch.from_numpy(X)[:, None].to(dtype)
    outputs = nets(x)[..., 0].detach().numpy()  # tanh is torch's here, and NumPy's in training
    rounding = 4 * np.finfo(outputs.dtype).eps
    np.testing.assert_allclose(run.outputs[:, -1], outputs, rtol=0, atol=rounding)
    norm = observe_norm(nets)["norm"].detach().numpy()
    assert np.array_equal(run.observed["norm"][:, -1], norm)
    assert {run.losses.dtype, run.outputs.dtype, run.observed["norm"].dtype} == {norm.dtype}


def test_a_double_network_learns_beyond_single_precision():
    """A line learned to rounding: the error is far below the 1e-7 of single precision."""
    nets = network(widths=[1, 1], activation="linear")
    run = fit(nets, y=2 * X + 1, steps=400, lr=0.3, optimizer="sgd")
    assert np.abs(run.outputs[0, -1] - (2 * X + 1)).max() < 1e-13
    assert run.losses[0, -1] < 1e-26


def test_run_keeps_what_was_asked():
    run = fit(network(seeds=[4, 2]))
    assert run.seeds == (4, 2)
    assert run.completed
    assert np.array_equal(run.x, X)
    assert np.array_equal(run.eval_x, X)
    assert np.array_equal(run.y, Y[None])


# --- mini-batches ----------------------------------------------------------------------------


def seen_batches(size, steps, **how):
    """Return the targets of each update, for targets 0, 1, …, 11."""
    seen = []

    def spy(outputs, targets):
        if targets.shape[1] == size:
            seen.append(targets[0, :, 0].int().tolist())
        return losses.mse(outputs, targets)

    fit(y=np.arange(12), steps=steps, record_every=steps, batch_size=size, loss=spy, **how)
    return seen[:steps]


def test_an_epoch_sees_every_point_once():
    seen = seen_batches(size=4, steps=6)
    first, second = (
        [point for batch in epoch for point in batch] for epoch in (seen[:3], seen[3:])
    )
    assert sorted(first) == sorted(second) == list(range(12))
    assert first != second


def test_an_epoch_repeats_no_point_when_the_batch_does_not_divide():
    seen = seen_batches(size=5, steps=8)
    for epoch in range(4):
        points = seen[2 * epoch] + seen[2 * epoch + 1]
        assert len(set(points)) == 10


def test_batches_depend_on_their_seed_only():
    assert seen_batches(4, 6, batch_seed=1) == seen_batches(4, 6, batch_seed=1)
    assert seen_batches(4, 6, batch_seed=1) != seen_batches(4, 6, batch_seed=2)


def test_points_and_targets_stay_together_in_a_batch():
    # A line is learned exactly only if every batch pairs each point with its own target.
    nets = network(widths=[1, 1], activation="linear")
    run = fit(nets, y=2 * X + 1, steps=400, lr=0.1, optimizer="sgd", batch_size=3)
    assert run.losses[0, -1] < 1e-12


def test_the_recorded_loss_may_be_of_the_first_points_only():
    run = fit(steps=6, batch_size=4, loss_points=5)
    expected = np.square(run.outputs[0] - Y)[:, :5].mean(axis=1)
    np.testing.assert_allclose(run.losses[0], expected, rtol=1e-6)
    assert np.array_equal(run.outputs, fit(steps=6, batch_size=4).outputs)


def test_one_batch_of_all_points_is_the_full_batch():
    np.testing.assert_allclose(
        fit(steps=50, batch_size=12).outputs, fit(steps=50).outputs, atol=1e-7
    )


# --- what goes wrong -------------------------------------------------------------------------


def test_divergence_names_step_member_and_seed():
    nets = network(seeds=[5, 6, 7], widths=[1, 1], activation="linear")
    with torch.no_grad():
        nets.weights[0][1] = 1e200  # its square is infinite
    with pytest.raises(
        DivergenceError, match=r"loss of member 1 \(seed 6\) is inf at step 0; try a smaller lr"
    ):
        fit(nets)


def test_divergence_through_the_learning_rate_is_caught_at_a_record():
    nets = network(widths=[1, 1], activation="linear", dtype=torch.float32)
    with pytest.raises(DivergenceError, match=r"is (inf|nan) at step \d*[02468]; try a smaller"):
        fit(nets, steps=2000, lr=10.0, optimizer="sgd")


def test_a_loss_beyond_single_precision_is_not_finite():
    nets = network(widths=[1, 1], activation="linear", dtype=torch.float32)
    with torch.no_grad():
        nets.weights[0][0] = 1e30  # its square is finite as a float64 only
    with pytest.raises(DivergenceError, match=r"is inf at step 0"):
        fit(nets, loss=lambda f, y: losses.mse(f.double(), y.double()))


@pytest.mark.parametrize(
    ("loss", "shape"),
    [(lambda f, y: (f - y).square().mean(), r"\(\)"),
     (lambda f, y: (f - y).square(), r"\(2, 12, 1\)"),
     (lambda f, y: 0.5, r"builtins.float")],
)  # fmt: skip
def test_a_loss_of_another_shape_is_refused(loss, shape):
    message = rf"loss: expected one number per member, shape \(2,\), got {shape}"
    with pytest.raises(ValueError, match=message):
        fit(network(seeds=[0, 1]), loss=loss)


def test_interruption_keeps_the_records():
    with interrupted_at(5, r"stopped by hand; what was recorded is kept$"):
        run = fit()
    whole = fit()
    assert not run.completed
    assert run.steps.tolist() == [0, 2, 4]
    assert np.array_equal(run.outputs, whole.outputs[:, :3])
    assert np.array_equal(run.losses, whole.losses[:, :3])


def test_interruption_leaves_networks_between_two_steps():
    nets, five = network(), network()
    with interrupted_at(5):
        fit(nets)
    fit(five, steps=5)
    assert all(map(torch.equal, nets.parameters(), five.parameters()))


def test_several_steps_may_be_made_at_a_time_but_none_of_a_record_is_passed():
    with steps_seen() as seen:
        fit(steps=50, record_every=[0, 30])
    assert seen == [20, 30, 50]


def interrupt_within(nets):
    signal.raise_signal(signal.SIGINT)
    return observe_norm(nets)


def test_interruption_before_the_first_record_waits_for_it():
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        run = fit(observe=interrupt_within)
    assert run.steps.tolist() == [0]


def test_interruption_of_the_last_record_is_not_forgotten():
    with interrupted_at(10):
        run = fit(steps=10, record_every=10)
    assert run.steps.tolist() == [0]

    def observe(nets):
        if nets.weights[0][0, 0, 0] != first:
            signal.raise_signal(signal.SIGINT)
        return {}

    nets = network()
    first = nets.weights[0][0, 0, 0].clone()
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        run = fit(nets, steps=10, record_every=10, observe=observe)
    assert run.steps.tolist() == [0, 10]
    assert not run.completed


def test_a_second_interruption_acts_at_once():
    def impatient(outputs, targets):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return losses.mse(outputs, targets)

    with pytest.raises(KeyboardInterrupt):
        fit(loss=impatient, record_every=10)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_interruption_is_as_before_after_a_training():
    fit()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.SIG_DFL])
def test_handlers_of_others_stay(handler):
    before = signal.signal(signal.SIGINT, handler)
    try:
        fit()
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_a_thread_nobody_is_interrupted():
    runs = []
    thread = threading.Thread(target=lambda: runs.append(fit()))
    thread.start()
    thread.join()
    assert runs[0].completed


@pytest.mark.usefixtures("each_step")
def test_who_watches_may_stop_without_a_warning(tmp_path):
    with warnings.catch_warnings(), watched(lambda step, steps: (step, steps) == (7, 10)):
        warnings.simplefilter("error")
        run = fit(checkpoint=tmp_path / "run.part")
    assert not run.completed
    assert run.steps.tolist() == [0, 2, 4, 6]
    with steps_seen() as seen:
        assert fit(checkpoint=tmp_path / "run.part").completed
    assert seen == [8, 9, 10]


@pytest.mark.parametrize(
    "how",
    [{}, {"batch_size": 5}, {"optimizer": "momentum"}, {"eval_x": [0.0, 2.0]},
     {"nets": {"antisymmetric": True, "seeds": [0, 1]}}],
    ids=["full batch", "batches", "momentum", "eval_x", "antisymmetric"],
)  # fmt: skip
@pytest.mark.parametrize("step", [20, 21])
@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.usefixtures("each_step")
def test_interrupted_and_resumed_equals_uninterrupted(tmp_path, monkeypatch, how, step, parts):
    """At a record and between two of them; within the first 20 seconds, too."""
    monkeypatch.setattr("fpkit.parts.WORK", 1 if parts == 2 else 1 << 24)
    how = {"steps": 31, **how}
    kind, path = {"seeds": [0, 1], **how.pop("nets", {})}, tmp_path / "run.part"
    whole_nets, resumed_nets = network(**kind), network(**kind)
    assert len(members_of_parts(whole_nets, 12)) == parts
    whole = fit(whole_nets, **how)
    with interrupted_at(step, rf"the same call goes on at step {step} from .*run.part$"):
        fit(network(**kind), checkpoint=path, **how)
    with steps_seen() as seen:
        resumed = fit(resumed_nets, checkpoint=path, **how)
    assert seen[0] == step + 1  # it did not begin anew
    assert resumed.completed
    assert np.array_equal(resumed.steps, whole.steps)
    assert np.array_equal(resumed.losses, whole.losses)
    assert np.array_equal(resumed.outputs, whole.outputs)
    assert all(map(torch.equal, resumed_nets.parameters(), whole_nets.parameters()))


def test_a_finished_run_is_not_trained_again(tmp_path, monkeypatch):
    path, nets = tmp_path / "run.part", network()
    whole = fit(nets, checkpoint=path)
    monkeypatch.setattr(torch.Tensor, "backward", None)
    again = network()
    same = fit(again, checkpoint=path)
    assert np.array_equal(same.losses, whole.losses)
    assert np.array_equal(same.outputs, whole.outputs)
    assert all(map(torch.equal, again.parameters(), nets.parameters()))


def test_resuming_restores_what_was_observed(tmp_path):
    how = {"steps": 31, "record_every": 4, "observe": observe_norm}
    whole = fit(**how)
    with interrupted_at(19):
        fit(checkpoint=tmp_path / "run.part", **how)
    resumed = fit(checkpoint=tmp_path / "run.part", **how)
    assert np.array_equal(resumed.observed["norm"], whole.observed["norm"])


def test_names_of_what_is_observed_are_kept_apart_from_records(tmp_path):
    fit(checkpoint=tmp_path / "run.part", observe=observe_losses)
    run = fit(checkpoint=tmp_path / "run.part", observe=observe_losses)
    assert (run.observed["losses"] == 5).all()
    assert np.array_equal(run.losses, fit().losses)


def observe_losses(nets):
    return {"losses": torch.full((nets.size,), 5.0)}


def scaled(outputs, wanted, factor=1.0):
    return factor * losses.mse(outputs, wanted)


def observe_scaled(factor, nets):
    return {"norm": factor * observe_norm(nets)["norm"]}


@pytest.mark.parametrize("step", [5, None], ids=["interrupted", "finished"])
@pytest.mark.parametrize(
    "other",
    [{"lr": 0.02}, {"steps": 12}, {"y": -Y}, {"x": X + 1}, {"optimizer": "sgd"},
     {"batch_size": 3}, {"record_every": 3}, {"eval_x": X}, {"nets": {"seeds": [9]}},
     {"nets": {"activation": "relu"}}, {"nets": {"antisymmetric": True}},
     {"nets": {"dtype": torch.float32}}, {"loss": losses.half_sse},
     {"loss": losses.WeightedFourier(np.ones(7))}, {"loss": partial(scaled, factor=2.0)},
     {"observe": None}, {"observe": observe_losses}, {"observe": partial(observe_scaled, 2.0)},
     {"optimizer": partial(torch.optim.Adam, betas=(0.5, 0.9))}],
    ids=label,
)  # fmt: skip
def test_checkpoint_of_another_call_is_refused(tmp_path, step, other):
    path = tmp_path / "run.part"
    how = {"checkpoint": path, "loss": partial(scaled, factor=1.0)}
    how |= {"observe": partial(observe_scaled, 1.0)}
    if step is None:
        fit(**how)
    else:
        with interrupted_at(step):
            fit(**how)
    before = path.read_bytes()
    nets = network(**other.get("nets", {}))
    with pytest.raises(ValueError, match=r"run.part belongs to a run with other settings; delete"):
        fit(nets, **{**how, **{k: v for k, v in other.items() if k != "nets"}})
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WideMLP([1, 8, 1], gain=1.0), WideMLP([1, 8, 1], gain=3.0)),
        (WideMLP([1, 8, 1], bias=1.0), WideMLP([1, 8, 1], bias=3.0)),
        (WideMLP([1, 8, 1]), WideMLP([1, 8, 1], scaling="mean field")),
        (Derivative(0, [8]), Derivative(1, [8])),
        (losses.WeightedFourier(np.ones(7)), losses.WeightedFourier(np.arange(7))),
        (HighFirst(X[:, None], 0.1, 0.5), HighFirst(X[:, None], 0.1, 0.2)),
    ],
    ids=["gain", "bias", "scaling", "order", "weights", "low weight"],
)
def test_checkpoint_knows_every_setting_of_networks_and_losses(tmp_path, one, other):
    """What a network or a loss does with the same parameters depends on them."""
    calls = [
        {"loss": thing} if isinstance(thing, losses.nn.Module) and not hasattr(thing, "seeds")
        else {"nets": thing} for thing in (one, other)
    ]  # fmt: skip
    fit(**calls[0], checkpoint=tmp_path / "run.part")
    with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
        fit(**calls[1], checkpoint=tmp_path / "run.part")


@pytest.mark.parametrize("precision", ["medium"])
def test_checkpoint_knows_the_precision_of_products(tmp_path, precision):
    fit(checkpoint=tmp_path / "run.part")
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision)
    try:
        with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
            fit(checkpoint=tmp_path / "run.part")
    finally:
        torch.set_float32_matmul_precision(before)


class Keeper:
    """A loss whose state nobody sees."""

    def __init__(self):
        self.factor = 1.0

    def __call__(self, outputs, wanted):
        return self.factor * losses.mse(outputs, wanted)


@pytest.mark.parametrize(
    "how",
    [{"loss": lambda f, y: losses.mse(f, y)}, {"loss": Keeper()},
     {"loss": Keeper().__call__}, {"optimizer": lambda p, lr: torch.optim.SGD(p, lr=lr)},
     {"optimizer": partial(lambda p, lr: torch.optim.SGD(p, lr=lr))},
     {"observe": lambda nets: {"one": torch.ones(nets.size)}}],
    ids=["lambda", "state", "method", "optimizer", "partial", "observe"],
)  # fmt: skip
def test_what_cannot_be_told_from_others_gets_no_checkpoint(tmp_path, how):
    (name,) = how
    with pytest.raises(ValueError, match=rf"^{name}: "):
        fit(checkpoint=tmp_path / "run.part", **how)
    assert not (tmp_path / "run.part").exists()
    assert fit(**how).completed


def observe_stage(loss, _):
    return {"stage": loss.stage}


class Staged:
    """A curriculum on a staircase whose stages end by patience, and its training."""

    x, y = targets.staircase(60, 0.5)

    def __init__(self, **changes):
        how = {"members": 1, "direction": "low to high", "threshold": 1e-9, "patience": 7}
        self.loss = Curriculum(self.y, [1, 4, 12], **{**how, **changes})

    def fit(self, **how):
        how = {"steps": 31, "observe": partial(observe_stage, self.loss), **how}
        return fit(how.pop("nets", network()), self.x, self.y, loss=self.loss, **how)


@pytest.mark.parametrize("step", [5, 6, 7, 14])
def test_a_curriculum_resumes_to_the_last_bit(tmp_path, step):
    path, whole = tmp_path / "run.part", Staged().fit()
    with interrupted_at(step):
        Staged().fit(checkpoint=path)
    resumed = Staged().fit(checkpoint=path)
    assert whole.observed["stage"][0, -1] == 2
    assert np.array_equal(resumed.observed["stage"], whole.observed["stage"])
    assert np.array_equal(resumed.losses, whole.losses)
    assert np.array_equal(resumed.outputs, whole.outputs)


def test_a_record_does_not_move_a_curriculum_with_batches():
    stages = []
    for every in (1, 5, 12):
        staged = Staged()
        staged.fit(steps=12, record_every=every, batch_size=60)
        stages.append((staged.loss.stage.item(), staged.loss.age.item()))
    assert stages == [(1, 6)] * 3  # 13 updates of the loss: 7 in the first stage


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Staged(), Staged(patience=8)),
        (Staged(), Staged(threshold=0.2)),
        (Staged(), Staged(direction="high to low")),
    ],
    ids=["patience", "threshold", "direction"],
)
def test_checkpoint_of_another_curriculum_is_refused(tmp_path, one, other):
    path = tmp_path / "run.part"
    with interrupted_at(6):
        one.fit(checkpoint=path)
    with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
        other.fit(checkpoint=path)


@pytest.mark.parametrize("content", [b"", b"hello" * 100, b"PK\3\4" + bytes(500)])
def test_damaged_checkpoint(tmp_path, content):
    path = tmp_path / "run.part"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint: .*run.part is damaged; delete it$"):
        fit(checkpoint=path)


def test_no_byte_of_a_checkpoint_may_change_or_be_missing(tmp_path):
    path = tmp_path / "run.part"
    saved = Checkpoint(path, ["a run"])
    saved.save(step=3, records={"losses": torch.arange(50.0)})
    whole = path.read_bytes()
    assert saved.load()["records"]["losses"].tolist() == list(range(50))
    changed = [whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :] for i in range(len(whole))]
    for content in (*changed, whole[: len(whole) // 2], whole[:-1], whole + b"0"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"run.part is damaged; delete it$"):
            saved.load()


@pytest.mark.parametrize(("due", "steps"), [(False, [10]), (True, list(range(11)))])
@pytest.mark.usefixtures("each_step")
def test_checkpoint_is_written_when_it_is_time_and_at_the_end(tmp_path, monkeypatch, due, steps):
    saved = []
    monkeypatch.setattr(Checkpoint, "due", lambda _: due)
    monkeypatch.setattr(Checkpoint, "save", lambda self, step, **state: saved.append(step))
    fit(checkpoint=tmp_path / "run.part", record_every=5)
    assert saved == steps


def test_checkpoint_waits_between_saves(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("fpkit.checkpoint.time.monotonic", lambda: now[0])
    checkpoint = Checkpoint(tmp_path / "run.part", [], seconds=20)
    now[0] = 20.0
    assert checkpoint.due()
    checkpoint.save(step=1)
    now[0] = 39.9
    assert not checkpoint.due()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, "steps: expected a whole number of at least 1, got 0"),
        ({"steps": -3}, "steps: expected a whole number of at least 1, got -3"),
        ({"steps": 2.5}, "steps: expected a whole number of at least 1, got 2.5"),
        ({"steps": "9"}, "steps: expected a whole number of at least 1, got '9'"),
        ({"steps": math.inf}, "steps: expected a whole number of at least 1, got inf"),
        ({"steps": True}, "steps: expected a whole number of at least 1, got True"),
        ({"lr": "a"}, "lr: expected a finite number above 0, got 'a'"),
        ({"lr": 0}, "lr: expected a finite number above 0, got 0"),
        ({"lr": -0.1}, "lr: expected a finite number above 0, got -0.1"),
        ({"lr": math.nan}, "lr: expected a finite number above 0, got nan"),
        ({"record_every": 11}, "record_every: expected at most steps=10, got 11"),
        ({"record_every": 0}, "record_every: expected a whole number of at least 1, got 0"),
        ({"record_every": [1, 4]}, "record_every: expected increasing steps from 0 on, got"),
        ({"record_every": [0, 4, 4]}, "record_every: expected increasing steps from 0 on, got"),
        ({"record_every": []}, r"record_every: expected increasing steps from 0 on, got \[\]"),
        ({"record_every": [0, -1]}, "record_every: expected a whole number of at least 1, got -1"),
        ({"record_every": "5"}, "record_every: expected a whole number of at least 1, got '5'"),
        ({"record_every": 2.5}, "record_every: expected a whole number of at least 1, got 2.5"),
        ({"loss_points": 0}, "loss_points: expected a whole number of at least 1, got 0"),
        ({"loss_points": 13},
         r"loss_points: expected at most the number of points \(12\), got 13"),
        ({"batch_size": 13}, r"batch_size: expected at most the number of points \(12\), got 13"),
        ({"batch_size": 0}, "batch_size: expected a whole number of at least 1, got 0"),
        ({"batch_size": 4, "batch_seed": -1},
         "batch_seed: expected a whole number of at least 0, got -1"),
        ({"batch_seed": -1}, "batch_seed: expected a whole number of at least 0, got -1"),
        ({"loss": "mse"}, "loss: expected a function such as losses.mse, got 'mse'"),
        ({"loss": HighFirst}, "loss: expected a function such as losses.mse, got"),
        ({"loss": lambda f, y: (f - y).detach().square().mean(dim=(1, 2))},
         "loss: expected real numbers, computed by torch from the outputs"),
        ({"loss": lambda f, y: (f - y).mean(dim=(1, 2)) * 1j},
         "loss: expected real numbers, computed by torch from the outputs"),
        ({"loss": losses.cross_entropy}, "cross_entropy needs an output for each class, got one"),
        ({"observe": "norm"}, "observe: expected a function of the networks, got 'norm'"),
        ({"observe": lambda nets: {"norm": torch.zeros(())}},
         r"observe: expected one number per member for 'norm', shape \(1,\), got \(\)"),
        ({"observe": lambda nets: {"norm": torch.zeros(3)}},
         r"observe: expected one number per member for 'norm', shape \(1,\), got \(3,\)"),
        ({"observe": lambda nets: {str(float(nets.biases[0][0, 0, 0])): torch.zeros(1)}},
         r"observe: expected \['.*'\] at every record, as at the first, got \['.*'\] at step 2"),
        ({"optimizer": "adma"}, "optimizer: 'adma' is not known; did you mean 'adam'"),
        ({"optimizer": None}, "optimizer: expected one of adam, .*got builtins.NoneType"),
        ({"optimizer": torch.optim.Adam(network().parameters())},
         "optimizer: expected one of adam, .* or what makes one, such as torch.optim.Adam, got"),
        ({"optimizer": lambda p, lr: None}, "optimizer: expected it to make a torch optimiser"),
        ({"optimizer": torch.optim.LBFGS}, "optimizer: LBFGS evaluates the loss itself"),
        ({"device": "gpu"}, "device: 'gpu' cannot be used here: Expected one of cpu, cuda"),
        ({"device": "meta"}, "device: 'meta' cannot be used here: "),
        ({"device": 7.5}, "device: 7.5 cannot be used here: "),
        ({"nets": X, "x": Y, "y": network()},
         r"nets: expected an ensemble such as fpkit.MLP.*got numpy.ndarray; .*train\(nets, x, y\)"),
        ({"nets": nn.Linear(1, 1)}, "nets: expected an ensemble .*got torch.nn.*Linear"),
        ({"nets": network().requires_grad_(False)}, "nets: expected a parameter that requires"),
        ({"y": Y[:, None]},
         r"y: expected shape \(12,\) .*got a column of shape \(12, 1\); write y\[:, 0\]"),
        ({"y": Y[:-1]}, r"y: expected one value per point of x \(12\), got 11"),
        ({"y": np.append(Y[:-1], np.nan)}, r"y: expected finite numbers, got nan at index \(11,\)"),
        ({"x": np.append(np.inf, X[1:])}, r"x: expected finite numbers, got inf at index \(0,\)"),
        ({"x": [0.0], "y": [1.0]}, "x: expected at least 2 points, got 1"),
        ({"x": []}, r"x: expected at least one value, got shape \(0,\)"),
        ({"x": np.zeros((12, 2))}, r"x: the networks take 1 input\(s\), got .* shape \(12, 2\)"),
        ({"eval_x": np.zeros((12, 2))}, r"eval_x: the networks take 1 input\(s\)"),
        ({"y": np.zeros((3, 12))}, "y: expected targets for all members or for each of 1, got 3"),
        ({"nets": network(widths=[1, 8, 2])},
         r"y: the networks have 2 output\(s\), got targets of shape \(12,\); end widths with 1"),
    ],
)  # fmt: skip
def test_bad_argument(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit(**arguments)


@pytest.mark.parametrize("name", ["x", "y"])
def test_complex_numbers_are_refused(name):
    with pytest.raises(TypeError, match=rf"{name}: expected real numbers, got dtype complex128"):
        fit(**{name: Y + 1j})


def test_networks_made_in_inference_mode_are_refused():
    with torch.inference_mode():
        nets = network()
    with pytest.raises(ValueError, match=r"nets: made under torch.inference_mode"):
        fit(nets)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
@pytest.mark.parametrize("device", ["cuda", "cuda:7", torch.device("cuda")])
def test_a_device_that_is_not_there(device):
    with pytest.raises(ValueError, match=r"device: .*cuda.* cannot be used here: "):
        fit(device=device)


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({"steps": 1e1}, {}),
        ({"steps": np.int64(10)}, {}),
        ({"record_every": 2.0}, {}),
        ({"record_every": np.arange(0, 10, 2)}, {}),
        ({"record_every": range(0, 10, 2)}, {}),
        ({"lr": np.float32(0.5)}, {"lr": 0.5}),
        ({"batch_size": 4.0, "loss_points": 3.0}, {"batch_size": 4, "loss_points": 3}),
        ({"x": torch.tensor(X, requires_grad=True)}, {}),
        ({"y": torch.tensor(Y, requires_grad=True)}, {}),
        ({"eval_x": torch.tensor(X, requires_grad=True)}, {"eval_x": X}),
        ({"device": torch.device("cpu")}, {}),
    ],
    ids=label,
)
def test_the_same_argument_in_another_type(given, plain):
    run, expected = fit(**given), fit(**plain)
    assert np.array_equal(run.steps, expected.steps)
    assert np.array_equal(run.losses, expected.losses)
    assert np.array_equal(run.outputs, expected.outputs)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("work", [1, 1 << 24], ids=["parts", "whole"])
def test_training_has_gradients_wherever_it_is_called(monkeypatch, mode, work):
    monkeypatch.setattr("fpkit.parts.WORK", work)
    nets = network(seeds=[0, 1])
    with mode():
        run = fit(nets)
    assert np.array_equal(run.outputs, fit(network(seeds=[0, 1])).outputs)
    assert not nets.weights[0].is_inference()


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_global_type_and_device_change_nothing(optimizer):
    x, y = targets.staircase(40, 0.5)

    def curriculum():
        how = {"members": 2, "direction": "low to high", "patience": 4}
        loss = Curriculum(y, [1, 4], **how)
        return fit(MLP([1, 8, 1], seeds=[0, 1]), x, y, loss=loss, optimizer=optimizer)

    expected = curriculum()
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    try:
        run = curriculum()
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_default_device(None)
    assert run.outputs.dtype == np.float32
    assert np.array_equal(run.outputs, expected.outputs)
    assert np.array_equal(run.losses, expected.losses)


def test_bad_argument_leaves_the_networks_alone():
    nets = network()
    before = [parameter.clone() for parameter in nets.parameters()]
    with pytest.raises(ValueError, match=r"lr"):
        fit(nets, lr=-1)
    assert all(map(torch.equal, nets.parameters(), before))


# --- the progress bar ------------------------------------------------------------------------


def bar_is_hidden(monkeypatch, **how) -> bool:
    shown = {}

    class Bar:
        n = 0

        def __init__(self, **options):
            shown.update(options)

        def update(self, _):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr("fpkit.training.tqdm", Bar)
    fit(**how)
    return shown["disable"]


def test_progress_is_shown_only_if_somebody_watches(monkeypatch):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    assert not bar_is_hidden(monkeypatch, progress=True)
    assert bar_is_hidden(monkeypatch, progress=False)
    monkeypatch.setenv("FPKIT_STATIC", "1")
    assert bar_is_hidden(monkeypatch, progress=True)


# --- threads ---------------------------------------------------------------------------------


@pytest.fixture
def torch_threads():
    """Set torch's number of threads; it is as before afterwards."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def kinds(seeds):
    """Ensembles of every kind, of sizes that no vector of a processor divides."""
    wide = {"seeds": seeds, "antisymmetric": False}
    return {
        "dense": MLP([1, 7, 5, 1], weight_std=0.5, activation="softplus", seeds=seeds),
        "antisymmetric": MLP([1, 7, 5, 1], weight_std=0.5, seeds=seeds, antisymmetric=True),
        "wide": WideMLP([1, 33, 1], seeds=seeds),
        "wide, plain": WideMLP([1, 33, 1], activation="sigmoid", **wide),
        "two layers": TwoLayer(9, outer=1.0, inner=1.0, seeds=seeds),
        "derivative": Derivative(2, [7, 5], weight_std=0.5, seeds=seeds),
    }


def with_threads(set_threads, count, make, *args, **how):
    set_threads(count)
    nets = make()
    run = fit(nets, *args, **how)
    assert torch.get_num_threads() == count
    return [
        run.losses,
        run.outputs,
        *run.observed.values(),
        *(p.detach() for p in nets.parameters()),
    ]


def same_with_any_number(set_threads, make, *args, **how):
    expected, *others = (
        with_threads(set_threads, count, make, *args, **how) for count in (1, 2, 3, 4)
    )
    for other in others:
        assert all(np.array_equal(a, b) for a, b in zip(expected, other, strict=True))


@pytest.fixture
def many_parts(monkeypatch):
    """Every ensemble is in as many parts as possible, on a machine of four processors."""
    monkeypatch.setattr("fpkit.parts.WORK", 1)
    monkeypatch.setattr(threads, "processors", lambda: 4)


@pytest.mark.parametrize("kind", sorted(kinds([0])))
@pytest.mark.parametrize("size", [2, 3, 5, 8, 9])
def test_numbers_do_not_depend_on_the_number_of_threads(torch_threads, many_parts, kind, size):
    y = np.sin(np.outer(np.arange(1, size + 1), X))
    same_with_any_number(torch_threads, lambda: kinds(range(size))[kind], y=y, lr=1e-3)


@pytest.mark.parametrize(
    "how",
    [{"batch_size": 5}, {"batch_size": 5, "eval_x": [0.0, 0.3]}, {"optimizer": "rmsprop"},
     {"optimizer": "momentum"}, {"observe": observe_norm}],
    ids=label,
)  # fmt: skip
def test_nor_do_those_of_batches_optimisers_and_what_is_observed(torch_threads, many_parts, how):
    make = lambda: network(seeds=range(5), dtype=torch.float32)  # noqa: E731
    same_with_any_number(torch_threads, make, **how)


def test_nor_do_those_of_images(torch_threads, many_parts):
    images = np.random.default_rng(0).random((7, 99))
    make = lambda: ConvNet((9, 11), 1, channels=(3,), hidden=(5,), seeds=range(5))  # noqa: E731
    same_with_any_number(torch_threads, make, images, np.arange(7.0))


def test_nor_do_those_of_a_curriculum(torch_threads, many_parts):
    """Its members are in stages of their own, and it sees all of them at once."""
    stages = []
    for count in (1, 4):
        torch_threads(count)
        staged = Staged(members=5, patience=None, threshold=0.5)
        stages.append(staged.fit(nets=network(seeds=range(5)), steps=200).observed["stage"])
    assert (stages[0] != stages[0][0]).any()
    assert np.array_equal(*stages)


def test_parts_are_trained_as_the_whole(monkeypatch):
    """To rounding: the same elements, but not at the same place of a vector."""
    nets, whole = (
        network(seeds=range(5), antisymmetric=True),
        network(seeds=range(5), antisymmetric=True),
    )
    expected = fit(whole, steps=50, lr=1e-3)
    monkeypatch.setattr("fpkit.parts.WORK", 1)
    run = fit(nets, steps=50, lr=1e-3)
    np.testing.assert_allclose(run.outputs, expected.outputs, rtol=0, atol=1e-11)
    for one, other in zip(nets.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-11)


def test_a_loss_sees_every_member_in_its_place(monkeypatch):
    monkeypatch.setattr("fpkit.parts.WORK", 1)
    weights = torch.arange(1.0, 6.0)[:, None, None]
    run = fit(network(seeds=[0] * 5), loss=lambda f, y: (weights * (f - y) ** 2).mean(dim=(1, 2)))
    np.testing.assert_allclose(run.losses[:, 0], run.losses[0, 0] * np.arange(1, 6), rtol=1e-12)


def test_parts_follow_from_the_work():
    nets = network(widths=[1, 100, 100, 1], seeds=range(9))
    work = sum(p.numel() for p in nets.parameters())
    few, many = (1 << 25) // work + 1, (1 << 27) // work + 1
    assert members_of_parts(nets, 1) == [range(9)]
    assert members_of_parts(nets, few) == [range(4), range(4, 9)]
    assert [len(members) for members in members_of_parts(nets, many)] == [1] * 7 + [2]
    assert members_of_parts(network(), 10**9) == [range(1)]
    nets.register_buffer("shared", torch.zeros(3))  # no row for each member
    assert members_of_parts(nets, many) == [range(9)]


def test_threads_are_given_back_after_an_error(torch_threads, many_parts):
    torch_threads(3)
    nets, before = network(seeds=range(4)), threading.active_count()
    with pytest.raises(DivergenceError):
        fit(nets, steps=2000, lr=1e300, optimizer="sgd")
    assert torch.get_num_threads() == 3
    assert threading.active_count() == before


def test_an_error_in_a_thread_comes_out(torch_threads, many_parts):
    torch_threads(4)
    nets = network(seeds=range(4))
    nets.forward = lambda x: 1 / 0
    with pytest.raises(ZeroDivisionError):
        fit(nets)


@pytest.mark.parametrize(("count", "most"), [(1, 1), (4, 4)])
def test_members_are_spread_over_as_many_threads_as_torch_has(
    torch_threads, many_parts, count, most
):
    inside, together = set(), threading.Barrier(most)

    class Seen(torch.optim.SGD):
        def step(self):
            together.wait()
            inside.add((threading.current_thread().name, torch.get_num_threads()))
            return super().step()

    torch_threads(count)
    fit(network(seeds=range(4)), steps=1, record_every=1, optimizer=Seen)
    assert len(inside) == most
    assert {threads for _, threads in inside} == {1}
