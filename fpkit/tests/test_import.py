"""What ``import fpkit`` does not load: it shall hardly take longer than ``import torch``.

And what the library never imports: the book, which is built on it.
"""

import ast
import subprocess
import sys
from pathlib import Path

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
    "lightning",
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


def of_the_book(source):
    """Return the names of the book's modules that a text in Python imports."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module)
    return [name for name in names if name.split(".")[0] == "book"]


@pytest.mark.parametrize("source", ["import book.ntk", "def f():\n from book.ntk import claims"])
def test_an_import_of_the_book_is_seen(source):
    assert of_the_book(source)


def test_the_library_imports_no_chapter():
    """Chapters are imported in one place, by their folders' names: `fpkit.reproduce.chapters`."""
    library = Path(fpkit.__file__).parent
    files = [p for p in library.rglob("*.py*") if "tests" not in p.parts and p.suffix != ".pyc"]
    found = {str(p): of_the_book(p.read_text(encoding="utf-8")) for p in files}
    assert len(found) > 40
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("module", [fpkit, fpkit.reproduce])
def test_every_name_that_is_promised_is_there(module):
    """The promise is a file that types are read from; what it says is imported when it is used."""
    assert len(module.__all__) > 20
    for name in module.__all__:
        getattr(module, name)
