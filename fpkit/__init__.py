"""fpkit: measure which frequencies a neural network has learned.

Nothing heavy is imported until it is used: ``import fpkit`` alone loads neither PyTorch nor the
book. What there is, is listed in ``__init__.pyi``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
