"""A panel that trains an experiment with the reader's own settings; it needs a live kernel."""

from __future__ import annotations

import html
import io
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import plots, validation, widgets
from ..convergence import convergence_step
from ..extras import needed_from
from ..interruption import watched
from . import chapters, results
from .experiment import Experiment
from .results import Result

with needed_from("widgets"):
    import ipywidgets as ipw
    import matplotlib.pyplot as plt
    from IPython.display import Markdown, display
    from matplotlib.figure import Figure

    from .sliders import chosen, sliders

__all__ = ["live"]

THREAD = "fpkit live"  # the name of the thread in which a panel trains
Show = Callable[[Result], Any]  # makes a widget or a figure of a result


def live(name: str, *, show: Show | Sequence[str] | None = None, **changes: Any) -> Any:
    """Return a panel of an experiment's settings with a button that trains it.

    The outcome appears below. Training goes on while other cells run; "Stop" ends it and shows
    what was recorded. While the book is built, without a kernel, the stored run takes its place.

    Parameters
    ----------
    name
        An experiment. Its settings have the controls of `fpkit.reproduce.sliders.sliders`.
    show
        Makes a widget or a figure of a result; or names of its series, to draw their curves. None
        is a scrubber or, where outputs or peaks are not recorded for one, the curve of the loss.
    changes
        Settings to begin with instead of the experiment's own, such as fewer steps.

    """
    experiment = chapters.get(name)
    settings = experiment.merged(changes)
    drawn = show if callable(show) else partial(_curves, names=show) if show else None
    if "FPKIT_STATIC" in os.environ:
        return _stored(experiment, settings, drawn or partial(_scrubber_or_loss, members=1))
    return _Panel(experiment, settings, drawn or _scrubber_or_loss).box


def _stored(experiment: Experiment, settings: Mapping[str, Any], show: Show) -> Markdown:
    display(_drawn(show, results.load_or_run(experiment.name)))
    names = [control.description for control in sliders(experiment.hints, settings).values()]
    return Markdown(
        f"*A stored run. In a running notebook you set {', '.join(names[:-1])} and {names[-1]} "
        "here, and train it yourself.*"
    )


class _Panel:
    """The panel's controls, and the one training that it runs at a time.

    A kernel reads the next message when it is done with the last: a training that ran in the
    answer to a click would learn of "Stop" when it is over. So it has a thread of its own.
    """

    def __init__(self, experiment: Experiment, settings: Mapping[str, Any], show: Show) -> None:
        self.experiment, self.settings, self.show = experiment, settings, show
        self.controls = sliders(experiment.hints, settings)
        self.train = ipw.Button(description="Train", button_style="primary")
        self.stop = ipw.Button(description="Stop", disabled=True)
        self.bar = ipw.IntProgress(max=100, description="training", layout={"visibility": "hidden"})
        self.message, self.shown = ipw.HTML(), ipw.VBox()
        self.stopping = threading.Event()
        self.train.on_click(self.on_train)
        self.stop.on_click(lambda _: self.stopping.set())
        buttons = ipw.HBox([self.train, self.stop, self.bar])
        self.box = ipw.VBox([*self.controls.values(), buttons, self.message, self.shown])

    def on_train(self, _: ipw.Button) -> None:
        """Begin to train with the settings as they are now."""
        self.stopping.clear()
        self.message.value = ""
        self._is_running(True)
        settings = chosen(self.settings, self.controls)
        threading.Thread(target=self._work, args=(settings,), name=THREAD, daemon=True).start()

    def _is_running(self, running: bool) -> None:
        self.train.disabled, self.stop.disabled = running, not running
        self.bar.value, self.bar.layout.visibility = 0, "visible" if running else "hidden"

    def _work(self, settings: dict[str, Any]) -> None:
        try:
            start = time.perf_counter()
            with watched(self._watch):
                trial = self.experiment.function(**settings, progress=False)
            seconds = time.perf_counter() - start
            result = results.summarise(self.experiment.name, settings, trial, seconds)
            self.message.value = _told(result, settings.get("steps"))
            self.shown.children = (_as_widget(_drawn(self.show, result)),)
        except KeyboardInterrupt:  # of a sweep
            self.message.value = "Stopped. Nothing is kept of what was not trained to the end."
        except Exception as error:  # in a thread, nobody else would say it
            self.message.value = f"<b>That did not work:</b> {html.escape(str(error))}"
        finally:
            self._is_running(False)

    def _watch(self, step: int, steps: int) -> bool:
        percent = 100 * step // steps
        if percent != self.bar.value:  # each change is a message to the page
            self.bar.value = percent
        return self.stopping.is_set()


def _told(result: Result, steps: int | None) -> str:
    """Say what the first network learned, and what is kept of a training that was stopped."""
    told = f"First network: {', '.join(_learned(result))}"
    last, count = int(result.steps[-1]), len(result.steps)
    if steps is None or last == steps:
        return told
    kept = "its record is" if count == 1 else f"its {count:,} records are"
    return f"Stopped after step {last:,} of {steps:,}; {kept} kept. {told}"


def _learned(result: Result) -> list[str]:
    if not len(result.peaks):
        return [f"loss {result.losses[0, -1]:.2g} at the end"]
    learned = convergence_step(result.steps, result.errors)[0]
    return [
        f"k = {k} learned at step {at:,.0f}" if at < float("inf") else f"k = {k} not learned"
        for k, at in zip(result.peaks, learned, strict=True)
    ]


def _scrubber_or_loss(result: Result, members: int | None = None) -> widgets.Widget:
    followed = len(result.peaks) and result.x.ndim == 1
    if followed and np.array_equal(result.x, result.eval_x):
        modes = max(41, 1 + int(result.peaks.max()))
        return widgets.scrubber(result, modes=modes, members=members)
    return _curves(result, ["training loss"], members)


def _curves(result: Result, names: Sequence[str], members: int | None = None) -> widgets.Curves:
    """Return the curves of some series, by network."""
    series = {"training loss": result.losses, **result.series}
    chosen = [series[validation.known("show", name, series)][:members] for name in names]
    kinds = {name.replace("_", " ").split()[-1] for name in names}
    return widgets.curves(
        result.steps, np.stack(chosen, axis=1), names=[name.replace("_", " ") for name in names],
        parameter="network", settings=range(1, 1 + len(chosen[0])),
        y_label=kinds.pop() if len(kinds) == 1 else "value",
        colors=[(plots.BLUE, plots.GREY, plots.ORANGE)[i % 3] for i in range(len(names))],
    )  # fmt: skip


def _drawn(show: Show, result: Result) -> Any:
    """Return what ``show`` makes; a figure is closed, else the notebook shows it once more."""
    shown = show(result)
    if isinstance(shown, Figure):
        plt.close(shown)
    return shown


def _as_widget(shown: Any) -> ipw.Widget:
    if not isinstance(shown, Figure):
        return shown
    drawn = io.StringIO()
    shown.savefig(drawn, format="svg", bbox_inches="tight")
    return ipw.HTML(drawn.getvalue())
