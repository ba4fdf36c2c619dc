"""The callback in the real package's own loop: it counts updates and changes nothing."""

import pytest
import torch
from torch import nn

lightning = pytest.importorskip("lightning", reason="the package lightning is not installed")

from fpkit.lightning import MonitorCallback  # noqa: E402

X = torch.linspace(-1, 1, 33)[:-1, None]
Y = sum(torch.sin(k * torch.pi * X) for k in (1, 3))


class Net(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Dropout(0.1), nn.Linear(32, 1))

    def forward(self, x):
        return self.net(x)

    def training_step(self, batch, number):
        x, y = batch
        return (self(x) - y).square().mean()

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-2)


def fitted(callbacks, epochs=5, **options):
    torch.manual_seed(0)
    net, pairs = Net(), torch.utils.data.TensorDataset(X, Y)
    trainer = lightning.Trainer(
        accelerator="cpu", max_epochs=epochs, callbacks=callbacks, logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, **options
    )  # fmt: skip
    trainer.fit(net, torch.utils.data.DataLoader(pairs, batch_size=8, shuffle=True))
    return net


@pytest.mark.filterwarnings("ignore")  # of the other package
@pytest.mark.parametrize(("batches", "updates"), [(1, 20), (2, 10)])
def test_it_counts_updates_and_leaves_the_training_as_it_is(batches, updates):
    callback = MonitorCallback(X, Y, every=5)
    watched = fitted([callback], accumulate_grad_batches=batches)
    alone = fitted([], accumulate_grad_batches=batches)
    assert callback.monitor.steps == list(range(0, updates + 1, 5))
    with torch.no_grad():
        assert torch.equal(watched.eval()(X), alone.eval()(X))
        loss = (watched(X) - Y).square().mean()
    assert callback.monitor.losses[-1] == pytest.approx(float(loss), rel=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_a_second_fit_is_a_record_of_its_own():
    callback = MonitorCallback(X, Y, every=2)
    fitted([callback], epochs=2)
    first = callback.monitor
    fitted([callback], epochs=1)
    assert (first.steps, callback.monitor.steps) == ([0, 2, 4, 6, 8], [0, 2, 4])
