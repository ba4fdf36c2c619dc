"""A panel that trains networks with the reader's own settings; it needs a live kernel."""

from __future__ import annotations

import html
import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from . import widgets
from .convergence import convergence_step
from .extras import needed_from
from .interruption import watched
from .networks import ACTIVATIONS
from .reproduce import Result, chapters, results

with needed_from("widgets"):
    import ipywidgets as ipw
    from IPython.display import Markdown

__all__ = ["panel"]

# The name of the thread in which a panel trains.
THREAD = "fpkit panel"


def panel() -> Any:
    """Return a panel of settings with a button that trains networks on the staircase.

    The result appears in a scrubber below. Training goes on while other cells run; "Stop" ends it
    and shows what was recorded until then. Without a kernel (while the book is built) a sentence
    takes the panel's place.
    """
    if "FPKIT_STATIC" in os.environ:
        return Markdown("*Here a panel appears when the chapter runs in Jupyter.*")
    return _Panel().box


class _Panel:
    """The panel's controls, and the one training that it runs at a time.

    A kernel reads the next message when it is done with the last: a training that ran in the
    answer to a click would learn of "Stop" when it is over. So it has a thread of its own.
    """

    def __init__(self) -> None:
        self.settings = _settings()
        self.train = ipw.Button(description="Train", button_style="primary")
        self.stop = ipw.Button(description="Stop", disabled=True)
        self.bar = ipw.IntProgress(max=100, description="training", layout={"visibility": "hidden"})
        self.message, self.shown = ipw.HTML(), ipw.VBox()
        self.stopping = threading.Event()
        self.train.on_click(self.on_train)
        self.stop.on_click(lambda _: self.stopping.set())
        buttons = ipw.HBox([self.train, self.stop, self.bar])
        self.box = ipw.VBox([*self.settings.values(), buttons, self.message, self.shown])

    def on_train(self, _: ipw.Button) -> None:
        """Begin to train with the settings as they are now."""
        self.stopping.clear()
        self.message.value = ""
        self._is_running(True)
        chosen = {name: control.value for name, control in self.settings.items()}
        threading.Thread(target=self._work, args=(chosen,), name=THREAD, daemon=True).start()

    def _is_running(self, running: bool) -> None:
        self.train.disabled, self.stop.disabled = running, not running
        self.bar.value, self.bar.layout.visibility = 0, "visible" if running else "hidden"

    def _work(self, chosen: dict[str, Any]) -> None:
        try:
            with watched(self._watch):
                result = _trained(**chosen)
            self.message.value = _told(result, chosen["steps"])
            self.shown.children = (widgets.scrubber(result),)
        except Exception as error:  # in a thread, nobody else would say it
            self.message.value = f"<b>That did not work:</b> {html.escape(str(error))}"
        finally:
            self._is_running(False)

    def _watch(self, step: int, steps: int) -> bool:
        percent = 100 * step // steps
        if percent != self.bar.value:  # each change is a message to the page
            self.bar.value = percent
        return self.stopping.is_set()


def _trained(*, networks: int, **changes: Any) -> Result:
    """Return what was recorded, also if the training was stopped."""
    staircase = chapters.get("staircase")
    settings = staircase.merged({"seeds": list(range(networks)), "count": 3, **changes})
    start = time.perf_counter()
    trial = staircase.function(**settings, progress=False)
    return results.summarise("staircase", settings, trial, time.perf_counter() - start)


def _told(result: Result, steps: int) -> str:
    """Say what the first network learned, and what is kept of a training that was stopped."""
    learned = convergence_step(result.steps, result.errors)[0]
    said = "First network: " + ", ".join(
        f"k = {k} learned at step {at:,.0f}" if at < float("inf") else f"k = {k} not learned"
        for k, at in zip(result.peaks, learned, strict=True)
    )
    last, count = int(result.steps[-1]), len(result.steps)
    if last == steps:
        return said
    kept = "its record is" if count == 1 else f"its {count:,} records are"
    return f"Stopped after step {last:,} of {steps:,}; {kept} kept. {said}"


def _settings() -> Mapping[str, Any]:
    wide = {"style": {"description_width": "9em"}, "layout": {"width": "26em"}}
    return {
        "activation": ipw.Dropdown(
            options=sorted(ACTIVATIONS), value="tanh", description="activation", **wide
        ),
        "weight_std": ipw.FloatLogSlider(
            value=0.1, min=-2, max=0.3, step=0.05, description="initial std", **wide
        ),
        "lr": ipw.FloatLogSlider(
            value=2e-5, min=-5, max=-2.5, step=0.1, description="learning rate", **wide
        ),
        "step": ipw.FloatSlider(
            value=0.5, min=0.2, max=0.9, step=0.1, description="step height α", **wide
        ),
        "n": ipw.IntSlider(value=40, min=20, max=200, step=2, description="points", **wide),
        "steps": ipw.IntSlider(
            value=8_000, min=500, max=20_000, step=500, description="training steps", **wide
        ),
        "networks": ipw.IntSlider(value=1, min=1, max=8, description="networks", **wide),
    }
