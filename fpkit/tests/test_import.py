"""What ``import fpkit`` does not load: it shall hardly take longer than ``import torch``."""

import subprocess
import sys

import pytest

import fpkit

# Each takes a good part of the time that torch itself takes, or brings what does.
HEAVY = [
    "torch",
    "IPython",
    "anywidget",
    "distributed",
    "ipywidgets",
    "joblib",
    "jupyter_client",
    "matplotlib",
    "nbformat",
    "pandas",
    "PIL",
    "requests",
    "scipy.fft",
    "scipy.integrate",
    "scipy.interpolate",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.signal",
    "scipy.sparse",
    "scipy.spatial",
    "scipy.special",
    "scipy.stats",
    "skimage",
    "sklearn",
    "traitlets",
    "torchvision",
]


def test_importing_fpkit_loads_nothing_heavy():
    code = "import sys, fpkit; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "fpkit" in loaded
    assert loaded.intersection(HEAVY) == set()


@pytest.mark.parametrize("module", [fpkit, fpkit.reproduce])
def test_every_name_that_is_promised_is_there(module):
    """The promise is a file that types are read from; what it says is imported when it is used."""
    assert len(module.__all__) > 20
    for name in module.__all__:
        getattr(module, name)
