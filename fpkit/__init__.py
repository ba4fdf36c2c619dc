"""fpkit: measure which frequencies a neural network has learned.

Nothing heavy is imported until it is used: ``import fpkit`` alone loads neither PyTorch nor the
book. What there is, is listed in ``__init__.pyi``.
"""

from importlib.util import find_spec

import lazy_loader

__getattr__, _, __all__ = lazy_loader.attach_stub(__name__, __file__)
EXTRAS = {"plots": "matplotlib", "widgets": "anywidget", "live": "ipywidgets"}


def __dir__() -> list[str]:
    """Return what can be used here: ``help`` looks at all of it, and extras may be missing."""
    return [name for name in __all__ if name not in EXTRAS or find_spec(EXTRAS[name])]
