"""A slider, menu or box for each setting of an experiment that a reader may change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

import ipywidgets as ipw

from ..networks import ACTIVATIONS
from ..training import OPTIMIZERS
from .experiment import Between

__all__ = ["MOST_NETWORKS", "chosen", "sliders"]

MOST_NETWORKS = 8
LABELS = {  # of settings that have the same name everywhere; others say it beside their bounds
    "lr": "learning rate",
    "n": "points",
    "seeds": "networks",
    "height": "height α of a stair",
    "steps": "training steps",
    "weight_std": "initial std",
}
LEFT_OUT = ("record_every",)  # how often to look is nothing to try
MENUS = {"activation": sorted(ACTIVATIONS), "optimizer": sorted(OPTIMIZERS)}
FEW = 3  # choices that stand side by side; more are a menu
LOOK = {"style": {"description_width": "11em"}, "layout": {"width": "28em"}}


def sliders(hints: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, ipw.Widget]:
    """Return a control for each setting whose kind can be shown, set to its value.

    A number has a slider, within the `Between` of its annotation, or else around its value; a
    ``Literal`` and the name of an activation or optimizer have buttons or a menu, a bool has a box,
    and seeds become a number of networks. A sequence of one value has that of the value, and a
    mapping those of its values. What is None, and any other sequence or text, has none.
    """
    found: dict[str, ipw.Widget] = {}
    for name, value in settings.items():
        if isinstance(one := _one(name, value), Mapping):
            found |= sliders({}, one)
        elif name not in LEFT_OUT and (control := _control(name, one, hints.get(name))):
            found[name] = control
    return found


def chosen(settings: Mapping[str, Any], controls: Mapping[str, ipw.Widget]) -> dict[str, Any]:
    """Return settings with the values of their `sliders`."""
    new: dict[str, Any] = {}
    for name, old in settings.items():
        one = _one(name, old)
        value: Any = controls[name].value if name in controls else one
        value = chosen(one, controls) if isinstance(one, Mapping) else value
        value = list(range(value)) if name == "seeds" else value
        new[name] = value if one is old else type(old)([value])
    return new


def _one(name: str, value: Any) -> Any:
    single = name != "seeds" and isinstance(value, (list, tuple)) and len(value) == 1
    return value[0] if single else value


def _control(name: str, value: Any, hint: Any) -> ipw.Widget | None:
    kind, *said = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    label = next((part for part in said if isinstance(part, str)), None)
    look = {"description": label or LABELS.get(name, name.replace("_", " ")), **LOOK}
    if name == "seeds":
        return ipw.IntSlider(value=min(len(value), MOST_NETWORKS), min=1, max=MOST_NETWORKS, **look)
    if options := get_args(kind) if get_origin(kind) is Literal else MENUS.get(name):
        menu = ipw.ToggleButtons if len(options) <= FEW else ipw.Dropdown
        return menu(options=options, value=value, **look)
    if isinstance(value, bool):
        return ipw.Checkbox(value=value, indent=False, **look)
    if isinstance(value, (int, float)):
        bounds = next((part for part in said if isinstance(part, Between)), None)
        return _slider(value, bounds or _around(value), look)
    return None


def _around(value: float) -> Between:
    """Return bounds for a number of which nothing is known but that this value makes sense."""
    if isinstance(value, int):
        return Between(max(1, value // 4), 2 * value) if value > 0 else Between(value, value + 10)
    if value > 0:
        return Between(value / 10, 10 * value, log=True)
    return Between(2 * value, -2 * value) if value else Between(0, 1)


def _slider(value: float, bounds: Between, look: Mapping[str, Any]) -> ipw.Widget:
    low, high = min(bounds.low, value), max(bounds.high, value)
    if bounds.log:
        low, high = math.log10(low), math.log10(high)
        return ipw.FloatLogSlider(value=value, min=low, max=high, step=0.05, **look)
    step = 10 ** math.floor(math.log10((high - low) / 40))
    if isinstance(value, int):
        return ipw.IntSlider(value=value, min=low, max=high, step=max(1, step), **look)
    return ipw.FloatSlider(value=value, min=low, max=high, step=step, **look)
