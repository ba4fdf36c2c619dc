"""Training against a plain torch loop; records, batches, interruptions, bad arguments."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from fpkit import MLP, DivergenceError, losses, targets, train
from fpkit.checkpoint import Checkpoint

from .test_networks import plain_network

X = np.linspace(-1, 1, 12)
Y = np.sin(3 * X)


def network(**changes) -> MLP:
    return MLP(**{"widths": [1, 8, 8, 1], "weight_std": 0.5, "dtype": torch.float64, **changes})


def fit(nets=None, x=X, y=Y, **changes):
    how = {"steps": 10, "lr": 0.01, "record_every": 2, "progress": False, **changes}
    return train(network() if nets is None else nets, x, y, **how)


class Counting:
    """The mean square, counting its calls; raises KeyboardInterrupt at call number ``stop``."""

    def __init__(self, stop=math.inf):
        self.calls, self.stop = 0, stop

    def __call__(self, outputs, targets):
        self.calls += 1
        if self.calls == self.stop:
            raise KeyboardInterrupt
        return losses.mean_square(outputs, targets)


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
    run = fit(nets, steps=200, loss=losses.mean_absolute)
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


def on_many_points(threads):
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    x, y = targets.staircase(1_000, 0.5)
    nets = MLP([1, 200, 200, 200, 100, 1], weight_std=0.1)
    run = fit(nets, x, y, steps=30, lr=1e-3, record_every=10)
    torch.set_num_threads(before)
    return run


def test_the_number_of_threads_changes_roundings_only():
    one, again, other = (on_many_points(threads) for threads in (2, 2, 1))
    assert np.array_equal(one.outputs, again.outputs)
    assert np.array_equal(one.losses, again.losses)
    np.testing.assert_allclose(one.outputs, other.outputs, rtol=0, atol=1e-5)
    np.testing.assert_allclose(one.losses, other.losses, rtol=1e-5)
    assert np.abs(np.diff(one.losses)).max() > 1e-3  # it did learn


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
    run = fit(nets, record_x=elsewhere)
    expected = nets(torch.from_numpy(elsewhere)[:, None])[..., 0].detach().numpy()
    assert np.array_equal(run.record_x, elsewhere)
    np.testing.assert_allclose(run.outputs[:, -1], expected, rtol=1e-6)


def test_record_x_does_not_change_training_or_its_loss():
    assert np.array_equal(fit(record_x=[0.0, 1.0, 2.0]).losses, fit().losses)


def test_observe_is_called_at_every_record():
    nets = network(seeds=[0, 1])
    run = fit(nets, observe=observe_norm)
    assert run.observed["norm"].shape == (2, 6)
    for record, now in ((0, network(seeds=[0, 1])), (-1, nets)):
        expected = (now.weights[0].detach().numpy() ** 2).sum(axis=(1, 2))
        np.testing.assert_allclose(run.observed["norm"][:, record], expected, rtol=1e-6)


def test_run_keeps_what_was_asked():
    run = fit(network(seeds=[4, 2]))
    assert run.seeds == (4, 2)
    assert run.completed
    assert np.array_equal(run.x, X)
    assert np.array_equal(run.record_x, X)
    assert np.array_equal(run.y, Y[None])


# --- mini-batches ----------------------------------------------------------------------------


def seen_batches(size, steps, **how):
    """Return the targets of each update, for targets 0, 1, …, 11."""
    seen = []

    def spy(outputs, targets):
        if targets.shape[1] == size:
            seen.append(targets[0, :, 0].int().tolist())
        return losses.mean_square(outputs, targets)

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
    nets = network(widths=[1, 1], activation="linear")
    with torch.no_grad():
        nets.weights[0][0] = 1e30  # its square is finite as a float64 only
    with pytest.raises(DivergenceError, match=r"is inf at step 0"):
        fit(nets)


@pytest.mark.parametrize(
    ("loss", "shape"),
    [(lambda f, y: (f - y).square().mean(), r"\(\)"),
     (lambda f, y: (f - y).square(), r"\(2, 12, 1\)")],
)  # fmt: skip
def test_a_loss_of_another_shape_is_refused(loss, shape):
    message = rf"loss: expected one number per member, shape \(2,\), got {shape}"
    with pytest.raises(ValueError, match=message):
        fit(network(seeds=[0, 1]), loss=loss)


def test_interruption_keeps_the_records():
    with pytest.warns(UserWarning, match=r"stopped by hand; what was recorded is kept"):
        run = fit(loss=Counting(stop=6))  # during step 5
    whole = fit()
    assert not run.completed
    assert run.steps.tolist() == [0, 2, 4]
    assert np.array_equal(run.outputs, whole.outputs[:, :3])
    assert np.array_equal(run.losses, whole.losses[:, :3])


def test_interruption_before_the_first_record():
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        run = fit(loss=Counting(stop=1))
    assert run.outputs.shape == (1, 0, 12)


@pytest.mark.parametrize(
    "how",
    [{}, {"batch_size": 5}, {"optimizer": "momentum"}, {"record_x": [0.0, 2.0]},
     {"nets": {"antisymmetric": True, "seeds": [0, 1]}}],
    ids=["full batch", "batches", "momentum", "record_x", "antisymmetric"],
)  # fmt: skip
def test_interrupted_and_resumed_equals_uninterrupted(tmp_path, monkeypatch, how):
    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    how = dict(how)
    kind, path = how.pop("nets", {}), tmp_path / "run.part"
    whole_nets, resumed_nets = network(**kind), network(**kind)
    counter = Counting()
    whole = fit(whole_nets, steps=31, loss=counter, **how)
    calls, counter.calls, counter.stop = counter.calls, 0, 21
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        fit(network(**kind), steps=31, loss=counter, checkpoint=path, **how)
    assert path.exists()
    counter.calls, counter.stop = 0, math.inf
    resumed = fit(resumed_nets, steps=31, loss=counter, checkpoint=path, **how)
    assert counter.calls < calls  # it did not begin anew
    assert resumed.completed
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


def test_resuming_restores_what_was_observed(tmp_path, monkeypatch):
    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    how = {"steps": 31, "record_every": 4, "observe": observe_norm, "loss": Counting()}
    whole = fit(**how)
    how["loss"].stop = how["loss"].calls + 19
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        fit(checkpoint=tmp_path / "run.part", **how)
    resumed = fit(checkpoint=tmp_path / "run.part", **how)
    assert np.array_equal(resumed.observed["norm"], whole.observed["norm"])


def test_a_checkpoint_knows_a_loss_by_name_as_another_process_would(tmp_path, monkeypatch):
    # The address in a function's repr differs from process to process; here, from call to call.
    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    path, counter = tmp_path / "run.part", Counting(stop=5)

    def same_loss():
        return lambda outputs, targets: counter(outputs, targets)

    with pytest.warns(UserWarning, match=r"stopped by hand"):
        fit(checkpoint=path, loss=same_loss())
    assert path.exists()
    assert fit(checkpoint=path, loss=same_loss()).completed


@pytest.mark.parametrize(
    "other",
    [{"lr": 0.02}, {"steps": 12}, {"y": -Y}, {"x": X + 1}, {"optimizer": "sgd"},
     {"batch_size": 3}, {"record_every": 3}, {"nets": network(seeds=[9])}],
)  # fmt: skip
def test_foreign_checkpoint_is_refused(tmp_path, monkeypatch, other):
    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    path, loss = tmp_path / "run.part", Counting(stop=5)
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        fit(checkpoint=path, loss=loss)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"run.part belongs to a run with other settings; delete"):
        fit(checkpoint=path, loss=loss, **other)
    assert path.read_bytes() == before


class Staged:
    """A curriculum on a staircase whose stages end by patience, and its training."""

    x, y = targets.staircase(60, 0.5)

    def __init__(self, **changes):
        how = {"members": 1, "direction": "low to high", "threshold": 1e-9, "patience": 7}
        self.loss = losses.Curriculum(self.y, [1, 4, 12], **{**how, **changes})

    def fit(self, **how):
        how = {"steps": 31, "observe": lambda _: {"stage": self.loss.stage}, **how}
        return fit(network(), self.x, self.y, loss=self.loss, **how)


def stop_at_save(monkeypatch, number):
    """Save at every record, and stop by hand after the given save."""
    save, saves = Checkpoint.save, []

    def save_and_stop(self, **state):
        save(self, **state)
        saves.append(state["step"])
        if len(saves) == number:
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    monkeypatch.setattr(Checkpoint, "save", save_and_stop)


@pytest.mark.parametrize("number", [4, 5, 8])
def test_a_curriculum_resumes_to_the_last_bit(tmp_path, monkeypatch, number):
    path, whole = tmp_path / "run.part", Staged().fit()
    stop_at_save(monkeypatch, number)
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        Staged().fit(checkpoint=path)
    assert path.exists()
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


def stop_by_hand(path, nets, loss):
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        fit(nets, checkpoint=path, loss=loss)


@pytest.mark.parametrize("other", [{"activation": "relu"}, {"antisymmetric": True}])
def test_checkpoint_of_another_network_is_refused(tmp_path, monkeypatch, other):
    monkeypatch.setattr(Checkpoint, "due", lambda self: True)
    path, loss = tmp_path / "run.part", Counting(stop=5)
    stop_by_hand(path, network(), loss)
    with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
        fit(network(**other), checkpoint=path, loss=loss)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Staged(), Staged(patience=8)),
        (Staged(), Staged(threshold=0.2)),
        (Staged(), Staged(direction="high to low")),
    ],
    ids=["patience", "threshold", "direction"],
)
def test_checkpoint_of_another_curriculum_is_refused(tmp_path, monkeypatch, one, other):
    stop_at_save(monkeypatch, 3)
    path = tmp_path / "run.part"
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        one.fit(checkpoint=path)
    with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
        other.fit(checkpoint=path)


def test_checkpoint_of_another_weighted_loss_is_refused(tmp_path, monkeypatch):
    stop_at_save(monkeypatch, 3)
    path = tmp_path / "run.part"
    stop_by_hand(path, network(), losses.WeightedFourier(np.ones(7)))
    with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
        fit(checkpoint=path, loss=losses.WeightedFourier(np.arange(7)))


def scaled(outputs, wanted, factor):
    return factor * losses.mean_square(outputs, wanted)


def test_checkpoint_of_another_partial_loss_is_refused(tmp_path, monkeypatch):
    stop_at_save(monkeypatch, 3)
    path = tmp_path / "run.part"
    stop_by_hand(path, network(), partial(scaled, factor=1.0))
    with pytest.raises(ValueError, match=r"belongs to a run with other settings"):
        fit(checkpoint=path, loss=partial(scaled, factor=2.0))


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


def test_checkpoint_is_not_written_before_its_time(tmp_path):
    path = tmp_path / "run.part"
    with pytest.warns(UserWarning, match=r"stopped by hand"):
        fit(checkpoint=path, loss=Counting(stop=9))  # within its first 20 s
    assert not path.exists()


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
        ({"loss_points": 0}, "loss_points: expected a whole number of at least 1, got 0"),
        ({"batch_size": 13}, r"batch_size: expected at most the number of points \(12\), got 13"),
        ({"batch_size": 0}, "batch_size: expected a whole number of at least 1, got 0"),
        ({"batch_size": 4, "batch_seed": -1},
         "batch_seed: expected a whole number of at least 0, got -1"),
        ({"loss": "mse"}, "loss: expected a function such as losses.mean_square, got 'mse'"),
        ({"optimizer": "adma"}, "optimizer: 'adma' is not known; did you mean 'adam'"),
        ({"y": Y[:-1]}, r"y: expected one value per point of x \(12\), got 11"),
        ({"y": np.append(Y[:-1], np.nan)}, r"y: expected finite numbers, got nan at index \(11,\)"),
        ({"x": np.append(np.inf, X[1:])}, r"x: expected finite numbers, got inf at index \(0,\)"),
        ({"x": [0.0], "y": [1.0]}, "x: expected at least 2 points, got 1"),
        ({"x": []}, r"x: expected at least one value, got shape \(0,\)"),
        ({"x": np.zeros((12, 2))}, r"x: the networks take 1 input\(s\), got .* shape \(12, 2\)"),
        ({"record_x": np.zeros((12, 2))}, r"record_x: the networks take 1 input\(s\)"),
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

        def close(self):
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
