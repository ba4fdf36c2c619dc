"""The file of one cell of a sweep: how it is named, written and read."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .files import DAMAGE, save_arrays
from .identity import identify

__all__ = ["Arrays", "Cell", "Function", "identify_function"]

FORMAT = "fpkit-cell-2"
VALUE = "value/"

Function = Callable[..., Mapping[str, ArrayLike]]
Arrays = dict[str, NDArray]


class Cell:
    """One combination of settings for a function, and the file in ``folder`` for its result.

    The file belongs to the function (``identity``, from `identify_function`) and to all settings,
    with those that a `functools.partial` fixes: others have another file.
    """

    def __init__(
        self, function: Function, identity: str, settings: Mapping[str, Any], folder: Path
    ) -> None:
        self.function, self.settings = function, settings
        self.about = _about(function, identity, settings)
        readable = re.sub(r"[^\w.=+-]+", "_", str(self))[:80]
        digest = hashlib.sha256(self.about.encode()).hexdigest()[:12]
        self.path = folder / f"{readable}-{digest}.npz"

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.settings.items())

    def run(self) -> Arrays:
        """Call the function, and return its arrays; TypeError if they are no numbers by name."""
        returned = self.function(**self.settings)
        if not isinstance(returned, Mapping) or not returned:
            raise TypeError(f"function: expected arrays by name, got {returned!r}")
        arrays = {name: np.asarray(values) for name, values in returned.items()}
        for name, values in arrays.items():
            if values.dtype.kind not in "biufc":
                raise TypeError(f"function: expected numbers for {name!r}, got {values.dtype}")
        return arrays

    def read(self) -> Arrays | None:
        """Return what the file holds; None if there is none, or, with a warning, it is no good."""
        try:
            with self.path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                if str(file["about"]) != self.about:
                    raise ValueError("it holds other settings")
                names = [key for key in file.files if key != "about"]
                if not all(name.startswith(VALUE) for name in names):
                    raise ValueError("it holds arrays of other names")
                return {name.removeprefix(VALUE): file[name] for name in names}
        except FileNotFoundError:
            return None
        except (KeyError, *DAMAGE) as error:
            warnings.warn(
                f"{self.path} is damaged or foreign ({error}); its cell runs again", stacklevel=3
            )
            return None

    def write(self, arrays: Arrays) -> None:
        """Write the file in one step: it is never half there."""
        named = {f"{VALUE}{name}": values for name, values in arrays.items()}
        save_arrays(self.path, self.about, named)


def identify_function(function: Function) -> str:
    """Return what tells a function from others, apart from the settings that a partial fixes."""
    if isinstance(function, partial):
        if function.args:
            raise ValueError(f"function: give its settings by name, not {function.args!r}")
        function = function.func
    return identify("function", function)


def _about(function: Function, identity: str, settings: Mapping[str, Any]) -> str:
    """Return what decides a cell as JSON: the function, and all settings it is given."""
    fixed = function.keywords if isinstance(function, partial) else {}
    try:
        return json.dumps(
            {"format": FORMAT, "function": identity, "settings": {**fixed, **settings}},
            allow_nan=False,
            sort_keys=True,
        )
    except (TypeError, ValueError) as error:
        raise ValueError(f"function: its fixed settings must be JSON, got {fixed!r}") from error
