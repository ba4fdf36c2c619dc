"""A chapter that is copied under a new name works everywhere; no other file but _toc.yml changes.

The chapter is the one that "How this book is made" shows. Each use of it is what a reader does, in
processes of their own: that, and not the chapter, takes the time.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[3]
SHOWN, NAME = "two_waves", "copied_waves"

# Each use starts Python, a kernel or Sphinx: a minute together.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("a new chapter")]

WORKER = f"""\
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from book.{NAME}.experiments import slow_and_fast

def work(steps):
    import book.{NAME}.experiments as experiments
    trial = experiments.slow_and_fast.function(steps=steps, progress=False)
    return trial.run.steps[-1]

if __name__ == "__main__":
    assert slow_and_fast.settings["steps"] == 700
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        print(*pool.map(work, [5, 10]))
"""
ASSIGNMENT = f"""\
import sys
import nbformat
from book.tools.course import notebooks
from book.tools.course.plain import Plain, page, title

path = page("{NAME}")
notebook = notebooks.assignment(notebooks.chapter(path), title(path), Plain())
nbformat.write(notebook, sys.argv[1])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Copy the project, and add the chapter; its folder."""
    root = tmp_path_factory.mktemp("clone") / "project"
    left = shutil.ignore_patterns("_build", "__pycache__", ".*", "*.ipynb", "*.egg-info")
    shutil.copytree(ROOT, root, ignore=left)
    chapter = root / "book" / NAME
    shutil.copytree(root / "book" / "making" / SHOWN, chapter)
    (chapter / f"{SHOWN}.md").rename(chapter / f"{NAME}.md")
    for path in (chapter / f"{NAME}.md", *chapter.rglob("*.py")):
        text = path.read_text(encoding="utf-8").replace(SHOWN, NAME)
        path.write_text(text, encoding="utf-8")
    with (root / "_toc.yml").open("a") as contents:
        contents.write(f"  - file: book/{NAME}/{NAME}\n")
    python(root, "-m", "fpkit", "run", NAME)
    return root


def python(root, *arguments, cwd=None):
    """Run Python as in an environment in which the project is installed; what it printed."""
    own = {"PYTHONPATH": str(root), "IPYTHONDIR": str(root / "_build" / "ipython")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FPKIT_")}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd or root,
        env={**kept, **own},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_listed_and_its_results_are_where_it_is(project):
    lines = python(project, "-m", "fpkit", "list", NAME).splitlines()
    assert [line.split()[:3] for line in lines] == [
        [NAME, "slow_and_fast", "stored"],
        [NAME, "tiny_and_fast", "stored"],
    ]
    stored = sorted(path.name for path in (project / "book" / NAME / "results").iterdir())
    assert stored == ["slow_and_fast.npz", "tiny_and_fast.npz"]


def test_its_results_are_replayed(project):
    said = python(project, "-m", "fpkit", "replay", NAME).splitlines()
    assert [line.partition(":")[0] for line in said] == ["slow_and_fast", "tiny_and_fast"]


def test_it_is_built(project):
    """With its own page alone, since the others are built in other tests."""
    contents = project / "contents.yml"
    contents.write_text(f"format: jb-book\nroot: book/{NAME}/{NAME}\n")
    build = "from jupyter_book.cli.main import main; main()"
    python(project, "-c", build, "build", ".", "-W", "-n", "--keep-going", "--toc", contents)
    page = (project / "_build" / "html" / "book" / NAME / f"{NAME}.html").read_text("utf-8")
    assert 'data-module="scrubber"' in page
    assert "<strong>reproduced</strong>: of two waves of one height" in page
    assert "The experiment <code>slow_and_fast</code>" in page


def test_it_is_tested(project):
    """Its cells and solutions by nbval, its answers and its results by tests of all chapters."""
    tests = [f"book/tools/tests/test_{name}.py" for name in ("answers", "replay")]
    chosen = f"{NAME} or full-waves or every_check or slow_and_fast or tiny_and_fast"
    command = ("-m", "pytest", "-p", "no:cacheprovider", "-v", "-k", chosen)
    said = python(project, *command, f"book/{NAME}", *tests)
    passed = {line.partition(" PASSED")[0] for line in said.splitlines() if " PASSED" in line}
    for part in ("::Cell 9", "[full-waves-0]", "[slow_and_fast]", "[tiny_and_fast]"):
        assert any(name.endswith(part) for name in passed), part


def test_it_works_in_other_folders_and_in_processes_that_are_spawned(project, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(WORKER)
    assert python(project, program, cwd=tmp_path).split() == ["5", "10"]


def test_it_is_an_assignment(project, tmp_path):
    """What nbgrader gets; with the solutions in it every check passes, in any folder."""
    written = tmp_path / "assignment.ipynb"
    python(project, "-c", ASSIGNMENT, written, cwd=tmp_path)
    notebook = nbformat.read(written, as_version=4)
    grades = [
        cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata
    ]
    assert grades == ["full-waves", "full-waves-check"]
    execute = "from nbclient.cli import main; main()"
    python(
        project, "-c", execute, "--timeout=3600", "--startup_timeout=3600", written, cwd=tmp_path
    )


def test_no_other_file_was_changed(project):
    mine = {Path("_toc.yml"), Path("contents.yml")}
    for path in project.rglob("*"):
        relative = path.relative_to(project)
        parts = relative.parts
        made = parts[0] in ("_build", "fpkit.egg-info") or "__pycache__" in parts
        if path.is_file() and not made and relative not in mine and parts[:2] != ("book", NAME):
            assert path.read_bytes() == (ROOT / relative).read_bytes(), relative
