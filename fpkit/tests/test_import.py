"""What ``import fpkit`` does not load: it shall hardly take longer than ``import torch``."""

import subprocess
import sys

# Each takes a good part of the time that torch itself takes, or brings what does.
HEAVY = [
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
    assert "fpkit.spectra" in loaded
    assert loaded.intersection(HEAVY) == set()
