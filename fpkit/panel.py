"""A panel that trains networks with the reader's own settings; it needs a live kernel."""

from __future__ import annotations

import html
import os
from typing import Any

import ipywidgets as ipw
from IPython.display import Markdown

from . import results, widgets
from .convergence import convergence_step
from .networks import ACTIVATIONS
from .training import DivergenceError

__all__ = ["panel"]


def panel() -> Any:
    """Return a panel of settings with a button that trains networks on the staircase.

    The result appears in a scrubber below. Without a kernel (while the book is built) a sentence
    takes the panel's place.
    """
    if "FPKIT_STATIC" in os.environ:
        return Markdown("*Here a panel appears when the chapter runs in Jupyter.*")
    wide = {"style": {"description_width": "9em"}, "layout": {"width": "26em"}}
    settings = {
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
    train = ipw.Button(description="Train", button_style="primary")
    message, shown = ipw.HTML(), ipw.VBox()

    def on_click(_: ipw.Button) -> None:
        train.disabled = True
        chosen = {name: control.value for name, control in settings.items()}
        try:
            result = results.run(
                "staircase", seeds=range(chosen.pop("networks")), count=3, **chosen
            )
        except (ValueError, DivergenceError) as error:
            message.value = f"<b>That did not work:</b> {html.escape(str(error))}"
        else:
            learned = convergence_step(result.steps, result.errors)[0]
            message.value = "First network: " + ", ".join(
                f"k = {k} learned at step {at:,.0f}"
                if at < float("inf")
                else f"k = {k} not learned"
                for k, at in zip(result.peaks, learned, strict=True)
            )
            shown.children = (widgets.scrubber(result),)
        finally:
            train.disabled = False

    train.on_click(on_click)
    return ipw.VBox([*settings.values(), train, message, shown])
