"""The playground: a network that is trained in the reader's browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ... import plots, validation
from ...extras import needed_from
from ..widget import Widget

with needed_from("widgets"):
    import traitlets

__all__ = ["PARAMETERS", "Playground", "playground"]

# As in parameters.js, which knows their ranges.
PARAMETERS = (
    "target",
    "amplitudes",
    "drawing",
    "samples",
    "noise",
    "data_seed",
    "activation",
    "width",
    "depth",
    "weight_std",
    "bias_std",
    "seed",
    "optimizer",
    "lr",
)
MOST_PEAKS = 6


class Playground(Widget):
    """A playground. Its training happens in the browser, with or without a kernel.

    In Jupyter ``parameters`` follows the form on the screen, and the form follows it;
    ``recorded`` holds the run so far whenever it pauses: ``step``, ``x``, ``y``, ``output``, the
    followed ``modes`` and when they were first ``learned`` (None: not yet), and for the recorded
    ``steps`` the ``losses``, ``test_losses`` and relative ``errors``.
    """

    module = "playground"
    fallback = (
        "Here a network is trained in the page. That needs a browser with JavaScript modules, and "
        "the page must come from a web server."
    )
    styles = ("shared/widgets", "playground/playground")
    parameters = traitlets.Dict().tag(sync=True)
    recorded = traitlets.Dict().tag(sync=True)

    @traitlets.validate("parameters")
    def _known_parameters(self, proposal: Any) -> dict[str, Any]:
        for name in proposal["value"]:
            validation.known("parameters", name, PARAMETERS)
        return proposal["value"]


def playground(*, settings: Sequence[str] | None = None, **parameters: Any) -> Playground:
    """Return a playground that begins with these parameters; the others take their defaults.

    Their names are in `PARAMETERS`. A value that is out of range becomes the nearest one that is
    not, and the widget says so.

    With ``settings``, a small one for the middle of a chapter: only the named parameters can be
    changed there, no examples are offered, and the page's address stays as it is.
    """
    for name in settings or ():
        validation.known("settings", name, PARAMETERS)
    colors = [plots.frequency_colors(range(count)) for count in range(MOST_PEAKS + 1)]
    data = {"colors": colors, "parameters": parameters, "settings": settings and list(settings)}
    widget = Playground(data=data, parameters=parameters)
    if not settings:
        widget.fallback += " The figure below shows such a run."
    return widget
