"""What `pip install fpkit` brings: the library alone, with all that it reads."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from book.tools.archive import write_zip
from book.tools.extensions import fpkit_zip

ROOT = Path(__file__).parents[3]


def names_in_wheel(project, built):
    """Build the wheel of a folder or an archive; return the names in it."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*command, "-w", built, project], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [path] = built.iterdir()
    with zipfile.ZipFile(path) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in the wheel of a copy, since building leaves files behind."""
    project = tmp_path_factory.mktemp("project")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    for name in ("fpkit", "book"):
        other = shutil.ignore_patterns("__pycache__", "results", "*.md", "*.ipynb")
        shutil.copytree(ROOT / name, project / name, ignore=other)
    return names_in_wheel(project, tmp_path_factory.mktemp("built"))


def is_part(path):
    """Tell whether a file of the library is more than a test of it, or what Python made of it."""
    parts = path.relative_to(ROOT).parts
    # For Node.js, in tests; the source of kernel.js.
    left = {"__pycache__", "package.json", "loops.ts"} & set(parts)
    return path.is_file() and not left and not any("test" in part for part in parts)


def test_the_wheel_has_all_of_the_library_and_nothing_else(wheel):
    expected = {p.relative_to(ROOT).as_posix() for p in (ROOT / "fpkit").rglob("*") if is_part(p)}
    assert {"fpkit/py.typed", "fpkit/__init__.pyi"} <= expected
    assert {Path(name).suffix for name in expected} >= {".py", ".pyi", ".js", ".css"}
    assert wheel == expected


def test_what_the_pages_offer_for_download_is_the_same(wheel, tmp_path):
    write_zip(tmp_path / "fpkit.zip", fpkit_zip.files())
    (tmp_path / "built").mkdir()
    assert names_in_wheel(tmp_path / "fpkit.zip", tmp_path / "built") == wheel


def test_the_core_is_light():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {wanted.partition(">=")[0] for wanted in project["dependencies"]}
    assert core == {
        "finufft", "joblib", "lazy_loader", "numpy", "scipy", "threadpoolctl", "torch", "tqdm"
    }  # fmt: skip
