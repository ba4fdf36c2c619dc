"""Reproduce a book's experiments: run, store, replay and judge them.

An experiment is a function from settings to a `Trial`; chapters define them (see `chapters`).
Names are imported when they are used, so that a list of experiments needs no PyTorch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
